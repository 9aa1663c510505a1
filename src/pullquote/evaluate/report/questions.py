"""The questions, one row each, and how many went wrong in which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from pullquote.answering.gate import check
from pullquote.answering.render import escape
from pullquote.evaluate.files import told
from pullquote.evaluate.judge import Failure
from pullquote.evaluate.report.charts import share_bar
from pullquote.evaluate.report.inside import Inside
from pullquote.evaluate.report.words import RIGHT, UNJUDGED, kind, kind_words, status
from pullquote.evaluate.run import Result
from pullquote.types import Library

_SIGN = {RIGHT: "✓", UNJUDGED: "–"}

LEGEND = (
    '<p class="legend">In the articles: <mark class="cited" data-number="1">cited</mark>, with its '
    'number; <mark class="cited words">the words taken as the answer</mark>; '
    '<mark class="closest" data-number="1">closest</mark>, shown with a refusal; '
    '<mark class="evidence">evidence</mark>, which a right answer cites; '
    '<mark class="also-ok">may be cited</mark> besides.</p>'
)


def anchor(question_id: str) -> str:
    """The id of a question's row: any text is told apart, and can stand in a link as it is."""
    return "q-" + quote(question_id, safe="", errors="replace")


def kinds_html(results: Sequence[Result]) -> str:
    """How many questions went wrong in which way. With a script, each is a filter."""
    found = Counter(kind(it.judgement) for it in results)
    rows = [_kind_row("all", "all questions", len(results), len(results), "")]
    for failure in Failure:
        note = told(failure)
        both = sum(it.judgement.failure is failure and bool(it.judgement.handled) for it in results)
        if both:
            note += f" The first citation is right, so {both:,} of these count as handled right."
        rows.append(_kind_row(failure, kind_words(failure), found[failure], len(results), note))
    rows.append(_kind_row(RIGHT, "handled right", found[RIGHT], len(results), ""))
    if found[UNJUDGED]:
        note = "The set does not say what is right, or names no evidence."
        rows.append(_kind_row(UNJUDGED, "not judged", found[UNJUDGED], len(results), note))
    return f'<ul class="kinds">{"".join(rows)}</ul>'


def questions_html(results: Sequence[Result], library: Library, threshold: object) -> str:
    """All rows, in the order of the set. Raises :class:`~pullquote.errors.GateError`."""
    inside = Inside(library, threshold)
    rows = []
    for it in results:
        check(it.answer, library)
        rows.append(_row(it, inside))
    return "".join(rows)


def _kind_row(name: str, words: str, number: int, total: int, note: str) -> str:
    about = f"<small>{note}</small>" if note else ""
    return (
        f'<li class="{name}"><a data-show="{name}"><span class="name">{words}</span>'
        f'{share_bar(number / total)}<span class="number">{number:,}</span></a>{about}</li>'
    )


def _row(result: Result, inside: Inside) -> str:
    question, judgement = result.question, result.judgement
    name = kind(judgement)
    tags = "".join(f"<bdi>{escape(tag)}</bdi> " for tag in question.tags)
    link = anchor(question.id)
    return (
        f'<details class="question" id="{link}" data-kind="{name}"><summary>'
        f'<span class="outcome {"" if name in _SIGN else "failed"}">'
        f'<span aria-hidden="true">{_SIGN.get(name, "✗")}</span> {kind_words(name)}</span>'
        f'<span class="asked" dir="auto">{escape(question.text)}</span>'
        f'<span class="facts"><bdi class="id">{escape(question.id)}</bdi> '
        f"<span>expected {status(judgement.expected)}, got {status(judgement.status)}</span> "
        f'<span class="tags">{tags}</span></span></summary>'
        f'<div class="inside">{"".join(inside.parts(result))}'
        f'<p class="facts"><a href="#{link}">Link to this question</a></p></div></details>'
    )
