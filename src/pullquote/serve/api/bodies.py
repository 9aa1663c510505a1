"""Limits of request bodies: each is read completely, within limits, before it is processed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.serve.api.errors import error_response

#: The most bytes of an API request: a question with its history fits several times.
MAX_BODY = 16 * 1024

#: The most bytes from the chat page, where the length of the question is the real limit, and from
#: clients of OpenAI's protocol, which send the whole conversation each time.
_MAX_PAGE_BODY = 256 * 1024

#: The most seconds that a body may take to arrive.
_PATIENCE = 20.0

#: The limits for an article that is added: bytes (the limit for a PDF) and seconds. Permission is
#: checked before.
MAX_ADDED = 100_000_000
_ADDING = ("/api/added/file", "/api/added/text")
_ADDING_PATIENCE = 300.0

#: How many bytes of a refused body are read and dropped, and for how many seconds. Closing with
#: unread data would reset the connection, and the sender would never see the refusal.
_DROPPED = 1024 * 1024
_DROPPING = 2.0


#: There may be more of a refused body, so its connection cannot be used again.
CLOSING = {"Connection": "close"}


class Bodies:
    """Answers 413 to a body that is too big, and 400 to one that does not arrive in time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        most, patience = _limits(scope["path"])
        try:
            async with asyncio.timeout(patience):
                body = await _read(receive, Headers(scope=scope), most)
        except TimeoutError:
            late = f"The body did not arrive within {patience:.0f} seconds."
            response = error_response(400, "invalid_request", late, CLOSING, scope)
            await response(scope, receive, send)
            return
        except ConnectionError:
            return  # the client has disconnected
        if body is None:
            shown = f"{most // 1024} KB" if most < MAX_ADDED else f"{most // 1_000_000} MB"
            big = f"The request is larger than {shown}."
            response = error_response(413, "too_large", big, CLOSING, scope)
            await response(scope, receive, send)
            return
        whole: Message = {"type": "http.request", "body": body, "more_body": False}
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return whole

        await self._app(scope, replay, send)


def _limits(path: str) -> tuple[int, float]:
    """The most bytes and seconds for a request's body."""
    if path in _ADDING:
        return MAX_ADDED, _ADDING_PATIENCE
    return (MAX_BODY if path.startswith("/api/") else _MAX_PAGE_BODY), _PATIENCE


async def _read(receive: Receive, headers: Headers, most: int) -> bytes | None:
    """The whole body; ``None`` when it has more than ``most`` bytes."""
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        await drop(receive)
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        body += message.get("body", b"")
        if len(body) > most:
            if message.get("more_body"):
                await drop(receive)
            return None
        if not message.get("more_body"):
            return bytes(body)


async def drop(receive: Receive) -> None:
    """Read and drop the rest of a refused body, up to a limit."""
    left = _DROPPED
    with suppress(TimeoutError):
        async with asyncio.timeout(_DROPPING):
            while left > 0:
                message = await receive()
                if not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
