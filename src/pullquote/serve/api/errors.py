"""Error responses: ``{"error": {"code", "message"}}`` with a 4xx or 5xx status.

Below ``/v1`` they are OpenAI's error objects, which also have a type and a parameter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
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

#: The path of OpenAI's protocol.
OPENAI = "/v1/"

_LOG = logging.getLogger(__name__)


class TooManyError(PullquoteError):
    """Too many questions within a minute; ``wait`` is the seconds until the next is allowed."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(
            f"Too many questions. Ask again in {wait} second{'' if wait == 1 else 's'}."
        )


#: Status and code by error class; the first match counts. The last one covers server errors.
_STATUS: Sequence[tuple[type[PullquoteError], int, str]] = (
    (TooManyError, 429, "too_many_requests"),
    (UnknownArticleError, 404, "unknown_article"),
    (FilterError, 400, "invalid_request"),
    (QuestionError, 400, "invalid_question"),
    (AddingError, 400, "not_added"),
    (BusyError, 503, "busy"),
    (GateError, 503, "altered_article"),
    (FeedbackError, 503, "feedback_unavailable"),
    (PullquoteError, 503, "unavailable"),
)

#: The message for an unexpected error; the details are in the server's log.
FAILED = "The server has failed. Try again later."

_CODES = {404: "not_found", 405: "method_not_allowed", 400: "invalid_request"}


def error_response(
    status: int,
    code: str,
    message: str,
    headers: Mapping[str, str] | None = None,
    scope: Scope | None = None,
) -> JSONResponse:
    """The API's error object, or OpenAI's if ``scope`` is a request below ``/v1``."""
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

    Visitors must not learn paths on the server, so some messages are replaced.
    """
    status, code = next((item[1], item[2]) for item in _STATUS if isinstance(error, item[0]))
    if isinstance(error, FeedbackError):
        return status, code, "The feedback cannot be saved now. Try again later."
    if code == "unavailable":
        return status, code, "The articles cannot be asked now. Try again later."
    return status, code, str(error)


def install(app: FastAPI, retry_after: Callable[[], int]) -> None:
    """Make every error of ``app``'s routes an error object.

    ``retry_after`` gives the seconds until a busy server can be asked again.
    """

    @app.exception_handler(PullquoteError)
    async def told(request: Request, error: PullquoteError) -> JSONResponse:
        status, code, message = status_of(error)
        if status == 503 and code != "busy":
            _LOG.error("%s", error)
        wait = error.wait if isinstance(error, TooManyError) else retry_after()
        headers = {"Retry-After": str(wait)} if status in (429, 503) else {}
        return error_response(status, code, message, headers, request.scope)

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
