"""The state that the page's scripts draw, as JSON, so that answers need not be redrawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pullquote.answering.render import escape
from pullquote.index.manifest import Manifest
from pullquote.serve.conversation import Conversation, Exchange, Posed

#: How many of the last questions of an earlier visit are asked again.
MAX_KEPT = 20


def state_html(
    conversation: Conversation,
    verdicts: Mapping[int, str],
    commented: Sequence[int],
    chips: Mapping[str, list[str]],
    index: Manifest | None,
) -> str:
    """The state as escaped JSON.

    It has the ``verdicts`` by turn; the turns with a comment; the suggested questions (``chips``)
    by turn; the questions that the visitor's browser keeps; the data of a link to each answer; the
    number of articles in the ``index``, if it is open; and the id of the conversation.
    """
    exchanges = conversation.exchanges
    state = {
        "verdicts": [f"{turn}-{verdict}" for turn, verdict in verdicts.items()],
        "commented": list(commented),
        "chips": chips,
        "kept": [kept_of(one.posed) for one in exchanges[-MAX_KEPT:]],
        "links": [_link(one, index.digest if index else "") for one in exchanges],
        "articles": index.articles if index else None,
        "conversation": conversation.id,
    }
    return escape(json.dumps(state, ensure_ascii=False))


def kept_of(posed: Posed) -> dict[str, Any]:
    """A question in the form that the browser keeps."""
    asked = {"q": posed.question, "document_id": posed.document_id, **asdict(posed.filters)}
    return {name: value for name, value in asked.items() if value}


def _link(exchange: Exchange, digest: str) -> dict[str, Any]:
    answer = exchange.answer
    # For a follow-up, link to its rewritten form, which can be asked alone.
    whole = answer.understood if answer and answer.understood else exchange.posed.question
    return {**kept_of(exchange.posed), "q": whole, "v": digest[:12]}
