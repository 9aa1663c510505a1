"""The chat as a person uses it: a real server, the real model, a real Chromium."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from pullquote.config import BUNDLED_EMBEDDER, Settings
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.serve.feedback import Feedback
from tests.support.adding import serving_page
from tests.support.browser import (
    NOT_SAID,
    QUESTION,
    Pages,
    Serving,
    faults_in_both_schemes,
    feedback_file,
    skip_without_chromium,
)
from tests.support.chat import ask_in_chat, open_chat
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.inprocess import serving, serving_index

skip_without_chromium()

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(pages: Pages, server: str) -> Iterator[Callable[..., Page]]:
    with pages.lending() as lend:

        def new(address: str = server, **options: Any) -> Page:
            return open_chat(lend(**options), address)

        yield new


def _kept(index: Path) -> list[tuple[str, int, str, str]]:
    """Conversation, turn, verdict and question of every row, the oldest first."""
    with sqlite3.connect(feedback_file(index)) as connection:
        rows = "SELECT conversation, turn, verdict, question FROM verdicts ORDER BY rowid"
        return connection.execute(rows).fetchall()


def _press(page: Page, number: int = 1, answer: int = -1) -> None:
    page.locator("#pq-chat .bot-row").nth(answer).get_by_role(
        "link", name=f"Show quote {number} in", exact=False
    ).click()


def test_a_reader_asks_presses_the_citation_and_sees_the_sentence_marked(
    pages: Pages, index_folder: Path
) -> None:
    # In a process of its own, as a person starts it.
    with Serving(index_folder) as server, pages.lending() as lend:
        page = lend()
        hosts: set[str] = set()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        open_chat(page, server)
        ask_in_chat(page, QUESTION)
        answer = page.locator("#pq-chat .bot-row").last
        expect(answer.locator("blockquote").first).to_contain_text(NOT_SAID)
        _press(page)
        marked = page.locator("#pq-article mark.pq-active")
        expect(marked).to_have_text(NOT_SAID)
        expect(marked).to_be_in_viewport()
        expect(marked).to_be_focused()
        expect(marked.locator("strong")).to_have_text("did not say why it took action now")
    # Nothing is loaded from anywhere else.
    assert hosts - {""} == {urlsplit(server).netloc}


def test_html_and_templates_in_an_article_and_in_a_question_stay_text(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    question = "What did the keeper <img src=x onerror=alert(1)> paint *on* the ${alert(3)} door?"
    ask_in_chat(page, question)
    assert page.locator("#pq-chat .user-row").last.inner_text().strip() == question
    expect(page.locator("#pq-chat blockquote").first).to_contain_text(
        "The lighthouse keeper painted <img src=x onerror=alert(1)> on the door."
    )
    article = page.locator("#pq-article article").first
    expect(article.locator("h2")).to_have_text('<img src=x onerror=alert(1)> & "quotes"')
    expect(article).to_contain_text("He sold ${alert(2)} lanterns to {{value}} sailors in 1893.")
    expect(article).to_contain_text("The *storm* took `the roof` of [the lighthouse](x) in March.")
    assert page.locator("#pq-chat img, #pq-article img").count() == 0
    assert dialogs == []


def test_the_keyboard_alone_leads_to_the_sentence_and_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    page.get_by_label("Your question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Show quote 1 in Amazon rekognition")
    expect(link).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("mark.pq-active")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_an_earlier_answers_citation_brings_its_article_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    ask_in_chat(page, QUESTION)
    ask_in_chat(page, "What did the lighthouse keeper paint on the door?")
    expect(page.locator("#pq-article h2").first).to_contain_text("quotes")
    _press(page, answer=0)
    expect(page.locator("#pq-article mark.pq-active")).to_have_text(NOT_SAID)


def test_a_phone_never_scrolls_sideways(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 380, "height": 800})
    width = "[document.documentElement.scrollWidth, document.body.scrollWidth]"
    assert max(page.evaluate(width)) <= 380
    ask_in_chat(page, QUESTION)
    assert max(page.evaluate(width)) <= 380
    _press(page)
    expect(page.locator("mark.pq-active")).to_be_in_viewport()
    assert max(page.evaluate(width)) <= 380
    page.locator("#pq-article").evaluate("panel => panel.scrollTo(0, panel.scrollHeight)")
    back = page.get_by_role("button", name="Back to the answer")
    expect(back).to_be_in_viewport()
    back.click()
    expect(page.get_by_role("link", name="Show quote 1 in")).to_be_focused()


def test_a_question_that_cannot_be_asked_stays_in_the_box_and_says_why(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    box = page.get_by_label("Your question")
    long = "why " * 2500
    box.fill(long)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("at most 500 are read")
    assert box.input_value() == long
    box.fill("   ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("The question is empty")
    ask_in_chat(page, QUESTION)
    expect(page.locator("#pq-status .pq-error")).to_have_count(0)


def test_while_the_models_load_the_page_says_so_and_takes_the_question(
    open_page: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = Event()

    def load(_: str) -> HashingEmbedder:
        assert loaded.wait(60)
        return HashingEmbedder()

    monkeypatch.setattr(SentenceTransformersEmbedder, "open", load)
    settings = Settings(
        index=make_index(tmp_path, {"mill.txt": "The mill opened in 1901."}).folder,
        feedback=tmp_path / "feedback.sqlite",
        reader="similarity-1",
        embedder="hashing",
        refuse_below=0.0,
    )
    with serving(settings, waits=False) as address:
        page = open_page(address)
        expect(page.locator("#pq-status")).to_contain_text("Loading the models")
        page.get_by_label("Your question").fill("When did the mill open?")
        page.keyboard.press("Enter")
        expect(page.locator("#pq-chat .user-row")).to_have_count(1)
        loaded.set()
        said = "The mill opened in 1901."
        expect(page.locator("#pq-chat blockquote").first).to_contain_text(said)
        expect(page.locator("#pq-status .pq-status")).to_have_count(0)
        page.wait_for_timeout(1500)  # the page asks every second whether the models are there
        expect(page.locator("mark#pq-0-1")).to_have_text(said)


def test_what_is_typed_while_an_answer_is_made_stays_in_the_box(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    box = page.get_by_label("Your question")
    box.fill(QUESTION)
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    box.fill("How long is Amazon’s ban?")
    expect(page.get_by_role("group", name="Your verdict")).to_be_visible()
    page.wait_for_timeout(300)
    assert box.input_value() == "How long is Amazon’s ban?"
    page.keyboard.press("Enter")
    expect(page.locator("#pq-chat .bot-row")).to_have_count(2)


def test_whoever_scrolls_to_the_end_of_an_answer_is_left_there(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(viewport={"width": 380, "height": 600})
    ask_in_chat(page, QUESTION)
    expect(page.get_by_role("group", name="Your verdict")).to_be_attached()
    page.wait_for_timeout(500)
    log = page.get_by_role("log")
    room, place = "it => it.scrollHeight - it.clientHeight", "it => it.scrollTop"
    assert log.evaluate(room) - log.evaluate(place) > 100
    log.evaluate("it => it.scrollTo(0, it.scrollHeight)")
    page.wait_for_timeout(500)
    assert log.evaluate(room) - log.evaluate(place) < 2


MILL = """title: The mill
date: 2021-05-06
section: Business

The old mill on the river opened again in May. Its owner Anna Berg paid 40,000 euros for the roof.
"""

TEAM = """title: The team
date: 2019-02-03
section: Sport

The river team won the cup on Sunday. Its owner Karl Moos paid 90,000 euros for a goalkeeper.
"""


@pytest.fixture(scope="module")
def sections(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Iterator[str]:
    """The address of a server whose articles have sections."""
    folder = tmp_path_factory.mktemp("sections")
    corpus = write_corpus(folder / "corpus", {"mill.txt": MILL, "team.txt": TEAM})
    indexing.update([corpus], folder / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    with serving_index(folder / "index", real_embedder) as address:
        yield address


def _choose(page: Page, section: str) -> None:
    page.get_by_label("Section").click()
    page.get_by_role("option", name=section).click()


def test_only_the_articles_of_a_section_are_asked_until_the_filters_are_cleared(
    open_page: Callable[..., Page], sections: str
) -> None:
    page = open_page(sections, viewport={"width": 380, "height": 800})
    page.get_by_role("button", name="Filter articles").click()
    _choose(page, "Sport")
    ask_in_chat(page, "How much did the owner pay?")
    answer = page.locator("#pq-chat .bot-row").last
    expect(answer.locator(".pq-filters")).to_have_text("Only articles of Sport")
    expect(answer.locator("blockquote").first).to_contain_text("90,000 euros")
    assert "The mill" not in answer.inner_text()
    _choose(page, "Business")
    ask_in_chat(page, "How much did the owner pay?")
    expect(answer.locator("blockquote").first).to_contain_text("40,000 euros")
    assert "The team" not in answer.inner_text()
    page.get_by_label("From").fill("2030-01-01")
    ask_in_chat(page, "Who won the cup on Sunday?")
    expect(answer.locator(".pq-filters")).to_have_text(
        "Only articles of Business, from 2030-01-01 on. Clear the filters to ask all articles."
    )
    assert faults_in_both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#pq-chat .user-row")).to_have_count(0)
    expect(page.get_by_label("From")).to_have_value("2030-01-01")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_label("From")).to_have_value("")
    expect(page.get_by_label("Section")).to_have_value("All")
    ask_in_chat(page, "Who won the cup on Sunday?")
    expect(answer.locator("blockquote").first).to_contain_text("The river team won the cup")
    expect(answer.locator(".pq-filters")).to_have_count(0)


def test_filters_that_no_article_can_pass_are_told_and_the_question_stays_in_the_box(
    open_page: Callable[..., Page], sections: str
) -> None:
    page = open_page(sections, viewport={"width": 1280, "height": 600})
    page.get_by_role("button", name="Filter articles").click()
    for label, day in (("From", "2024-05-01"), ("Until", "2024-01-31")):
        # The browser's own picker.
        expect(page.get_by_label(label)).to_have_attribute("type", "date")
        page.get_by_label(label).fill(day)
    box = page.get_by_label("Your question")
    box.fill("Who won the cup?")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert").first
    expect(alert).to_have_text(
        "No article is from 2024-05-01 on and up to 2024-01-31: turn the dates round."
    )
    expect(alert).to_be_in_viewport()
    expect(box).to_have_value("Who won the cup?")
    expect(page.locator("#pq-chat .user-row")).to_have_count(0)


@pytest.mark.usefixtures("stand_in")
def test_one_article_has_nothing_to_filter(open_page: Callable[..., Page], tmp_path: Path) -> None:
    with serving_page(tmp_path, {"mill.txt": MILL}) as served:
        page = open_page(served.address)
        expect(page.locator("#pq-article article")).to_be_visible()
        expect(page.get_by_text("Filter articles")).to_have_count(0)


@pytest.fixture
def feedback(index_folder: Path) -> Iterator[Path]:
    """The index folder, with no feedback beside it."""
    feedback_file(index_folder).unlink(missing_ok=True)
    yield index_folder
    feedback_file(index_folder).unlink(missing_ok=True)


def _verdict(page: Page, name: str, answer: int = -1) -> Locator:
    return (
        page.locator("#pq-chat .bot-row")
        .nth(answer)
        .get_by_role("group", name="Your verdict")
        .get_by_role("button", name=name)
    )


def _expect_pressed(page: Page, names: str, answer: int = -1) -> None:
    for name in ("Good answer", "Bad answer", "Wrong citation"):
        pressed = "true" if name in names else "false"
        expect(_verdict(page, name, answer)).to_have_attribute("aria-pressed", pressed)


def test_a_verdict_is_kept_replaced_and_taken_back(
    open_page: Callable[..., Page], feedback: Path
) -> None:
    page = open_page()
    ask_in_chat(page, QUESTION)
    _expect_pressed(page, "")
    assert not feedback_file(feedback).exists()
    _verdict(page, "Good answer").click()
    _expect_pressed(page, "Good answer")
    [(conversation, *row)] = _kept(feedback)
    assert row == [0, "up", QUESTION]
    _verdict(page, "Wrong citation").click()
    _expect_pressed(page, "Wrong citation")
    assert _kept(feedback) == [(conversation, 0, "wrong_citation", QUESTION)]
    _verdict(page, "Wrong citation").click()
    _expect_pressed(page, "")
    assert _kept(feedback) == []


def test_a_complaint_takes_a_comment_by_keyboard(
    open_page: Callable[..., Page], feedback: Path
) -> None:
    page = open_page()
    ask_in_chat(page, QUESTION)
    box = page.get_by_label("What is wrong?")
    expect(box).to_be_hidden()
    _verdict(page, "Good answer").click()
    _expect_pressed(page, "Good answer")
    expect(box).to_be_hidden()
    _verdict(page, "Bad answer").press("Enter")
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.type("<b>Too</b> short.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-thanks")).to_have_text("Thank you. This was kept.")
    expect(box).to_be_hidden()
    (kept,) = Feedback(feedback_file(feedback)).entries()
    assert (kept.verdict, kept.comment) == ("down", "<b>Too</b> short.")
    _verdict(page, "Bad answer").click()
    _expect_pressed(page, "")
    expect(page.locator(".pq-thanks")).to_have_text("")
    assert Feedback(feedback_file(feedback)).entries() == ()


def test_a_verdict_belongs_to_its_own_answer_and_conversation(
    open_page: Callable[..., Page], feedback: Path
) -> None:
    page = open_page()
    ask_in_chat(page, QUESTION)
    ask_in_chat(page, "How long is Amazon’s ban?")
    _verdict(page, "Bad answer", answer=0).click()
    _expect_pressed(page, "Bad answer", answer=0)
    _verdict(page, "Good answer", answer=1).click()
    _expect_pressed(page, "Good answer", answer=1)
    ask_in_chat(page, "Who is Clare Garvie?")  # all answers are drawn anew
    _expect_pressed(page, "Bad answer", answer=0)
    _expect_pressed(page, "Good answer", answer=1)
    _expect_pressed(page, "", answer=2)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#pq-chat .bot-row")).to_have_count(0)
    ask_in_chat(page, QUESTION)
    _expect_pressed(page, "")
    _verdict(page, "Good answer").click()
    _expect_pressed(page, "Good answer")
    (first, *row0), (second, *row1), (third, *row2) = _kept(feedback)
    assert first == second != third
    assert [row0, row1] == [[0, "down", QUESTION], [1, "up", "How long is Amazon’s ban?"]]
    assert row2 == [0, "up", QUESTION]


def test_what_a_page_makes_up_is_no_verdict(open_page: Callable[..., Page], feedback: Path) -> None:
    page = open_page()
    ask_in_chat(page, QUESTION)
    made_up: list[object] = [
        "1-up",
        "999999-up",
        "0-great",
        "0-up'; --",
        "-1-up",
        "",
        None,
        5,
        {"a": "0-up"},
    ]
    made_up += [{"verdict": ["0-up"], "comment": "x"}, {"verdict": "7-down", "comment": {}}]
    for detail in made_up:
        page.evaluate("detail => pq.act('like', detail)", detail)
    _verdict(page, "Bad answer").click()
    _expect_pressed(page, "Bad answer")
    page.wait_for_timeout(300)
    assert [row[1:] for row in _kept(feedback)] == [(0, "down", QUESTION)]
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_store_that_cannot_be_used_is_told_and_the_conversation_goes_on(
    open_page: Callable[..., Page], feedback: Path
) -> None:
    feedback_file(feedback).write_bytes(b"no database " * 100)
    page = open_page()
    ask_in_chat(page, QUESTION)
    _verdict(page, "Good answer").click()
    expect(page.locator("#pq-status .pq-error")).to_contain_text("is damaged")
    _expect_pressed(page, "")
    ask_in_chat(page, "How long is Amazon’s ban?")
    expect(page.locator("#pq-status .pq-error")).to_have_count(0)


def test_verdicts_are_given_by_keyboard_and_big_enough_for_a_finger(
    open_page: Callable[..., Page], feedback: Path
) -> None:
    page = open_page(viewport={"width": 380, "height": 800})
    ask_in_chat(page, QUESTION)
    for name in ("Good answer", "Bad answer", "Wrong citation"):
        box = _verdict(page, name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    _verdict(page, "Bad answer").focus()
    page.keyboard.press("Shift+Tab")
    expect(_verdict(page, "Good answer")).to_be_focused()
    page.keyboard.press("Space")
    _expect_pressed(page, "Good answer")
    expect(_verdict(page, "Good answer")).to_be_focused()
    colour = "it => getComputedStyle(it).backgroundColor"
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body.dark")).to_have_count(int(scheme == "dark"))
        # The colour may take a moment to change.
        other = _verdict(page, "Bad answer").evaluate(colour)
        expect(_verdict(page, "Good answer")).not_to_have_css("background-color", other)


def test_an_answer_without_citations_has_no_wrong_one(
    open_page: Callable[..., Page], feedback: Path
) -> None:
    page = open_page()
    ask_in_chat(page, "Which vitamins are in a ripe banana?")
    expect(_verdict(page, "Good answer")).to_be_visible()
    expect(_verdict(page, "Wrong citation")).to_have_count(0)
