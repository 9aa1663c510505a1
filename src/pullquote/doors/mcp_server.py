"""The articles as tools of an agent: ``ask``, ``search`` and ``get_article`` over MCP.

See modelcontextprotocol.io. Without the package that ``pullquote[mcp]`` installs, importing this
module raises :class:`~pullquote.errors.ModelError`. Only the protocol is written to standard
output. This module imports nothing slow: that is loaded with the assistant, in the background.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import ValidationError

from pullquote import __version__
from pullquote.answering.gate import unaltered
from pullquote.answering.refusal import help_text, json_with_help
from pullquote.answering.render import named, to_text
from pullquote.asked import Asked, clean_question
from pullquote.digest import article_digest
from pullquote.doors.mcp_arguments import (
    ArticleId,
    DocumentId,
    End,
    History,
    Limit,
    Query,
    Question,
    Section,
    Since,
    Source,
    Start,
    Until,
    Url,
)
from pullquote.errors import ModelError, PullquoteError, QuestionError, UnknownArticleError
from pullquote.faults import first_fault
from pullquote.filters import checked
from pullquote.serve.desk import Desk
from pullquote.types import Article, Turn

if TYPE_CHECKING:
    from pullquote.assistant import Assistant

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context
    from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
    from mcp.types import (
        CallToolResult,
        InputRequiredResult,
        TextContent,
        Tool,
        ToolAnnotations,
    )
except ImportError as error:
    raise ModelError(
        "`pullquote mcp` needs a package that is not installed: run `pip install 'pullquote[mcp]'`."
    ) from error

#: The most characters of an article that one call returns.
MAX_TEXT = 20_000


_INSTRUCTIONS = """Pullquote answers questions about a fixed set of articles. Every quote is cut
from the article that it names, character for character. When it says that the articles don't say,
do not answer from elsewhere as if they did. Quote `cited_text` unchanged, and name
`document_title`."""

T = TypeVar("T")


class Opens(Protocol):
    """Gives access to an assistant that may still be loading."""

    def assistant(self) -> Assistant:
        """The assistant, once it is loaded. Raises ``PullquoteError``."""
        ...


class _Server(MCPServer[Any]):
    """An MCP server that reports errors in one sentence, and rejects unknown arguments."""

    async def list_tools(self) -> list[Tool]:
        tools = await super().list_tools()
        closed = {"additionalProperties": False}
        return [
            tool.model_copy(update={"input_schema": {**tool.input_schema, **closed}})
            for tool in tools
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        taken = {
            tool.name: list(tool.input_schema["properties"]) for tool in await self.list_tools()
        }
        if name not in taken:
            raise ToolError(f"There is no tool {name!r}: there are {_listed(taken)}.")
        for argument in arguments:
            if argument not in taken[name]:
                # Otherwise a misspelt filter would be ignored without notice.
                raise ToolError(
                    f"{name!r} has no parameter {argument!r}: it has {_listed(taken[name])}."
                )
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError as error:
            told = f"{name!r} has failed; what the server wrote to standard error says why."
            raise UnexpectedToolError(told) from error.__cause__
        except ToolError as error:
            # Unwrap the error: the library adds its own words to the message.
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(first_fault(error.__cause__.errors())) from error.__cause__
            if isinstance(error.__cause__, ToolError):
                raise error.__cause__ from error
            raise


def serve(opened: Callable[[], Opens], desk: Desk, contact: str = "") -> None:
    """Serve over standard input and output until the client disconnects.

    Questions queue at ``desk``; a refusal says whom to ask: ``contact``.
    """
    # On Ctrl-C, exit at once: the library would wait for input, and there is nothing to clean up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    create_server(opened, desk, contact).run("stdio")


def create_server(opened: Callable[[], Opens], desk: Desk, contact: str = "") -> MCPServer[Any]:
    """Create the server. It calls ``opened`` once the protocol has taken over standard output."""
    opening: Opens

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncIterator[None]:
        nonlocal opening
        opening = opened()
        yield

    server = _Server(
        "pullquote",
        version=__version__,
        instructions=_INSTRUCTIONS,
        log_level="ERROR",
        lifespan=lifespan,
    )
    reads = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

    async def done(job: Callable[[Assistant], T]) -> T:
        """Run ``job`` with the assistant. A ``PullquoteError`` becomes the tool's error."""
        try:
            # In a thread, so that the event loop can answer the client meanwhile.
            return await asyncio.to_thread(lambda: job(opening.assistant()))
        except PullquoteError as error:
            raise ToolError(str(error)) from error

    @server.tool(
        title="Ask the articles",
        description="Answer a question with sentences quoted from the articles. The status is "
        "'answered', 'stated_unknown' (the article itself says that this is not known) or "
        "'not_found' (the articles don't say; `closest` does not answer).",
        annotations=reads,
    )
    async def ask(
        question: Question,
        document_id: DocumentId = None,
        url: Url = None,
        since: Since = None,
        until: Until = None,
        section: Section = None,
        source: Source = None,
        history: History = [],  # noqa: B006  the schema shows it; it is never changed
    ) -> CallToolResult:
        turns = [Turn("user", text) for text in history]
        filters = _told(checked, since, until, section, source)
        asked = _told(Asked.of, question, turns, None, filters)

        def job(assistant: Assistant) -> CallToolResult:
            scoped = replace(asked, document_id=_scope(assistant, document_id, url))
            answer, index = desk.trace(assistant, scoped).result().answer, assistant.index
            text, body = to_text(answer, index), json_with_help(answer, index, contact)
            if "help" in body:
                text = f"{text}\n\n{help_text(body['help'])}".rstrip()
            return _result(text, body)

        return await done(job)

    @server.tool(
        title="Search the articles",
        description="Find passages of the articles by meaning and by words, best first. Each is "
        "cut from its article: `text` is the article's from `start_char_index` to "
        "`end_char_index`. They are about the query, and need not answer it: `ask` judges that.",
        annotations=reads,
    )
    async def search(
        query: Query,
        limit: Limit = 10,
        document_id: DocumentId = None,
        url: Url = None,
        since: Since = None,
        until: Until = None,
        section: Section = None,
        source: Source = None,
    ) -> CallToolResult:
        asked, filters = _told(clean_question, query), _told(checked, since, until, section, source)

        def job(assistant: Assistant) -> CallToolResult:
            scope = _scope(assistant, document_id, url)
            found = []
            # Through the queue: the query is embedded.
            hits = desk.work.submit(lambda: assistant.search(asked, limit, scope, filters))
            for hit in hits.result():
                article = unaltered(hit.passage.article_id, assistant.index)
                sentences = assistant.index.sentences(article.id)
                place = (sentences[hit.passage.first].start, sentences[hit.passage.last].end)
                found.append({**named(article), **_cut(article, *place), "score": hit.score})
            return _result(_plain(found), {"passages": found})

        return await done(job)

    @server.tool(
        title="Read an article",
        description="An article's text, a part of it at a time, with what is known of it and its "
        "digest. Offsets of quotes point into it. At most "
        f"{MAX_TEXT:,} characters are given; `next` is where the rest begins.",
        annotations=reads,
    )
    async def get_article(
        document_id: ArticleId,
        start: Start = 0,
        end: End = None,
    ) -> CallToolResult:
        def job(assistant: Assistant) -> CallToolResult:
            if document_id not in assistant.index.articles:
                raise UnknownArticleError.of(document_id)
            article = unaltered(document_id, assistant.index)
            whole = len(article.text)
            last = min(whole if end is None else end, whole)
            if start > last:
                raise QuestionError(
                    f"The article {document_id!r} has {whole:,} characters: there are none from "
                    f"{start:,} to {last if end is None else end:,}."
                )
            part = _cut(article, start, min(last, start + MAX_TEXT))
            after = part["end_char_index"]
            body = {
                **named(article),
                "updated": article.updated,
                "section": article.section,
                "source": article.source,
                "author": article.author,
                "digest": article_digest(article),
                "characters": whole,
                **part,
                "next": after if after < whole else None,
            }
            return _result(part["text"], body)

        return await done(job)

    return server


def _told(check: Callable[..., T], *given: Any) -> T:
    """Run ``check`` now, before the models are loaded, and report its error as the tool's."""
    try:
        return check(*given)
    except PullquoteError as error:
        raise ToolError(str(error)) from error


def _scope(assistant: Assistant, document_id: str | None, url: str | None) -> str | None:
    """The id of the article to ask, if any. Agents send empty strings for omitted arguments."""
    if document_id and url:
        raise QuestionError("Give 'document_id' or 'url', not both.")
    return assistant.article_at(url) if url else document_id or None


def _result(text: str, body: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=body)


def _cut(article: Article, start: int, end: int) -> dict[str, Any]:
    return {"start_char_index": start, "end_char_index": end, "text": article.text[start:end]}


def _plain(found: list[dict[str, Any]]) -> str:
    if not found:
        return "No passage has anything to do with it."
    return json.dumps(found, ensure_ascii=False, indent=1)


def _listed(names: Mapping[str, Any] | list[str]) -> str:
    return ", ".join(repr(name) for name in names)
