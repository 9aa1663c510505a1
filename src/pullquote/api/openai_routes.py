"""OpenAI's chat completions over the articles, for front ends and agents that speak them.

The model is always Pullquote itself; keys that clients send are not looked at. The contract's
answer object travels beside the message as ``pullquote``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from secrets import token_hex
from time import time
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse

from pullquote import __version__
from pullquote.api.errors import FAILED, first_fault, status_of
from pullquote.api.openai_answer import Message, message
from pullquote.api.openai_schema import Completion, error
from pullquote.asking import Desk
from pullquote.assistant import Assistant
from pullquote.errors import BusyError, PullquoteError
from pullquote.limits import clean_question
from pullquote.opening import Opening
from pullquote.render import to_json
from pullquote.types import Answer, Turn

MODEL = "pullquote"

#: Seconds between two signs of life while an answer is on its way.
_SIGN_OF_LIFE = 10.0

#: Nothing is counted in tokens here: no model of tokens need be at work at all.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def create_openai_api(opening: Opening, desk: Desk) -> FastAPI:
    """The routes below ``/v1``."""
    routes = FastAPI(title="Pullquote", version=__version__, docs_url=None, openapi_url=None)

    @routes.exception_handler(RequestValidationError)
    async def invalid(_: Request, fault: RequestValidationError) -> JSONResponse:
        return _failed(400, "invalid_request", first_fault(fault.errors()))

    @routes.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> JSONResponse:
        return _failed(503, "unavailable", FAILED)

    def failure(fault: PullquoteError) -> JSONResponse:
        status, code, told = status_of(fault)
        headers = {"Retry-After": str(desk.work.retry_after)} if status == 503 else {}
        return _failed(status, code, told, headers)

    @routes.get("/models")
    async def models() -> Response:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "pullquote"}
        return JSONResponse({"object": "list", "data": [model]})

    @routes.post("/chat/completions")
    async def complete(asked: Completion, request: Request) -> Response:
        try:
            if not opening.done:
                raise BusyError("The models are still being loaded. Ask again in a few seconds.")
            assistant = opening.assistant()
            question, before = asked.conversation()
            turns = [Turn(role, text) for role, text in before]
            future = asyncio.wrap_future(desk.ask(assistant, clean_question(question), turns))
            base = str(request.base_url).removesuffix("v1/")
            if asked.stream:
                headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
                events = _events(future, assistant, base)
                return StreamingResponse(events, media_type="text/event-stream", headers=headers)
            body = to_json(await future, assistant.index)
        except PullquoteError as fault:
            return failure(fault)
        return JSONResponse(_completion(body, message(body, base)))

    return routes


async def _events(
    future: asyncio.Future[Answer], assistant: Assistant, base: str
) -> AsyncIterator[bytes]:
    """The answer in chunks: a message is whole once it has passed the gate."""
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({**head, "choices": [choice], **more})

    try:
        yield chunk({"role": "assistant", "content": ""})
        while not (await asyncio.wait([future], timeout=_SIGN_OF_LIFE))[0]:
            yield b": waiting\n\n"
        body = to_json(future.result(), assistant.index)
        told = message(body, base)
        # A paragraph at a time, as people read.
        for n, paragraph in enumerate(told.content.split("\n\n")):
            yield chunk({"content": ("\n\n" if n else "") + paragraph})
        yield chunk({"annotations": told.annotations}, "stop", usage=_USAGE, pullquote=body)
    except PullquoteError as fault:
        status, code, text = status_of(fault)
        yield _event(error(text, code, status))
    except Exception:
        yield _event(error(FAILED, "unavailable", 503))
    finally:
        future.cancel()
    yield b"data: [DONE]\n\n"


def _completion(body: dict[str, Any], told: Message) -> dict[str, Any]:
    said = {
        "role": "assistant",
        "content": told.content,
        "refusal": None,
        "annotations": told.annotations,
    }
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": "stop"}
    return {**_head("chat.completion"), "choices": [choice], "usage": _USAGE, "pullquote": body}


def _head(kind: str) -> dict[str, Any]:
    name = f"chatcmpl-{token_hex(12)}"
    return {"id": name, "object": kind, "created": int(time()), "model": MODEL}


def _event(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


def _failed(
    status: int, code: str, told: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(error(told, code, status), status, headers=headers)
