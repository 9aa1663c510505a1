"""Conversations in a browser, with and without a language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from pullquote.cli import main
from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from tests.support.adding import Page as Served
from tests.support.adding import serving_page
from tests.support.browser import Pages, skip_without_chromium
from tests.support.chat import ask_in_chat, open_chat
from tests.support.indexes import write_corpus
from tests.support.inprocess import serving_index
from tests.support.waiting import until
from tests.support.writer import ENDLESS, Piece, Script, scripted

skip_without_chromium()

pytestmark = pytest.mark.browser

#: What is asked, how it is understood, and words of the sentence that answers. The article tells of
#: no announcement by Microsoft.
TURNS = (
    ("What did IBM announce?", None, "IBM said it would move out"),
    ("Why?", "Why did IBM announce that?", "noting concerns about how"),
    ("And Microsoft?", "What did Microsoft announce?", None),
    ("How long is Amazon's ban?", None, "Amazon banned police use"),
)


MILL = {"opening.txt": "The mill opened in 1901.", "owner.txt": "Ada Kerr owned the mill."}


@pytest.fixture
def open_page(pages: Pages) -> Iterator[Callable[[str], Page]]:
    with pages.lending() as lend:

        def new(address: str) -> Page:
            clipboard = ["clipboard-read", "clipboard-write"]
            return open_chat(lend({"width": 1280, "height": 900}, permissions=clipboard), address)

        yield new


def test_four_turns_without_a_language_model(open_page: Callable[[str], Page], server: str) -> None:
    page = open_page(server)
    for question, understood, words in TURNS:
        ask_in_chat(page, question)
        answer = page.locator("#pq-chat .bot-row").last
        if words:
            expect(answer.locator("blockquote").filter(has_text=words).first).to_be_visible()
        else:
            expect(answer).to_contain_text("The articles don’t say.")
        if understood:
            expect(answer.locator(".pq-understood q")).to_have_text(understood)
        else:
            expect(answer.locator(".pq-understood")).to_have_count(0)
    expect(page.locator(".pq-written")).to_have_count(0)


def test_a_sentence_is_shown_as_soon_as_it_has_passed_and_never_before(
    open_page: Callable[[str], Page],
    index_folder: Path,
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    true, false = (
        "Amazon banned police use of its face-recognition technology for a year [1]. ",
        "It was banned for 9 years [1].",
    )
    seen = Event()
    pieces: list[Piece] = [true, false[:20], seen, false[20:], " ", " "]
    with (
        scripted(Script(pieces, then=[false])) as writer,
        serving_index(
            index_folder, real_embedder, writer=writer, writer_model="scripted"
        ) as address,
    ):
        page = open_page(address)
        page.evaluate(
            """() => { window.seen = []; new MutationObserver(() => window.seen.push(
            document.querySelector("#pq-chat").textContent)).observe(document.body,
            { childList: true, subtree: true, characterData: true }); }"""
        )
        page.get_by_label("Your question").fill("How long is Amazon's ban?")
        page.keyboard.press("Enter")
        written = page.locator(".pq-written")
        expect(written).to_contain_text("technology for a year.")
        # The rest is still being written.
        expect(page.get_by_role("button", name="Good answer")).to_have_count(0)
        seen.set()
        expect(page.get_by_role("button", name="Good answer")).to_be_visible()
        expect(page.locator("#pq-chat")).to_contain_text("was not supported by the quotes")
        assert not any("9 years" in item for item in page.evaluate("window.seen"))
        written.get_by_role("link").click()
        expect(page.locator("mark.pq-active")).to_contain_text("for a year")


def test_each_sentence_names_its_article_where_an_answer_is_of_two(
    open_page: Callable[[str], Page],
    tmp_path: Path,
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    corpus = write_corpus(tmp_path / "corpus", MILL)
    said = ["In 1901 the mill opened", "The mill was owned by Ada Kerr"]
    indexing.update([corpus], tmp_path / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    with (
        scripted(Script([f"{said[0]} [1].\n", f"{said[1]} [2].\n"])) as writer,
        serving_index(
            tmp_path / "index", real_embedder, writer=writer, writer_model="scripted"
        ) as address,
    ):
        page = open_page(address)
        ask_in_chat(page, "When did the mill open, and who owned the mill?")
        credits = page.locator(".pq-written .pq-credit")
        expect(credits).to_have_text(["— Opening", "— Owner"])
        expect(page.get_by_text("Note: a language model wrote")).to_be_visible()
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.locator("#pq-said")).to_have_text("Copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
    assert f"{said[0]}. [1]\n— Opening\n\n{said[1]}. [2]\n— Owner\n\n" in copied


TEXTS = {"mill.txt": "The mill opened in 1901.", "tram.txt": "The tram opened in 1923."}


def _serving_slowly(tmp_path: Path, writer: str) -> AbstractContextManager[Served]:
    return serving_page(tmp_path, TEXTS, writer=writer, writer_model="scripted")


@pytest.mark.usefixtures("stand_in")
def test_a_new_conversation_stops_the_model_and_is_empty(
    open_page: Callable[[str], Page], tmp_path: Path
) -> None:
    endless = Script(ENDLESS, pause=0.05, then=["It opened in 1923 [1]."])
    with scripted(endless) as writer, _serving_slowly(tmp_path, writer) as served:
        page = open_page(served.address)
        box = page.get_by_label("Your question")
        box.fill("When did the mill open?")
        page.keyboard.press("Enter")
        expect(page.locator(".pq-searching")).to_be_visible()
        until(lambda: bool(endless.prompts))
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator("#pq-chat .user-row")).to_have_count(0)
        assert endless.left.wait(60)
        # The next question does not wait for the one before it, whose answer never comes.
        ask_in_chat(page, "When did the tram open?")
        expect(page.locator("#pq-chat .bot-row")).to_contain_text("The tram opened in 1923.")
        expect(page.locator("#pq-chat .user-row")).to_have_text(["When did the tram open?"])


@pytest.mark.usefixtures("stand_in")
def test_an_answer_that_was_on_its_way_leaves_a_new_conversation_empty(
    open_page: Callable[[str], Page], tmp_path: Path
) -> None:
    endless = Script(ENDLESS, pause=0.05)
    late: list[tuple[Route, APIResponse]] = []

    def hold_back(route: Route) -> None:
        response = route.fetch()
        # What is there of the answer, which is fetched again and again: the first time.
        if not late and "pq-searching" in response.text() and endless.prompts:
            late.append((route, response))
        else:
            route.fulfill(response=response)

    with scripted(endless) as writer, _serving_slowly(tmp_path, writer) as served:
        page = open_page(served.address)
        page.route("**/run/predict*", hold_back)
        with page.expect_event("request", lambda _: bool(late)):
            page.get_by_label("Your question").fill("When did the mill open?")
            page.keyboard.press("Enter")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator("#pq-chat .user-row")).to_have_count(0)
        page.evaluate(
            """() => new MutationObserver(() => {
            window.isDrawn ||= document.querySelector("#pq-chat .user-row") !== null;
            }).observe(document.body, { childList: true, subtree: true })"""
        )
        (route, response) = late[0]
        route.fulfill(response=response)
        # It is drawn, and the page sees that it comes too late.
        page.wait_for_function("window.isDrawn")
        page.unroute_all(behavior="wait")
        expect(page.locator("#pq-chat .user-row")).to_have_count(0)
        expect(page.locator("mark")).to_have_count(0)


@pytest.mark.usefixtures("stand_in")
def test_while_the_server_is_away_nothing_is_lost_and_then_asking_works_again(
    open_page: Callable[[str], Page], tmp_path: Path
) -> None:
    with serving_page(tmp_path, TEXTS) as served:
        page = open_page(served.address)
        ask_in_chat(page, "When did the mill open?")
    box = page.get_by_label("Your question")
    box.fill("When did the tram open?")
    page.keyboard.press("Enter")
    told = page.get_by_role("alert").filter(has_text="The server cannot be reached.")
    expect(told).to_be_visible()
    expect(page.locator(".toast-body")).to_be_hidden()
    expect(box).to_have_value("When did the tram open?")
    below, above = page.locator("#pq-question").bounding_box(), told.bounding_box()
    assert below is not None
    assert above is not None
    assert above["y"] + above["height"] <= below["y"]
    with serving_page(tmp_path, TEXTS, port=int(served.address.rpartition(":")[2])):
        expect(told).to_have_count(0)
        expect(page.locator("#pq-chat .bot-row")).to_contain_text("The mill opened in 1901.")
        expect(box).to_have_value("When did the tram open?")
        box.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#pq-chat .bot-row")).to_have_count(2)
        expect(page.locator("#pq-chat .bot-row").last).to_contain_text("The tram opened in 1923.")


@pytest.mark.usefixtures("stand_in")
def test_a_server_that_was_started_anew_goes_on_with_the_conversation(
    open_page: Callable[[str], Page], tmp_path: Path
) -> None:
    with serving_page(tmp_path, TEXTS) as served:
        page = open_page(served.address)
        ask_in_chat(page, "When did the mill open?")
    with serving_page(tmp_path, TEXTS, port=int(served.address.rpartition(":")[2])):
        page.get_by_label("Your question").fill("When did the tram open?")
        page.keyboard.press("Enter")
        asked = page.locator("#pq-chat .user-row")
        expect(asked).to_have_text(["When did the mill open?", "When did the tram open?"])
        expect(page.locator("#pq-chat .bot-row").last).to_contain_text("The tram opened in 1923.")


def test_what_was_understood_can_be_put_right(
    open_page: Callable[[str], Page], server: str
) -> None:
    page = open_page(server)
    ask_in_chat(page, "What did IBM announce?")
    ask_in_chat(page, "Why?")
    page.get_by_role("button", name="Change").click()
    box = page.get_by_label("Your question")
    expect(box).to_have_value("Why did IBM announce that?")
    expect(box).to_be_focused()
    ask_in_chat(page, "Is Amazon's decision important?")
    ask_in_chat(page, "Who said that?")
    last = page.locator("#pq-chat .bot-row").last
    expect(last.locator("blockquote strong")).to_have_text("Clare Garvie")
    ask_in_chat(page, "show me more")
    expect(page.locator("#pq-chat .bot-row").last).to_contain_text("What the article says next")


def test_an_answer_is_saved_and_proved(
    open_page: Callable[[str], Page],
    server: str,
    index_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = open_page(server)
    ask_in_chat(page, "How long is Amazon's ban?")
    answer = page.locator("#pq-chat .bot-row").last
    for button, name in (("Save receipt", "answer.md"), ("Save as JSON", "answer.json")):
        answer.locator(".pq-more summary").click()
        with page.expect_download() as download:
            answer.get_by_role("button", name=button).click()
        file = tmp_path / download.value.suggested_filename
        assert file.name == name
        download.value.save_as(file)
        command = ["verify", str(file), "--corpus", str(index_folder.parent / "corpus")]
        command += ["--index", str(index_folder)]
        assert main(command) == 0
        assert capsys.readouterr().err == ""
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub("for a year", "for two years", text), encoding="utf-8")
        assert main(command) == 1
        assert "is not what the article says" in capsys.readouterr().out
