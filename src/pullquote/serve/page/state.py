"""What the scripts of the page draw, as JSON: no answer is drawn anew for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pullquote.answering.render import escape
from pullquote.index.manifest import Manifest
from pullquote.serve.conversation import Conversation, Exchange, Posed

#: Questions of an earlier visit that are asked again: the last ones.
MAX_KEPT = 20


def state_html(
    conversation: Conversation,
    verdicts: Mapping[int, str],
    commented: Sequence[int],
    chips: Mapping[str, list[str]],
    index: Manifest | None,
) -> str:
    """``verdicts`` by turn, and which turns have a comment; ``chips``, the questions to ask next,
    by turn; what the visitor's own browser keeps; by turn, what a link to the answer holds, of the
    ``index``; how many articles that has, once there is one; and which conversation it is of."""
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
    """A question as a browser keeps it."""
    asked = {"q": posed.question, "document_id": posed.document_id, **asdict(posed.filters)}
    return {name: value for name, value in asked.items() if value}


def _link(exchange: Exchange, digest: str) -> dict[str, Any]:
    answer = exchange.answer
    # What a follow-up was understood as can be asked alone.
    whole = answer.understood if answer and answer.understood else exchange.posed.question
    return {**kept_of(exchange.posed), "q": whole, "v": digest[:12]}
