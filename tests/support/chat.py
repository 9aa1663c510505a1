"""Helpers for the tests of the chat."""

from __future__ import annotations

from playwright.sync_api import Page

HOSTILE = """title: <img src=x onerror=alert(1)> & "quotes"
date: 2024-02-03

The lighthouse keeper painted <img src=x onerror=alert(1)> on the door. He sold ${alert(2)} \
lanterns to {{value}} sailors in 1893. The *storm* took `the roof` of [the lighthouse](x) in March.
"""


# What waits for a function looks many times a second, "expect" only once after the first one.

#: Whether there are so many answers, and the last one is whole.
_IS_ANSWERED = """(count) => {
  const rows = document.querySelectorAll("#pq-chat .bot-row");
  return rows.length === count && rows[count - 1].querySelector(".pq-tools, .pq-failed");
}"""


def open_chat(page: Page, address: str) -> Page:
    """Load the chat, and wait until a question can be typed."""
    page.goto(address)
    page.wait_for_function("document.querySelector('#pq-question textarea')?.checkVisibility()")
    return page


def ask_in_chat(page: Page, question: str) -> None:
    """Ask, and wait until the answer is whole."""
    answers = page.locator("#pq-chat .bot-row").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(_IS_ANSWERED, arg=answers + 1)
