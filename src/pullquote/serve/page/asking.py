"""Accepts questions from the page, as many as the limits allow."""

from __future__ import annotations

from typing import Any, cast

import gradio as gr
from fastapi import Request

from pullquote.errors import QuestionError
from pullquote.serve.api.errors import TooManyError
from pullquote.serve.api.rates import count_questions
from pullquote.serve.conversation import Conversation, Posed
from pullquote.serve.page.fragments import failed
from pullquote.serve.page.values import posed

#: The most questions of a conversation: with each answer the whole conversation is sent again.
MOST = 100


def ask(question: Posed, conversation: Conversation, request: gr.Request) -> None:
    """Queue a question that this request brings.

    Raises ``QuestionError`` if the conversation is full, and :class:`TooManyError`.
    """
    if len(conversation.exchanges) >= MOST:
        raise QuestionError(
            f"A conversation has at most {MOST} questions: press “New conversation” to go on."
        )
    # Gradio copies the attributes of its own request through JSON, which a scope does not survive.
    count_questions(cast(Request, request.request).scope)
    conversation.ask(question)


def ask_again(sent: Any, conversation: Conversation, request: gr.Request) -> str:
    """Ask the questions of an earlier visit, and of a link; returns what is wrong, if anything."""
    asked, fault = posed(sent)
    rest = iter(asked)
    for one in rest:
        try:
            ask(one, conversation, request)
        except QuestionError as error:
            return str(error)
        except TooManyError as error:
            fault = str(error)
            # Those refused are shown too: the browser keeps what is shown, for the next visit.
            for late in (one, *rest):
                conversation.ask(late, refusal=failed(fault, late.question))
    return fault
