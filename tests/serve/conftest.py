"""Fixtures for the tests of the server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.assistant import Assistant
from pullquote.config import BUNDLED_EMBEDDER, Settings
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.serve import server
from pullquote.serve.page.mount import mount
from tests.support.api import MILL, TRAM, Serve
from tests.support.chat import HOSTILE
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.opened import Opened
from tests.support.places import CORPUS, ROOT


class _PageOnDemand:
    """The chat's page, mounted when somebody asks for it: building it takes a quarter of a second.

    Its startup is left out.
    """

    def __init__(self, app: FastAPI, *parts: Any) -> None:
        self._app, self._parts = app, parts
        self._page: ASGIApp | None = None
        app.mount("/", self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._page is None:
            mount(self._app, *self._parts)
            # The route that is added last; until then, all that is left comes here.
            self._page = self._app.router.routes[-1].app  # type: ignore[attr-defined]
        await self._page(scope, receive, send)


@pytest.fixture(scope="module", autouse=True)
def _page_on_demand(request: pytest.FixtureRequest) -> Iterator[None]:
    """Most servers here are asked for no page, where there is no browser."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.node.get_closest_marker("browser"):
            patch.setattr(server, "mount", _PageOnDemand)
        yield


@pytest.fixture
def serve(assistant: Assistant, tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(base_url: str = "http://localhost:7860", **options: Any) -> TestClient:
            settings = Settings(feedback=tmp_path / "feedback.sqlite", **options)
            app = server.create_app(Opened(assistant), settings)  # type: ignore[arg-type]
            return stack.enter_context(TestClient(app, base_url=base_url))

        yield start


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    index = make_index(tmp_path, {"mill.txt": MILL, "tram.txt": TRAM})
    return Assistant.with_parts(
        index, HashingEmbedder(), Settings(refuse_below=0.0, reader="similarity-1")
    )


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces the embedding model in a server that runs within the test process."""
    monkeypatch.setattr(SentenceTransformersEmbedder, "open", lambda name: HashingEmbedder())


@pytest.fixture(scope="session")
def index_folder(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    corpus = write_corpus(folder / "corpus", {"lighthouse.txt": HOSTILE})
    shutil.copy(CORPUS / "amazon-rekognition.txt", corpus)
    indexing.update([corpus], folder / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    return folder / "index"


# The function has another name because ``server`` is an imported module here.
@pytest.fixture(scope="module", name="server")
def chat_server(index_folder: Path, real_embedder: SentenceTransformersEmbedder) -> Iterator[str]:
    """The address of a server that uses the real models."""
    from tests.support.inprocess import serving_index

    examples = Settings.load(ROOT, {}).examples
    with serving_index(index_folder, real_embedder, examples=examples) as address:
        yield address
