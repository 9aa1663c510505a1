"""Fixtures for all tests: a browser, a stand-in embedder, the real model, and an index with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

# No test may use the network: the models are bundled, and a wrong name must fail at once.
os.environ["HF_HUB_OFFLINE"] = "1"

# See tests/support/threads.py; torch and numpy read this when they are imported.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from tests.support.indexes import HashingEmbedder
from tests.support.places import CORPUS
from tests.support.threads import use_one_thread, worker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.browser import Pages


def pytest_configure() -> None:
    if worker() is not None:
        use_one_thread()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that need a browser or the real model as slow, and run their files first.

    What is left in the end are short files, so that no worker waits long for another one.
    A failed browser test is run once more, and reported as a rerun: with two browsers, their
    servers and the models on two busy cores, a pause may be longer than any wait.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
        given: Sequence[str] = getattr(item, "fixturenames", ())
        if "real_embedder" in given or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Imported here because only the browser tests need the driver.
    from tests.support.browser import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(browser: Browser) -> Pages:
    from tests.support.browser import Pages

    return Pages(browser)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="session")
def real_embedder() -> SentenceTransformersEmbedder:
    """The bundled model, as a user gets it. Loading it takes seconds."""
    return SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)


@pytest.fixture(scope="session")
def customer_index(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Index:
    """The customer's corpus, indexed with the real model."""
    folder = tmp_path_factory.mktemp("customer") / "index"
    indexing.update([CORPUS], folder, BUNDLED_EMBEDDER, lambda _: real_embedder)
    return Index.open(folder)
