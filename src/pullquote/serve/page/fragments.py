"""HTML around an answer in the conversation: tools, verdicts, explanation, notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pullquote.answering.render import escape
from pullquote.answering.suggested import summary_of
from pullquote.serve.conversation import Exchange
from pullquote.serve.feedback import MAX_COMMENT, Verdict
from pullquote.types import Answer, Article

_SEARCHING = (
    '<p class="pq-searching">Searching the articles …</p>'
    '<div class="pq-skeleton" aria-hidden="true"><i></i><i></i><i></i></div>'
)

#: Further actions on an answer: the value that answers.js uses, and the label.
_MORE = {
    "markdown": "Copy as Markdown",
    "html": "Copy as HTML",
    "receipt": "Save receipt",
    "json": "Save as JSON",
}


def bubble(exchange: Exchange, turn: int) -> str:
    """An answer with its tools."""
    if not exchange.answer:
        return exchange.bubble or _SEARCHING
    status = exchange.answer.status.value
    return (
        f'<div class="pq-answer" data-turn="{turn}" data-status="{status}">{exchange.bubble}</div>'
        + _tools(exchange.answer, turn)
        + f'<details class="pq-how" data-turn="{turn}"><summary>How this was found</summary><div>'
        + f'</div></details><div class="pq-chips" data-chips="{turn}"></div>'
    )


def failed(message: str, question: str) -> str:
    """In place of an answer: what went wrong, and a button that asks again."""
    return (
        f'<div class="pq-failed" role="alert"><p>{escape(message)}</p>'
        f'<button type="button" class="pq-ask" value="{escape(question)}">Ask again</button></div>'
    )


def article_tools(article: Article) -> str:
    """What can be asked of an opened article."""
    return (
        f'<p class="pq-article-tools"><button type="button" class="pq-ask" '
        f'value="{escape(summary_of(article))}">Summarize</button></p>'
    )


def _tools(answer: Answer, turn: int) -> str:
    more = "".join(
        f'<button type="button" value="{turn}-{kind}">{name}</button>'
        for kind, name in _MORE.items()
    )
    return (
        f'<div class="pq-tools">{_verdicts(answer, turn)}'
        f'<button type="button" class="pq-do" value="{turn}-text">Copy</button>'
        f'<button type="button" class="pq-do" value="{turn}-link">Copy link</button>'
        f'<details class="pq-more"><summary>More</summary><div>{more}</div></details></div>'
        # Shown by answers.js below a complaint.
        f'<form class="pq-comment" data-turn="{turn}" hidden>'
        f'<label for="pq-comment-{turn}">What is wrong? (optional)</label>'
        f'<textarea id="pq-comment-{turn}" rows="2" maxlength="{MAX_COMMENT}"></textarea>'
        '<button type="submit" class="pq-button">Send</button></form>'
        f'<p class="pq-thanks" data-turn="{turn}" role="status"></p>'
    )


def _verdicts(answer: Answer, turn: int) -> str:
    """The verdict buttons. answers.js sends the clicks and shows a saved verdict as pressed."""
    names = {Verdict.UP: "Good answer", Verdict.DOWN: "Bad answer"}
    if answer.citations:
        names[Verdict.WRONG_CITATION] = "Wrong citation"
    buttons = "".join(
        f'<button type="button" value="{turn}-{verdict}" aria-pressed="false" title="{name}">'
        f"<span>{name}</span></button>"
        for verdict, name in names.items()
    )
    return f'<div class="pq-verdict" role="group" aria-label="Your verdict">{buttons}</div>'


def found_html(told: Mapping[str, Any]) -> str:
    """The explanation of how an answer was found."""
    decided = {
        "reader": "The reader decided.",
        "request": "The form of the request decided; nothing was searched.",
        "last_answer": "It follows from what the last answer quotes; nothing was searched.",
    }[told["decided_by"]]
    if told["decided_by"] == "reader":
        sure, least = told["answerability"], told["threshold"]
        refused = "refused" if sure < least else "answered"
        decided += f" Its best sentence scored {sure:.3f}; below {least:.3f} a question is refused."
        decided += f" So it was {refused}."
    sentences = "".join(
        f"<tr><td>{one['score']:.3f}</td><td>{one['not_said']:.3f}</td>"
        f'<td dir="auto">{escape(one["text"])}</td></tr>'
        for one in told["sentences"]
    )
    passages = "".join(map(_passage_row, told["passages"]))
    tables = ""
    if sentences:
        head = "<tr><th>Score</th><th>Not known</th><th>Sentence</th></tr>"
        tables += f"<table><caption>The best sentences</caption>{head}{sentences}</table>"
    if passages:
        head = "<tr><th>Score</th><th>Article</th><th>What was read of it</th></tr>"
        tables += f"<table><caption>The passages that were read</caption>{head}{passages}</table>"
    return f"<p>{escape(decided)}</p>{tables}"


def _passage_row(one: Mapping[str, Any]) -> str:
    first, last = (number + 1 for number in one["sentences"])
    article = escape(one["document_id"])
    return (
        f"<tr><td>{one['score']:.4f}</td>"
        f'<td dir="auto"><button type="button" class="pq-open" value="{article}">'
        f"{escape(one['document_title'])}</button></td>"
        f"<td><details><summary>Sentences {first} to {last}</summary>"
        f'<p dir="auto">{escape(one["text"])}</p></details></td></tr>'
    )


def notice(text: str, error: bool = False) -> str:
    """A line beside the question's box."""
    role, extra = ("alert", " pq-error") if error else ("status", "")
    return f'<p class="pq-status{extra}" role="{role}">{escape(text)}</p>'
