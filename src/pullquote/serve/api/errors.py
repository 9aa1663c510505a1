"""Every error as ``{"error": {"code", "message"}}``, with a status that says whose it is.

Below ``/v1`` it is OpenAI's error object, which has a type and a parameter besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from pullquote.errors import (
    AddingError,
    BusyError,
    FeedbackError,
    FilterError,
    GateError,
    PullquoteError,
    QuestionError,
    UnknownArticleError,
)
from pullquote.faults import first_fault

#: Where OpenAI's protocol is spoken.
OPENAI = "/v1/"

#: The first that fits. What is left is a fault of the server's.
_STATUS: Sequence[tuple[type[PullquoteError], int, str]] = (
    (UnknownArticleError, 404, "unknown_article"),
    (FilterError, 400, "invalid_request"),
    (QuestionError, 400, "invalid_question"),
    (AddingError, 400, "not_added"),
    (BusyError, 503, "busy"),
    (GateError, 503, "altered_article"),
    (FeedbackError, 503, "feedback_unavailable"),
    (PullquoteError, 503, "unavailable"),
)

#: What is said of a fault in the program; the server's log has the rest.
FAILED = "The server has failed. Try again later."

_CODES = {404: "not_found", 405: "method_not_allowed", 400: "invalid_request"}


def error_response(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    scope: Scope | None = None,
) -> JSONResponse:
    """The contract's error object, or OpenAI's when ``scope`` is a request below ``/v1``."""
    is_openai = scope is not None and scope["path"].startswith(OPENAI)
    return JSONResponse(
        openai_error(status, code, message) if is_openai else error_object(code, message),
        status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def error_object(code: str, message: str) -> dict[str, Any]:
    """``{"error": {"code", "message"}}``."""
    return {"error": {"code": code, "message": message}}


def openai_error(status: int, code: str, message: str) -> dict[str, Any]:
    """``{"error": {"message", "type", "param", "code"}}``."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    if status == 429:
        kind = "rate_limit_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def status_of(error: PullquoteError) -> tuple[int, str, str]:
    """The status, the code and the message for an error.

    A visitor is not told where on the server a file lies: that is for whoever runs it.
    """
    status, code = next((item[1], item[2]) for item in _STATUS if isinstance(error, item[0]))
    if isinstance(error, FeedbackError):
        return status, code, "The feedback cannot be kept now. Try again later."
    if code == "unavailable":
        return status, code, "The articles cannot be asked now. Try again later."
    return status, code, str(error)


def install(app: FastAPI) -> None:
    """Answer every error of ``app``'s routes in the contract's shape."""

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        return error_response(503, "unavailable", FAILED, {"Retry-After": "10"}, request.scope)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        told = first_fault(error.errors())
        return error_response(400, "invalid_request", told, scope=request.scope)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "error")
        message = {
            404: "There is nothing at this address.",
            405: f"{request.method} is not possible at this address.",
        }.get(error.status_code, str(error.detail))
        return error_response(error.status_code, code, message, error.headers, request.scope)
