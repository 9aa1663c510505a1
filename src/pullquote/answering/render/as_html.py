"""The answer and its articles as HTML. Every character of an article or a question is escaped.

Citations are links to ``#pq-TURN-NUMBER``, the id of the marked sentence in the article beside.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pullquote.answering.gate import check
from pullquote.answering.render.parts import parts
from pullquote.answering.render.source import also_line, source_line, updated
from pullquote.messages import messages
from pullquote.types import Answer, Article, Citation, Library, Sentence

#: Characters that may start something in the Markdown that a chat makes of a question.
_MARKDOWN = re.compile(r"[<>&\\`*_{}\[\]#|~$@:\n\r]|^\s*[-+=]|^\s*\d+[.)]")


def question_html(question: str) -> str:
    """The question as Markdown that shows its own characters, whatever they are."""
    return _MARKDOWN.sub(
        lambda match: "".join(f"&#{ord(char)};" for char in match.group()), question.strip()
    )


def escape(text: str) -> str:
    """``text`` for HTML, in an element or in a quoted attribute, on a single line."""
    escaped = html.escape(text).replace("\r", "&#13;").replace("\n", "&#10;")
    # What a template engine in the page might take for its own.
    return escaped.replace("$", "&#36;").replace("{", "&#123;").replace("}", "&#125;")


def answer_html(answer: Answer, library: Library, turn: int) -> Iterator[str]:
    """The answer's parts in order, each a whole element, for streaming. Raises ``GateError``."""
    check(answer, library)
    if answer.understood:
        yield _understood(answer.understood)
    for part in parts(answer):
        if isinstance(part, Citation):
            yield _quote(part, library, turn)
        elif part.written:
            links = " ".join(_link(it, answer, library, turn) for it in part.citations)
            yield f'<p class="pq-written">{escape(part.text)} {links}</p>'
        else:
            # Whoever shows it in another language goes by the key.
            yield f'<p data-message="{part.message}">{escape(part.text)}</p>'
    if answer.closest:
        quotes = "".join(_quote(citation, library, turn) for citation in answer.closest)
        summary = escape(messages().closest)
        yield f"<details><summary>{summary}</summary>{quotes}</details>"


def article_html(
    article: Article,
    sentences: Sequence[Sentence],
    citations: Sequence[Citation] = (),
    turn: int = 0,
) -> str:
    """One article, with the sentences of ``citations`` marked and their answering words strong.

    The caller has passed the citations through the gate.
    """
    cited = {c.sentence_index: c for c in citations if c.article_id == article.id}
    paragraphs = "".join(
        _paragraph(article, list(group), cited, turn)
        for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph)
    )
    return (
        f'<article class="pq-article"><h2>{escape(article.title)}</h2>'
        f'<p class="pq-source">{_byline(article)}</p>{paragraphs}</article>'
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


def _quote(citation: Citation, library: Library, turn: int) -> str:
    article = library.article(citation.article_id)
    before = after = ""
    if citation.context:
        before = _aside(article.text[citation.context[0] : citation.start])
        after = _aside(article.text[citation.end : citation.context[1]])
    also = also_line(citation, library)
    also = f"<br>{escape(also)}" if also else ""
    link = _cite_link(citation, article, turn)
    return (
        f"<blockquote>{before}{_with_span(article, citation)} {link}{after}"
        f"<footer>{escape(source_line(article))}{also}</footer></blockquote>"
    )


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
    article: Article, sentences: Sequence[Sentence], cited: Mapping[int, Citation], turn: int
) -> str:
    tag = "h3" if sentences[0].heading else "p"
    parts = []
    position = sentences[0].start
    for sentence in sentences:
        parts.append(escape(article.text[position : sentence.start]))
        position = sentence.end
        citation = cited.get(sentence.index)
        if citation:
            # A mark can be focused by script: that is how a press on the citation ends here.
            parts.append(
                f'<mark id="pq-{turn}-{citation.number}" tabindex="-1">'
                f"{_with_span(article, citation)}</mark>"
            )
        else:
            parts.append(escape(article.text[sentence.start : sentence.end]))
    return f"<{tag}>{''.join(parts)}</{tag}>"


def _byline(article: Article) -> str:
    told = (article.author, article.published, updated(article), article.section, article.source)
    parts = [escape(part) for part in told if part]
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        url = escape(article.url)
        parts.append(f'<a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a>')
    return " · ".join(parts) or escape(article.id)
