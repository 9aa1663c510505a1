"""An agent's own client asks over MCP: a real process, a real protocol, the bundled model."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from mcp import Client, StdioServerParameters, stdio_client

from pullquote import cli

Use = Callable[[Client], Awaitable[None]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp")
    index = ["index", "--corpus", str(ROOT / "corpus"), "--index", str(folder / "index")]
    assert cli.main(index) == 0
    return folder


def use(folder: Path, job: Use) -> None:
    """Run ``job`` with a client of a server that was started for it."""

    async def run() -> None:
        parameters = StdioServerParameters(
            command=sys.executable, args=["-m", "pullquote", "mcp"], cwd=str(folder)
        )
        async with Client(stdio_client(parameters)) as client:
            await job(client)

    asyncio.run(run())


def text_of(result: Any) -> str:
    return "\n".join(it.text for it in result.content)


def test_an_agent_lists_the_tools_asks_searches_and_reads(folder: Path) -> None:
    article = next((ROOT / "corpus").glob("*.txt")).read_text(encoding="utf-8")

    async def job(client: Client) -> None:
        tools = {it.name: it for it in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "get_article"}
        assert all(it.annotations and it.annotations.read_only_hint for it in tools.values())
        assert tools["ask"].input_schema["properties"]["question"]["maxLength"] == 500

        asked = await client.call_tool(
            "ask", {"question": "And IBM?", "history": ["What did Amazon announce?"]}
        )
        answer = asked.structured_content
        assert not asked.is_error
        assert answer is not None
        assert answer["understood_as"] == "What did IBM announce?"
        assert answer["citations"]
        for quote in answer["citations"]:
            place = slice(quote["start_char_index"], quote["end_char_index"])
            assert article[place] == quote["cited_text"]
            assert quote["cited_text"] in text_of(asked)

        found = (await client.call_tool("search", {"query": "IBM", "limit": 2})).structured_content
        assert found is not None
        assert len(found["passages"]) == 2
        for it in found["passages"]:
            assert article[it["start_char_index"] : it["end_char_index"]] == it["text"]

        read = await client.call_tool(
            "get_article", {"document_id": "amazon-rekognition.txt", "start": 10, "end": 40}
        )
        assert read.structured_content is not None
        assert read.structured_content["text"] == article[10:40] == text_of(read)
        assert read.structured_content["next"] == 40

        for tool, arguments, told in (
            ("ask", {"question": " "}, "The question is empty"),
            ("ask", {"question": "Who?", "document_id": "no.txt"}, "no article 'no.txt'"),
            ("ask", {"question": "Who?", "since": "2020-02-31"}, "2020-02-31"),
            ("ask", {"question": "x" * 501}, "500"),
            ("search", {"query": "IBM", "limit": 51}, "50"),
            ("get_article", {"document_id": "no.txt"}, "no article 'no.txt'"),
            ("get_article", {"document_id": "amazon-rekognition.txt", "start": 10**9}, "none from"),
        ):
            failed = await client.call_tool(tool, arguments)
            assert failed.is_error, arguments
            assert told in text_of(failed)
            assert "Traceback" not in text_of(failed)

    use(folder, job)


def test_a_missing_index_is_told_by_the_tool(tmp_path: Path) -> None:
    async def job(client: Client) -> None:
        failed = await client.call_tool("ask", {"question": "Who?"})
        assert failed.is_error
        assert "pullquote index" in text_of(failed)

    use(tmp_path, job)


def test_a_missing_package_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "pullquote.mcp_server", raising=False)
    assert cli.main(["mcp"]) == 2
    assert "pip install 'pullquote[mcp]'" in capsys.readouterr().err
