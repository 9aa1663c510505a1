"""Waits for an answer as long as the client is connected."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from fastapi import Request

from pullquote.errors import BusyError

#: Seconds between two checks whether the client is still connected.
_LOOK_AROUND = 0.5

T = TypeVar("T")


async def finished(future: asyncio.Future[T], request: Request) -> T:
    """The result of ``future``, which is cancelled when the client disconnects."""
    try:
        while not (await asyncio.wait([future], timeout=_LOOK_AROUND))[0]:
            if await request.is_disconnected():
                raise BusyError("Nobody waits for the answer any more.")
        return future.result()
    finally:
        future.cancel()
