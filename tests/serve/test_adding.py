"""Articles are added in the page by those who may, and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pullquote.config import Settings
from pullquote.errors import AddingError, PullquoteError
from pullquote.index import embed
from pullquote.index import update as indexing
from pullquote.index.catalog import Catalog
from pullquote.index.manifest import Manifest
from pullquote.index.writing import writing
from pullquote.serve import adding, opening
from pullquote.serve.api import adding_access, bodies
from tests.support.adding import Page, serving_page
from tests.support.incomplete import PAGE
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.opened import Opened
from tests.support.waiting import until
from tests.support.websites import Site, answer, serving

TEXTS = {"mill.txt": "The mill opened in 1901. Its roof leaked."}
FERRY = b"title: The ferry\n\nThe ferry sank in 1912. Nobody was hurt."
HTML = """<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1>
<p>The bridge over the Calder was built by Ada Moreau in 1887, and it has nine arches of brick.</p>
<p>It was closed in 1954 after a flood, and was opened again to walkers twelve years later.</p>
</article></body></html>"""


@pytest.fixture(scope="module", autouse=True)
def _stand_in() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "LOOK_EVERY", 0.02)
        patch.setattr(opening, "KEEP_FOR", 0.2)
        patch.setattr(opening, "SETTLES_IN", 1.0)
        patch.setattr(embed.SentenceTransformersEmbedder, "open", lambda name: HashingEmbedder())
        yield


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory, _stand_in: None) -> Iterator[Page]:
    """A page that nothing is added to."""
    with serving_page(tmp_path_factory.mktemp("steady"), TEXTS) as page:
        yield page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with serving_page(tmp_path, TEXTS) as page:
        yield page


def reindexed(page: Page) -> Manifest:
    """The index after another run of ``pullquote index``."""
    folder = page.corpus.parent / "index"
    indexing.update([page.corpus], folder, "hashing", lambda _: HashingEmbedder())
    return Manifest.read(folder)


def code_of(told: tuple[int, dict[str, dict[str, str]]]) -> tuple[int, str]:
    return told[0], told[1]["error"]["code"]


def test_whoever_adds_a_page_is_told_if_its_text_may_not_be_whole(page: Page) -> None:
    _, done = page.file("fish.html", PAGE.encode())
    assert done["text"] == (
        "Added: Fish market to close. 35 words of the source may be missing from the text."
    )


def test_a_file_is_an_article_at_once_and_for_good(page: Page) -> None:
    assert page.state()["may"] == "add"
    status, done = page.file("ferry.txt", FERRY)
    assert (status, done["type"], done["text"]) == (200, "done", "Added: The ferry")
    assert done["documents"] == ["added/ferry.txt"] == page.state()["documents"]
    assert (page.corpus / "added" / "ferry.txt").read_bytes() == FERRY
    assert page.listed() == {"mill.txt", "added/ferry.txt"}
    status, text = page.send(
        "POST",
        "/api/ask",
        json.dumps({"question": "When did the ferry sink?"}).encode(),
        Content_Type="application/json",
    )
    assert json.loads(text)["citations"][0]["document_id"] == "added/ferry.txt"
    assert reindexed(page).articles == 2


def test_progress_is_told_on_the_way(page: Page) -> None:
    _, text = page.send("POST", "/api/added/file?name=ferry.txt", FERRY)
    told = [json.loads(part.partition("data: ")[2]) for part in text.strip().split("\n\n")]
    assert [part["type"] for part in told[:-1]] == ["progress"] * (len(told) - 1)
    words = [part["text"] for part in told[:-1]]
    assert words[0] == "Reading the file"
    assert "Indexing: 1 of 2 files read" in words
    assert words[-2:] == ["Writing the index", "Opening the new index"]


def test_a_pasted_text_is_a_file_below_its_title(page: Page) -> None:
    text = "The storm took the roof.\x07 It was Monday."
    assert page.post("text", {"title": "A storm/../x", "text": text})[1]["type"] == "done"
    assert page.post("text", {"text": "A whale swam up the river on Friday."})[1]["type"] == "done"
    assert {path.name: path.read_text("utf-8") for path in (page.corpus / "added").iterdir()} == {
        "A-storm-..-x.txt": "title: A storm/../x\n\nThe storm took the roof. It was Monday.\n",
        "A-whale-swam-up-the-river-on-Friday.txt": "A whale swam up the river on Friday.\n",
    }


@pytest.mark.slow
def test_an_address_is_in_the_indexs_own_list(tmp_path: Path) -> None:
    site = Site()
    site.put("/bridge", answer(HTML.encode()))
    with serving(site), serving_page(tmp_path, TEXTS, private_hosts=("127.0.0.1",)) as page:
        address = f"http://127.0.0.1:{site.port}/bridge"
        _, done = page.post("address", {"url": f" {address} "})
        assert (done["type"], done["documents"]) == ("done", [address])
        assert page.listed() == {"mill.txt", address}
        asked = len(site.paths)
        # What is there already is not fetched again for the sake of another one.
        page.file("ferry.txt", FERRY)
        assert len(site.paths) == asked
        told = page.post("address", {"url": address})
        assert told[1]["error"]["message"] == f"{address} is among the articles already."
        folder = tmp_path / "index"
        for rebuild in (False, True):
            indexing.update(
                [page.corpus],
                folder,
                "hashing",
                lambda _: HashingEmbedder(),
                private_hosts=("127.0.0.1",),
                rebuild=rebuild,
            )
            assert Manifest.read(folder).added == (address,)
            assert address in Catalog.open(folder).ids()
        page.post("remove", {"document_id": address})
        assert Manifest.read(folder).added == ()
        # Who adds it again wants it.
        assert page.post("address", {"url": address})[1]["documents"] == [address]


@pytest.mark.slow
def test_what_is_taken_out_is_gone_for_good(page: Page) -> None:
    page.file("ferry.txt", FERRY)
    _, done = page.post("remove", {"document_id": "added/ferry.txt"})
    assert done["text"] == "Removed. No answer cites it from now on."
    assert page.listed() == {"mill.txt"}
    assert list((page.corpus / "added").iterdir()) == []
    folder = page.corpus.parent / "index"
    # SQLite's log is emptied when nobody reads the state of before any more.
    until(lambda: not (folder / "index.sqlite-wal").stat().st_size)
    for path in folder.rglob("*"):
        assert path.is_dir() or b"The ferry sank" not in path.read_bytes()
    # Also when the file comes back from somewhere; only who adds it in the page wants it.
    (page.corpus / "added" / "ferry.txt").write_bytes(FERRY)
    assert reindexed(page).articles == 1
    (page.corpus / "added" / "ferry.txt").unlink()
    assert page.file("ferry.txt", FERRY)[1]["documents"] == ["added/ferry.txt"]


def test_only_what_was_added_here_is_taken_out_and_the_last_one_too(page: Page) -> None:
    assert (
        "was not added here"
        in page.post("remove", {"document_id": "mill.txt"})[1]["error"]["message"]
    )
    page.file("ferry.txt", FERRY)
    (page.corpus / "mill.txt").unlink()
    assert reindexed(page).articles == 1
    page.post("remove", {"document_id": "added/ferry.txt"})
    assert page.listed() == set()
    assert not (page.corpus / "added" / "ferry.txt").exists()
    assert page.file("ferry.txt", FERRY)[1]["documents"] == ["added/ferry.txt"]
    assert page.listed() == {"added/ferry.txt"}


def test_two_files_of_one_name_stand_beside_each_other(page: Page) -> None:
    assert page.file("ferry.txt", FERRY)[1]["documents"] == ["added/ferry.txt"]
    assert page.file("ferry.txt", FERRY + b" ")[1]["documents"] == ["added/ferry-2.txt"]
    told = page.file("ferry.txt", FERRY)[1]["error"]["message"]
    assert told == "This is among the articles already, as ferry.txt."
    assert (page.corpus / "added" / "ferry.txt").read_bytes() == FERRY


def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_written(steady: Page) -> None:
    before = sorted(steady.corpus.parent.rglob("*"))
    for name in ("../../x.txt", "/etc/x.txt", "x.txt\0.txt", "mill.exe"):
        status, told = steady.file(name, FERRY)
        assert (status, told["error"]["code"]) == (200, "not_added")
    assert sorted(steady.corpus.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty.txt was not added: it holds no text."),
        ("blank.md", b" \n\n", "blank.md was not added: it holds no text."),
        ("binary.txt", b"\0\1", "it is binary, not text"),
        ("broken.pdf", b"%PDF-1.4 nothing", "broken.pdf was not added: "),
        ("page.html", b"<html><body></body></html>", "page.html was not added: "),
    ],
)
def test_a_file_without_an_article_leaves_nothing_behind(
    steady: Page, name: str, data: bytes, reason: str
) -> None:
    manifest = Manifest.read(steady.corpus.parent / "index")
    _, told = steady.file(name, data)
    assert reason in told["error"]["message"]
    assert "\n" not in told["error"]["message"]
    assert not (steady.corpus / "added" / name).exists()
    assert Manifest.read(steady.corpus.parent / "index") == manifest
    assert not list((steady.corpus / "added").iterdir())


def test_a_text_without_words_is_refused(steady: Page) -> None:
    for text in ("", " \n ", "!?"):
        told = steady.post("text", {"title": "A title", "text": text})[1]["error"]["message"]
        assert told == "There is no text to be added: paste the article's."


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1/secret", "is not on the public internet"),
        ("http://169.254.169.254/latest/meta-data", "is not on the public internet"),
        ("http://[::1]/", "is not on the public internet"),
        ("file:///etc/passwd", "http"),
        ("not an address", "http"),
    ],
)
def test_a_private_address_is_not_fetched(steady: Page, address: str, reason: str) -> None:
    _, told = steady.post("address", {"url": address})
    assert reason in told["error"]["message"]
    assert Manifest.read(steady.corpus.parent / "index").added == ()


def test_a_feed_is_for_the_settings(tmp_path: Path) -> None:
    site = Site()
    feed = b"<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
    site.put("/feed", answer(feed, kind="application/rss+xml"))
    with serving(site), serving_page(tmp_path, TEXTS, private_hosts=("127.0.0.1",)) as page:
        _, told = page.post("address", {"url": f"http://127.0.0.1:{site.port}/feed"})
        assert (
            "it is a feed or a sitemap: name it in the setting 'urls'." in told["error"]["message"]
        )
        assert site.paths == ["/feed"]


def test_one_is_added_at_a_time_and_a_run_elsewhere_is_told(page: Page) -> None:
    with writing(page.corpus.parent / "index"):
        _, told = page.file("ferry.txt", FERRY)
    assert "Another `pullquote index` is writing" in told["error"]["message"]
    assert not (page.corpus / "added" / "ferry.txt").exists()


def test_nothing_is_taken_out_because_a_folder_is_not_there(page: Page) -> None:
    folder = page.corpus.parent / "index"
    manifest = Manifest.read(folder)
    page.corpus.rename(page.corpus.parent / "elsewhere")
    for told in (page.file("ferry.txt", FERRY), page.post("address", {"url": "https://a.invalid"})):
        assert "which is not there: put it back" in told[1]["error"]["message"]
    assert Manifest.read(folder) == manifest
    assert not page.corpus.exists()


def test_an_index_that_is_not_taken_up_is_told(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "_TAKING_UP", 0.2)
    monkeypatch.setattr(opening.Opening, "open_again", lambda self: False)
    _, told = page.file("ferry.txt", FERRY)
    assert told["error"]["message"] == (
        "The index has been changed, but this server still answers from the one before: see its "
        "log, or start it again."
    )


def test_an_index_that_another_run_changed_meanwhile_is_taken_up_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "_TAKING_UP", 0.0)
    index = make_index(tmp_path, TEXTS)
    settings = Settings(index=index.folder)

    def waits_for(generation: int) -> None:
        index.manifest = replace(index.manifest, generation=generation, digest="another")
        opened: Any = Opened(SimpleNamespace(index=index))  # type: ignore[arg-type]
        adding.Adding(opened, settings)._wait_until_taken_up()

    waits_for(index.manifest.generation + 1)
    with pytest.raises(AddingError):
        waits_for(index.manifest.generation - 2)


# Who may

FOREIGN = "https://evil.example"


def refused(page: Page, **headers: str) -> bool:
    """Whether a file is refused, with nothing written."""
    status, told = page.file("ferry.txt", FERRY, **headers)
    assert not (page.corpus / "added" / "ferry.txt").exists()
    assert status == 403
    assert set(told) == {"error"}
    return True


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Pullquote_Token": ""},
        {"X_Pullquote_Token": "guessed"},
        {"X_Pullquote_Token": "é"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": FOREIGN},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "127.0.0.1.evil.example", "Origin": "http://127.0.0.1.evil.example"},
        {"Forwarded": "for=203.0.113.7"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"X_Forwarded_Proto": "http"},
        {"X_Forwarded_Anything": "x"},
        {"Via": "1.1 proxy"},
        {"X_Real_IP": "127.0.0.1"},
        {"Connection": "close"},
        {"Connection": ""},
    ],
    ids=str,
)
def test_only_the_own_page_on_this_machine_with_its_token_adds(
    steady: Page, headers: dict[str, str]
) -> None:
    assert refused(steady, **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"Connection": "close"},
        {"Origin": FOREIGN},
        {"Sec_Fetch_Site": "cross-site"},
    ],
    ids=str,
)
def test_nobody_else_is_given_the_token(steady: Page, headers: dict[str, str]) -> None:
    _, text = steady.send("GET", "/api/added", **headers)
    assert steady.token not in text
    _, text = steady.send("GET", "/", **headers)
    assert steady.token not in text


def test_behind_nginx_that_says_nothing_of_itself_nobody_adds(steady: Page) -> None:
    """As ``proxy_pass`` alone passes a request on: nginx's own Host and Connection, HTTP/1.0.

    The one who sends it knows all else that is asked for.
    """
    body, path = FERRY, "/api/added/file?name=ferry.txt"
    assert steady.send("POST", path, body, 10, Connection="close")[0] == 403
    # Newer ones speak HTTP/1.1, and take Connection away.
    assert steady.send("POST", path, body, Connection="")[0] == 403
    assert steady.send("POST", path, body, 10)[0] == 403
    assert json.loads(steady.send("GET", "/api/added", None, 10, Connection="close")[1]) == {
        "may": "nothing"
    }
    assert not (steady.corpus / "added" / "ferry.txt").exists()


def test_a_form_of_a_foreign_page_adds_nothing(steady: Page) -> None:
    form = b"name=x"
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
    ):
        headers = {
            "Origin": FOREIGN,
            "Content_Type": kind,
            "Sec_Fetch_Site": "cross-site",
            "Sec_Fetch_Mode": "navigate",
            "X_Pullquote_Token": "",
        }
        assert steady.send("POST", "/api/added/text", form, **headers)[0] == 403
    preflight = {"Origin": FOREIGN, "Access_Control_Request_Method": "POST"}
    assert steady.send("OPTIONS", "/api/added/text", **preflight)[0] == 403


def test_gradios_own_upload_takes_nothing(steady: Page) -> None:
    for path in ("/gradio_api/upload", "/upload", "/gradio_api/file=x"):
        assert (
            steady.send("POST", path, FERRY, Content_Type="multipart/form-data; boundary=x")[0]
            == 404
        )


@pytest.mark.parametrize(
    "options",
    [
        {"origins": ("https://post.example",)},
        {"trusted_proxies": ("10.0.0.7",)},
        {"add_articles": False},
    ],
)
def test_a_server_for_others_adds_nothing_by_default(
    tmp_path: Path, options: dict[str, object]
) -> None:
    with serving_page(tmp_path, TEXTS, **options) as page:
        assert page.state() == {"may": "nothing"}
        assert page.token == ""
        assert refused(page)


def test_a_body_that_is_too_big_is_refused(steady: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_ADDED", 2_000_000)
    big = b"a" * 2_000_001
    assert steady.file("big.txt", big)[0] == 413
    # Who may not add has none of it kept, however big it is.
    assert steady.file("big.txt", big, X_Pullquote_Token="no")[0] == 403
    # What is no article is as small as any other request.
    assert steady.post("address", {"url": "x" * 20_000})[0] == 413
    assert not (steady.corpus / "added" / "ferry.txt").exists()


def test_a_field_that_is_unknown_or_too_long_is_refused(steady: Page) -> None:
    assert code_of(steady.post("text", {"text": "x", "path": "/etc"})) == (400, "invalid_request")
    assert code_of(steady.post("text", {"text": "x", "title": "x" * 501})) == (
        400,
        "invalid_request",
    )
    assert code_of(steady.post("text", {})) == (400, "invalid_request")


PASSWORD = "correct horse battery"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Page]:
    """A page on a server behind a proxy that asks for a password."""
    options = {"add_articles": True, "add_password": PASSWORD, "trusted_proxies": ("10.0.0.7",)}
    with serving_page(tmp_path, TEXTS, **options) as page:
        yield page


def test_with_the_setting_others_add_with_the_password(remote: Page) -> None:
    assert remote.state() == {"may": "password"}
    assert refused(remote)
    status, told = remote.post("password", {"password": PASSWORD})
    assert status == 200
    remote.token = told["token"]
    assert remote.state()["may"] == "add"
    assert remote.file("ferry.txt", FERRY)[1]["documents"] == ["added/ferry.txt"]


def test_a_password_is_tried_a_few_times_only(remote: Page) -> None:
    for _ in range(adding_access._TRIES):
        told = remote.post("password", {"password": "guess"})
        assert code_of(told) == (403, "wrong_password")
    assert code_of(remote.post("password", {"password": PASSWORD})) == (429, "too_many_requests")
    # A page of another site cannot try at all.
    assert remote.post("password", {"password": PASSWORD}, Origin=FOREIGN)[0] == 403


def test_who_is_at_the_machine_needs_no_password(tmp_path: Path) -> None:
    with serving_page(tmp_path, TEXTS, add_articles=True, add_password=PASSWORD) as page:
        assert page.state()["may"] == "add"
        assert page.state(X_Forwarded_For="203.0.113.7")["may"] == "add"  # it has the token
        page.token = ""
        assert page.state(X_Forwarded_For="203.0.113.7") == {"may": "password"}


def test_without_a_password_none_is_right() -> None:
    doorkeeper = adding_access.Doorkeeper(Settings())
    assert doorkeeper.token_for("") is None
    with pytest.raises(PullquoteError):
        Settings.load(Path("/nowhere"), {"PULLQUOTE_ADD_ARTICLES": "true"})
