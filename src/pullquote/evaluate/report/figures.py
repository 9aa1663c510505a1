"""The tables of figures: each with its value, its interval, and what it is over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from pullquote.answering.render import escape
from pullquote.evaluate.rates import Rate
from pullquote.evaluate.report.charts import interval_bar
from pullquote.evaluate.report.words import FIGURES, GROUPS, Wording, decimal
from pullquote.evaluate.summary import Summary

#: One row of what a question set may be put under: a name, what it means, and its figure.
Stress = tuple[str, str, Rate]

_HEAD = (
    '<thead><tr><th scope="col">{name}</th><th scope="col">Value</th>'
    '<th scope="col">95 % interval<span class="scale" aria-hidden="true"><span>0</span>'
    '<span>.5</span><span>1</span></span></th><th scope="col">Over</th></tr></thead>'
)


def counts_html(summary: Summary) -> str:
    """How many questions there are of each expected status."""
    counts = summary.counts
    rows = [
        (counts["n"], "questions in all"),
        (counts["n_answerable"], "that the articles answer"),
        (counts["n_stated_unknown"], "where they say it is not known"),
        (counts["n_unanswerable"], "that they do not answer"),
    ]
    if counts["n_unlabelled"]:
        rows.append((counts["n_unlabelled"], "of which nothing is said: asked, not judged"))
    items = "".join(f"<div><dt>{name}</dt><dd>{number:,}</dd></div>" for number, name in rows)
    return f'<dl class="counts">{items}</dl>'


def figures_html(summary: Summary) -> str:
    """The contract's figures, in their groups."""
    bodies = []
    for group, names in groupby(summary.rates, key=_group):
        heading = GROUPS.get(group) or escape(group)
        rows = "".join(_figure_row(name, summary.rates[name]) for name in names)
        bodies.append(
            f'<tbody><tr class="group"><th colspan="4" scope="rowgroup">{heading}</th></tr>'
            f"{rows}</tbody>"
        )
    return f'<table class="figures">{_HEAD.format(name="Figure")}{"".join(bodies)}</table>'


def stress_html(rows: Sequence[Stress]) -> str:
    """What becomes of the answers when the questions are made harder; nothing without rows."""
    if not rows:
        return ""
    body = "".join(
        _row(f"<strong>{escape(name)}</strong><small>{escape(meaning)}</small>", rate, "questions")
        for name, meaning, rate in rows
    )
    return (
        '<section id="stress"><h2>Under stress</h2>'
        f'<table class="figures">{_HEAD.format(name="Test")}<tbody>{body}</tbody></table></section>'
    )


def _group(name: str) -> str:
    return name.rpartition(".")[0]


def _figure_row(name: str, rate: Rate) -> str:
    wording = FIGURES.get(name, Wording(escape(name)))
    return _row(f"{wording.plain}<code>{_breakable(name)}</code>", rate, wording.over)


def _breakable(name: str) -> str:
    """On a phone a long name breaks where its parts meet."""
    return re.sub(r"([._])", r"\1<wbr>", escape(name))


def _row(heading: str, rate: Rate, noun: str) -> str:
    """``heading`` is HTML. A rate without a value says so in words."""
    if rate.value is None:
        return (
            f'<tr><th scope="row">{heading}</th><td class="number">–</td>'
            '<td colspan="2" class="none">no question counts</td></tr>'
        )
    between = ""
    usual = ' class="usual"' if noun == "questions" else ""
    if rate.interval:
        low, high = (decimal(it) for it in rate.interval)
        between = f'<span class="between">{low} to {high}</span>'
    return (
        f'<tr><th scope="row">{heading}</th><td class="number">{decimal(rate.value)}</td>'
        f"<td>{interval_bar(rate.value, rate.interval)}{between}</td>"
        f'<td class="over">{rate.over:,}<small{usual}>{noun}</small></td></tr>'
    )
