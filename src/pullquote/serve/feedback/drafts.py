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

    There is one draft per question, with its history, article and filters. If all verdicts are
    positive, the latest answer becomes the gold answer. Otherwise, and with filters, which a
    question set cannot set, that answer stands under ``draft``, and the editor decides. What was
    no question gets none.
    """
    rated: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.status is not Status.NOT_A_QUESTION:
            rated.setdefault(_asked(entry), []).append(entry)
    return map(_draft, rated.values())


def _asked(entry: Entry) -> str:
    """What the reader asked, and of which articles, as text to compare."""
    filters = [entry.filters] if entry.filters else []
    return json.dumps([entry.question, entry.history, entry.document_id, *filters], sort_keys=True)


def _draft(rated: list[Entry]) -> dict[str, Any]:
    first, latest = rated[0], rated[-1]
    day = first.time[:10].replace("-", "")
    draft: dict[str, Any] = {
        "id": f"feedback-{day}-{sha256(_asked(first).encode()).hexdigest()[:12]}",
        "user_input": first.question,
        "history": list(first.history),
    }
    if first.document_id is not None:
        draft["document_id"] = first.document_id
    verdicts = [
        verdict.value for verdict in Verdict if any(entry.verdict is verdict for entry in rated)
    ]
    cited = list(latest.cited)
    if first.filters or verdicts != [Verdict.UP]:
        comments = list(dict.fromkeys(entry.comment for entry in rated if entry.comment))
        draft["draft"] = {"status": latest.status.value, "cited": cited}
        if first.filters:
            draft["draft"]["filters"] = dict(first.filters)
        if comments:
            draft["draft"]["comments"] = comments
    else:
        answerable = latest.status is not Status.NOT_FOUND
        draft |= {"answerable": answerable, "status": latest.status.value}
        if answerable:
            # Quotes, not offsets: a quote that is no longer in the article is then an error.
            draft |= {"evidence": cited[:1], "also_ok": cited[1:]}
    return draft | {"tags": ["feedback", *verdicts]}
