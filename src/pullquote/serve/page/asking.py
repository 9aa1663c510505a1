"""Accepts questions from the page, as many as the rate limits allow."""

from __future__ import annotations

from typing import Any, cast

import gradio as gr
from fastapi import Request

from pullquote.answering.render import escape
from pullquote.serve.api.errors import TooManyError
from pullquote.serve.api.rates import count_questions
from pullquote.serve.conversation import Conversation
from pullquote.serve.page.values import posed


def count_question(request: gr.Request) -> None:
    """Count a question that this request brings. Raises :class:`TooManyError`."""
    # Gradio copies the attributes of its own request through JSON, which a scope does not survive.
    count_questions(cast(Request, request.request).scope)


def ask_again(sent: Any, conversation: Conversation, request: gr.Request) -> str:
    """Ask the questions of an earlier visit, and of a link; returns what is wrong, if anything."""
    asked, fault = posed(sent)
    refusal = ""
    for one in asked:
        try:
            if not refusal:
                count_question(request)
        except TooManyError as error:
            fault = str(error)
            refusal = f'<p class="pq-failed">{escape(fault)}</p>'
        # Those refused are shown too: the browser keeps what is shown, for the next visit.
        conversation.ask(one, refusal=refusal)
    return fault
