"""An agent's own client asks over MCP: a real process and a real protocol.

Only the embedding model is a stand-in: the real one takes seconds to load.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp.server import MCPServer

from pullquote import cli
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.digest import article_digest
from pullquote.doors.mcp_server import MAX_TEXT, create_server
from pullquote.errors import IndexUnusableError, PullquoteError
from pullquote.index.store import Index
from pullquote.serve.desk import Desk
from pullquote.serve.later import Later
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.places import CORPUS, ROOT

Use = Callable[[Client], Awaitable[None]]

AMAZON = "amazon-rekognition.txt"

TEXTS = {
    AMAZON: (CORPUS / AMAZON).read_text(encoding="utf-8"),
    "mill.txt": "url: https://post.example/mill\ndate: 2021-05-06\nsection: Business\n\n"
    "The mill opened in 1901. It was owned by Ada Kerr. The mill burned down in 1911.",
    "club.txt": "date: 2019-02-03\nsection: Sport\n\nThe mill club opened in 1950.",
    "long.txt": "The ferry was late. " * 1500,
}

#: Python runs this first. It loads the stand-in once ``go`` is there, and with noise.
SITE = """
import os, time
from pullquote.index.embed import SentenceTransformersEmbedder

def load(name):
    while not os.path.exists("go"):
        time.sleep(0.01)
    print("noise", flush=True)
    os.write(1, b"noise\\n")
    from tests.support.indexes import HashingEmbedder
    return HashingEmbedder()

SentenceTransformersEmbedder.open = load
"""

SETTINGS = 'reader = "similarity-1"\nrefuse_below = 0.0\n'

#: Python finds the package, the stand-in and the file above.
COMMAND = [sys.executable, "-m", "pullquote", "mcp"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("mcp")
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(SITE)
    (folder / "pullquote.toml").write_text(SETTINGS)
    return make_index(folder, TEXTS)


@pytest.fixture(scope="module")
def folder(index: Index) -> Path:
    return index.folder.parent


def environment(folder: Path) -> dict[str, str]:
    paths = (folder / "site", ROOT / "src", ROOT)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}


def over_stdio(folder: Path, job: Use) -> None:
    """Run ``job`` with a client of a process that was started for it."""

    async def run() -> None:
        parameters = StdioServerParameters(
            command=COMMAND[0], args=COMMAND[1:], cwd=str(folder), env=environment(folder)
        )
        async with Client(stdio_client(parameters)) as client:
            await job(client)

    asyncio.run(run())


HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def started(folder: Path) -> subprocess.Popen[str]:
    """A process that nothing of the library speaks for."""
    return subprocess.Popen(
        COMMAND,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Ready:
    """What has waited for an assistant, or met an error."""

    def __init__(self, result: Assistant | Exception) -> None:
        self._result = result

    def assistant(self) -> Assistant:
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


@pytest.fixture(scope="module")
def server(index: Index) -> MCPServer[Any]:
    settings = Settings(reader="similarity-1", refuse_below=0.0)
    assistant = Assistant.with_parts(index, HashingEmbedder(), settings)
    return create_server(lambda: Ready(assistant), Desk(Settings()))


def call(server: MCPServer[Any], tool: str, **arguments: Any) -> Any:
    """A tool's result, without a process."""

    async def run() -> Any:
        async with Client(server) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(run())


def text_of(result: Any) -> str:
    return "\n".join(item.text for item in result.content)


def assert_stands_there(index: Index, passage: dict[str, Any], text: str) -> None:
    article = index.article(passage["document_id"])
    assert article.text[passage["start_char_index"] : passage["end_char_index"]] == text


@pytest.mark.slow
def test_an_agent_lists_the_tools_while_the_models_load_asks_searches_and_reads(
    folder: Path, index: Index
) -> None:
    (folder / "go").unlink(missing_ok=True)

    async def job(client: Client) -> None:
        tools = {item.name: item for item in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "get_article"}
        for tool in tools.values():
            assert tool.annotations
            assert tool.annotations.read_only_hint
            assert tool.input_schema["additionalProperties"] is False
            assert all(item["description"] for item in tool.input_schema["properties"].values())
        assert tools["ask"].input_schema["properties"]["question"]["maxLength"] == 500
        limit = tools["search"].input_schema["properties"]["limit"]
        assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 50, 10)
        # A mistake is told at once, and does not wait for the models either.
        assert "is empty" in text_of(await client.call_tool("ask", {"question": " "}))

        (folder / "go").touch()
        asked = await client.call_tool(
            "ask", {"question": "And IBM?", "history": ["What did Amazon announce?"]}
        )
        answer = asked.structured_content
        assert not asked.is_error
        assert answer is not None
        assert answer["understood_as"] == "What did IBM announce?"
        assert answer["citations"]
        for quote in answer["citations"]:
            assert_stands_there(index, quote, quote["cited_text"])
            assert quote["cited_text"] in text_of(asked)

        found = (await client.call_tool("search", {"query": "IBM", "limit": 2})).structured_content
        assert found is not None
        assert len(found["passages"]) == 2
        for match in found["passages"]:
            assert_stands_there(index, match, match["text"])

        place = {"document_id": AMAZON, "start": 10, "end": 40}
        read = await client.call_tool("get_article", place)
        body = read.structured_content
        assert body is not None
        assert body["text"] == text_of(read) == index.article(AMAZON).text[10:40]
        assert body["next"] == 40
        assert body["digest"] == article_digest(index.article(AMAZON))

    over_stdio(folder, job)


@pytest.mark.slow
def test_nothing_but_the_protocol_is_on_standard_output_and_who_leaves_ends_it(
    folder: Path,
) -> None:
    (folder / "go").touch()
    asked = {"name": "ask", "arguments": {"question": "When did the mill open?"}}
    with started(folder) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        lines = []
        for message in (
            {"id": 1, "method": "initialize", "params": HELLO},
            {"method": "notifications/initialized"},
            {"id": 2, "method": "tools/call", "params": asked},
        ):
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
            process.stdin.flush()
            if "id" in message:
                lines.append(process.stdout.readline())
        process.stdin.close()
        assert process.wait(30) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == "noise\nnoise\n"
    named, answered = map(json.loads, lines)
    assert named["result"]["serverInfo"]["name"] == "pullquote"
    assert "character for character" in named["result"]["instructions"]
    quote = answered["result"]["structuredContent"]["citations"][0]
    assert quote["cited_text"] == "The mill opened in 1901."


@pytest.mark.slow
def test_ctrl_c_ends_it_while_the_models_load(folder: Path) -> None:
    (folder / "go").unlink(missing_ok=True)
    with started(folder) as process:
        assert process.stdin
        assert process.stdout
        hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}
        process.stdin.write(json.dumps(hello) + "\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT


@pytest.mark.parametrize(
    "scope",
    [
        {"document_id": "mill.txt"},
        {"url": "https://www.post.example/mill/?utm_source=x"},
        {"since": "2020-12-01"},
        {"section": "business", "until": "", "document_id": ""},
    ],
)
@pytest.mark.parametrize("tool", ["ask", "search"])
def test_a_tool_looks_only_where_it_is_told_to(
    server: MCPServer[Any], tool: str, scope: dict[str, str]
) -> None:
    words = {"ask": "question", "search": "query"}[tool]
    result = call(server, tool, **{words: "When did the mill open?"}, **scope).structured_content
    found = result["citations"] + result["closest"] if tool == "ask" else result["passages"]
    assert {match["document_id"] for match in found} == {"mill.txt"}


def test_a_refusal_says_whom_to_ask(index: Index) -> None:
    settings = Settings(reader="similarity-1", refuse_below=1.0)
    assistant = Assistant.with_parts(index, HashingEmbedder(), settings)
    server = create_server(lambda: Ready(assistant), Desk(Settings()), "desk@post.example")
    result = call(server, "ask", question="Why is the sky blue?")
    assert result.structured_content["status"] == "not_found"
    assert result.structured_content["help"]["contact"] == "desk@post.example"
    assert text_of(result).endswith("Whom to ask: desk@post.example")


def test_a_passage_says_where_it_is_from(server: MCPServer[Any]) -> None:
    found = call(server, "search", query="Ada Kerr", limit=1)
    (passage,) = found.structured_content["passages"]
    assert passage.pop("score") > 0
    text = passage.pop("text")
    assert text in TEXTS["mill.txt"]
    assert passage["end_char_index"] - passage["start_char_index"] == len(text)
    assert {name: passage[name] for name in passage if "char" not in name} == {
        "document_id": "mill.txt",
        "document_title": "Mill",
        "url": "https://post.example/mill",
        "published": "2021-05-06",
    }
    assert json.loads(text_of(found))[0]["text"] == text


def test_a_long_article_is_read_part_by_part(server: MCPServer[Any], index: Index) -> None:
    read, start, parts = "", 0, 0
    while start is not None:
        part = call(server, "get_article", document_id="long.txt", start=start).structured_content
        assert len(part["text"]) <= MAX_TEXT
        read, start, parts = read + part["text"], part["next"], parts + 1
    assert (read, parts) == (index.article("long.txt").text, 2)


def test_null_is_an_argument_that_was_left_out(server: MCPServer[Any]) -> None:
    for tool, given, left_out in (
        ("ask", {"question": "When did the mill open?"}, "history"),
        ("search", {"query": "Ada Kerr"}, "limit"),
        ("get_article", {"document_id": "mill.txt"}, "start"),
    ):
        found = call(server, tool, **given, **{left_out: None})
        assert not found.is_error, text_of(found)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {}, "'question' is missing."),
        ("ask", {"question": " ?"}, "The question has no words: type what you want to know."),
        ("ask", {"question": "x" * 501}, "'question' is longer than 500 characters."),
        ("ask", {"question": "Who?", "history": ["x"] * 13}, "'history' has more than 12 entries."),
        ("ask", {"question": "Who?", "document_id": "no"}, "There is no article 'no' in the index"),
        ("ask", {"question": "Who?", "url": "https://a.b/c"}, "There is no article of the page"),
        (
            "ask",
            {"question": "Who?", "document_id": "a", "url": "b"},
            "Give 'document_id' or 'url'",
        ),
        (
            "ask",
            {"question": "Who?", "since": "2020-02-31"},
            "The first day must be a date such as 2020-06-11, not '2020-02-31'",
        ),
        (
            "ask",
            {"question": "Who?", "since": "2021-01-01", "until": "2020-01-01"},
            "No article is",
        ),
        (
            "ask",
            {"question": "Who?", "sicne": "2020-01-01"},
            "'ask' has no parameter 'sicne': it has",
        ),
        (
            "search",
            {"query": "IBM", "limit": 51},
            "'limit': input should be less than or equal to 50.",
        ),
        (
            "search",
            {"query": "IBM", "limit": 0},
            "'limit': input should be greater than or equal to 1.",
        ),
        ("search", {"query": "IBM", "document_id": "no"}, "There is no article 'no' in the index."),
        ("get_article", {"document_id": "no"}, "There is no article 'no' in the index."),
        ("get_article", {"document_id": "mill.txt", "start": 10**9}, "there are none from"),
        (
            "get_article",
            {"document_id": "mill.txt", "start": 9, "end": 3},
            "there are none from 9 to 3",
        ),
        ("delete", {}, "There is no tool 'delete': there are 'ask', 'search', 'get_article'."),
    ],
)
def test_a_mistake_is_one_clear_sentence(
    server: MCPServer[Any], tool: str, arguments: dict[str, Any], told: str
) -> None:
    failed = call(server, tool, **arguments)
    assert failed.is_error
    assert told in text_of(failed)
    assert len(text_of(failed).splitlines()) == 1
    assert "Error executing" not in text_of(failed)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexUnusableError("Run `pullquote index`."), "Run `pullquote index`."),
        (RuntimeError("secret"), "'search' has failed; what the server wrote"),
    ],
)
def test_a_fault_of_ours_is_told_without_its_trace(
    error: Exception, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    failed = call(create_server(lambda: Ready(error), Desk(Settings())), "search", query="IBM")
    assert failed.is_error
    assert text_of(failed).startswith(told)
    assert "secret" not in text_of(failed)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": "When did the mill open?", "document_id": "mill.txt"}),
        ("search", {"query": "When did the mill open?", "document_id": "mill.txt"}),
        ("get_article", {"document_id": "mill.txt"}),
    ],
)
def test_an_article_that_was_altered_after_the_index_was_opened_is_given_by_no_tool(
    server: MCPServer[Any],
    index: Index,
    monkeypatch: pytest.MonkeyPatch,
    tool: str,
    arguments: dict[str, str],
) -> None:
    article = index.article("mill.txt")
    altered = replace(article, text=article.text.replace("1901", "1902"))
    monkeypatch.setattr(index, "article", lambda _: altered)
    failed = call(server, tool, **arguments)
    assert failed.is_error
    assert text_of(failed).startswith("The article 'mill.txt' is not the one that was indexed.")
    assert failed.structured_content is None


def test_a_missing_index_is_told_to_who_asks_and_to_who_started_it(tmp_path: Path) -> None:
    told: list[BaseException] = []
    server = create_server(
        lambda: Later(Settings(index=tmp_path / "none"), told.append), Desk(Settings())
    )
    failed = call(server, "ask", question="Who?")
    assert failed.is_error
    assert "`pullquote index`" in text_of(failed) == str(told[0])


def test_an_installation_that_is_broken_is_told_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pullquote.serve.opening", None)
    told: list[BaseException] = []
    with pytest.raises(PullquoteError, match="cannot be asked: ModuleNotFoundError"):
        Later(Settings(index=tmp_path), told.append).assistant()
    assert len(told) == 1


def test_a_missing_package_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "pullquote.doors.mcp_server", raising=False)
    assert cli.main(["mcp"]) == 2
    told = capsys.readouterr()
    assert "pip install 'pullquote[mcp]'" in told.err
    assert len(told.err.splitlines()) == 1
    assert told.out == ""
