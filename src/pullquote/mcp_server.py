"""The articles as tools of an agent: ``ask``, ``search`` and ``get_article`` over MCP.

See modelcontextprotocol.io. The package comes with ``pullquote[mcp]``; without it, importing this
raises :class:`~pullquote.errors.ModelError`. Standard output carries the protocol and nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import Field

from pullquote import __version__
from pullquote.assistant import Assistant
from pullquote.corpus import article_digest
from pullquote.errors import ModelError, PullquoteError, QuestionError, UnknownArticleError
from pullquote.filters import checked
from pullquote.limits import MAX_QUESTION, MAX_TURNS, clean_question
from pullquote.opening import Opening
from pullquote.render import to_json, to_text
from pullquote.store import passage_text
from pullquote.types import Article, Turn

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import CallToolResult, TextContent, ToolAnnotations
except ImportError as error:
    raise ModelError(
        "`pullquote mcp` needs a package that is not installed: run `pip install 'pullquote[mcp]'`."
    ) from error

#: The most characters of an article that one call gives.
MAX_TEXT = 20_000

_INSTRUCTIONS = """Pullquote answers questions about a fixed set of articles. Every quote is cut
from the article that it names, character for character. When it says that the articles don't say,
do not answer from elsewhere as if they did. Quote `cited_text` unchanged, and name
`document_title`."""

Question = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, description="What to find out, in English.")
]
DocumentId = Annotated[
    str | None, Field(max_length=2000, description="Ask only this article, by its id.")
]
Day = Annotated[
    str | None,
    Field(
        pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day of publication, YYYY-MM-DD, included."
    ),
]
Name = Annotated[str | None, Field(max_length=200)]

T = TypeVar("T")


def serve(opening: Opening) -> None:
    """Serve over standard input and output until the client leaves."""
    create_server(opening).run("stdio")


def create_server(opening: Opening) -> MCPServer[Any]:
    """The server over an assistant that may still be opening."""
    server: MCPServer[Any] = MCPServer(
        "pullquote", version=__version__, instructions=_INSTRUCTIONS, log_level="ERROR"
    )
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    async def done(job: Callable[[Assistant], T]) -> T:
        """``job``'s result; what a person can mend is the tool's error, in one sentence."""
        try:
            # Off the loop, which has to answer the client meanwhile.
            return await asyncio.to_thread(lambda: job(opening.assistant()))
        except PullquoteError as error:
            raise ToolError(str(error)) from error

    def result(text: str, body: dict[str, Any]) -> CallToolResult:
        return CallToolResult(
            content=[TextContent(type="text", text=text)], structured_content=body
        )

    @server.tool(
        description="Answer a question with sentences quoted from the articles. The status is "
        "'answered', 'stated_unknown' (the article itself says that this is not known) or "
        "'not_found' (the articles don't say; `closest` does not answer).",
        annotations=reads,
    )
    async def ask(
        question: Question,
        document_id: DocumentId = None,
        history: Annotated[
            list[Annotated[str, Field(max_length=MAX_QUESTION)]],
            Field(max_length=MAX_TURNS, description="Earlier questions, the oldest first."),
        ] = [],  # noqa: B006  the schema shows it; it is never changed
        since: Day = None,
        until: Day = None,
        section: Name = None,
        source: Name = None,
    ) -> CallToolResult:
        def job(assistant: Assistant) -> CallToolResult:
            turns = [Turn("user", it) for it in history]
            filters = checked(since, until, section, source)
            answer = assistant.ask(question, turns, document_id, filters)
            index = assistant.index
            return result(to_text(answer, index), to_json(answer, index))

        return await done(job)

    @server.tool(
        description="Find passages of the articles by meaning and by words, best first. Each is "
        "cut from its article: `text` is the article's from `start_char_index` to "
        "`end_char_index`.",
        annotations=reads,
    )
    async def search(
        query: Question,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        document_id: DocumentId = None,
        since: Day = None,
        until: Day = None,
        section: Name = None,
        source: Name = None,
    ) -> CallToolResult:
        def job(assistant: Assistant) -> CallToolResult:
            filters = checked(since, until, section, source)
            hits = assistant.search(clean_question(query), limit, document_id, filters)
            found = []
            for hit in hits:
                article = assistant.index.article(hit.passage.article_id)
                sentences = assistant.index.sentences(article.id)
                start = sentences[hit.passage.first].start
                end = sentences[hit.passage.last].end
                text = passage_text(article, sentences, hit.passage)
                place = {"start_char_index": start, "end_char_index": end}
                found.append({**_named(article), **place, "text": text, "score": hit.score})
            return result(_plain(found), {"passages": found})

        return await done(job)

    @server.tool(
        description="An article's text, a part of it at a time, with its digest. Offsets of "
        f"quotes point into it. At most {MAX_TEXT:,} characters are given; `next` is where the "
        "rest begins.",
        annotations=reads,
    )
    async def get_article(
        document_id: Annotated[str, Field(min_length=1, max_length=2000)],
        start: Annotated[int, Field(ge=0)] = 0,
        end: Annotated[int | None, Field(ge=0)] = None,
    ) -> CallToolResult:
        def job(assistant: Assistant) -> CallToolResult:
            index = assistant.index
            if document_id not in index.articles:
                raise UnknownArticleError(f"There is no article {document_id!r} in the index.")
            article = index.article(document_id)
            whole = len(article.text)
            if start > whole or (end is not None and end < start):
                raise QuestionError(
                    f"The article {document_id!r} has {whole:,} characters: there are none from "
                    f"{start:,} to {whole if end is None else end:,}."
                )
            last = min(start + MAX_TEXT, whole if end is None else end)
            text = article.text[start:last]
            body = {
                **_named(article),
                "author": article.author,
                "digest": article_digest(article),
                "start_char_index": start,
                "end_char_index": start + len(text),
                "text": text,
                "next": last if last < whole else None,
            }
            return result(text, body)

        return await done(job)

    return server


def _named(article: Article) -> dict[str, Any]:
    return {
        "document_id": article.id,
        "document_title": article.title,
        "url": article.url,
        "published": article.published,
    }


def _plain(found: list[dict[str, Any]]) -> str:
    if not found:
        return "No passage has anything to do with it."
    return json.dumps(found, ensure_ascii=False, indent=1)
