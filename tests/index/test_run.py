"""A run over pages: what is kept of those that cannot be read now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from pullquote.index import update as indexing
from pullquote.index.database import DATABASE
from pullquote.index.store import Index
from pullquote.index.update import Report
from pullquote.ingest.fetch import Fetcher, FetchLimits
from tests.support.indexes import HashingEmbedder, write_corpus
from tests.support.websites import Site, answer, serving


def page(name: str) -> bytes:
    text = f"The council of Calder Falls voted on Tuesday evening to open the old {name} again."
    return answer(
        f"<html><head><title>{name}</title></head><body><article><h1>{name}</h1><p>{text}</p>"
        "<p>It had been closed for years, the mayor said.</p></article></body></html>".encode()
    )


def feed(port: int, *paths: str) -> bytes:
    links = "".join(f"<item><link>http://127.0.0.1:{port}{path}</link></item>" for path in paths)
    body = f"<rss version='2.0'><channel>{links}</channel></rss>"
    return answer(body.encode(), kind="application/rss+xml")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A feed that lists three pages at first, and then one of them, which is unreachable."""
    patient = partial(Fetcher, limits=FetchLimits(delay=0.0))
    monkeypatch.setattr("pullquote.ingest.fetch.Fetcher", patient)
    site = Site()
    with serving(site):
        for name in ("mill", "tram", "weir"):
            site.put(f"/{name}", page(name), answer(b"", 500))
        site.put("/feed", feed(site.port, "/mill", "/tram", "/weir"), feed(site.port, "/weir"))
        yield site


def update(
    tmp_path: Path, site: Site, embedder: HashingEmbedder, *, rebuild: bool = False
) -> Report:
    return indexing.update(
        [write_corpus(tmp_path / "corpus", {"own.txt": "The ferry sank in 1912."})],
        tmp_path / "index",
        "hashing",
        lambda _: embedder,
        urls=[f"http://127.0.0.1:{site.port}/feed"],
        private_hosts=["127.0.0.1"],
        rebuild=rebuild,
    )


def test_a_rebuilt_index_keeps_pages_that_are_unlisted_or_unreachable(
    tmp_path: Path, site: Site
) -> None:
    update(tmp_path, site, HashingEmbedder())
    before = Index.open(tmp_path / "index").articles
    embedder = HashingEmbedder()
    report = update(tmp_path, site, embedder, rebuild=True)
    assert (report.articles, report.embedded, report.removed) == (4, 4, 0)
    assert len(embedder.encoded) == 4
    assert Index.open(tmp_path / "index").articles == before
    (left_out,) = report.left_out
    assert left_out.reason.endswith("Its earlier version stays")
    # They are kept by later runs, too; and what is back is read again.
    site.put("/weir", page("weir bridge"))
    assert update(tmp_path, site, embedder).articles == 4
    assert "weir bridge" in Index.open(tmp_path / "index").article(left_out.path).text  # type: ignore[arg-type]


def test_a_kept_page_that_was_altered_costs_no_other_article(tmp_path: Path, site: Site) -> None:
    update(tmp_path, site, HashingEmbedder())
    mill = f"http://127.0.0.1:{site.port}/mill"
    with closing(sqlite3.connect(tmp_path / "index" / DATABASE)) as connection, connection:
        connection.execute("UPDATE article SET title = 'Another' WHERE id = ?", (mill,))
    report = update(tmp_path, site, HashingEmbedder(), rebuild=True)
    assert {omission.path: omission.reason for omission in report.left_out}[mill] == (
        f"its article {mill!r} was altered in the index, and is taken out"
    )
    assert (report.articles, report.removed) == (3, 1)
    # It is told once.
    again = update(tmp_path, site, HashingEmbedder())
    assert mill not in {omission.path for omission in again.left_out}
    assert again.articles == 3
