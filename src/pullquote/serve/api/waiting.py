"""Waiting for an answer for as long as the one who asked waits too."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from fastapi import Request

from pullquote.errors import BusyError

#: Seconds between two looks whether the one who asked is still there.
_LOOK_AROUND = 0.5

T = TypeVar("T")


async def finished(future: asyncio.Future[T], request: Request) -> T:
    """The result of ``future``, which is given up when the one who asked goes away."""
    try:
        while not (await asyncio.wait([future], timeout=_LOOK_AROUND))[0]:
            if await request.is_disconnected():
                raise BusyError("Nobody waits for the answer any more.")
        return future.result()
    finally:
        future.cancel()
