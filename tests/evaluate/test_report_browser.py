"""The report in a real Chromium: filters, links, and no requests to the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from pullquote.evaluate.comparison import Comparison
from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.report import report_html
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import summarise
from tests.support.answers import Shelf, answered
from tests.support.browser import skip_without_chromium
from tests.support.judgements import none, right, wrong

skip_without_chromium()

pytestmark = pytest.mark.browser

HOSTILE = '<img src="https://example.org/x.png" onerror=alert(1)><script>alert(2)</script>'

NOT_SELECTED = replace(wrong(0.2), failure=Failure.NOT_SELECTED)
WRONGLY_ANSWERED = replace(none(0.3), failure=Failure.WRONGLY_ANSWERED)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on four questions."""
    shelf = Shelf()
    shelf.add("a.txt", [f"The ban {HOSTILE} is new.", "It lasts a year."])

    def result(
        id_: str, text: str, judgement: Judgement, cited: int, tags: tuple[str, ...] = ()
    ) -> Result:
        answer = answered(shelf.citation(1, "a.txt", cited), question=text)
        first = shelf.sentences("a.txt")[0]
        gold = Gold(((Place("a.txt", first.start, first.end),),), ())
        question = Question(
            id_,
            text,
            id_,
            status=judgement.expected,
            evidence=((shelf.text("a.txt", 0),),),
            tags=tags,
        )
        return Result(question, gold, answer, answer, (), judgement)

    results = [
        result("one", "How long is the ban?", right(), 0, ("number",)),
        result("two", "Who banned it?", NOT_SELECTED, 1),
        result("drei/ü %", "Wie lange gilt es?", NOT_SELECTED, 1, ("number", "German")),
        result("four", f"What is {HOSTILE}?", WRONGLY_ANSWERED, 0),
    ]
    questions = QuestionSet("set.jsonl", tuple(result.question for result in results), "d1")
    summary = summarise(questions, results, {"refuse_below": 0.1})
    comparison = Comparison((), broken=("drei/ü %",), mended=("one",))
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_html(summary, results, shelf, comparison), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def open_page(browser: Browser, report: str) -> Iterator[Callable[..., Page]]:
    """Opens the report; afterwards, checks that it made no requests and caused no errors."""
    contexts = []
    complaints: list[str] = []
    requested: set[str] = set()

    def new(hash_: str = "", **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: requested.add(request.url.partition("#")[0]))
        page.goto(report + hash_)
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []
    assert requested == {report}


def _shown(page: Page) -> list[str]:
    return page.locator(".question:visible .id").all_text_contents()


def test_a_failure_is_a_filter_that_stands_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page()
    assert _shown(page) == ["one", "two", "drei/ü %", "four"]
    page.get_by_role("link", name="not selected").click()
    expect(page.get_by_role("status")).to_have_text("2 of 4 questions shown")
    assert _shown(page) == ["two", "drei/ü %"]
    assert page.url.endswith("#show=not_selected")
    page.get_by_role("link", name="handled right").click()
    expect(page.get_by_role("status")).to_have_text("1 of 4 questions shown")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("2 of 4 questions shown")
    page.get_by_role("link", name="Figures").click()
    assert _shown(page) == ["two", "drei/ü %"]


def test_words_are_looked_for_in_question_id_and_tags(open_page: Callable[..., Page]) -> None:
    page = open_page()
    box = page.get_by_role("searchbox")
    for words, shown in {
        "BAN": ["one", "two"],
        "drei": ["drei/ü %"],
        "number": ["one", "drei/ü %"],
        "number lange": ["drei/ü %"],
        # This word is in the row, but not in the question, its id or its tags.
        "answered": [],
    }.items():
        box.fill(words)
        assert _shown(page) == shown
    box.fill("number")
    page.get_by_role("link", name="not selected").click()
    assert _shown(page) == ["drei/ü %"]
    assert page.url.endswith("#show=not_selected&text=number")


def test_typed_words_come_to_stand_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("searchbox").fill("who ü")
    page.wait_for_url("**#show=all&text=who+%C3%BC")


def test_an_address_brings_its_filter_back(open_page: Callable[..., Page]) -> None:
    page = open_page("#show=not_selected&text=number")
    assert _shown(page) == ["drei/ü %"]
    assert page.get_by_role("searchbox").input_value() == "number"
    expect(page.locator("[aria-current]")).to_contain_text("not selected")


def test_a_broken_question_is_one_press_away_even_when_it_is_filtered(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("#show=right")
    row = page.locator(".question", has_text="Wie lange gilt es?")
    expect(row).to_be_hidden()
    for _ in range(2):
        page.get_by_role("link", name="drei/ü %").click()
        expect(row).to_have_attribute("open", "")
        expect(row.locator("summary")).to_be_focused()
        expect(row.locator("summary")).to_be_in_viewport()
        # Close the row, so that the link is pressed again without a change of the address.
        row.locator("summary").click()


def test_a_link_to_a_question_opens_it(open_page: Callable[..., Page]) -> None:
    page = open_page("#q-drei%2F%C3%BC%20%25")
    row = page.locator(".question", has_text="Wie lange gilt es?")
    expect(row).to_have_attribute("open", "")
    expect(row.locator("summary")).to_be_focused()
    expect(row.locator("mark.cited")).to_have_text("It lasts a year.")
    expect(row.locator("mark.evidence")).to_have_text(f"The ban {HOSTILE} is new.")


def test_html_in_an_article_and_in_a_question_stays_text(open_page: Callable[..., Page]) -> None:
    page = open_page("#q-four")
    expect(page.locator("[id='q-four'] .asked")).to_have_text(f"What is {HOSTILE}?")
    assert page.locator("img, body script ~ script").count() == 0


def test_without_a_script_all_is_there_but_the_filter(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    expect(page.locator(".question")).to_have_count(4)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    assert page.get_by_role("link", name="not selected").count() == 0
    page.locator(".question summary").first.click()
    expect(page.locator("mark.cited").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
