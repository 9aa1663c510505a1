"""The feedback report: readers' verdicts and questions, as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.evaluate.feedback_weeks import Week, complaints, refused, weeks
from pullquote.evaluate.report.rendering import digest, render, static
from pullquote.evaluate.report.weekly import Series
from pullquote.serve.feedback import AskedQuestion, Entry, Verdict

#: The most rows of a list. ``pullquote feedback export`` gives all of them.
MAX_ROWS = 300

#: Verdicts in plain words.
_WORDS = {Verdict.UP: "good", Verdict.DOWN: "bad", Verdict.WRONG_CITATION: "wrong citation"}


def feedback_html(entries: Sequence[Entry], questions: Sequence[AskedQuestion]) -> str:
    """The page as HTML. ``entries`` are in order of time. Needs at least one entry or question."""
    counted = weeks(entries, questions)
    unanswered = refused(entries, questions)
    bad = complaints(entries)
    good = [entry for entry in reversed(entries) if entry.verdict is Verdict.UP]
    page = render(
        "feedback.html",
        styles=static("report.css"),
        digest=digest,
        weeks=counted,
        begins=[week.begins for week in counted],
        verdicts=[
            Series(_WORDS[verdict], verdict.value, [week.verdicts[verdict] for week in counted])
            for verdict in Verdict
        ],
        rated_series=_refusals(counted, rated=True),
        asked_series=_refusals(counted, rated=False),
        rated=len(entries),
        by_verdict={v: sum(entry.verdict is v for entry in entries) for v in Verdict},
        commented=sum(bool(entry.comment) for entry in bad),
        rated_refused=sum(entry.status == "not_found" for entry in entries),
        asked=len(questions),
        asked_refused=sum(question.status == "not_found" for question in questions),
        complaints=bad[:MAX_ROWS],
        complaints_left=len(bad[MAX_ROWS:]),
        refused=unanswered[:MAX_ROWS],
        refused_left=len(unanswered[MAX_ROWS:]),
        liked=good[:MAX_ROWS],
        liked_left=len(good[MAX_ROWS:]),
        verdict_words=_WORDS,
    )
    # Lone surrogates, which JSON may contain, cannot be written to a file.
    return page.encode("utf-8", "replace").decode()


def _refusals(counted: Sequence[Week], *, rated: bool) -> list[Series]:
    pairs = [
        (week.refused_rated, week.rated) if rated else (week.refused, week.asked)
        for week in counted
    ]
    return [
        Series("refused", "refused", [refused for refused, _ in pairs]),
        Series("answered", "column", [total - refused for refused, total in pairs]),
    ]
