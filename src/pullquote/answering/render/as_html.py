"""The answer and its articles as HTML. Every character of an article or a question is escaped.

Citations link to ``#pq-TURN-NUMBER``, the id of the marked sentence in the article beside them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from pullquote.answering.gate import check
from pullquote.answering.render.parts import parts
from pullquote.answering.render.source import also_line, made_of_line, source_line, updated
from pullquote.messages import messages
from pullquote.protocols import Library
from pullquote.types import Answer, Article, Block, Citation, Sentence

#: Characters with a meaning in Markdown, which the chat renders in questions.
_MARKDOWN = re.compile(r"[<>&\\`*_{}\[\]#|~$@:\n\r]|^\s*[-+=]|^\s*\d+[.)]")


def question_html(question: str) -> str:
    """The question as Markdown, escaped so that it is shown literally."""
    return _MARKDOWN.sub(
        lambda match: "".join(f"&#{ord(char)};" for char in match.group()), question.strip()
    )


def escape(text: str) -> str:
    """``text`` escaped for an HTML element or a quoted attribute, on a single line."""
    escaped = html.escape(text).replace("\r", "&#13;").replace("\n", "&#10;")
    # Characters that a template engine in the page might interpret.
    return escaped.replace("$", "&#36;").replace("{", "&#123;").replace("}", "&#125;")


def answer_html(answer: Answer, library: Library, turn: int) -> Iterator[str]:
    """The answer's parts in order, each a whole element, for streaming. Raises ``GateError``."""
    check(answer, library)
    if answer.understood:
        yield _understood(answer.understood)
    groups = [(key, list(group)) for key, group in groupby(parts(answer), _article_of)]
    quoted = [number for number, (article_id, _) in enumerate(groups) if article_id is not None]
    # If all quotes are from one article, its credit is shown once, under the last of them.
    is_one = len({groups[number][0] for number in quoted}) == 1
    for number, (article_id, group) in enumerate(groups):
        if article_id is not None:
            quotes = [part for part in group if isinstance(part, Citation)]
            is_credited = not is_one or number == quoted[-1]
            yield _quotes(library.article(article_id), quotes, library, turn, is_credited)
            continue
        yield from (
            _block(part, answer, library, turn) for part in group if isinstance(part, Block)
        )
    if answer.closest:
        closest = "".join(
            _quotes(library.article(article_id), list(group), library, turn)
            for article_id, group in groupby(answer.closest, attrgetter("article_id"))
        )
        summary = escape(messages().closest)
        yield f'<details class="pq-closest"><summary>{summary}</summary>{closest}</details>'


def _article_of(part: Block | Citation) -> str | None:
    return part.article_id if isinstance(part, Citation) else None


def _block(block: Block, answer: Answer, library: Library, turn: int) -> str:
    if block.written:
        links = " ".join(_link(number, answer, library, turn) for number in block.citations)
        credit = made_of_line(block, answer, library)
        below = f' <span class="pq-credit">{escape(credit)}</span>' if credit else ""
        return f'<p class="pq-written" dir="auto">{escape(block.text)}&nbsp;{links}{below}</p>'
    # The key lets scripts show the message in another language.
    return f'<p data-message="{block.message}">{escape(block.text)}</p>'


def article_html(
    article: Article,
    sentences: Sequence[Sentence],
    citations: Sequence[Citation] = (),
    turn: int = 0,
    *,
    is_evidence: bool = True,
    tools: str = "",
) -> str:
    """One article, with the sentences of ``citations`` marked and their answering words strong.

    The closest sentences of a refusal are not evidence and are marked differently. The citations
    must have passed the gate. ``tools`` is HTML to put below the title.
    """
    cited = {c.sentence_index: c for c in citations if c.article_id == article.id}
    paragraphs = "".join(
        _paragraph(article, list(group), cited, turn, "" if is_evidence else ' class="pq-near"')
        for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)
    )
    return (
        f'<article class="pq-article" data-id="{escape(article.id)}">'
        f'<h2 dir="auto">{escape(article.title)}</h2>'
        f'<p class="pq-source" dir="auto">{_byline(article)}</p>{tools}{paragraphs}</article>'
    )


def _understood(question: str) -> str:
    text = escape(question)
    return (
        f'<p class="pq-understood">{escape(messages().understood)}: <q>{text}</q> '
        f'<button type="button" class="pq-change" value="{text}">Change</button></p>'
    )


def _link(number: int, answer: Answer, library: Library, turn: int) -> str:
    citation = answer.citations[number - 1]
    return _cite_link(citation, library.article(citation.article_id), turn)


def _cite_link(citation: Citation, article: Article, turn: int) -> str:
    label = f"Show quote {citation.number} in {article.title}"
    return (
        f'<a class="pq-cite" href="#pq-{turn}-{citation.number}" '
        f'aria-label="{escape(label)}">{citation.number}</a>'
    )


def _quotes(
    article: Article,
    citations: Sequence[Citation],
    library: Library,
    turn: int,
    is_credited: bool = True,
) -> str:
    """Quotes of one article, with its credit once below them."""
    quotes = "".join(_quote(citation, article, library, turn) for citation in citations)
    credit = f'<figcaption dir="auto">{_credit(article)}</figcaption>' if is_credited else ""
    return f'<figure class="pq-from">{quotes}{credit}</figure>'


def _quote(citation: Citation, article: Article, library: Library, turn: int) -> str:
    before = after = ""
    if citation.context:
        before = _aside(article.text[citation.context[0] : citation.start])
        after = _aside(article.text[citation.end : citation.context[1]])
    also = also_line(citation, library)
    also = f"<footer>{escape(also)}</footer>" if also else ""
    link = _cite_link(citation, article, turn)
    quote = f'<span class="pq-quote">{_with_span(article, citation)}</span>'
    # A non-breaking space keeps the number on the line where the quote ends.
    return f'<blockquote dir="auto">{before}{quote}&nbsp;{link}{after}{also}</blockquote>'


def _credit(article: Article) -> str:
    """:func:`~pullquote.answering.render.source.source_line` as HTML, the address as a link."""
    line = source_line(article)
    link = _address(article)
    if not link:
        return escape(line)
    return escape(line.removesuffix(str(article.url))) + link


def _address(article: Article) -> str:
    """A link to the article's web page; empty if it has no HTTP address."""
    if not article.url or not re.match(r"https?://", article.url, re.IGNORECASE):
        return ""
    attributes = 'target="_blank" rel="noopener noreferrer"'
    return f'<a href="{escape(article.url)}" {attributes}>{escape(article.url)}</a>'


def _aside(text: str) -> str:
    return f'<span class="pq-context">{escape(text)}</span>' if text.strip() else ""


def _with_span(article: Article, citation: Citation) -> str:
    if not citation.span:
        return escape(citation.quote)
    start, end = citation.span
    text = article.text
    return (
        escape(text[citation.start : start])
        + f"<strong>{escape(text[start:end])}</strong>"
        + escape(text[end : citation.end])
    )


def _paragraph(
    article: Article,
    sentences: Sequence[Sentence],
    cited: Mapping[int, Citation],
    turn: int,
    kind: str,
) -> str:
    tag = "h3" if sentences[0].heading else "p"
    parts = []
    position = sentences[0].start
    for sentence in sentences:
        parts.append(escape(article.text[position : sentence.start]))
        position = sentence.end
        citation = cited.get(sentence.index)
        if citation:
            # "tabindex" lets a script focus the mark when its citation is clicked.
            parts.append(
                f'<mark{kind} id="pq-{turn}-{citation.number}" tabindex="-1" '
                f'data-number="{citation.number}">'
                f"{_with_span(article, citation)}</mark>"
            )
        else:
            parts.append(escape(article.text[sentence.start : sentence.end]))
    return f'<{tag} dir="auto">{"".join(parts)}</{tag}>'


def _byline(article: Article) -> str:
    told = (article.author, article.published, updated(article), article.section, article.source)
    parts = [escape(part) for part in told if part]
    if link := _address(article):
        parts.append(link)
    return " · ".join(parts) or escape(article.id)
