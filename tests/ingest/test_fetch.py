"""Fetching from real servers on this machine: what is asked, what is taken, what is refused.

The hosts are given public addresses by a resolver of ours, and the connections to these go to a
server on 127.0.0.1. So the guard judges what it would judge on the internet.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from shutil import which

import httpcore2
import pytest

import pullquote
from pullquote.errors import PullquoteError, SettingsError
from pullquote.ingest.fetch import (
    Fetched,
    Fetcher,
    FetchError,
    FetchLimits,
    GoneError,
    RefusedError,
)
from pullquote.ingest.fetch.guard import is_public
from pullquote.ingest.fetch.packing import PackingError, TooLongError, read
from pullquote.ingest.fetch.urls import MAX_URL, parse
from tests.support.websites import (
    OTHER,
    PUBLIC,
    Site,
    World,
    answer,
    redirect,
    serving,
)


def get(
    world: World, url: str = "http://news.example/a", limits: FetchLimits | None = None
) -> Fetched:
    with world.fetcher(limits) as fetcher:
        found = fetcher.get(url)
    assert found is not None
    return found


def refused(world: World, url: str, limits: FetchLimits | None = None) -> str:
    with pytest.raises(FetchError) as error, world.fetcher(limits) as fetcher:
        fetcher.get(url)
    return str(error.value)


# What comes back


def test_a_page_comes_as_it_is(site: Site, world: World) -> None:
    site.put("/a?q=1", answer(b"<p>\xc3\xa9</p>", ETag='"1"', Last_Modified="yesterday"))
    assert get(world, "HTTP://News.Example:80/a?q=1#part") == Fetched(
        url="http://news.example/a?q=1",
        content_type="text/html",
        charset="utf-8",
        data=b"<p>\xc3\xa9</p>",
        etag='"1"',
        last_modified="yesterday",
    )


def test_the_request_says_who_asks_and_offers_only_what_is_unpacked_here(
    site: Site, world: World
) -> None:
    site.put("/a", answer())
    get(world)
    lines = site.requests[-1].splitlines()
    assert lines[0] == "GET /a HTTP/1.1"
    assert "Host: news.example" in lines
    assert f"User-Agent: Pullquote/{pullquote.__version__}" in lines
    assert "Accept-Encoding: gzip, deflate" in lines
    assert not [line for line in lines if line.lower().startswith(("cookie", "referer"))]


def test_the_real_network_is_used_without_stand_ins(site: Site) -> None:
    site.put("/a", answer())
    with Fetcher({"127.0.0.1"}, FetchLimits(delay=0)) as fetcher:
        found = fetcher.get(f"http://127.0.0.1:{site.port}/a")
    assert found is not None
    assert found.url == f"http://127.0.0.1:{site.port}/a"
    assert f"Host: 127.0.0.1:{site.port}" in site.requests[-1]


def test_no_proxy_of_the_environment_is_used(
    site: Site, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    site.put("/a", answer())
    get(world)
    assert world.connections == [(PUBLIC, 80)] * 2


def test_an_international_host_is_asked_by_its_encoded_name(site: Site, world: World) -> None:
    world.names["xn--mnchen-3ya.example"] = [PUBLIC]
    site.put("/stra%C3%9Fe%20a", answer())
    found = get(world, "http://MÜNCHEN.example/straße a")
    assert found.url == "http://xn--mnchen-3ya.example/stra%C3%9Fe%20a"
    assert "Host: xn--mnchen-3ya.example\r\n" in site.requests[-1]


def test_redirects_are_followed_and_the_last_address_is_told(site: Site, world: World) -> None:
    site.put("/a", redirect("b?x=é", 301))
    site.put("/b?x=%C3%A9", redirect("//other.example/c", 308))
    site.put("/c", answer())
    assert get(world).url == "http://other.example/c"


def test_the_next_address_of_a_host_is_tried_when_one_does_not_answer(
    site: Site, world: World
) -> None:
    site.put("/a", answer())

    def connect(address: str, port: int, timeout: float) -> httpcore2.NetworkStream:
        if address == OTHER:
            raise httpcore2.ConnectError("refused")
        return World.connect(world, address, port, timeout)

    world.connect = connect  # type: ignore[method-assign]
    assert get(world, "http://other.example/a").url == "http://other.example/a"


# Addresses that are refused


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1.2.3/",
        "http://0.0.0.0/",
        "http://10.0.0.5/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://192.0.0.8/",
        "http://192.88.99.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fc00::1]/",
        "http://[ff02::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.5]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b::808:808]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:a00:5::1]/",
        "http://[2001:0:4136:e378:8000:63bf:f5ff:fffa]/",
        "http://[2001:db8::1]/",
        "http://[3fff::1]/",
        "http://2130706433/",
        "http://134744072/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://①②⑦.0.0.1/",
        "http://0x/",
        "http://localhost/",
        "http://localhost./",
        "file:///etc/passwd",
        "ftp://news.example/a",
        "gopher://news.example/a",
        "javascript:alert(1)",
        "data:text/html,hello",
        "//news.example/a",
        "news.example/a",
        "",
        "http://",
        "http:///a",
        "http://user@news.example/",
        "http://user:secret@news.example/",
        "http://:@news.example/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example:0/",
        "http://news.example:99999/",
        "http://news.example:8o/",
        "http://news example/",
        "http://-news.example/",
        "http://news..example/",
        "http://[::1/",
        "http://[news.example]/",
        "http://news.example/a\r\nX-Evil: 1",
        "http://news.example/\n",
        "http://ne\tws.example/",
        "http://news.example/\x00",
        "http://news.example\r\n/",
        "http://news.example/" + "a" * MAX_URL,
        "http://" + "a" * 64 + ".example/",
        "http://\u2024example/",
        "http://news.example/\ud800",
    ],
)
def test_an_address_that_is_not_of_the_public_web_is_never_asked(world: World, url: str) -> None:
    world.names["localhost"] = ["127.0.0.1", "::1"]
    # A line break at either end is only space around the address.
    if url == "http://news.example/\n":
        assert str(parse(url)) == "http://news.example/"
        return
    with pytest.raises(RefusedError), world.fetcher() as fetcher:
        fetcher.get(url)
    assert world.connections == []


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://10.0.0.5/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://mixed.example/",
        "http://inside.example/",
        "//127.0.0.1/",
        "file:///etc/passwd",
        "ftp://news.example/a",
        "http://user:secret@news.example/b",
        "http://news.example/" + "a" * MAX_URL,
    ],
)
def test_a_redirect_to_such_an_address_is_refused(site: Site, world: World, location: str) -> None:
    world.names |= {"mixed.example": [PUBLIC, "10.0.0.5"], "inside.example": ["192.168.0.1"]}
    site.put("/a", redirect(location))
    site.put("/", answer(b"secret"))
    site.put("/b", answer(b"secret"))
    with pytest.raises(RefusedError), world.fetcher() as fetcher:
        fetcher.get("http://news.example/a")
    assert site.paths == ["/a"]
    assert {address for address, _ in world.connections} == {PUBLIC}


def test_one_private_address_among_public_ones_is_enough_to_refuse_a_name(world: World) -> None:
    world.names["mixed.example"] = [PUBLIC, "10.0.0.5"]
    assert refused(world, "http://mixed.example/a") == (
        "http://mixed.example/a is not on the public internet, for mixed.example is at 10.0.0.5: "
        "if it is your own, name mixed.example among the private hosts."
    )
    assert world.connections == []


def test_a_name_server_that_changes_its_mind_gains_nothing(site: Site, world: World) -> None:
    site.put("/robots.txt", answer(b"", kind="text/plain"))
    site.put("/a", answer(b"secret"))
    turns: list[list[str]] = []
    allowed = 0

    def rebinding(host: str, port: int) -> Sequence[str]:
        turns.append([PUBLIC] if len(turns) < allowed else ["127.0.0.1"])
        return turns[-1]

    world.resolve = rebinding  # type: ignore[method-assign]
    for count in range(3):
        allowed = count
        turns.clear()
        world.connections.clear()
        with pytest.raises(FetchError), world.fetcher() as fetcher:
            fetcher.get("http://news.example/a")
        assert {address for address, _ in world.connections} <= {PUBLIC}
        assert site.paths == []


def test_the_connection_goes_to_the_address_that_was_checked(site: Site, world: World) -> None:
    site.put("/a", answer())
    get(world, "http://other.example:8080/a")
    assert world.connections == [(OTHER, 8080)] * 2
    assert "Host: other.example:8080\r\n" in site.requests[-1]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        (OTHER, True),
        ("::ffff:8.8.8.8", True),
        ("2002:808:808::1", False),
        ("2001::1", False),
        ("192.0.2.1", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) == public


def test_a_name_that_is_not_found_is_said_to_be(world: World) -> None:
    assert refused(world, "http://nowhere.example/") == (
        "http://nowhere.example/ cannot be found: there is no nowhere.example; check its spelling."
    )


def test_a_look_up_that_hangs_is_left_behind(world: World) -> None:
    world.real_clock = True
    release = threading.Event()

    def hang(host: str, port: int) -> Sequence[str]:
        release.wait(20)
        return [PUBLIC]

    world.resolve = hang  # type: ignore[method-assign]
    began = time.monotonic()
    assert "took too long" in refused(world, "http://news.example/", FetchLimits(connect=0.1))
    assert time.monotonic() - began < 10
    release.set()


def test_a_message_shows_neither_a_password_nor_control_characters_nor_a_whole_long_address(
    world: World,
) -> None:
    assert "secret" not in refused(world, "http://user:secret@news.example/")
    assert refused(world, "http://s@news.example/").startswith("http://…@news.example/ has ")
    assert refused(world, "http://@news.example/").startswith("http://…@news.example/ has ")
    assert "\x1b" not in refused(world, "http://news.example/\x1b[2J")
    assert len(refused(world, "http://news.example/" + "a" * MAX_URL)) < 400


def test_every_error_is_one_that_pullquote_explains() -> None:
    assert issubclass(FetchError, PullquoteError)
    assert issubclass(GoneError, FetchError)
    assert issubclass(RefusedError, FetchError)


# Private hosts


def test_a_private_host_that_the_owner_names_is_asked(site: Site, world: World) -> None:
    world.names["intranet.example"] = ["10.0.0.5"]
    site.put("/a", answer())
    with world.fetcher(None, "Intranet.Example") as fetcher:
        assert fetcher.get("http://intranet.example/a") is not None
        with pytest.raises(RefusedError):
            fetcher.get("http://10.0.0.5/a")
        with pytest.raises(FetchError):
            fetcher.get("http://www.intranet.example/a")


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "::"])
def test_some_addresses_are_refused_even_to_a_private_host(world: World, address: str) -> None:
    world.names["intranet.example"] = [address]
    with pytest.raises(RefusedError), world.fetcher(None, "intranet.example") as fetcher:
        fetcher.get("http://intranet.example/a")
    assert world.connections == []


def test_a_public_page_cannot_send_us_to_a_private_host(site: Site, world: World) -> None:
    world.names["intranet.example"] = ["10.0.0.5"]
    site.put("/a", redirect("http://intranet.example/delete"))
    site.put("/delete", answer())
    with world.fetcher(None, "intranet.example") as fetcher:
        with pytest.raises(RefusedError, match="a private host: give that address itself"):
            fetcher.get("http://news.example/a")
        assert not fetcher.may_follow("http://news.example/a", "http://intranet.example/")
        assert not fetcher.may_follow("http://news.example/a", "ftp://news.example/")
        assert fetcher.may_follow("http://intranet.example/", "http://intranet.example/b")
        assert fetcher.may_follow("http://intranet.example/", "http://news.example/b")
    assert site.paths == ["/a"]


@pytest.mark.parametrize("listed", ["http://intranet/", "a b", "", "*.example", "2130706433"])
def test_a_private_host_that_is_no_host_is_an_error(listed: str) -> None:
    with pytest.raises(SettingsError, match="private hosts list"):
        Fetcher({listed})


# Redirects


def test_a_circle_of_redirects_ends(site: Site, world: World) -> None:
    site.put("/a", redirect("/a"))
    assert "more than 5 redirects" in refused(world, "http://news.example/a")
    assert len(site.paths) == 6


def test_five_redirects_are_followed(site: Site, world: World) -> None:
    for number in range(5):
        site.put(f"/{number}", redirect(f"/{number + 1}"))
    site.put("/5", answer())
    assert get(world, "http://news.example/0").url == "http://news.example/5"


def test_a_redirect_without_an_address_is_an_error(site: Site, world: World) -> None:
    site.put("/a", answer(b"", 302, None))
    assert "leads nowhere" in refused(world, "http://news.example/a")


# Sizes


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b"\0" * (megabytes * 1_000_000))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("identity", bytes),
    ],
)
def test_a_packed_body_is_unpacked(
    site: Site, world: World, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    text = b"<p>" + bytes(range(256)) * 1000
    site.put("/a", answer(pack(text), Content_Encoding=coding))
    assert get(world).data == text


def test_a_bomb_does_not_go_off(site: Site, world: World) -> None:
    site.put("/a", answer(bomb(30), Content_Encoding="gzip"))
    assert "longer than 0.1 million" in refused(
        world, "http://news.example/a", FetchLimits(size=100_000)
    )


def test_no_more_is_unpacked_than_was_allowed() -> None:
    packed = bomb(50)
    with pytest.raises(TooLongError):
        read([packed], "gzip", 1_000_000)
    assert read([packed], "gzip", 1_000_000, cut=True) == b"\0" * 1_000_000


def test_what_unpacks_to_nothing_is_counted_as_it_comes() -> None:
    with pytest.raises(TooLongError):
        read([gzip.compress(b"x"), *[b"\0" * 1000] * 11], "gzip", 10_000)


@pytest.mark.parametrize("step", [1, 7, 1000, 10**9])
def test_a_packed_body_may_come_in_pieces_of_any_size(step: int) -> None:
    text = bytes(range(256)) * 900
    for coding, packed in [
        ("gzip", gzip.compress(text)),
        ("gzip", gzip.compress(text[:1000]) + gzip.compress(text[1000:]) + b"\0\0\0"),
        ("deflate", zlib.compress(text)),
        ("deflate", zlib.compress(text, wbits=-15)),
    ]:
        pieces = [packed[at : at + step] for at in range(0, len(packed), step)]
        assert read(pieces, coding, 10**6) == text


def test_a_packed_body_of_very_many_members_is_refused() -> None:
    assert read([gzip.compress(b"x") * 500], "gzip", 10**6) == b"x" * 500
    with pytest.raises(PackingError):
        read([gzip.compress(b"x") * 5_000], "gzip", 10**6)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "aes128gcm"])
def test_other_codings_are_refused(coding: str) -> None:
    with pytest.raises(PackingError):
        read([b"data"], coding, 100)


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"x" * 1000, mtime=0)[:-9], b"\x1f"])
def test_damaged_data_is_an_error(site: Site, world: World, data: bytes) -> None:
    site.put("/a", answer(data, Content_Encoding="gzip"))
    assert "cannot be unpacked" in refused(world, "http://news.example/a")


def test_a_body_that_says_it_is_too_long_is_not_read(site: Site, world: World) -> None:
    site.put("/a", answer(b"x", length=10**12))
    assert "longer than 20 million" in refused(world, "http://news.example/a")


def test_a_body_that_does_not_say_how_long_it_is_is_counted(site: Site, world: World) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            connection.sendall(b"x" * 10_000)

    site.put("/a", endless)
    assert "longer than 0.1 million" in refused(
        world, "http://news.example/a", FetchLimits(size=100_000)
    )


def test_a_body_shorter_than_it_says_is_an_error(site: Site, world: World) -> None:
    site.put("/a", answer(b"x", length=10))
    assert "breaks off" in refused(world, "http://news.example/a")


def test_a_body_longer_than_it_says_is_cut(site: Site, world: World) -> None:
    site.put("/a", answer(b"<p>text", length=3))
    assert get(world).data == b"<p>"


def test_endless_headers_are_an_error(site: Site, world: World) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-A: " + b"a" * 1000 + b"\r\n")

    site.put("/a", endless)
    assert "breaks off or does not speak HTTP" in refused(world, "http://news.example/a")


def test_what_is_not_http_is_an_error(site: Site, world: World) -> None:
    site.put("/a", b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    assert "does not speak HTTP" in refused(world, "http://news.example/a")


# Times


def drip(head: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(0.02)

    return send


@pytest.mark.parametrize(
    "slow",
    [
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"), id="headers"),
        pytest.param(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="interim answers"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"a"), id="body"),
        pytest.param(
            drip(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n",
                b"1\r\na\r\n",
            ),
            id="chunks",
        ),
        pytest.param(
            drip(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n"
                + gzip.compress(b"x"),
                b"\0",
            ),
            id="padding",
        ),
    ],
)
def test_an_answer_that_drips_ends(
    site: Site, world: World, slow: Callable[[socket.socket], None]
) -> None:
    world.real_clock = True
    site.put("/a", slow)
    began = time.monotonic()
    assert "answers too slowly" in refused(world, "http://news.example/a", FetchLimits(total=0.5))
    assert time.monotonic() - began < 10


def test_a_server_that_says_nothing_is_left(site: Site, world: World) -> None:
    world.real_clock = True
    site.put("/a", lambda connection: time.sleep(20))
    began = time.monotonic()
    assert "answers too slowly" in refused(world, "http://news.example/a", FetchLimits(read=0.2))
    assert time.monotonic() - began < 10


def test_slow_redirects_share_one_time(site: Site, world: World) -> None:
    def slow(connection: socket.socket) -> None:
        world.time += 12
        connection.sendall(redirect("/a"))

    site.put("/a", slow)
    assert "answers too slowly" in refused(world, "http://news.example/a")
    assert len(site.paths) == 3


# Types


@pytest.mark.parametrize(
    "kind", ["image/png", "video/mp4", "application/zip", "text/css", "application/javascript"]
)
def test_other_types_are_refused_before_the_body_is_read(
    site: Site, world: World, kind: str
) -> None:
    def head_only(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())
        time.sleep(20)

    site.put("/a", head_only)
    assert f"is not an article ({kind})" in refused(world, "http://news.example/a")


@pytest.mark.parametrize(
    ("header", "kind", "charset"),
    [
        ("TEXT/HTML;Charset=ISO-8859-1", "text/html", "cp1252"),
        ('application/xhtml+xml; charset="utf-8"', "application/xhtml+xml", "utf-8"),
        ("text/plain; charset=nonsense", "text/plain", None),
        ("text/plain; charset=zip", "text/plain", None),
        ("application/pdf", "application/pdf", None),
        ("application/epub+zip", "application/epub+zip", None),
        ("text/html; charset=undefined", "text/html", None),
        ("application/atom+xml", "application/atom+xml", None),
    ],
)
def test_the_types_of_articles_and_listings_are_taken(
    site: Site, world: World, header: str, kind: str, charset: str | None
) -> None:
    site.put("/a", answer(kind=header))
    found = get(world)
    assert (found.content_type, found.charset) == (kind, charset)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\n<!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><rss/>", "application/xml"),
        (b"\x1f\x8b\x08", "application/gzip"),
        (b"Plain words.", "text/plain"),
        (b"PK\x03\x04" + b"." * 26 + b"mimetypeapplication/epub+zip", "application/epub+zip"),
        (
            b"PK\x03\x04 word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
@pytest.mark.parametrize("header", [None, "application/octet-stream"])
def test_a_missing_type_is_told_from_the_data(
    site: Site, world: World, data: bytes, kind: str, header: str | None
) -> None:
    site.put("/a", answer(data, kind=header))
    assert get(world).content_type == kind


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04 other"])
def test_what_is_of_no_known_type_is_refused(site: Site, world: World, data: bytes) -> None:
    site.put("/a", answer(data, kind=None))
    assert "is not an article" in refused(world, "http://news.example/a")


# robots.txt


def robots(text: str) -> bytes:
    return answer(text.encode(), kind="text/plain")


def test_robots_txt_is_obeyed_and_read_once(site: Site, world: World) -> None:
    site.put("/robots.txt", robots("User-agent: *\nDisallow: /private\n"))
    site.put("/a", answer())
    with world.fetcher() as fetcher:
        assert fetcher.get("http://news.example/a") is not None
        with pytest.raises(FetchError, match="is closed to programs by http"):
            fetcher.get("http://news.example/private/b")
    assert [request.split(" ")[1] for request in site.requests] == ["/robots.txt", "/a"]


def test_rules_for_pullquote_come_before_those_for_all(site: Site, world: World) -> None:
    site.put(
        "/robots.txt", robots("User-agent: *\nDisallow: /\n\nUser-agent: pullquote\nAllow: /\n")
    )
    site.put("/a", answer())
    assert get(world).data


def test_robots_txt_of_a_redirects_goal_is_obeyed(site: Site, world: World) -> None:
    site.put("/robots.txt", robots(""), robots("User-agent: *\nDisallow: /c"))
    site.put("/a", redirect("http://other.example/c"))
    assert "http://other.example/c is closed" in refused(world, "http://news.example/a")
    assert site.paths == ["/a"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_site_without_robots_txt_is_open(site: Site, world: World, status: int) -> None:
    site.put("/robots.txt", answer(b"", status))
    site.put("/a", answer())
    assert get(world).data


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_whose_robots_txt_fails_is_closed(site: Site, world: World, status: int) -> None:
    site.put("/robots.txt", answer(b"", status))
    site.put("/a", answer())
    message = refused(world, "http://news.example/a")
    assert message.startswith("http://news.example/a is not fetched, for the site's rules")
    assert f"({status})" in message
    assert site.paths == []


def test_a_site_whose_robots_txt_cannot_be_reached_is_closed(site: Site, world: World) -> None:
    site.put("/robots.txt", b"")
    site.put("/a", answer())
    assert "rules for programs cannot be read" in refused(world, "http://news.example/a")
    assert site.paths == []


def test_robots_txt_may_redirect_but_not_to_the_inside(site: Site, world: World) -> None:
    site.put("/robots.txt", redirect("/rules"))
    site.put("/rules", robots("User-agent: *\nDisallow: /a"))
    assert "is closed to programs" in refused(world, "http://news.example/a")
    site.put("/robots.txt", redirect("http://169.254.169.254/"))
    assert "169.254.169.254" in refused(world, "http://news.example/b")
    assert {address for address, _ in world.connections} == {PUBLIC}


def test_an_endless_robots_txt_is_read_in_part(site: Site, world: World) -> None:
    site.put("/robots.txt", robots("User-agent: *\nDisallow: /a\n" + "#" * 2_000_000))
    assert "is closed to programs" in refused(world, "http://news.example/a")


def test_rules_with_many_stars_take_no_time(site: Site, world: World) -> None:
    site.put("/robots.txt", robots(f"User-agent: *\nDisallow: /{'*a' * 100}b\n"))
    path = "/" + "a" * 5_000
    site.put(path, answer())
    began = time.monotonic()
    assert get(world, f"http://news.example{path}").data
    assert time.monotonic() - began < 10


# Politeness


def test_a_host_is_given_time_between_requests(site: Site, world: World) -> None:
    site.put("/a", answer())
    with world.fetcher() as fetcher:
        fetcher.get("http://news.example/a")
        world.time += 0.25
        fetcher.get("http://news.example/a")
        fetcher.get("http://other.example/a")
        world.time += 5
        fetcher.get("http://news.example/a")
    # After robots.txt, then what is left of a second, then after the other's robots.txt.
    assert world.slept == [1.0, 0.75, 1.0]


@pytest.mark.parametrize(("asked", "waited"), [("5", 5.0), ("0.1", 1.0), ("3600", 30.0)])
def test_crawl_delay_is_honoured_up_to_a_bound(
    site: Site, world: World, asked: str, waited: float
) -> None:
    site.put("/robots.txt", robots(f"User-agent: *\nCrawl-delay: {asked}\n"))
    site.put("/a", answer())
    get(world)
    assert world.slept == [waited]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("after", "waited"),
    [("7", 7.0), ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0), ("Tue, 14 Nov 2023 22:00:00 GMT", 0.0)],
)
def test_a_busy_server_is_asked_once_more(
    site: Site, world: World, status: int, after: str, waited: float
) -> None:
    site.put("/a", answer(b"", status, Retry_After=after), answer())
    assert get(world, limits=FetchLimits(delay=0)).data
    assert world.slept == [waited]


def test_a_server_that_stays_busy_is_left(site: Site, world: World) -> None:
    site.put("/a", answer(b"", 503, Retry_After="1"))
    assert "is busy (503): try again later" in refused(world, "http://news.example/a")
    assert len(site.paths) == 2


@pytest.mark.parametrize("after", ["31", "99999999999999999999", "Fri, 14 Nov 2098 22:13:30 GMT"])
def test_a_long_wait_is_left_to_a_person(site: Site, world: World, after: str) -> None:
    site.put("/a", answer(b"", 429, Retry_After=after))
    assert "asks to be left alone for" in refused(world, "http://news.example/a")
    assert len(site.paths) == 1


@pytest.mark.parametrize("after", ["soon", "-1", "1.5", "²", "Tue, 99 Nov 2023 22:13:30 GMT"])
def test_a_wait_that_makes_no_sense_is_not_waited(site: Site, world: World, after: str) -> None:
    site.put("/a", answer(b"", 429, Retry_After=after))
    assert "is busy (429)" in refused(world, "http://news.example/a")
    assert len(site.paths) == 1


# Statuses


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_page_is_told_from_a_broken_server(
    site: Site, world: World, status: int
) -> None:
    site.put("/a", answer(b"", status))
    with pytest.raises(GoneError, match=rf"is not there \({status}\)"), world.fetcher() as fetcher:
        fetcher.get("http://news.example/a")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (204, "gives no document (204)"),
        (206, "gives no document (206)"),
        (300, "gives no document (300)"),
        (304, "gives no document (304)"),
        (401, "asks for a login"),
        (402, "asks for a payment"),
        (403, "is closed to us"),
        (451, "for legal reasons"),
        (500, "fails (500)"),
        (502, "fails (502)"),
    ],
)
def test_other_statuses_are_errors_that_say_what_to_do(
    site: Site, world: World, status: int, said: str
) -> None:
    site.put("/a", answer(b"", status))
    with pytest.raises(FetchError) as error, world.fetcher() as fetcher:
        fetcher.get("http://news.example/a")
    assert said in str(error.value)
    assert not isinstance(error.value, GoneError)


def test_what_has_not_changed_is_not_sent_again(site: Site, world: World) -> None:
    site.put("/a", answer(ETag='W/"é"', Last_Modified="Tue, 14 Nov 2023 22:13:30 GMT"))
    with world.fetcher() as fetcher:
        first = fetcher.get("http://news.example/a")
        assert first is not None
        site.put("/a", answer(b"", 304))
        assert fetcher.get("http://news.example/a", first.etag, first.last_modified) is None
    assert 'If-None-Match: W/"é"\r\n' in site.requests[-1]
    assert "If-Modified-Since: Tue, 14 Nov 2023 22:13:30 GMT\r\n" in site.requests[-1]


def test_validators_that_would_break_a_header_are_not_sent(site: Site, world: World) -> None:
    site.put("/a", answer())
    with world.fetcher() as fetcher:
        assert fetcher.get("http://news.example/a", '"1"\r\nX-Evil: 1', "2024\n") is not None
        assert fetcher.get("http://news.example/a", "“1”", "") is not None
    for request in site.requests:
        assert "Evil" not in request
        assert "If-" not in request


def test_behind_a_redirect_no_date_is_sent(site: Site, world: World) -> None:
    site.put("/a", redirect("/b"))
    site.put("/b", answer())
    with world.fetcher() as fetcher:
        fetcher.get("http://news.example/a", '"1"', "Tue, 14 Nov 2023 22:13:30 GMT")
    assert 'If-None-Match: "1"' in site.requests[-1]
    assert "If-Modified-Since" not in site.requests[-1]


def test_a_closed_fetcher_is_not_used(world: World) -> None:
    with world.fetcher() as fetcher:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        fetcher.get("http://news.example/a")


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of its own for ``news.example``, in one file."""
    openssl = which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    names = "subjectAltName=DNS:news.example"
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    files = "-keyout key.pem -out certificate.pem"
    subprocess.run(
        [openssl, *options.split(), *files.split(), "-subj", "/CN=news.example", "-addext", names],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[World]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda connection, name, context: names.append(name)
    site = Site()
    with serving(site, context):
        world = World(site, {"news.example": [PUBLIC], "other.example": [PUBLIC]})
        world.tls = ssl.create_default_context(cafile=certificate.with_name("certificate.pem"))
        yield world
        assert names.count("news.example") + names.count("other.example") == len(names)


def test_a_certificate_is_checked_against_the_name(secure: World) -> None:
    secure.site.put("/a", answer())
    assert get(secure, "https://news.example/a").url == "https://news.example/a"
    assert secure.connections == [(PUBLIC, 443)] * 2
    message = refused(secure, "https://other.example/a")
    assert "the certificate of other.example is not valid" in message


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: World) -> None:
    secure.tls = None
    assert "the certificate of news.example is not valid" in refused(
        secure, "https://news.example/a"
    )


def test_a_redirect_from_https_to_http_is_refused(secure: World) -> None:
    secure.site.put("/a", redirect("http://news.example/b"))
    message = refused(secure, "https://news.example/a")
    assert "leads to http://news.example/b, which is not encrypted" in message
    assert secure.site.paths == ["/a"]


def test_tls_with_a_server_that_has_none_says_so(site: Site, world: World) -> None:
    site.greeting = b"220 mail.news.example ESMTP\r\n"
    message = refused(world, "https://news.example/a")
    assert "does not speak TLS" in message or "cannot be reached" in message


def test_importing_the_package_loads_no_parser() -> None:
    code = (
        "import sys, pullquote.ingest.fetch, pullquote.ingest.fetch.discover; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"feedparser", "lxml", "idna", "numpy"} & set(done.stdout.split()) == set()
