"""The API asked everything that its own OpenAPI document allows, and much that it does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.serve import server
from tests.support.api import MILL, TRAM
from tests.support.browser import wait_until_ready
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.opened import Opened

pytestmark = pytest.mark.slow

#: Requests to each operation, half of which break its document.
EXAMPLES = 60

OPERATIONS = [
    *("POST /ask", "POST /ask/stream", "POST /check-draft", "POST /feedback", "GET /origin"),
    *("GET /articles", "GET /articles/{document_id}", "GET /facets"),
]

#: Any text may be an id, and what takes nothing can be given nothing wrong.
NEVER_WRONG = [("GET /articles/{document_id}", "NEGATIVE"), ("GET /facets", "NEGATIVE")]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The document of a server on two small articles, with nobody asking too often."""
    folder = tmp_path_factory.mktemp("fuzz")
    index = make_index(folder, {"mill.txt": MILL, "tram.txt": TRAM})
    assistant = Assistant.with_parts(index, HashingEmbedder(), Settings(reader="similarity-1"))
    options = Settings(
        feedback=folder / "feedback.sqlite",
        rate_limit=1_000_000,
        rate_limit_origin=1_000_000,
    )
    app = server.create_app(Opened(assistant), options)  # type: ignore[arg-type]
    listener = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    port = listener.getsockname()[1]
    wait_until_ready(f"http://127.0.0.1:{port}")
    yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/api/openapi.json")
    running.should_exit = True
    thread.join(30)


def test_every_operation_is_fuzzed(schema: Any) -> None:
    assert {operation.ok().label for operation in schema.get_all_operations()} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        (operation, mode)
        for operation in OPERATIONS
        for mode in ("POSITIVE", "NEGATIVE")
        if (operation, mode) not in NEVER_WRONG
    ],
)
def test_no_request_meets_an_undocumented_answer(schema: Any, operation: str, mode: str) -> None:
    method, path = operation.split(" ")
    kind = getattr(schemathesis.GenerationMode, mode)
    cases = schema[path][method].as_strategy(generation_mode=kind)
    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def check(case: Any) -> None:
        response = case.call()
        statuses.add(response.status_code)
        if response.status_code == 413:
            # A body's size in bytes is nothing that a document can say.
            assert response.json()["error"]["code"] == "too_large"
            return
        if response.status_code == 400 and "has no words" in response.text:
            # Nor is what a letter is, in every alphabet.
            return
        if response.status_code == 400 and "turn the dates round" in response.text:
            # Nor which of two days is the later one.
            return
        case.validate_response(response)
        assert response.status_code < 500

    check()
    assert statuses
