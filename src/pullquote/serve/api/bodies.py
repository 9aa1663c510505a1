"""How much may be sent: a body is read whole, within its limits, before anything looks at it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.serve.api.errors import error_response

#: Bytes of a request to the API: a question, its history and their JSON fit several times.
MAX_BODY = 16 * 1024

#: Bytes of what the chat's own page sends, which is refused by the question's length long before,
#: and of what front ends of OpenAI's protocol send: the whole conversation, again each time.
_MAX_PAGE_BODY = 256 * 1024

#: Seconds for a body to arrive in.
_PATIENCE = 20.0

#: Bytes of an article that is added, a PDF's limit, and seconds for it. Who may send one was asked
#: before.
MAX_ADDED = 100_000_000
_ADDING = ("/api/added/file", "/api/added/text")
_ADDING_PATIENCE = 300.0

#: Bytes of a refused body that are read and dropped, and seconds for it: a connection that is
#: closed over what nobody has read is reset, and the one who sends never sees the refusal.
_DROPPED = 1024 * 1024
_DROPPING = 2.0


class Bodies:
    """Answers 413 to a body that is too big, and 400 to one that does not arrive."""

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
            response = error_response(400, "invalid_request", late, scope=scope)
            await response(scope, receive, send)
            return
        except ConnectionError:
            return  # nobody is there to be answered
        if body is None:
            shown = f"{most // 1024} KB" if most < MAX_ADDED else f"{most // 1_000_000} MB"
            big = f"The request is larger than {shown}."
            # There may be more of the body: the connection cannot be used again.
            closing = {"Connection": "close"}
            response = error_response(413, "too_large", big, closing, scope)
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
    """Bytes and seconds for the body of a request."""
    if path in _ADDING:
        return MAX_ADDED, _ADDING_PATIENCE
    return (MAX_BODY if path.startswith("/api/") else _MAX_PAGE_BODY), _PATIENCE


async def _read(receive: Receive, headers: Headers, most: int) -> bytes | None:
    """The whole body; ``None`` when there is more than ``most`` of it."""
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
    """Read the rest of a refused body, if it is not too long."""
    left = _DROPPED
    with suppress(TimeoutError):
        async with asyncio.timeout(_DROPPING):
            while left > 0:
                message = await receive()
                if not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
