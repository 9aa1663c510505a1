"""What stands at an address, and which pages feeds and sitemaps list."""

from __future__ import annotations

import gzip
import time

import pytest

from pullquote.ingest.fetch import FetchError, FetchLimits, GoneError
from pullquote.ingest.fetch.discover import Discovered, Document, Kind, Validators, discover
from pullquote.ingest.fetch.markup import content, decode, root
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.listing import Listed
from tests.support.websites import PUBLIC, Site, World, answer, redirect

HOME = "http://news.example"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def xml(text: str, kind: str = "application/xml", etag: str | None = None) -> bytes:
    if etag is None:
        return answer(text.encode(), kind=kind)
    return answer(text.encode(), kind=kind, ETag=etag)


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>N</title>{"".join(items)}</channel></rss>'


def item(link: str, more: str = "") -> str:
    return f"<item><link>{link}</link>{more}</item>"


def urlset(*locations: str) -> str:
    urls = "".join(f"<url><loc>{location}</loc></url>" for location in locations)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>{urls}</urlset>'


def index(*locations: str, dates: tuple[str, ...] = ()) -> str:
    lines = [
        f"<sitemap><loc>{location}</loc>"
        + (f"<lastmod>{dates[at]}</lastmod>" if dates else "")
        + "</sitemap>"
        for at, location in enumerate(locations)
    ]
    return f"<sitemapindex {NS}>{''.join(lines)}</sitemapindex>"


def found(
    world: World,
    path: str = "/x",
    validators: Validators = lambda url: (None, None),
    limits: FetchLimits | None = None,
    limit: int = 10_000,
) -> Discovered:
    with world.fetcher(limits) as fetcher:
        return discover(fetcher, HOME + path, validators, limit)


def urls(discovered: Discovered) -> list[str]:
    return [listing.url.removeprefix(HOME) for listing in discovered.listed]


# Telling what it is


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<!DOCTYPE html><html><p>a", "text/html"),
        ("<p>a", "text/html"),
        ('<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"/>', "application/xml"),
        ("Plain words, 3 < 4.", "text/plain"),
        ("%PDF-1.7", "application/pdf"),
    ],
)
def test_a_page_is_given_along_and_fetched_once(
    site: Site, world: World, body: str, kind: str
) -> None:
    site.put("/x", xml(body, kind, etag='"1"'))
    discovered = found(world)
    assert discovered.kind is Kind.PAGE
    assert discovered.page is not None
    assert discovered.page.data == body.encode()
    assert (discovered.listed, discovered.documents) == ((), ())
    assert site.paths == ["/x"]


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/html", "text/plain", "text/xml"])
def test_a_feed_is_known_whatever_the_server_calls_it(site: Site, world: World, kind: str) -> None:
    site.put("/x", xml("\ufeff \n<!-- <p> --><?style?>" + rss(item("/a")), kind))
    discovered = found(world)
    assert (discovered.kind, urls(discovered)) == (Kind.FEED, ["/a"])


@pytest.mark.parametrize("body", ["<opml/>", "words", "", "<?xml ?>", "<!-- no end <rss>"])
def test_other_xml_is_an_error(site: Site, world: World, body: str) -> None:
    site.put("/x", xml(body))
    with pytest.raises(FetchError, match="is XML, but no feed, sitemap or page"):
        found(world)


def test_the_validators_of_an_address_are_asked_for_and_kept(site: Site, world: World) -> None:
    site.put("/x", redirect("/y"))
    site.put(
        "/y", answer(rss(item("/a")).encode(), kind="text/xml", ETag='"2"', Last_Modified="today")
    )
    kept = {HOME + "/x": ('"1"', None)}
    discovered = found(world, validators=lambda url: kept[url])
    assert 'If-None-Match: "1"' in site.requests[-1]
    assert discovered.documents == (Document(HOME + "/x", '"2"', "today"),)
    site.put("/y", answer(b"", 304))
    assert found(world, validators=lambda url: ('"2"', None)) == Discovered(
        Kind.UNCHANGED, whole=False
    )


def test_an_address_that_cannot_be_fetched_is_an_error(world: World) -> None:
    with pytest.raises(GoneError):
        found(world)


# Feeds


def test_rss_is_read(site: Site, world: World) -> None:
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>News</title><link>{HOME}</link>
<item><title><![CDATA[It&#8217;s <em>AT&amp;T</em>]]></title><link>../b?x=1&amp;y=2#top</link>
<pubDate>Mon, 01 Jan 2024 23:30:00 -0500</pubDate><author>a@news.example (Ann Lee)</author>
<category>World</category><category>War</category></item>
<item><title>3 &lt; 4</title><guid>{HOME}/c</guid><dc:date>2024-02-03T01:02:03Z</dc:date>
<dc:creator> Bo
 Zoë </dc:creator></item>
</channel></rss>"""
    site.put("/feeds/x", xml(body))
    discovered = found(world, "/feeds/x")
    assert discovered.listed == (
        Listed(
            f"{HOME}/b?x=1&y=2", "It’s AT&T", "2024-01-01", None, author="Ann Lee", section="World"
        ),
        Listed(f"{HOME}/c", "3 < 4", "2024-02-03", author="Bo Zoë"),
    )
    assert discovered.whole
    assert discovered.problems == ()


def test_atom_is_read(site: Site, world: World) -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{HOME}/base/">
<entry><title type="html">A &lt;b&gt;c&lt;/b&gt; &amp;amp; d</title>
<link rel="self" href="/self"/><link href="e"/><updated>2024-02-03T23:02:03-05:00</updated>
<published>2024-02-01T00:00:00Z</published>
<author><name>Zoë</name><email>z@news.example</email></author><category term="tech"/></entry>
<entry><title>Use &lt;b&gt;</title><link href="/f"/></entry></feed>"""
    site.put("/x", xml(body))
    assert found(world).listed == (
        Listed(f"{HOME}/base/e", "A c & d", "2024-02-01", "2024-02-03", "Zoë", "tech"),
        Listed(f"{HOME}/f", "Use <b>"),
    )


def test_the_older_rss_1_is_read(site: Site, world: World) -> None:
    body = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{HOME}"/><item rdf:about="{HOME}/a"><title>A</title><link>{HOME}/a</link>
<dc:date>2024-03-01</dc:date></item></rdf:RDF>"""
    site.put("/x", xml(body, "application/rdf+xml"))
    assert found(world).listed == (Listed(f"{HOME}/a", "A", "2024-03-01"),)


def test_entries_without_a_web_address_are_left_out_and_pages_come_once(
    site: Site, world: World
) -> None:
    links = ["/b", "", "ftp://news.example/a", "javascript:alert(1)", "mailto:a@b.c", "/a"]
    links += ["http://u:p@news.example/", "/b?utm_source=feed", "https://www.news.example/a/"]
    links += ["/\u0001"]
    site.put("/x", xml(rss(*map(item, links), "<item><guid isPermaLink='false'>7</guid></item>")))
    assert urls(found(world)) == ["/b", "/a"]


def test_a_feed_may_list_pages_of_other_hosts_but_not_private_ones(
    site: Site, world: World
) -> None:
    world.names["intranet.example"] = ["10.0.0.5"]
    feed = rss(item("http://other.example/a"), item("http://intranet.example/b"))
    site.put("/x", xml(feed))
    with world.fetcher(None, "intranet.example") as fetcher:
        public = discover(fetcher, HOME + "/x")
        private = discover(fetcher, "http://intranet.example/x")
    assert [listing.url for listing in public.listed] == ["http://other.example/a"]
    assert len(private.listed) == 2


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(site: Site, world: World) -> None:
    body = "<rss version='2.0'><channel>" + item("/a", "<title>A & B &nbsp; C</title>")
    site.put("/x", xml(body + "<item><link>/b</link><title>no end"))
    discovered = found(world)
    assert urls(discovered)[0] == "/a"
    assert discovered.listed[0].title == "A & B C"


def test_an_empty_feed_lists_nothing(site: Site, world: World) -> None:
    site.put("/x", xml(rss()))
    assert found(world).listed == ()


def test_the_entities_of_a_feed_are_not_expanded(site: Site, world: World) -> None:
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY x SYSTEM '
        f'"file:///etc/passwd">{lol}]>' + rss(item("/a", "<title>&l9;&x;</title>"))
    )
    site.put("/x", xml(body))
    (listed,) = found(world).listed
    assert len(listed.title or "") < 20
    assert "root" not in (listed.title or "")


def test_one_long_entity_used_often_is_not_expanded(site: Site, world: World) -> None:
    body = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>' + rss(
        item("/a", f"<title>{'&a;' * 100}</title><description>{'&a;' * 10_000}</description>")
    )
    site.put("/x", xml(body))
    (listed,) = found(world).listed
    assert len(listed.title or "") < 1000


@pytest.mark.parametrize("depth", [100, 500_000])
def test_a_feed_of_elements_within_elements_takes_no_time(
    site: Site, world: World, depth: int
) -> None:
    site.put("/x", xml(rss(item("/a")).replace("</channel>", "<a>" * depth)))
    began = time.monotonic()
    if depth > 20_000:
        with pytest.raises(FetchError, match="is a broken feed"):
            found(world)
    else:
        assert urls(found(world)) == ["/a"]
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(f"<author>{'a' * 500_000}</author>", id="an author"),
        pytest.param(f"<author>{'a@' * 300_000}</author>", id="an author of addresses"),
        pytest.param("<![CDATA[" * 300_000, id="text that never ends"),
    ],
)
def test_a_feed_with_a_field_without_an_end_takes_no_time(
    site: Site, world: World, more: str
) -> None:
    site.put("/x", xml(rss(item("/b"), item("/a", more))))
    began = time.monotonic()
    discovered = found(world)
    assert urls(discovered)[0] == "/b"
    assert all(listed.author is None for listed in discovered.listed)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("iso-8859-1", "ISO-8859-1", "text/xml"),
        ("iso-8859-1", "utf-8", "text/xml"),
        ("iso-8859-1", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-16", "utf-16", "text/xml"),
        ("utf-8-sig", "nonsense", "text/xml; charset=nonsense"),
    ],
)
def test_a_feed_is_read_in_the_encoding_it_is_in(
    site: Site, world: World, encoding: str, declared: str, header: str
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(item("/a", "<title>Zoë</title>"))
    site.put("/x", answer(text.encode(encoding), kind=header))
    assert [listing.title for listing in found(world).listed] == ["Zoë"]


def test_no_more_pages_than_the_limit_are_listed(site: Site, world: World) -> None:
    site.put("/x", xml(rss(*(item(f"/{n}") for n in range(5))), etag='"1"'))
    discovered = found(world, limit=3)
    assert urls(discovered) == ["/0", "/1", "/2"]
    assert not discovered.whole
    assert discovered.documents == ()
    assert discovered.problems == (f"{HOME}/x lists more than the 3 pages that are read.",)
    assert found(world, limit=5).whole


# Sitemaps


def test_a_sitemap_is_read(site: Site, world: World) -> None:
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {NS} {NEWS} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> {HOME}/b?x=1&amp;y=2 </loc><lastmod>2024-02-03T23:00:00-05:00</lastmod>
<image:image><image:loc>{HOME}/i.png</image:loc><image:title>No</image:title></image:image></url>
<url><loc>{HOME}/a</loc><news:news><news:publication><news:name>N</news:name>
<news:language>en</news:language></news:publication>
<news:publication_date>2024-01-31</news:publication_date><news:title>A &amp; B</news:title>
</news:news></url>
<url><lastmod>2024-01-01</lastmod></url><url><loc/></url><url><loc>{HOME}/b?x=1&amp;y=2</loc></url>
</urlset>"""
    site.put("/x", xml(body, etag='"1"'))
    discovered = found(world)
    assert discovered == Discovered(
        Kind.SITEMAP,
        listed=(
            Listed(f"{HOME}/b?x=1&y=2", None, None, "2024-02-03"),
            Listed(f"{HOME}/a", "A & B", "2024-01-31"),
        ),
        documents=(Document(f"{HOME}/x", '"1"', None),),
    )


@pytest.mark.parametrize("kind", ["application/x-gzip", "application/octet-stream", "text/xml"])
def test_a_packed_sitemap_is_read(site: Site, world: World, kind: str) -> None:
    site.put("/x.xml.gz", answer(gzip.compress(urlset(HOME + "/a").encode()), kind=kind))
    assert urls(found(world, "/x.xml.gz")) == ["/a"]


def test_a_packed_sitemap_that_is_a_bomb_does_not_go_off(site: Site, world: World) -> None:
    packed = gzip.compress(b"<urlset>" + b" " * 30_000_000)
    site.put("/x", answer(packed, kind="application/gzip"))
    with pytest.raises(FetchError, match="unpacks to more than 1 million"):
        found(world, limits=FetchLimits(size=1_000_000))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x1f\x8b\x08 no", "a damaged gzip file"),
        (gzip.compress(b"words", mtime=0), "is a packed file and no sitemap"),
    ],
)
def test_other_packed_files_are_errors(site: Site, world: World, data: bytes, said: str) -> None:
    site.put("/x", answer(data, kind="application/gzip"))
    with pytest.raises(FetchError, match=said):
        found(world)


def test_a_sitemap_speaks_for_its_own_host_only(site: Site, world: World) -> None:
    site.put(
        "/x",
        xml(
            urlset(
                "https://news.example/a",
                "http://other.example/b",
                "http://news.example.evil.example/c",
                "ftp://news.example/d",
                "http://127.0.0.1/e",
                "/f",
            )
        ),
    )
    discovered = found(world)
    assert [listing.url for listing in discovered.listed] == ["https://news.example/a", HOME + "/f"]
    assert discovered.problems == (
        f"{HOME}/x lists 3 addresses on other hosts than news.example: they were left aside.",
    )


def test_a_redirected_sitemap_speaks_for_the_host_it_came_from(site: Site, world: World) -> None:
    site.put("/x", redirect("http://other.example/y"))
    site.put("/y", xml(urlset(HOME + "/a", "http://other.example/b")))
    assert [listing.url for listing in found(world).listed] == ["http://other.example/b"]


def laughs(root: str, inner: str) -> str:
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><{root}>{inner}</{root}>'


@pytest.mark.parametrize(
    "body",
    [
        laughs("urlset", "<url><loc>&l9;</loc></url>"),
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url>'
        "</urlset>",
        '<!DOCTYPE x [<!ENTITY a "]>"> <!ENTITY b "c">]><urlset/>',
        urlset("/a") + "<!DOCTYPE x>",
        "<urlset><url><loc>/a</loc></url>",
        "<urlset>" + "<a>" * 200 + "</a>" * 200 + "</urlset>",
    ],
)
def test_a_sitemap_with_entities_or_damage_is_an_error(site: Site, world: World, body: str) -> None:
    site.put("/x", xml(body))
    with pytest.raises(FetchError, match=r"is a broken sitemap|is XML, but no feed"):
        found(world)


def test_a_doctype_alone_does_no_harm(site: Site, world: World) -> None:
    site.put("/x", xml('<!DOCTYPE urlset SYSTEM "http://169.254.169.254/x.dtd"><urlset/>'))
    assert found(world).listed == ()
    assert {address for address, _ in world.connections} == {PUBLIC}


def test_an_address_without_an_end_takes_no_time(site: Site, world: World) -> None:
    site.put("/x", xml(urlset("a&amp;\n" * 1_000_000, "/b")))
    began = time.monotonic()
    assert urls(found(world)) == ["/b"]
    assert time.monotonic() - began < 20


def test_an_index_leads_to_its_sitemaps(site: Site, world: World) -> None:
    site.put("/x", xml(index(HOME + "/1", HOME + "/2", HOME + "/1", HOME + "/x"), etag='"0"'))
    site.put("/1", xml(urlset("/a", "/b"), etag='"1"'))
    site.put("/2", xml(urlset("/b", "/c"), etag='"2"'))
    discovered = found(world)
    assert discovered.kind is Kind.SITEMAP
    assert urls(discovered) == ["/a", "/b", "/c"]
    # Without the index, which does not change when they do.
    assert discovered.documents == (
        Document(HOME + "/1", '"1"', None),
        Document(HOME + "/2", '"2"', None),
    )
    assert site.paths == ["/x", "/1", "/2"]
    assert discovered.whole


def test_the_newest_sitemaps_of_a_dated_index_come_first(site: Site, world: World) -> None:
    dates = ("2023-01-01", "2024-01-01", "2024-01-01")
    site.put("/x", xml(index("/1", "/2", "/3", dates=dates)))
    for number in (1, 2, 3):
        site.put(f"/{number}", xml(urlset(f"/{number}a")))
    assert urls(found(world)) == ["/2a", "/3a", "/1a"]


def test_an_unchanged_sitemap_of_an_index_is_not_read_again(site: Site, world: World) -> None:
    site.put("/x", xml(index("/1", "/2")))
    site.put("/1", answer(b"", 304))
    site.put("/2", xml(urlset("/a")))
    kept = {HOME + "/1": ('"1"', None)}
    discovered = found(world, validators=lambda url: kept.get(url, (None, None)))
    assert urls(discovered) == ["/a"]
    assert not discovered.whole
    assert discovered.problems == ()


def test_a_sitemap_that_cannot_be_read_does_not_stop_the_others(site: Site, world: World) -> None:
    site.put("/x", xml(index("/1", "/2", "/3", "/4", "http://other.example/5")))
    site.put("/1", answer(b"", 500))
    site.put("/2", xml("<urlset><url>"))
    site.put("/3", xml("<html/>"))
    site.put("/4", xml(urlset("/a")))
    discovered = found(world)
    assert urls(discovered) == ["/a"]
    assert not discovered.whole
    assert [problem.split(" ")[0] for problem in discovered.problems] == [
        HOME + path for path in ("/x", "/1", "/2", "/3")
    ]


def test_indexes_are_followed_two_deep(site: Site, world: World) -> None:
    site.put("/x", xml(index("/1")))
    site.put("/1", xml(index("/2", "/a1")))
    site.put("/2", xml(index("/3")))
    site.put("/a1", xml(urlset("/a")))
    discovered = found(world)
    assert urls(discovered) == ["/a"]
    assert "/3" not in site.paths
    assert "an index within an index" in discovered.problems[0]


def test_indexes_that_list_each_other_end(site: Site, world: World) -> None:
    site.put("/x", xml(index("/1")))
    site.put("/1", xml(index("/x", "/1", "/2")))
    site.put("/2", redirect("/1"))
    assert found(world).listed == ()
    assert site.paths == ["/x", "/1", "/2", "/1"]


def test_no_more_sitemaps_are_read_than_needed(site: Site, world: World) -> None:
    site.put("/x", xml(index("/1", "/2", "/3")))
    for number in (1, 2, 3):
        site.put(f"/{number}", xml(urlset(f"/{number}a", f"/{number}b")))
    discovered = found(world, limit=4)
    assert urls(discovered) == ["/1a", "/1b", "/2a", "/2b"]
    assert not discovered.whole
    assert "/3" not in site.paths


def test_an_index_of_thousands_ends(
    site: Site, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pullquote.ingest.fetch.discover.MAX_SITEMAPS", 4)
    site.put("/x", xml(index(*(f"/{n}" for n in range(9)))))
    for number in range(9):
        site.put(f"/{number}", xml(urlset(f"/{number}a")))
    discovered = found(world)
    assert urls(discovered) == ["/0a", "/1a", "/2a"]
    assert not discovered.whole


# The parts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-03", "2024-02-03"),
        (" 2024-02-03T23:59:59.9-05:00 ", "2024-02-03"),
        ("20240203T101112Z", "2024-02-03"),
        ("2024-02-03 10:11", "2024-02-03"),
        ("Sat, 03 Feb 2024 23:30:00 -0500", "2024-02-03"),
        ("3 Feb 24 10:00 GMT", "2024-02-03"),
        ("Sat, 03 Feb 2024 10:00:00 EST", "2024-02-03"),
        ("2024-02-30", None),
        ("2024", None),
        ("2024-02", None),
        ("2024-02-033", None),
        ("yesterday", None),
        ("Sat, 99 Feb 2024 10:00:00 GMT", None),
        ("٢٠٢٤-٠٢-٠٣", None),
        ("", None),
        (None, None),
    ],
)
def test_the_day_of_a_date(text: str | None, day: str | None) -> None:
    assert iso_date(text) == day


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss/>", "rss"),
        ("<?xml version='1.0'?>\n<!-- <a> -->\n<!DOCTYPE a [ <!ENTITY b 'c'> ]>\n<x:FEED>", "feed"),
        ("<!doctype html><html>", "html"),
        ("text <rss/>", ""),
        ("<!DOCTYPE a [", ""),
        ("<? <rss/>", ""),
        ("", ""),
    ],
)
def test_the_first_element(text: str, name: str) -> None:
    assert root(content(text)) == name


def test_nothing_is_refused_for_its_encoding() -> None:
    assert decode(b"<a>\x93\xff\x81", "utf-8") == "<a>“ÿ\ufffd"
    assert decode("<a>é".encode("utf-16"), None) == "<a>é"
    assert decode(b'<?xml encoding="no-such"?>\xc3\xa9', None).endswith("é")
