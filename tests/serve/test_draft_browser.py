"""A draft is checked in the page, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Pages, serious_faults, skip_without_chromium
from tests.support.chat import open_chat

skip_without_chromium()

pytestmark = pytest.mark.browser

TRUE = "Amazon banned police use of its face-recognition technology for a year."
FALSE = "The lighthouse keeper painted <b>two</b> doors in 1950."


@pytest.fixture
def page(pages: Pages, server: str) -> Iterator[Page]:
    with pages.lending() as lend:
        yield open_chat(lend(), server)


def test_each_sentence_leads_to_its_mark_or_is_not_supported(page: Page) -> None:
    page.get_by_role("button", name="Check a draft").click()
    page.get_by_label("Paste a text").fill(f"{TRUE} {FALSE}")
    page.get_by_role("button", name="Check the draft").click()
    rows = page.locator(".pq-checked > li")
    expect(rows).to_have_count(2)
    expect(page.locator("#pq-draft .pq-count")).to_have_text("1 of 2 sentences supported")
    expect(rows.first.locator(".pq-why")).to_have_text("Supported.")
    expect(rows.last.locator(".pq-why")).to_contain_text("Not supported by the articles.")
    expect(rows.last.locator(".pq-why")).to_contain_text("The nearest quotes:")
    # What is pasted and what is quoted is text, whatever it holds.
    expect(rows.last.locator(".pq-sentence")).to_have_text(FALSE)
    assert page.locator("#pq-draft :is(b, img)").count() == 0
    assert serious_faults(page) == []
    show = rows.first.get_by_role("button").first
    for _ in range(2):  # the second time it is there already
        show.click()
        mark = page.locator("#pq-article mark.pq-active")
        expect(mark).to_be_in_viewport()
        expect(mark).to_contain_text("Amazon banned police use")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Check a draft").click()
        expect(rows).to_have_count(2)
    rows.last.get_by_role("button").first.click()
    expect(page.locator("#pq-article mark")).to_have_count(1)
    expect(page.locator("#pq-article h2")).to_contain_text("quotes")


def test_what_goes_wrong_is_told_beside_the_draft(page: Page) -> None:
    page.get_by_role("button", name="Check a draft").click()
    page.get_by_label("Paste a text").fill("   ")
    page.get_by_role("button", name="Check the draft").click()
    told = page.locator("#pq-draft .pq-count")
    expect(told).to_have_text(
        "The draft was not checked. The draft has no sentences: paste a text."
    )
