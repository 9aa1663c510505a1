"""Adding articles in the page and taking them out again, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from tests.support.adding import serving_page
from tests.support.browser import (
    Pages,
    faults_in_both_schemes,
    serious_faults,
    skip_without_chromium,
    small_targets,
)
from tests.support.chat import ask_in_chat
from tests.support.indexes import make_index, write_corpus
from tests.support.inprocess import serving_index

skip_without_chromium()

pytestmark = pytest.mark.browser

TEXTS = {
    "mill.txt": "title: The mill\n\nThe mill opened in 1901. Its roof leaked for years.",
    "tram.txt": "title: The tram\n\nThe tram opened in 1923. It was painted green.",
}
FILE = "A text, Markdown, HTML, PDF, Word, EPUB or JSON file"
FERRY = b"title: The ferry\n\nThe ferry sank in the harbour in 1912. Nobody was hurt."


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Path:
    folder = tmp_path_factory.mktemp("adding")
    corpus = write_corpus(folder / "corpus", TEXTS)
    indexing.update([corpus], folder / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    return folder / "index"


@pytest.fixture(scope="module")
def address(index: Path, real_embedder: SentenceTransformersEmbedder) -> Iterator[str]:
    with serving_index(index, real_embedder) as address:
        yield address


@pytest.fixture
def open_list(pages: Pages) -> Iterator[Callable[..., Page]]:
    with pages.lending() as lend:

        def new(
            address: str, width: int = 1280, *, has_articles: bool = True, **options: Any
        ) -> Page:
            page = lend({"width": width, "height": 844}, **options)
            with page.expect_response("**/api/added"):
                page.goto(address)
            if width < 900:
                page.get_by_role("button", name="Articles", exact=True).click()
            if has_articles:
                expect(page.locator(".pq-item").first).to_be_visible()
            else:
                expect(page.locator("#pq-list .pq-count")).to_have_text(
                    "There are no articles yet."
                )
            return page

        yield new


def _titles(page: Page) -> list[str]:
    return sorted(page.locator("[data-all] .pq-item strong").all_inner_texts())


def _remove(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Remove {title}", exact=True).click()
    page.get_by_role("button", name=f"Remove for good? {title}", exact=True).click()
    expect(page.locator(".pq-line")).to_have_text("Removed. No answer cites it from now on.")


def test_a_file_is_added_asked_about_and_taken_out(
    open_list: Callable[..., Page], address: str, index: Path
) -> None:
    page = open_list(address)
    expect(page.locator(".pq-remove")).to_have_count(0)
    page.get_by_text("Add an article", exact=True).click()
    page.get_by_label(FILE, exact=True).set_input_files(_file("ferry.txt", FERRY))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".pq-line")).to_contain_text("Added: The ferry")
    expect(page.locator("[data-all] .pq-item")).to_have_count(3)
    assert (index.parent / "corpus" / "added" / "ferry.txt").read_bytes() == FERRY
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#pq-article h2")).to_have_text("The ferry")
    ask_in_chat(page, "When did the ferry sink?")
    expect(page.locator("#pq-chat .bot-row").last).to_contain_text("sank in the harbour in 1912")
    page.get_by_role("button", name="All articles").click()
    # Who leaves the button has thought again.
    page.get_by_role("button", name="Remove The ferry", exact=True).click()
    page.get_by_label("Search the articles").focus()
    expect(page.get_by_role("button", name="Remove The ferry", exact=True)).to_have_text("Remove")
    _remove(page, "The ferry")
    expect(page.locator("[data-all] .pq-item")).to_have_count(2)
    expect(page.get_by_label("Search the articles")).to_be_focused()
    assert not (index.parent / "corpus" / "added" / "ferry.txt").exists()


def test_a_text_is_pasted_with_the_keyboard_alone_and_stays_text(
    open_list: Callable[..., Page], address: str
) -> None:
    page = open_list(address)
    title = '<img src=x onerror=alert(1)> & "x"'
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    expect(page.get_by_text("Add an article", exact=True)).to_be_visible()
    page.get_by_label("Search the articles").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    page.get_by_label("Title", exact=True).focus()
    page.keyboard.type(title)
    page.keyboard.press("Tab")
    page.keyboard.insert_text("The keeper wrote <script>alert(2)</script> on the wall in 1893.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-line")).to_contain_text(f"Added: {title}")
    expect(page.locator("[data-all] .pq-item")).to_have_count(3)
    assert title in _titles(page)
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#pq-article")).to_contain_text("<script>alert(2)</script>")
    page.get_by_role("button", name="All articles").click()
    _remove(page, title)
    assert dialogs == []


def test_what_is_wrong_is_told_beside_the_box(open_list: Callable[..., Page], address: str) -> None:
    page = open_list(address)
    page.get_by_text("Add an article", exact=True).click()
    add = page.get_by_role("button", name="Add", exact=True)

    def told(label: str, sentence: str) -> None:
        add.click()
        box = page.get_by_label(label, exact=True)
        expect(page.locator(".pq-wrong:visible")).to_contain_text(sentence)
        expect(box).to_be_focused()
        expect(box).to_have_attribute("aria-invalid", "true")
        expect(box).to_have_accessible_description(page.locator(".pq-wrong:visible").inner_text())

    file = page.get_by_label(FILE, exact=True)
    told(FILE, "Choose a file first.")
    file.set_input_files(_file("mill.exe", FERRY))
    told(FILE, "'mill.exe' is not a text, Markdown, HTML, PDF")
    file.set_input_files(_file("empty.txt", b" "))
    told(FILE, "empty.txt was not added: it holds no text.")
    page.get_by_role("button", name="Address", exact=True).click()
    told("Address of a page", "Type the address of the page first.")
    page.get_by_label("Address of a page").fill("http://169.254.169.254/latest")
    told("Address of a page", "is not on the public internet")
    assert page.get_by_label("Address of a page").input_value() == "http://169.254.169.254/latest"
    page.get_by_role("button", name="Text", exact=True).click()
    told("Text", "Paste the text of the article first.")


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_article_is_added_in_the_page_itself_and_asked_about(
    open_list: Callable[..., Page], tmp_path: Path, width: int
) -> None:
    with serving_page(tmp_path, {}, examples=("When did the ferry sink?",)) as served:
        page = open_list(served.address, 1280, has_articles=False)
        page.set_viewport_size({"width": width, "height": 844})
        expect(page.get_by_role("heading", name="There are no articles yet")).to_be_visible()
        assert serious_faults(page) == []
        box = page.get_by_label("Your question")
        box.fill("When did the ferry sink?")
        page.keyboard.press("Enter")
        told = page.locator("#pq-status .pq-error")
        expect(told).to_contain_text("There are no articles to ask yet: add one in the page")
        expect(box).to_have_value("When did the ferry sink?")
        page.get_by_role("button", name="Add the first article", exact=True).click()
        file = page.get_by_label(FILE, exact=True)
        expect(file).to_be_visible()
        assert serious_faults(page) == []
        file.set_input_files(_file("ferry.txt", FERRY))
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".pq-line")).to_contain_text("Added: The ferry")
        expect(page.locator("[data-all] .pq-item")).to_have_count(1)
        if width < 900:
            page.locator(".pq-back", has_text=re.compile("^Back$")).click()
        # What can be asked of it is offered without loading the page again.
        expect(page.locator('[data-chips="start"] .pq-ask').first).to_be_visible()
        box.focus()
        page.keyboard.press("Enter")
        answer = page.locator("#pq-chat .bot-row")
        expect(answer).to_contain_text("sank in the harbour in 1912")
        expect(told).to_have_count(0)


@pytest.mark.usefixtures("stand_in")
def test_an_empty_page_takes_up_what_is_indexed_and_asks_nobody_who_may_not_add(
    open_list: Callable[..., Page], tmp_path: Path
) -> None:
    with serving_page(tmp_path, {}, add_articles=False) as served:
        page = open_list(served.address, has_articles=False)
        expect(page.get_by_text("Put files into the corpus folder")).to_be_visible()
        expect(page.get_by_role("button", name="Add the first article")).to_have_count(0)
        make_index(tmp_path, TEXTS)
        expect(page.locator("[data-all] .pq-item")).to_have_count(2)
        expect(page.get_by_role("heading", name="Ask about the articles")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_panel_is_for_fingers_and_for_all_eyes(
    open_list: Callable[..., Page], address: str, width: int
) -> None:
    page = open_list(address, width, has_touch=width < 900)
    page.get_by_text("Add an article", exact=True).click()
    page.get_by_label(FILE, exact=True).set_input_files(_file("ferry.txt", FERRY))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".pq-remove")).to_be_visible()
    for kind in ("Text", "Address", "File"):
        page.get_by_role("button", name=kind, exact=True).click()
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".pq-wrong:visible")).not_to_be_empty()
        # The colours are the same in all three.
        faults = faults_in_both_schemes(page) if kind == "File" else serious_faults(page)
        assert faults == []
        if width < 900:
            assert small_targets(page, "#pq-list") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    _remove(page, "The ferry")


@pytest.mark.usefixtures("stand_in")
def test_others_do_not_see_it(open_list: Callable[..., Page], tmp_path: Path) -> None:
    with serving_page(tmp_path, TEXTS, add_articles=False) as served:
        page = open_list(served.address)
        expect(page.locator(".pq-adding")).to_be_hidden()
        expect(page.get_by_text("Add an article")).to_have_count(0)


@pytest.mark.usefixtures("stand_in")
def test_others_are_asked_for_the_password(open_list: Callable[..., Page], tmp_path: Path) -> None:
    password = "correct horse battery"
    options = {"add_articles": True, "add_password": password, "trusted_proxies": ("10.0.0.7",)}
    with serving_page(tmp_path, TEXTS, **options) as served:
        page = open_list(served.address)
        page.get_by_text("Add an article", exact=True).click()
        expect(page.get_by_label(FILE, exact=True)).to_have_count(0)
        box = page.get_by_label("Password", exact=True)
        box.fill("guess")
        page.keyboard.press("Enter")
        expect(page.locator(".pq-wrong")).to_have_text("This is not the password.")
        box.fill(password)
        page.keyboard.press("Enter")
        page.get_by_label(FILE, exact=True).set_input_files(_file("ferry.txt", FERRY))
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".pq-line")).to_contain_text("Added: The ferry")
        _remove(page, "The ferry")
