"""Pages, feeds and sitemaps -> index, from a real server: what comes, changes, and goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from pullquote.errors import CorpusError
from pullquote.index import update as indexing
from pullquote.index.store import Index
from pullquote.index.update import Report
from pullquote.ingest.fetch import Fetcher, FetchLimits, feeds, sitemaps
from tests.support.indexes import HashingEmbedder, write_corpus
from tests.support.websites import Site, answer, redirect

PROSE = (
    "The council closed the old bridge on Monday after engineers found cracks in two of its "
    "piers. The mayor said that repairs would take four months. Traffic is led over the new "
    "bridge until then, and buses run every ten minutes."
)


def page(title: str, text: str = PROSE, date: str = "2021-03-04", path: str = "") -> bytes:
    canonical = f'<link rel="canonical" href="{path}">' if path else ""
    return (
        f"<html lang=en><head><title>{title}</title>{canonical}"
        f'<meta property="article:published_time" content="{date}T08:00:00Z">'
        f'<meta property="article:section" content="Town"></head><body><nav>Home News</nav>'
        f"<article><h1>{title}</h1><p>{text}</p><p>The works cost two million euros, "
        "the council said in a statement.</p></article><footer>Imprint</footer></body></html>"
    ).encode()


def feed(port: int, *paths: str) -> bytes:
    items = "".join(
        f"<item><title>{path}</title><link>http://127.0.0.1:{port}{path}</link></item>"
        for path in paths
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return answer(body.encode(), kind="application/rss+xml")


@pytest.fixture(autouse=True)
def _without_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    patient = partial(Fetcher, limits=FetchLimits(delay=0.0))
    monkeypatch.setattr("pullquote.ingest.fetch.Fetcher", patient)


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


def update(
    tmp_path: Path, embedder: HashingEmbedder, *urls: str, hosts: tuple[str, ...] = ("127.0.0.1",)
) -> Report:
    return indexing.update(
        [tmp_path / "corpus"],
        tmp_path / "index",
        "hashing",
        lambda _: embedder,
        urls=urls,
        private_hosts=hosts,
    )


def opened(tmp_path: Path) -> Index:
    return Index.open(tmp_path / "index")


def test_one_page_becomes_an_article_with_what_it_says_of_itself(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    url = f"http://127.0.0.1:{site.port}/bridge"
    site.put("/bridge", answer(page("Bridge closed")))
    assert update(tmp_path, embedder, url).left_out == ()
    article = opened(tmp_path).article(url)
    assert (article.title, article.published, article.section) == (
        "Bridge closed",
        "2021-03-04",
        "Town",
    )
    assert article.url == url
    assert PROSE in article.text
    assert "Imprint" not in article.text


def test_a_corpus_that_is_away_does_not_cost_its_articles_because_of_an_address(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    url = f"http://127.0.0.1:{site.port}/bridge"
    site.put("/bridge", answer(page("Bridge closed")))
    corpus = write_corpus(tmp_path / "corpus", {"a.txt": "The mill opened in 1901."})
    assert update(tmp_path, embedder, url).articles == 2
    corpus.rename(tmp_path / "elsewhere")
    with pytest.raises(CorpusError, match="does not exist"):
        update(tmp_path, embedder, url)
    assert len(opened(tmp_path).articles) == 2


def test_what_a_page_does_not_say_of_itself_is_what_its_feed_says(
    tmp_path: Path, site: Site, embedder: HashingEmbedder
) -> None:
    site.put("/a-1.txt", answer(PROSE.encode(), kind="text/plain"))
    site.put("/feed", feed(site.port, "/a-1.txt").replace(b"<title>/a-1.txt", b"<title>A bridge"))
    update(tmp_path, embedder, f"http://127.0.0.1:{site.port}/feed")
    assert opened(tmp_path).article(f"http://127.0.0.1:{site.port}/a-1.txt").title == "A bridge"


def test_no_feed_and_no_sitemap_is_parsed_in_our_own_process(
    tmp_path: Path, site: Site, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_: object) -> None:
        raise AssertionError

    # The worker imports its own.
    monkeypatch.setattr(feeds, "entries", parsed)
    monkeypatch.setattr(sitemaps, "entries", parsed)
    home = f"http://127.0.0.1:{site.port}"
    site.put("/a", answer(page("Bridge closed")))
    site.put("/b", answer(page("Tram painted")))
    site.put("/feed", feed(site.port, "/a"))
    listed = f"<urlset><url><loc>{home}/b</loc></url></urlset>".encode()
    site.put("/map", answer(listed, kind="application/xml"))
    site.put("/broken", answer(b"<rdf><a", kind="application/rss+xml"))
    report = update(tmp_path, embedder, f"{home}/feed", f"{home}/map", f"{home}/broken")
    assert list(opened(tmp_path).articles) == [f"{home}/a", f"{home}/b"]
    (left_out,) = report.left_out
    assert left_out.reason.startswith("it cannot be read: it is a broken feed: give the address")


def test_pages_of_a_feed_that_no_longer_lists_them_stay(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    base = f"http://127.0.0.1:{site.port}"
    for name in ("a", "b", "c"):
        site.put(f"/{name}", answer(page(name.upper(), f"{PROSE} Number {name}.")))
    site.put("/feed", feed(site.port, "/a", "/b"), feed(site.port, "/b", "/c"))
    assert update(tmp_path, embedder, f"{base}/feed").articles == 2
    report = update(tmp_path, embedder, f"{base}/feed")
    assert (report.articles, report.embedded, report.removed) == (3, 1, 0)
    assert list(opened(tmp_path).articles) == [f"{base}/a", f"{base}/b", f"{base}/c"]


def test_a_page_that_has_not_changed_is_asked_for_with_its_etag_and_not_embedded_again(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    url = f"http://127.0.0.1:{site.port}/a"
    site.put("/a", answer(page("A"), ETag='"one"'), answer(b"", 304, None))
    update(tmp_path, embedder, url)
    embedder.encoded.clear()
    report = update(tmp_path, embedder, url)
    assert not report.written
    assert embedder.encoded == []
    assert 'if-none-match: "one"' in site.requests[-1].lower()
    assert opened(tmp_path).article(url).title == "A"


def test_a_corrected_page_replaces_its_earlier_version(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    url = f"http://127.0.0.1:{site.port}/a"
    corrected = PROSE.replace("four months", "six months")
    site.put("/a", answer(page("A")), answer(page("A", corrected)))
    update(tmp_path, embedder, url)
    report = update(tmp_path, embedder, url)
    assert (report.articles, report.embedded) == (1, 1)
    assert "six months" in opened(tmp_path).article(url).text
    assert "four months" not in opened(tmp_path).article(url).text


def test_a_page_that_is_gone_disappears_and_one_that_fails_stays_and_both_are_told(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    base = f"http://127.0.0.1:{site.port}"
    for name in ("a", "b", "c"):
        site.put(f"/{name}", answer(page(name.upper(), f"{PROSE} Number {name}.")))
    site.put("/feed", feed(site.port, "/a", "/b", "/c"))
    update(tmp_path, embedder, f"{base}/feed")
    site.put("/a", answer(b"", 410))
    site.put("/b", answer(b"", 500))
    report = update(tmp_path, embedder, f"{base}/feed")
    told = {source.path: source.reason for source in report.left_out}
    assert list(told) == [f"{base}/a", f"{base}/b"]
    assert "410" in told[f"{base}/a"]
    assert told[f"{base}/b"].endswith("Its earlier version stays")
    assert list(opened(tmp_path).articles) == [f"{base}/b", f"{base}/c"]
    # It is tried again, and back when the server is.
    site.put("/b", answer(page("B", f"{PROSE} Number b again.")))
    update(tmp_path, embedder, f"{base}/feed")
    assert "Number b again" in opened(tmp_path).article(f"{base}/b").text


def test_a_server_that_is_down_costs_nothing_that_was_there(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    base = f"http://127.0.0.1:{site.port}"
    site.put("/a", answer(page("A")))
    site.put("/feed", feed(site.port, "/a"), answer(b"", 500))
    update(tmp_path, embedder, f"{base}/feed")
    report = update(tmp_path, embedder, f"{base}/feed")
    assert [source.path for source in report.left_out] == [f"{base}/feed"]
    assert list(opened(tmp_path).articles) == [f"{base}/a"]


def test_an_address_that_is_no_longer_named_takes_its_pages_along(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    write_corpus(tmp_path / "corpus", {"own.txt": "The mill burned down in May."})
    base = f"http://127.0.0.1:{site.port}"
    site.put("/a", answer(page("A")))
    site.put("/feed", feed(site.port, "/a"))
    assert update(tmp_path, embedder, f"{base}/feed").articles == 2
    report = update(tmp_path, embedder)
    assert (report.articles, report.removed) == (1, 1)
    assert list(opened(tmp_path).articles) == ["own.txt"]


def test_a_private_address_is_refused_here_and_behind_a_redirect(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    write_corpus(tmp_path / "corpus", {"own.txt": "The mill burned down in May."})
    url = f"http://127.0.0.1:{site.port}/a"
    site.put("/a", redirect("http://169.254.169.254/latest/meta-data"))
    refused = update(tmp_path, embedder, url, hosts=())
    assert [source.path for source in refused.left_out] == [url]
    assert site.requests == []
    behind = update(tmp_path, embedder, url)
    assert [source.path for source in behind.left_out] == [url]
    assert list(opened(tmp_path).articles) == ["own.txt"]


def test_without_one_article_the_reasons_are_told(
    tmp_path: Path,
    site: Site,
    embedder: HashingEmbedder,
) -> None:
    url = f"http://127.0.0.1:{site.port}/gone"
    with pytest.raises(CorpusError, match="Nothing could be indexed") as caught:
        update(tmp_path, embedder, url)
    assert f"{url}': it" in str(caught.value)


def test_a_feed_that_is_gone_costs_none_of_its_articles(
    tmp_path: Path, site: Site, embedder: HashingEmbedder
) -> None:
    base = f"http://127.0.0.1:{site.port}"
    for name in ("a", "b", "c"):
        site.put(f"/{name}", answer(page(name.upper(), f"{PROSE} Number {name}.")))
    site.put("/feed", feed(site.port, "/a", "/b"), answer(b"", 404))
    update(tmp_path, embedder, f"{base}/feed", f"{base}/c")
    report = update(tmp_path, embedder, f"{base}/feed", f"{base}/c")
    assert [source.path for source in report.left_out] == [f"{base}/feed"]
    assert list(opened(tmp_path).articles) == [f"{base}/a", f"{base}/b", f"{base}/c"]


def test_a_page_that_two_listings_name_differently_is_one_article(
    tmp_path: Path, site: Site, embedder: HashingEmbedder
) -> None:
    base = f"http://127.0.0.1:{site.port}"
    site.put("/a", answer(page("A")))
    site.put("/a/?utm_source=rss", answer(page("A")))
    site.put("/feed", feed(site.port, "/a/?utm_source=rss"))
    site.put("/other", feed(site.port, "/a"))
    assert update(tmp_path, embedder, f"{base}/feed", f"{base}/other").articles == 1
    assert list(opened(tmp_path).articles) == [f"{base}/a/?utm_source=rss"]
    # Its id stays, whichever address comes first.
    assert update(tmp_path, embedder, f"{base}/other", f"{base}/feed").articles == 1
    assert list(opened(tmp_path).articles) == [f"{base}/a/?utm_source=rss"]


def test_a_page_is_decoded_as_its_server_declares_and_browsers_understand(
    tmp_path: Path, site: Site, embedder: HashingEmbedder
) -> None:
    url = f"http://127.0.0.1:{site.port}/a"
    words = "“We won’t stop,” she said – twice. It cost €5 million to close it for good."
    data = page("A", f"{PROSE} {words}").decode().encode("cp1252")
    site.put("/a", answer(data, kind="text/html; charset=ISO-8859-1"))
    update(tmp_path, embedder, url)
    assert words in opened(tmp_path).article(url).text
