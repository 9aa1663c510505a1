"""Articles, marks, keeping and sharing: the page as a person uses it, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from pullquote.answering.render.as_markdown import escape
from pullquote.config import Settings
from tests.support.adding import serving_page
from tests.support.browser import (
    NOT_SAID,
    QUESTION,
    Pages,
    faults_in_both_schemes,
    skip_without_chromium,
    small_targets,
)
from tests.support.chat import ask_in_chat, open_chat
from tests.support.places import ROOT

skip_without_chromium()

pytestmark = pytest.mark.browser

REFUSED = "Which vitamins are in a ripe banana?"


@pytest.fixture
def empty(pages: Pages) -> Iterator[Page]:
    """A page that may use the clipboard, where nothing is loaded yet."""
    with pages.lending() as lend:
        yield lend(permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def page(empty: Page, server: str) -> Page:
    open_chat(empty, server)
    expect(empty.locator(".pq-item").first).to_be_visible()
    return empty


def _titles(page: Page) -> list[str]:
    return page.locator("[data-all] .pq-item strong").all_inner_texts()


def test_the_list_has_all_articles_the_newest_first_and_is_searched(page: Page) -> None:
    hostile = '<img src=x onerror=alert(1)> & "quotes"'
    assert _titles(page) == [hostile, "Amazon rekognition"]
    expect(page.locator("#pq-list .pq-count")).to_have_text("2 articles")
    page.get_by_label("Search the articles").fill("AMAZON 2020-06")
    expect(page.locator("#pq-list .pq-count")).to_have_text("1 article found")
    assert _titles(page) == ["Amazon rekognition"]
    page.get_by_label("Search the articles").fill("zebra")
    expect(page.locator("#pq-list .pq-count")).to_have_text("0 articles found")
    assert page.locator("#pq-list img").count() == 0


def test_an_article_is_opened_by_keyboard_and_the_answers_own_stand_on_top(page: Page) -> None:
    item = page.get_by_role("button", name="Amazon rekognition")
    item.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pq-article h2")).to_have_text("Amazon rekognition")
    expect(page.locator("#pq-article mark")).to_have_count(0)
    ask_in_chat(page, QUESTION)
    page.get_by_role("button", name="All articles").click()
    top = page.locator(".pq-items section").first
    expect(top.locator("h3")).to_have_text("In this answer")
    expect(top.locator("strong")).to_have_text("Amazon rekognition")
    page.locator("[data-all] .pq-item").first.click()
    expect(page.locator("#pq-article h2")).to_contain_text("quotes")
    page.get_by_role("button", name="All articles").click()
    page.locator("[data-all] .pq-item").last.click()
    # Opened again, it has its marks.
    expect(page.locator("#pq-article mark")).to_have_count(3)
    page.get_by_role("button", name="Summarize").click()
    expect(page.locator("#pq-chat .user-row").last).to_contain_text(
        "Summarize “Amazon rekognition”"
    )
    expect(page.locator("#pq-chat .pq-answer").last).to_contain_text("say the most of")


def test_a_new_answers_first_quote_is_in_sight_marked_and_numbered(page: Page) -> None:
    ask_in_chat(page, "How many US agencies did Clare Garvie find?")
    mark = page.locator("#pq-article mark.pq-active")
    expect(mark).to_be_in_viewport()
    expect(page.get_by_label("Your question")).to_be_focused()
    number = "mark => getComputedStyle(mark, '::before').content"
    assert mark.evaluate(number) == '"1"'
    assert mark.inner_text() == mark.evaluate("mark => mark.textContent")


def test_the_closest_sentences_of_a_refusal_do_not_look_like_evidence(page: Page) -> None:
    ask_in_chat(page, QUESTION)
    ask_in_chat(page, REFUSED)
    answer = page.locator("#pq-chat .bot-row").last
    expect(answer.get_by_text("The articles don’t say.")).to_be_visible()
    colour = "mark => getComputedStyle(mark).backgroundColor"
    near = page.locator("#pq-article mark.pq-near").last
    evidence = page.locator("#pq-article mark:not(.pq-near)")
    expect(near).to_be_attached()
    assert evidence.count() == 0
    line = "quote => getComputedStyle(quote).borderInlineStartStyle"
    quote = answer.locator("details.pq-closest blockquote").first
    expect(quote).to_be_hidden()
    answer.locator(".pq-closest summary").click()
    expect(quote).to_be_visible()
    assert quote.evaluate(line) == "dotted"
    assert near.evaluate(colour) != "rgb(255, 243, 176)"


def test_a_new_conversation_clears_all_and_is_kept_nowhere(page: Page) -> None:
    ask_in_chat(page, QUESTION)
    expect(page.locator("#pq-article mark").first).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#pq-chat .user-row")).to_have_count(0)
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_text("Ask about the articles").first).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    ask_in_chat(page, "How long is Amazon’s ban?")
    expect(page.locator("mark.pq-active")).to_contain_text("for a year")


def test_a_conversation_survives_a_reload_in_its_own_browser_alone(
    page: Page, pages: Pages, server: str
) -> None:
    ask_in_chat(page, "Who is Clare Garvie?")
    ask_in_chat(page, "Where does she work?")
    page.reload()
    expect(page.locator("#pq-chat .bot-row")).to_have_count(2)
    expect(page.locator("#pq-chat .bot-row").last).to_contain_text("Georgetown University")
    expect(page.locator("#pq-chat .user-row").first).to_contain_text("Who is Clare Garvie?")
    with pages.lending() as lend:
        second = open_chat(lend(), server)
        expect(second.locator(".pq-item").first).to_be_visible()
        assert second.locator("#pq-chat .user-row, #pq-chat .bot-row, mark").count() == 0
        ask_in_chat(second, QUESTION)
    expect(page.locator("#pq-chat .user-row")).to_have_count(2)


def test_a_link_asks_anew_and_says_when_the_articles_have_changed(page: Page, pages: Pages) -> None:
    ask_in_chat(page, "Who is Clare Garvie?")
    ask_in_chat(page, "Where does she work?")
    page.get_by_role("button", name="Copy link").last.click()
    expect(page.locator("#pq-said")).to_have_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    asked = parse_qs(urlsplit(link).query)
    assert asked["q"] == ["Where does Clare Garvie work?"]
    for version, changed in ((asked["v"][0], 0), ("0" * 12, 1)):
        with pages.lending() as lend:
            second = lend()
            second.goto(link.replace(asked["v"][0], version))
            answer = second.locator("#pq-chat .bot-row")
            expect(answer).to_contain_text("Georgetown University")
            expect(answer.locator(".pq-changed")).to_have_count(changed)
            assert "q=" not in second.url


UNUSABLE = (
    '{"a": 1}',
    "[1]",
    '[{"q": 5}]',
    "[[]]",
    '[{"q": "Why?", "since": "soon"}]',
    "not json",
    "null",
)


def test_what_is_kept_and_cannot_be_used_leaves_a_page_that_works(page: Page) -> None:
    for sent in UNUSABLE:
        page.evaluate("sent => localStorage.setItem('pq-conversation', sent)", sent)
        page.reload()
        expect(page.locator(".pq-item").first, sent).to_be_visible()
        expect(page.locator("#pq-chat .bot-row"), sent).to_have_count(0)
        ask_in_chat(page, QUESTION)
        expect(page.locator("#pq-chat .bot-row").last, sent).to_contain_text(NOT_SAID)


def test_quotes_are_copied_character_for_character(page: Page) -> None:
    ask_in_chat(page, "What did the storm take in March?")
    quote = "The *storm* took `the roof` of [the lighthouse](x) in March."
    answer = page.locator("#pq-chat .bot-row").last
    expect(answer.locator(".pq-quote").first).to_have_text(quote)
    answer.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#pq-said")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("What did the storm take in March?\n\n")
    assert f"“{quote}” [1]" in text
    for name, said in (("Copy as Markdown", "Copied as Markdown."), ("Copy as HTML", "HTML.")):
        answer.locator(".pq-more summary").click()
        answer.get_by_role("button", name=name).click()
        expect(page.locator("#pq-said")).to_contain_text(said)
        copied = page.evaluate("navigator.clipboard.readText()")
        assert (escape(quote) if "Markdown" in name else quote) in copied
    # The title is markup's characters: in HTML they are escaped, and do nothing.
    assert "<img" not in copied
    assert "&lt;img src=x onerror=alert(1)&gt;" in copied


def _run(page: Page, *names: str) -> None:
    """Run scripts of the page, without a server."""
    for name in names:
        page.add_script_tag(path=ROOT / "src/pullquote/serve/static/page" / name)


def test_a_copied_address_may_be_shown_otherwise_than_it_is_encoded(empty: Page) -> None:
    page = empty
    address = "https://example.org/mühle"
    page.set_content(
        '<div class="pq-answer" data-turn="0"><figure><blockquote><span class="pq-quote">It shut.'
        '</span><a class="pq-cite">1</a></blockquote><figcaption>— The mill, 2024-02-03, '
        f'<a href="{address}">{address}</a></figcaption></figure></div>'
        '<button class="pq-do" value="0-html">Copy as HTML</button>'
    )
    _run(page, "acts.js", "answers.js")
    said = page.get_by_role("status")
    expect(said).to_be_attached()
    # There is no clipboard on such a page.
    copied = 'window.copied = document.querySelector("textarea").value'
    for works, told in ((False, "This could not be copied."), (True, "Copied as HTML.")):
        command = f"() => {{ {copied}; return {str(works).lower()}; }}"
        page.evaluate(f"() => {{ document.execCommand = {command}; }}")
        page.get_by_role("button").click()
        expect(said).to_have_text(told)
        expect(page.get_by_role("button")).to_be_focused()
    credit = (
        f'<p>— The mill, 2024-02-03, <a href="https://example.org/m%C3%BChle">{address}</a></p>'
    )
    assert page.evaluate("copied").endswith(credit)


def test_from_the_nearest_article_one_goes_back_to_where_it_was_opened(empty: Page) -> None:
    page = empty
    page.set_content(
        """<body data-pq-view="article"><div id="pq-chat"><a href="#pq-0-1">1</a>
        <button class="pq-open" value="b">The nearest</button></div>
        <div id="pq-question"><textarea></textarea></div>
        <div id="pq-side"><div id="pq-bar"><button class="pq-back"></button></div>
        <div id="pq-article"><article data-id="a"><mark id="pq-0-1" tabindex="-1">A.</mark>"""
    )
    _run(page, "acts.js", "panel.js", "list.js")
    expect(page.get_by_role("region", name="Article")).to_be_attached()
    page.get_by_role("link").click()
    expect(page.locator("mark")).to_be_focused()
    page.get_by_role("button", name="The nearest").click()
    page.locator(".pq-back").click()
    expect(page.get_by_role("button", name="The nearest")).to_be_focused()


TEXTS = {"mill.txt": "The mill opened in 1901.", "tram.txt": "The tram opened in 1923."}


@pytest.mark.usefixtures("stand_in")
def test_a_conversation_is_whole_on_paper_and_usable_on_phones_and_with_few_colours(
    pages: Pages, tmp_path: Path
) -> None:
    with serving_page(tmp_path, TEXTS) as served, pages.lending() as lend:
        page = open_chat(lend({"width": 390, "height": 844}, has_touch=True), served.address)
        ask_in_chat(page, "When did the mill open?")
        ask_in_chat(page, "When did the tram open?")
        page.get_by_role("button", name="Bad answer").last.tap()
        page.get_by_role("button", name="Articles", exact=True).tap()
        page.emulate_media(forced_colors="active")
        pressed = page.locator("#pq-bar [aria-pressed=true]")
        expect(pressed).to_have_css("outline-style", "solid")
        sizes = "them => them.map(it => parseFloat(getComputedStyle(it).fontSize) >= 16)"
        fields = page.locator(":is(input, textarea):visible")
        assert set(fields.evaluate_all(sizes)) == {True}
        page.locator(".pq-back").tap()
        expect(page.get_by_label("What is wrong?").last).to_be_visible()
        assert set(fields.evaluate_all(sizes)) == {True}
        paper = PdfDocument(page.pdf(width="400px", height="300px"))
        text = "".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
        assert ("1901" in text, "1923" in text) == (True, True)


def test_all_that_the_page_offers_is_answered(page: Page) -> None:
    start = page.locator('[data-chips="start"] .pq-ask')
    examples = list(Settings.load(ROOT, {}).examples)
    # They come as they are found to have an answer.
    expect(start).to_have_text(examples)
    start.first.click()
    answers = page.locator("#pq-chat .pq-answer")
    expect(answers).to_have_count(1)
    ask_in_chat(page, examples[1])
    answered = re.compile("answered|stated_unknown")
    for n in range(2):
        expect(answers.nth(n)).to_have_attribute("data-status", answered)
    after = page.locator("#pq-chat .bot-row").last.locator(".pq-ask")
    expect(after).to_have_count(3)
    about, said, _ = after.all_inner_texts()
    assert about == "What is “Amazon rekognition” about?"
    asked = re.fullmatch(r"What did (.*) say\?", said)
    assert asked is not None
    after.nth(1).click()
    expect(answers).to_have_count(3)
    expect(answers.last).to_contain_text(asked[1].split()[-1])
    expect(answers.last).to_have_attribute("data-status", "answered")
    # What was asked is not offered again.
    expect(after.filter(has_text=said)).to_have_count(0)
    expect(after.first).to_have_text(about)


def test_until_the_list_is_there_its_outlines_move(empty: Page, server: str) -> None:
    page = empty
    page.route("**/api/articles*", lambda route: route.abort())
    page.goto(server)
    expect(page.locator("#pq-list .pq-count")).to_contain_text("could not be fetched")
    outline = page.locator(".pq-items .pq-skeleton i").first
    expect(outline).to_be_visible()
    expect(outline).to_have_css("animation-name", "pq-moving")
    page.emulate_media(reduced_motion="reduce")
    expect(outline).to_have_css("animation-name", "none")
    page.emulate_media(reduced_motion="no-preference")
    page.unroute("**/api/articles*")
    page.get_by_label("Search the articles").fill("amazon")
    expect(page.locator(".pq-item")).to_have_count(1)
    expect(outline).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_serious_is_found_by_axe_and_fingers_find_their_targets(
    pages: Pages, server: str, width: int
) -> None:
    with pages.lending() as lend:
        page = lend({"width": width, "height": 800}, has_touch=width < 900)
        open_chat(page, server)
        ask_in_chat(page, QUESTION)
        ask_in_chat(page, REFUSED)
        page.get_by_text("How this was found").last.click()
        page.locator(".pq-how table details summary").first.click()
        page.get_by_text("More", exact=True).first.click()
        if width < 900:
            assert small_targets(page) == []
        for view in ("", "Articles" if width < 900 else "All articles"):
            if view:
                page.get_by_role("button", name=view, exact=True).click()
                expect(page.locator(".pq-item").first).to_be_visible()
            assert faults_in_both_schemes(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
