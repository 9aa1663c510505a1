"""The application below ``/api``: the routes of the API contract."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from pullquote import __version__
from pullquote.answering import gate
from pullquote.answering.explain import explain
from pullquote.answering.refusal import json_with_help
from pullquote.answering.render import named, to_json
from pullquote.answering.schema import AnswerOut
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.digest import article_digest
from pullquote.errors import BusyError, PullquoteError, UnknownArticleError
from pullquote.filters import checked
from pullquote.serve.allowed_origins import Origins
from pullquote.serve.api import drafts, errors, schema, stream
from pullquote.serve.api.access import is_foreign, own_origin
from pullquote.serve.api.errors import FAILED, error_object, error_response, status_of
from pullquote.serve.api.growing import Growing
from pullquote.serve.api.waiting import finished
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import Entry, Feedback, Verdict, clean_comment, with_filters
from pullquote.serve.opening import Opening
from pullquote.types import NO_FILTERS, Article, Filters, Turn

#: Seconds between two keep-alive events while a question waits: proxies close a silent connection.
_SIGN_OF_LIFE = 10.0

#: The most sections and sources that are listed: nobody could choose from more.
_FACETS = 200

_LOG = logging.getLogger(__name__)

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schema.ErrorOut} for status in (400, 403, 413, 429, 503)
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": schema.ErrorOut}}


def create_api(opening: Opening, desk: Desk, settings: Settings) -> FastAPI:
    """Build the API over an assistant that may still be opening.

    Its OpenAPI document is at ``/openapi.json``.
    """
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
        """The question, and the assistant that answers it, even if the index is replaced."""
        assistant = _ready(opening)
        history = [Turn(turn.role, turn.text) for turn in given.history]
        asked = Asked.of(given.question, history, filters=_filters(given))
        return assistant, replace(asked, document_id=_scope(given, assistant))

    def failure(error: PullquoteError) -> JSONResponse:
        status, code, message = status_of(error)
        if code != "busy" and status == 503:
            _LOG.error("%s", error)
        wait = error.wait if isinstance(error, errors.TooManyError) else desk.work.retry_after
        headers = {"Retry-After": str(wait)} if status in (429, 503) else {}
        return error_response(status, code, message, headers)

    @routes.post("/ask", response_model=AnswerOut, responses=_UNKNOWN)
    async def ask(asked: schema.AskedOnce, request: Request) -> Response:
        """The answer to a question; for a refusal, with hints."""
        if asked.explain and is_foreign(request):
            told = "How an answer was found is told on this server's own pages alone."
            return error_response(403, "forbidden_origin", told)
        try:
            assistant, question = taken(asked)
            trace = await finished(asyncio.wrap_future(desk.trace(assistant, question)), request)
            body = json_with_help(trace.answer, assistant.index, settings.contact)
            if asked.explain:
                body["explain"] = explain(trace, assistant.index)
            return _json(body)
        except PullquoteError as error:
            return failure(error)

    @routes.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}, **_UNKNOWN},
    )
    async def ask_stream(asked: schema.Asked) -> Response:
        """The answer to a question as server-sent events: ``message_start``,
        ``content_block_delta``, ``citations_delta``, ``message_stop``, ``error``."""
        try:
            assistant, question = taken(asked)
            growing = Growing(desk, assistant, question)
        except PullquoteError as error:
            return failure(error)

        async def events() -> AsyncIterator[bytes]:
            parts = stream.Parts()
            try:
                yield stream.started(question.question)
                async with aclosing(growing.parts(_SIGN_OF_LIFE)) as grown:
                    async for part in grown:
                        if part is None:
                            yield b": waiting\n\n"
                            continue
                        for event in parts.of(to_json(part, assistant.index)):
                            yield event
                answer = json_with_help(growing.whole, assistant.index, settings.contact)
                for event in parts.of(answer):
                    yield event
                yield stream.stopped(answer)
            except PullquoteError as error:
                _LOG.error("%s", error)
                yield stream.failed(error_object(*status_of(error)[1:]))
            except Exception:
                _LOG.exception("An answer failed.")
                yield stream.failed(error_object("unavailable", FAILED))

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events(), media_type="text/event-stream", headers=headers)

    @routes.post("/check-draft", response_model=drafts.DraftOut)
    async def check_draft(draft: drafts.DraftIn, request: Request) -> Response:
        """Each sentence of a text with the quotes that support it, or else the nearest ones."""
        if is_foreign(request):
            told = "A draft is checked for this server's own pages alone."
            return error_response(403, "forbidden_origin", told)
        try:
            return _json(await drafts.checked(draft, _ready(opening), desk, request))
        except PullquoteError as error:
            return failure(error)

    # Not "async": reading much of the catalog must not block other requests.
    @routes.get("/articles", response_model=schema.ArticlesOut)
    def articles(wanted: Annotated[schema.Listing, Query()]) -> Response:
        """The articles that can be asked about, sorted by id or the newest first.

        ``next`` is the value of ``after`` for the next page; it is null when the newest are first.
        """
        try:
            shelf = _ready(opening).index.catalog
            filters = checked(wanted.since, wanted.until, wanted.section, wanted.source)
        except PullquoteError as error:
            return failure(error)
        if wanted.order == "newest" or wanted.words:
            newest, total = shelf.newest(filters, wanted.words, wanted.limit, wanted.offset)
            listed_so = [_article(one) for one in newest]
            return _json({"total": total, "articles": listed_so, "next": None})
        # One more article than is listed shows whether there is a next page.
        found = shelf.listing(filters, wanted.limit + 1, wanted.after, wanted.offset)
        listed = found[: wanted.limit]
        return _json(
            {
                "total": shelf.count(filters),
                "articles": [_article(listing) for listing in listed],
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
        """Save a reader's verdict on an answer.

        The question is asked again, so that the saved answer comes from the index and not from
        the visitor.
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
                    with_filters(
                        # In quotes: a language model would word it differently each time.
                        to_json(assistant.trace(asked, write=False).answer, assistant.index),
                        asked.filters,
                    ),
                    clean_comment(judged.comment),
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
        """Whether the pages of a site may use this API, and if not, why."""
        own = own_origin(request.scope)
        reason = origins.refusal(address)
        if own is not None and reason and Origins((own,)).refusal(address) is None:
            reason = None
        return _json({"origin": address, "allowed": reason is None, "reason": reason})

    return routes


def _ready(opening: Opening) -> Assistant:
    """The assistant, without waiting for it. Raises ``PullquoteError`` when it is not ready."""
    if not opening.done:
        raise BusyError("The models are still being loaded. Ask again in a few seconds.")
    return opening.assistant()


def _scope(asked: schema.Asked, assistant: Assistant) -> str | None:
    """The id of the article to which the question is restricted. Raises ``UnknownArticleError``."""
    if asked.url is not None:
        return assistant.article_at(asked.url)
    if asked.document_id is not None and asked.document_id not in assistant.index.articles:
        # Report it now, before the question waits in the queue.
        raise UnknownArticleError.of(asked.document_id)
    return asked.document_id


def _filters(asked: schema.Asked) -> Filters:
    given = asked.filters
    if given is None:
        return NO_FILTERS
    return checked(given.since, given.until, given.section, given.source)


def _article(article: Article) -> dict[str, Any]:
    return {
        **named(article),
        "updated": article.updated,
        "section": article.section,
        "source": article.source,
        "author": article.author,
    }


def _json(body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
