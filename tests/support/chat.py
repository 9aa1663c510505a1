"""Helpers for the tests of the chat."""

from __future__ import annotations

from playwright.sync_api import Page, expect

HOSTILE = """title: <img src=x onerror=alert(1)> & "quotes"
date: 2024-02-03

The lighthouse keeper painted <img src=x onerror=alert(1)> on the door. He sold ${alert(2)} \
lanterns to {{value}} sailors in 1893. The *storm* took `the roof` of [the lighthouse](x) in March.
"""


def ask_in_chat(page: Page, question: str) -> None:
    answers = page.locator("#pq-chat .bot-row").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#pq-chat .bot-row")).to_have_count(answers + 1)
    expect(page.locator("#pq-chat .bot-row").last).not_to_contain_text("Searching")
