"""The routes below ``/api/added``, which only our own page uses; not in the OpenAPI document."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import Field

from pullquote.addresses import MAX_ADDRESS
from pullquote.errors import AddingError, PullquoteError
from pullquote.index.additions import Additions
from pullquote.index.run import Progress
from pullquote.ingest.formats import KINDS
from pullquote.ingest.formats.clean import MAX_FIELD, MAX_ID
from pullquote.plurals import counted
from pullquote.serve.adding import Adding, Job
from pullquote.serve.api.adding_access import Doorkeeper, Standing
from pullquote.serve.api.bodies import MAX_ADDED
from pullquote.serve.api.errors import FAILED, error_object, error_response
from pullquote.serve.api.schema import Strict
from pullquote.serve.api.stream import SIGN_OF_LIFE, event, failed, response


class Pasted(Strict):
    """A pasted text; without a title, its first words are the title."""

    title: Annotated[str, Field(max_length=MAX_FIELD)] = ""
    text: str


class Linked(Strict):
    """The address of a web page to add."""

    url: Annotated[str, Field(max_length=MAX_ADDRESS)]


class Removed(Strict):
    """An added article, to be removed."""

    document_id: Annotated[str, Field(max_length=MAX_ID)]


class Entered(Strict):
    """A password that was entered."""

    password: Annotated[str, Field(max_length=1000)]


def router(adding: Adding, doorkeeper: Doorkeeper) -> APIRouter:
    """The routes. ``AddingAccess`` has already checked the requests that change something."""
    routes = APIRouter(prefix="/added", include_in_schema=False)

    @routes.get("")
    def state(request: Request) -> Response:
        """What the visitor may do and, for those who may add, the added articles."""
        standing = doorkeeper.standing(request.scope)
        told: dict[str, Any] = {"may": standing}
        if standing is Standing.ADD:
            try:
                documents = adding.ids()
            except PullquoteError:
                documents = []  # the list of articles reports the error
            told |= {
                "token": doorkeeper.token(request.scope),
                "documents": documents,
                "kinds": sorted(KINDS),
                "max_bytes": MAX_ADDED,
            }
        return JSONResponse(told)

    @routes.post("/password")
    async def enter(given: Entered, request: Request) -> Response:
        """The token, in exchange for the password."""
        if not doorkeeper.may_try(request.scope):
            told = "The password was tried too often. Try again in a quarter of an hour."
            return error_response(429, "too_many_requests", told, {"Retry-After": "900"})
        token = doorkeeper.token_for(given.password)
        if token is None:
            return error_response(403, "wrong_password", "This is not the password.")
        return JSONResponse({"token": token})

    @routes.post("/file")
    async def file(request: Request, name: Annotated[str, Query(max_length=1000)]) -> Response:
        data = await request.body()

        def job(additions: Additions, progress: Progress) -> list[str]:
            return additions.add_file(name, data, progress)

        return _doing(adding, job, "Reading the file")

    @routes.post("/text")
    async def text(given: Pasted) -> Response:
        def job(additions: Additions, progress: Progress) -> list[str]:
            return additions.add_text(given.title, given.text, progress)

        return _doing(adding, job, "Reading the text")

    @routes.post("/address")
    async def address(given: Linked) -> Response:
        def job(additions: Additions, progress: Progress) -> list[str]:
            return additions.add_address(given.url.strip(), progress)

        return _doing(adding, job, "Fetching the page")

    @routes.post("/remove")
    async def remove(given: Removed) -> Response:
        def job(additions: Additions, progress: Progress) -> list[str]:
            additions.remove(given.document_id, progress)
            return []

        done = "Removed. No answer cites it from now on."
        return _doing(adding, job, "Removing the article", done)

    return routes


def _doing(adding: Adding, job: Job, first: str, last: str = "") -> Response:
    """Start a job and stream its ``progress`` events, then ``done`` or ``error``.

    ``first`` says what begins; ``last`` says what was done, if articles were not added. Raises
    :class:`~pullquote.errors.BusyError` while another job is running.
    """
    loop = asyncio.get_running_loop()
    sent: asyncio.Queue[bytes | None] = asyncio.Queue()

    def put(item: bytes | None) -> None:
        if not loop.is_closed():  # the job goes on even after the server's loop has closed
            loop.call_soon_threadsafe(sent.put_nowait, item)

    def told(text: str, share: float | None) -> None:
        put(event("progress", {"text": text, "share": share}))

    told(first, None)
    future = adding.start(job, told)
    future.add_done_callback(lambda _: put(None))

    async def events() -> AsyncIterator[bytes]:
        while True:
            try:
                async with asyncio.timeout(SIGN_OF_LIFE):
                    item = await sent.get()
            except TimeoutError:
                yield b": working\n\n"
                continue
            if item is None:
                break
            yield item
        yield await run_in_threadpool(_ended, adding, future, last)

    return response(events())


def _ended(adding: Adding, future: Future[list[str]], text: str) -> bytes:
    error = future.exception()
    if isinstance(error, AddingError):
        return failed(error_object("not_added", str(error)))
    if isinstance(error, PullquoteError):
        # The full message: those who may add articles also maintain the index.
        return failed(error_object("unavailable", str(error)))
    if error is not None:
        return failed(error_object("unavailable", FAILED))
    documents = future.result()
    if not text:
        is_one = len(documents) == 1
        what = adding.title(documents[0]) if is_one else counted(len(documents), "article")
        text = f"Added: {what}"
        if missed := sum(map(adding.missed_words, documents)):
            text += f". {counted(missed, 'word')} of the source may be missing from the text."
    return event("done", {"documents": documents, "text": text})
