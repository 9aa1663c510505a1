"""One visitor's conversation, as the pieces of a page: no web framework in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.opening import Opening
from pullquote.render import answer_html, article_html, escape, to_markdown
from pullquote.types import Answer, Turn
from pullquote.workqueue import WorkQueue

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of this visitor and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Step:
    """What the page shows next of an answer that is under way.

    ``bubble`` is the answer so far and ``panel`` the articles beside it, as HTML (``None``: as
    before). The last step of an answer has its ``exchange``, and its ``markdown`` to copy.
    """

    bubble: str
    panel: str | None = None
    markdown: str = ""
    exchange: Exchange | None = None


def converse(
    opening: Opening, work: WorkQueue, question: str, history: Sequence[Exchange]
) -> Iterator[Step]:
    """The steps of an answer to ``question``, quote by quote; an error is a step of its own."""
    yield Step("<p>Searching the articles …</p>")
    turn = len(history)
    try:
        assistant = opening.assistant()
        turns = [Turn("user", it.question) for it in history]
        answer = work.run(lambda: assistant.ask(question, turns))
        parts = list(answer_html(answer, assistant.index, turn))
        markdown = to_markdown(answer, assistant.index)
        panel = articles_html(answer, assistant, turn)
    except PullquoteError as error:
        yield Step(f"<p>{escape(str(error))}</p>")
        return
    except Exception:
        # A visitor is told that something broke, and whoever runs the server what.
        _LOG.exception("An answer failed.")
        yield Step("<p>The answer failed. Try again, or ask in other words.</p>")
        return
    for n in range(1, len(parts)):
        yield Step("".join(parts[:n]), panel)
    yield Step("".join(parts), panel, markdown, Exchange(question, answer))


def articles_html(answer: Answer, assistant: Assistant, turn: int) -> str:
    """The articles that an answer cites, in the order of its citations."""
    index = assistant.index
    citations = answer.citations or answer.closest
    if not citations:
        return first_article_html(assistant)
    return "".join(
        article_html(index.article(article_id), index.sentences(article_id), citations, turn)
        for article_id in dict.fromkeys(citation.article_id for citation in citations)
    )


def first_article_html(assistant: Assistant) -> str:
    """What there is to read before anything was asked."""
    index = assistant.index
    article = next(iter(index.articles.values()))
    return article_html(article, index.sentences(article.id))
