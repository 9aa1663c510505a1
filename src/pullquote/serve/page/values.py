"""Parses what the page sends, and makes the values of Gradio's components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from pullquote.addresses import MAX_ADDRESS
from pullquote.answering.render import question_html
from pullquote.asked import clean_question
from pullquote.errors import QuestionError
from pullquote.filters import checked
from pullquote.index.interface import Store
from pullquote.serve.conversation import Exchange, Posed
from pullquote.serve.page.fragments import bubble
from pullquote.serve.page.layout import ALL
from pullquote.serve.page.state import MAX_KEPT

#: The most sections and sources that can be chosen from.
_MAX_CHOICES = 200

#: The length of a SHA-256 in hexadecimal.
_DIGEST = 64


def text_of(value: Any) -> str | None:
    """``value`` if it is a text: a page can send anything."""
    return value if isinstance(value, str) else None


def posed(sent: Any) -> tuple[list[Posed], str]:
    """Parse the questions that a browser kept, and that of a link.

    Returns those that can be asked, and what is wrong with the last of the others, if any.
    """
    listed = sent if isinstance(sent, list) else []
    found, fault = [], ""
    for one in listed[-MAX_KEPT:]:
        given = (
            {name: text_of(value) for name, value in one.items()} if isinstance(one, dict) else {}
        )
        names = ("since", "until", "section", "source")
        try:
            filters = checked(*(given.get(name) for name in names))
            question = clean_question(given.get("q") or "")
        except QuestionError as error:
            fault = str(error)
            continue
        # All that is longer names nothing, and would stay in memory.
        id_ = (given.get("document_id") or "")[:MAX_ADDRESS] or None
        digest = (given.get("v") or "")[:_DIGEST]
        found.append(Posed(question, filters, id_, digest, is_again=bool(given.get("again"))))
    return found, fault


def facets(index: Store) -> tuple[list[tuple[str, str]], list[tuple[str, str]], bool]:
    """The sections and sources to choose from, and whether there is anything to filter by."""
    facets = index.facets()
    sections, sources = (
        [ALL, *((f"{name} ({count})", name) for name, count in counted[:_MAX_CHOICES])]
        for counted in (facets.sections, facets.sources)
    )
    named = facets.sections or facets.sources or facets.first != facets.last
    return sections, sources, len(index.articles) > 1 and bool(named)


def messages(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """The conversation as the value of Gradio's chatbot."""
    shown: list[dict[str, Any]] = []
    for turn, one in enumerate(exchanges):
        shown += [
            {"role": "user", "content": question_html(one.posed.question)},
            {
                "role": "assistant",
                "content": gr.HTML(bubble(one, turn), js_on_load=None, apply_default_css=False),
            },
        ]
    return shown
