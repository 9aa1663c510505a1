"""What readers thought and asked, as one page for the owner, with nothing to load from anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from pullquote.evaluate.feedback_weeks import Week, complaints, refused, weeks
from pullquote.evaluate.report.rendering import digest, render, static
from pullquote.evaluate.report.weekly import Series
from pullquote.serve.feedback import AskedQuestion, Entry, Verdict

#: Rows of a list. Who wants all of them exports them.
MAX_ROWS = 300

#: A verdict as a person says it.
_WORDS = {Verdict.UP: "good", Verdict.DOWN: "bad", Verdict.WRONG_CITATION: "wrong citation"}


def feedback_html(entries: Sequence[Entry], questions: Sequence[AskedQuestion]) -> str:
    """The page. ``entries`` are in the order of time; there is a verdict or a question."""
    counted = weeks(entries, questions)
    unanswered = refused(entries, questions)
    bad = complaints(entries)
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
        commented=sum(bool(entry.comment) for entry in entries),
        rated_refused=sum(entry.status == "not_found" for entry in entries),
        asked=len(questions),
        asked_refused=sum(question.status == "not_found" for question in questions),
        complaints=bad[:MAX_ROWS],
        complaints_left=len(bad[MAX_ROWS:]),
        refused=unanswered[:MAX_ROWS],
        refused_left=len(unanswered[MAX_ROWS:]),
        liked=[entry for entry in reversed(entries) if entry.verdict is Verdict.UP][:MAX_ROWS],
        verdict_words=_WORDS,
    )
    # Half a surrogate pair, as JSON may hold it, cannot be written to a file.
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
