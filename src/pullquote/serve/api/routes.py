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
from fastapi.concurrency import run_in_threadpool
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
from pullquote.errors import PullquoteError, UnknownArticleError
from pullquote.filters import checked
from pullquote.serve.allowed_origins import Origins
from pullquote.serve.api import drafts, errors, schema, stream
from pullquote.serve.api.access import is_foreign, own_origin
from pullquote.serve.api.errors import FAILED, error_object, error_response, status_of
from pullquote.serve.api.growing import Growing
from pullquote.serve.api.waiting import finished
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import Entry, Feedback, Verdict, clean_comment, with_filters
from pullquote.serve.opening import Opening, ready
from pullquote.types import NO_FILTERS, Article, Filters, Turn

#: The most sections and sources that are listed: nobody could choose from more.
_FACETS = 200

_LOG = logging.getLogger(__name__)

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schema.ErrorOut} for status in (400, 403, 413, 429, 503)
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": schema.ErrorOut}}


def create_api(opening: Opening, desk: Desk, settings: Settings) -> FastAPI:
    """Build the API over an assistant that may still be opening.

    Its OpenAPI document is at ``/openapi.json``. The index is only read in threads: it may be on a
    server that is slow to reply.
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
    errors.install(routes, lambda: desk.work.retry_after)
    feedback = Feedback(settings.feedback)
    origins = Origins.of(settings.origins)

    def taken(given: schema.Asked) -> tuple[Assistant, Asked]:
        """The question, and the assistant that answers it, even if the index is replaced."""
        assistant = ready(opening)
        history = [Turn(turn.role, turn.text) for turn in given.history]
        asked = Asked.of(given.question, history, filters=_filters(given))
        return assistant, replace(asked, document_id=_scope(given, assistant))

    @routes.post("/ask", response_model=AnswerOut, responses=_UNKNOWN)
    async def ask(asked: schema.AskedOnce, request: Request) -> Response:
        """The answer to a question; for a refusal, with hints."""
        if asked.explain and is_foreign(request):
            told = "Only this server's own pages are told how an answer was found."
            return error_response(403, "forbidden_origin", told)
        assistant, question = await run_in_threadpool(taken, asked)
        trace = await finished(asyncio.wrap_future(desk.trace(assistant, question)), request)

        def body() -> dict[str, Any]:
            made = json_with_help(trace.answer, assistant.index, settings.contact)
            if asked.explain:
                made["explain"] = explain(trace, assistant.index)
            return made

        return JSONResponse(await run_in_threadpool(body))

    @routes.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}, **_UNKNOWN},
    )
    async def ask_stream(asked: schema.Asked) -> Response:
        """The answer to a question as server-sent events: ``message_start``,
        ``content_block_delta``, ``citations_delta``, ``message_stop``, ``error``."""
        assistant, question = await run_in_threadpool(taken, asked)
        growing = Growing(desk, assistant, question)

        async def events() -> AsyncIterator[bytes]:
            parts = stream.Parts()
            try:
                yield stream.started(question.question)
                async with aclosing(growing.parts(stream.SIGN_OF_LIFE)) as grown:
                    async for part in grown:
                        if part is None:
                            yield b": waiting\n\n"
                            continue
                        body = await run_in_threadpool(to_json, part, assistant.index)
                        for event in parts.of(body):
                            yield event
                answer = await run_in_threadpool(
                    json_with_help, growing.whole, assistant.index, settings.contact
                )
                for event in parts.of(answer):
                    yield event
                yield stream.stopped(answer)
            except PullquoteError as error:
                _LOG.error("%s", error)
                yield stream.failed(error_object(*status_of(error)[1:]))
            except Exception:
                _LOG.exception("An answer failed.")
                yield stream.failed(error_object("unavailable", FAILED))

        return stream.response(events())

    @routes.post("/check-draft", response_model=drafts.DraftOut)
    async def check_draft(draft: drafts.DraftIn, request: Request) -> Response:
        """Each sentence of a text with the quotes that support it, or else the nearest ones."""
        if is_foreign(request):
            told = "Only this server's own pages can have a draft checked."
            return error_response(403, "forbidden_origin", told)
        return JSONResponse(await drafts.checked(draft, ready(opening), desk, request))

    @routes.get("/articles", response_model=schema.ArticlesOut)
    def articles(wanted: Annotated[schema.Listing, Query()]) -> Response:
        """The articles that can be asked about, sorted by id or the newest first.

        ``next`` is the value of ``after`` for the next page; it is null when the newest are first.
        """
        shelf = ready(opening).index.catalog
        filters = checked(wanted.since, wanted.until, wanted.section, wanted.source)
        if wanted.order == "newest" or wanted.words:
            newest, total = shelf.newest(filters, wanted.words, wanted.limit, wanted.offset)
            listed_so = [_article(one) for one in newest]
            return JSONResponse({"total": total, "articles": listed_so, "next": None})
        # One more article than is listed shows whether there is a next page.
        found = shelf.listing(filters, wanted.limit + 1, wanted.after, wanted.offset)
        listed = found[: wanted.limit]
        return JSONResponse(
            {
                "total": shelf.count(filters),
                "articles": [_article(listing) for listing in listed],
                "next": listed[-1].id if len(found) > len(listed) else None,
            }
        )

    @routes.get("/facets", response_model=schema.FacetsOut)
    def facets() -> Response:
        """What the articles can be filtered by."""
        found = ready(opening).index.facets()
        sections, sources = (
            [{"name": name, "articles": count} for name, count in pairs[:_FACETS]]
            for pairs in (found.sections, found.sources)
        )
        return JSONResponse(
            {"sections": sections, "sources": sources, "first": found.first, "last": found.last}
        )

    @routes.get(
        "/articles/{document_id:path}", response_model=schema.ArticleTextOut, responses=_UNKNOWN
    )
    def article(document_id: str) -> Response:
        """One article with its text, into which the offsets of citations point."""
        assistant = ready(opening)
        found = gate.unaltered(assistant.article_at(document_id), assistant.index)
        text = {"text": found.text, "digest": article_digest(found)}
        return JSONResponse({**_article(found), **text})

    @routes.post("/feedback", response_model=schema.FeedbackOut, responses=_UNKNOWN)
    async def judge(judged: schema.Judged, request: Request) -> Response:
        """Save a reader's verdict on an answer.

        The question is asked again, so that the saved answer comes from the index and not from
        the visitor.
        """
        conversation = judged.conversation or token_hex(16)
        kept = {"conversation": conversation, "turn": judged.turn}
        if judged.verdict == "none":
            # Its article may have been removed since.
            await run_in_threadpool(feedback.withdraw, conversation, judged.turn)
            return JSONResponse(kept)
        verdict = Verdict(judged.verdict)
        assistant, asked = await run_in_threadpool(taken, judged)

        def keep() -> None:
            # In quotes: a language model would word it differently each time.
            answer = assistant.trace(asked, write=False).answer
            entry = Entry(
                conversation,
                judged.turn,
                datetime.now(UTC).isoformat(timespec="seconds"),
                verdict,
                asked.question,
                tuple(turn.text for turn in asked.history if turn.role == "user"),
                asked.document_id,
                with_filters(to_json(answer, assistant.index), asked.filters),
                clean_comment(judged.comment),
            )
            feedback.record(entry)

        await finished(asyncio.wrap_future(desk.work.submit(keep)), request)
        return JSONResponse(kept)

    @routes.get("/origin", response_model=schema.OriginOut)
    async def origin(
        request: Request, address: Annotated[str, Query(min_length=1, max_length=300)]
    ) -> Response:
        """Whether the pages of a site may use this API, and if not, why."""
        own = own_origin(request.scope)
        reason = origins.refusal(address)
        if own is not None and reason and Origins((own,)).refusal(address) is None:
            reason = None
        return JSONResponse({"origin": address, "allowed": reason is None, "reason": reason})

    return routes


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
