"""Saves a verdict that was given on the page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from pullquote.serve.conversation import Conversation
from pullquote.serve.feedback import Entry, Feedback, Verdict, clean_comment, with_filters

#: A verdict on the answer of a turn, ``TURN-VERDICT``; ``none`` withdraws it.
_VERDICT = re.compile(rf"(\d{{1,6}})-({'|'.join(Verdict)}|none)")


def judged(sent: Any, conversation: Conversation, feedback: Feedback) -> bool:
    """Save what the page sent, if it is a verdict on an answer; returns whether it was.

    ``sent`` may be anything.
    Raises :class:`~pullquote.errors.FeedbackError`.
    """
    given = sent if isinstance(sent, dict) else {"verdict": sent}
    comment = given.get("comment")
    match = _VERDICT.fullmatch(str(given.get("verdict")))
    exchanges = conversation.exchanges
    turn = int(match.group(1)) if match else len(exchanges)
    if not match or turn >= len(exchanges) or not exchanges[turn].answer:
        return False
    if match.group(2) == "none":
        feedback.withdraw(conversation.id, turn)
        return True
    posed = exchanges[turn].posed
    # As it passed the gate when it was shown: the article may have changed since.
    answer = json.loads(exchanges[turn].saved[0])
    del answer["saved"]
    feedback.record(
        Entry(
            conversation.id,
            turn,
            datetime.now(UTC).isoformat(timespec="seconds"),
            Verdict(match.group(2)),
            posed.question,
            tuple(one.posed.question for one in exchanges[:turn] if one.answer),
            posed.document_id,
            with_filters(answer, posed.filters),
            clean_comment(comment) if isinstance(comment, str) else "",
        )
    )
    return True
