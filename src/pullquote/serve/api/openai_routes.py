"""OpenAI-compatible chat completions over the articles, for front ends and agents.

The model is always Pullquote itself; API keys are ignored. The field ``pullquote`` beside the
message holds the answer object of the API contract.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from itertools import takewhile
from operator import eq
from secrets import token_hex
from time import time
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from pullquote import __version__
from pullquote.answering.render import to_json
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.serve.api import errors, stream
from pullquote.serve.api.errors import FAILED, openai_error, status_of
from pullquote.serve.api.front_ends import answer_to
from pullquote.serve.api.growing import Growing
from pullquote.serve.api.openai_answer import Message, message
from pullquote.serve.api.openai_schema import Completion
from pullquote.serve.api.waiting import finished
from pullquote.serve.desk import Desk
from pullquote.serve.opening import Opening, ready
from pullquote.types import Turn

MODEL = "pullquote"

#: Tokens are not counted: an answer may involve no language model.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}

_LOG = logging.getLogger(__name__)


def create_openai_api(opening: Opening, desk: Desk) -> FastAPI:
    """The routes below ``/v1``."""
    routes = FastAPI(
        title="Pullquote",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    errors.install(routes, lambda: desk.work.retry_after)

    @routes.get("/models")
    async def models() -> Response:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "pullquote"}
        return JSONResponse({"object": "list", "data": [model]})

    @routes.post("/chat/completions")
    async def complete(asked: Completion, request: Request) -> Response:
        assistant = ready(opening)
        question, before = asked.conversation()
        if own := answer_to(question):
            return _of_itself(own, bool(asked.stream))
        put = Asked.of(question, [Turn(role, text) for role, text in before])
        base = str(request.base_url).removesuffix("v1/")
        if asked.stream:
            growing = Growing(desk, assistant, put)
            return stream.response(_events(growing, assistant, base, asked.wants_usage))
        traced = asyncio.wrap_future(desk.trace(assistant, put))
        answer = (await finished(traced, request)).answer
        told = await run_in_threadpool(message, answer, assistant.index, base)
        body = await run_in_threadpool(to_json, answer, assistant.index)
        return JSONResponse(_completion(told, pullquote=body))

    return routes


async def _events(
    growing: Growing, assistant: Assistant, base: str, usage: bool
) -> AsyncIterator[bytes]:
    """The answer in chunks of one paragraph; written sentences as soon as they pass the gate.

    With ``usage``, the last chunk has no choice, as in OpenAI's reference. Other clients expect a
    choice in every chunk.
    """
    head = _head("chat.completion.chunk")
    if usage:
        head["usage"] = None
    sent: list[str] = []

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({**head, "choices": [choice], **more})

    def further(content: str, upto: int | None = None) -> Iterator[bytes]:
        """Chunks for the paragraphs of ``content``, up to ``upto``, that were not sent yet."""
        # Text that turned out to be reasoning cannot be taken back; the new text follows it.
        paragraphs = content.split("\n\n")[:upto]
        told = len(list(takewhile(bool, map(eq, sent, paragraphs))))
        for number, paragraph in enumerate(paragraphs[told:]):
            yield chunk({"content": ("\n\n" if sent or number else "") + paragraph})
        sent[:] = paragraphs

    try:
        yield chunk({"role": "assistant", "content": ""})
        async with aclosing(growing.parts(stream.SIGN_OF_LIFE)) as grown:
            async for part in grown:
                if part is None:
                    yield b": waiting\n\n"
                    continue
                # The quotes after the written blocks belong after blocks that are still to come.
                standing = bool(part.understood) + len(part.blocks)
                told = await run_in_threadpool(message, part, assistant.index, base)
                for event in further(told.content, standing):
                    yield event
        told = await run_in_threadpool(message, growing.whole, assistant.index, base)
        body = await run_in_threadpool(to_json, growing.whole, assistant.index)
        for event in further(told.content):
            yield event
        yield chunk({"annotations": told.annotations}, "stop", pullquote=body)
        if usage:
            yield _event({**head, "choices": [], "usage": _USAGE})
    except PullquoteError as fault:
        _LOG.error("%s", fault)
        yield _event(openai_error(*status_of(fault)))
    except Exception:
        _LOG.exception("An answer failed.")
        yield _event(openai_error(503, "unavailable", FAILED))
    yield b"data: [DONE]\n\n"


def _of_itself(content: str, in_stream: bool) -> Response:
    """The reply to a front end's background request, without the field ``pullquote``."""
    if not in_stream:
        return JSONResponse(_completion(Message(content, [])))
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}}
    body = {**_head("chat.completion.chunk"), "choices": [{**choice, "finish_reason": "stop"}]}
    return Response(_event(body) + b"data: [DONE]\n\n", media_type="text/event-stream")


def _completion(told: Message, **more: Any) -> dict[str, Any]:
    said = {
        "role": "assistant",
        "content": told.content,
        "refusal": None,
        "annotations": told.annotations,
    }
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": "stop"}
    return {**_head("chat.completion"), "choices": [choice], "usage": _USAGE, **more}


def _head(kind: str) -> dict[str, Any]:
    name = f"chatcmpl-{token_hex(12)}"
    return {"id": name, "object": kind, "created": int(time()), "model": MODEL}


def _event(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
