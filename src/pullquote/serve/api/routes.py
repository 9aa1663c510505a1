"""The application below ``/api``: the contract's routes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from pullquote import __version__
from pullquote.answering import gate
from pullquote.answering.render import to_json
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.digest import article_digest
from pullquote.errors import BusyError, PullquoteError, UnknownArticleError
from pullquote.filters import checked
from pullquote.limits import Asked
from pullquote.serve.allowed_origins import Origins
from pullquote.serve.api import errors, schema, stream
from pullquote.serve.api.access import own_origin
from pullquote.serve.api.errors import FAILED, error_object, error_response, status_of
from pullquote.serve.api.waiting import finished
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import Entry, Feedback, Verdict
from pullquote.serve.opening import Opening
from pullquote.types import NO_FILTERS, Answer, Article, Filters, Turn

#: Seconds between two signs of life while a question waits: proxies cut a silent connection.
_SIGN_OF_LIFE = 10.0

#: Sections and sources that are named: more are no choice for a person.
_FACETS = 200

_LOG = logging.getLogger(__name__)

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schema.ErrorOut} for status in (400, 403, 413, 429, 503)
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": schema.ErrorOut}}


def create_api(opening: Opening, desk: Desk, settings: Settings) -> FastAPI:
    """The API over an assistant that may still be opening. Its document is ``/openapi.json``."""
    routes = FastAPI(
        title="Pullquote",
        version=__version__,
        description="Answers with quotes that are cut, character for character, from articles.",
        docs_url=None,
        redoc_url=None,
        responses=_ERRORS,
        redirect_slashes=False,
    )
    errors.install(routes)
    feedback = Feedback(settings.feedback)
    origins = Origins.of(settings.origins)

    def taken(given: schema.Asked) -> tuple[Assistant, Asked]:
        """The question, and who answers it: another index may take this one's place meanwhile."""
        assistant = _ready(opening)
        history = [Turn(turn.role, turn.text) for turn in given.history]
        asked = Asked.of(given.question, history, filters=_filters(given))
        return assistant, replace(asked, document_id=_scope(given, assistant))

    def failure(error: PullquoteError) -> JSONResponse:
        status, code, message = status_of(error)
        if code != "busy" and status == 503:
            _LOG.error("%s", error)
        headers = {"Retry-After": str(desk.work.retry_after)} if status == 503 else {}
        return error_response(status, code, message, headers)

    @routes.post("/ask", response_model=schema.AnswerOut, responses=_UNKNOWN)
    async def ask(asked: schema.Asked, request: Request) -> Response:
        """The answer to a question."""
        try:
            assistant, question = taken(asked)
            answer = await finished(asyncio.wrap_future(desk.ask(assistant, question)), request)
            return _json(to_json(answer, assistant.index))
        except PullquoteError as error:
            return failure(error)

    @routes.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}, **_UNKNOWN},
    )
    async def ask_stream(asked: schema.Asked) -> Response:
        """The same as server-sent events: ``message_start``, ``content_block_delta``,
        ``citations_delta``, ``message_stop``, ``error``."""
        loop = asyncio.get_running_loop()
        grown: asyncio.Queue[Answer] = asyncio.Queue()

        def told(part: Answer) -> None:
            loop.call_soon_threadsafe(grown.put_nowait, part)

        try:
            assistant, question = taken(asked)
            future = asyncio.wrap_future(desk.ask(assistant, question, told))
        except PullquoteError as error:
            return failure(error)

        async def events() -> AsyncIterator[bytes]:
            # A reader who leaves makes room: the queue forgets what is cancelled.
            parts = stream.Parts()
            more = asyncio.ensure_future(grown.get())
            try:
                yield stream.started(question.question)
                while not future.done():
                    waited = await asyncio.wait(
                        [future, more], timeout=_SIGN_OF_LIFE, return_when=asyncio.FIRST_COMPLETED
                    )
                    if more.done():
                        for event in parts.of(to_json(more.result(), assistant.index)):
                            yield event
                        more = asyncio.ensure_future(grown.get())
                    elif not waited[0]:
                        yield b": waiting\n\n"
                answer = to_json(future.result(), assistant.index)
                for event in parts.of(answer):
                    yield event
                yield stream.stopped(answer)
            except PullquoteError as error:
                _LOG.error("%s", error)
                yield stream.failed(error_object(*status_of(error)[1:]))
            except Exception:
                _LOG.exception("An answer failed.")
                yield stream.failed(error_object("unavailable", FAILED))
            finally:
                more.cancel()
                future.cancel()

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events(), media_type="text/event-stream", headers=headers)

    # Not "async": what reads much of the catalog must not hold up those who ask.
    @routes.get("/articles", response_model=schema.ArticlesOut)
    def articles(wanted: Annotated[schema.Listing, Query()]) -> Response:
        """The articles that can be asked about, in the order of the index.

        ``next`` is what ``after`` has to be for the articles that follow.
        """
        try:
            shelf = _ready(opening).index.catalog
            filters = checked(wanted.since, wanted.until, wanted.section, wanted.source)
        except PullquoteError as error:
            return failure(error)
        # One more than is shown tells whether any follow.
        found = shelf.listing(filters, wanted.limit + 1, wanted.after, wanted.offset)
        listed = found[: wanted.limit]
        return _json(
            {
                "total": shelf.count(filters),
                "articles": [_article(it) for it in listed],
                "next": listed[-1].id if len(found) > len(listed) else None,
            }
        )

    @routes.get("/facets", response_model=schema.FacetsOut)
    def facets() -> Response:
        """What the articles can be filtered by."""
        try:
            found = _ready(opening).index.facets()
        except PullquoteError as error:
            return failure(error)
        sections, sources = (
            [{"name": name, "articles": count} for name, count in pairs[:_FACETS]]
            for pairs in (found.sections, found.sources)
        )
        return _json(
            {"sections": sections, "sources": sources, "first": found.first, "last": found.last}
        )

    @routes.get(
        "/articles/{document_id:path}", response_model=schema.ArticleTextOut, responses=_UNKNOWN
    )
    async def article(document_id: str) -> Response:
        """One article with its text, into which the offsets of citations point."""
        try:
            assistant = _ready(opening)
            found = gate.unaltered(assistant.article_at(document_id), assistant.index)
        except PullquoteError as error:
            return failure(error)
        return _json({**_article(found), "text": found.text, "digest": article_digest(found)})

    @routes.post("/feedback", response_model=schema.FeedbackOut, responses=_UNKNOWN)
    async def judge(judged: schema.Judged, request: Request) -> Response:
        """Keep what a reader thought of an answer.

        The question is asked again, so that what is kept is the answer of the index and not
        what a visitor says it was.
        """
        conversation = judged.conversation or token_hex(16)
        try:
            assistant, asked = taken(judged)

            def keep() -> None:
                if judged.verdict == "none":
                    feedback.withdraw(conversation, judged.turn)
                    return
                entry = Entry(
                    conversation,
                    judged.turn,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                    Verdict(judged.verdict),
                    asked.question,
                    tuple(turn.text for turn in asked.history if turn.role == "user"),
                    asked.document_id,
                    # What the reader chose; how a model put it would be another one each time.
                    to_json(assistant.trace(asked, write=False).answer, assistant.index),
                )
                feedback.record(entry)

            await finished(asyncio.wrap_future(desk.work.submit(keep)), request)
        except PullquoteError as error:
            return failure(error)
        return _json({"conversation": conversation, "turn": judged.turn})

    @routes.get("/origin", response_model=schema.OriginOut)
    async def origin(
        request: Request, address: Annotated[str, Query(min_length=1, max_length=300)]
    ) -> Response:
        """Whether the pages of a site may ask here, and why not."""
        own = own_origin(request.scope)
        reason = origins.refusal(address)
        if own is not None and reason and Origins((own,)).refusal(address) is None:
            reason = None
        return _json({"origin": address, "allowed": reason is None, "reason": reason})

    return routes


def _ready(opening: Opening) -> Assistant:
    """The assistant, without waiting for it. Raises ``PullquoteError`` when it is not there."""
    if not opening.done:
        raise BusyError("The models are still being loaded. Ask again in a few seconds.")
    return opening.assistant()


def _scope(asked: schema.Asked, assistant: Assistant) -> str | None:
    """The id of the article that is asked. Raises ``UnknownArticleError``."""
    if asked.url is not None:
        return assistant.article_at(asked.url)
    if asked.document_id is not None and asked.document_id not in assistant.index.articles:
        # Now, and not after the question has waited.
        raise UnknownArticleError(f"There is no article {asked.document_id!r} in the index.")
    return asked.document_id


def _filters(asked: schema.Asked) -> Filters:
    given = asked.filters
    if given is None:
        return NO_FILTERS
    return checked(given.since, given.until, given.section, given.source)


def _article(article: Article) -> dict[str, Any]:
    return {
        "document_id": article.id,
        "document_title": article.title,
        "url": article.url,
        "published": article.published,
        "updated": article.updated,
        "section": article.section,
        "source": article.source,
        "author": article.author,
    }


def _json(body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
