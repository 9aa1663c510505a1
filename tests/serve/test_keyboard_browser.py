"""The page with the keyboard alone, in a real Chromium: all is reached, seen, and left again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.adding import serving_page
from tests.support.browser import Pages, skip_without_chromium
from tests.support.chat import ask_in_chat, open_chat

skip_without_chromium()

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("stand_in")]

TEXTS = {
    "mill.txt": "section: Business\ndate: 2021-05-06\n\nThe mill opened in 1901. It was sold.",
    "tram.txt": "section: Sport\ndate: 2019-02-03\n\nThe tram opened in 1923. It was green.",
    **{f"n{n}.txt": f"Title: Note {n}\n\nThe note of day {n} is short." for n in range(60)},
}

#: Numbers all that can be pressed or filled in, and gives what it is.
_STOPS = """() => [...document.querySelectorAll("a[href], button, input, textarea, summary")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && !one.closest("[inert]"))
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.offsetHeight > 0)
    .map((one, number) => {
      one.dataset.stop = number;
      return one.outerHTML.slice(0, 120);
    })"""

#: The number of what has the focus, and what is wrong with how that is seen.
_FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const frame = one.closest("#pq-question");
    const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const isFramed = frame && getComputedStyle(frame).boxShadow.includes("3px");
    const box = one.getBoundingClientRect();
    const middle = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 40)];
    const on = document.elementFromPoint(...middle);
    const isSeen = on && (one.contains(on) || on.closest("label")?.contains(one));
    return {
      stop: one.dataset.stop ?? null,
      what: one.outerHTML.slice(0, 120),
      fault: isOutlined || isFramed ? (isSeen ? "" : "is covered") : "does not show the focus",
    };
}"""


def _walk(page: Page) -> list[str]:
    """What is wrong on the way through the page by Tab, once round from wherever it begins."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    stops: list[str] = page.evaluate(_STOPS)
    faults: list[str] = []
    reached: list[int] = []
    for _ in range(2 * len(stops) + 20):
        page.keyboard.press("Tab")
        focused: dict[str, Any] | None = page.evaluate(_FOCUSED)
        if focused is None:  # the browser's own controls
            continue
        if focused["stop"] is not None:
            number = int(focused["stop"])
            # A date's day, month and year are one field.
            if reached and number == reached[-1]:
                continue
            if number in reached:
                break
            reached.append(number)
        if focused["fault"]:
            faults.append(f"{focused['what']} {focused['fault']}")
    return faults + [f"{what} is not reached" for n, what in enumerate(stops) if n not in reached]


@pytest.fixture
def page(pages: Pages, tmp_path: Path) -> Iterator[Page]:
    with serving_page(tmp_path, TEXTS) as served, pages.lending() as lend:
        page = open_chat(lend(), served.address)
        expect(page.locator(".pq-add")).to_be_visible()
        expect(page.locator(".pq-further")).to_be_visible()
        yield page


def test_all_of_the_page_is_reached_and_seen_by_tab(page: Page) -> None:
    assert _walk(page) == []
    ask_in_chat(page, "When did the mill open?")
    page.get_by_role("button", name="Filter articles").click()
    expect(page.get_by_label("Section")).to_be_visible()
    page.locator(".pq-more summary").click()
    page.get_by_role("button", name="Bad answer").click()
    expect(page.get_by_label("What is wrong?")).to_be_visible()
    for view in ("Article", "Check a draft", "All articles"):
        page.get_by_role("button", name=view, exact=True).click()
        assert _walk(page) == []
    page.get_by_text("Add an article", exact=True).click()
    for kind in ("Text", "Address", "File"):
        page.get_by_role("button", name=kind, exact=True).click()
        assert _walk(page) == []


def test_on_a_phone_the_keyboard_stays_in_the_panel_that_is_open(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert _walk(page) == []
    articles = page.get_by_role("button", name="Articles", exact=True)
    articles.press("Enter")
    expect(page.locator(".pq-back", has_text=re.compile("^Back$"))).to_be_focused()
    assert _walk(page) == []
    page.get_by_label("Search the articles").press("Escape")
    expect(articles).to_be_focused()


def test_what_goes_away_when_it_is_pressed_hands_the_focus_on(page: Page) -> None:
    page.locator(".pq-further").press("Enter")
    expect(page.locator("[data-all] .pq-item").nth(50)).to_be_focused()
    page.locator('[data-chips="start"] .pq-ask').first.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_role("group", name="Your verdict")).to_be_visible()
    summary = page.locator(".pq-more summary")
    summary.press("Enter")
    page.get_by_role("button", name="Copy as Markdown").press("Enter")
    expect(page.get_by_role("button", name="Copy as Markdown")).to_be_hidden()
    expect(summary).to_be_focused()
    page.get_by_role("button", name="Bad answer").press("Enter")
    page.get_by_label("What is wrong?").fill("Too short.")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.locator(".pq-thanks")).to_have_text("Thank you. This was kept.")
    expect(page.get_by_role("button", name="Bad answer")).to_be_focused()
