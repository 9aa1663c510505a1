"""Turns readers' verdicts into drafts of evaluation questions, for an editor to finish."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from pullquote.serve.feedback.verdicts import Entry, Verdict
from pullquote.types import Status


def drafts(entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """Lines of a question set, from verdicts in the order of time.

    There is one draft per question, with its history and article. If all verdicts are positive,
    the latest answer becomes the gold answer. Otherwise that answer stands under ``draft``, and the
    editor decides.
    """
    rated: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        rated.setdefault((entry.question, entry.history, entry.document_id), []).append(entry)
    return map(_draft, rated.values())


def _draft(rated: list[Entry]) -> dict[str, Any]:
    first, latest = rated[0], rated[-1]
    asked = json.dumps([first.question, first.history, first.document_id])
    day = first.time[:10].replace("-", "")
    draft: dict[str, Any] = {
        "id": f"feedback-{day}-{sha256(asked.encode()).hexdigest()[:12]}",
        "user_input": first.question,
        "history": list(first.history),
    }
    if first.document_id is not None:
        draft["document_id"] = first.document_id
    verdicts = [
        verdict.value for verdict in Verdict if any(entry.verdict is verdict for entry in rated)
    ]
    cited = list(latest.cited)
    if verdicts != [Verdict.UP]:
        comments = list(dict.fromkeys(entry.comment for entry in rated if entry.comment))
        draft["draft"] = {"status": latest.status.value, "cited": cited}
        if comments:
            draft["draft"]["comments"] = comments
    else:
        answerable = latest.status is not Status.NOT_FOUND
        draft |= {"answerable": answerable, "status": latest.status.value}
        if answerable:
            # Quotes, not offsets: a quote that is no longer in the article is then an error.
            draft |= {"evidence": cited[:1], "also_ok": cited[1:]}
    return draft | {"tags": ["feedback", *verdicts]}
