"""What a question's row opens to: the answer beside its gold, and both in their articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pullquote.answering.render import escape
from pullquote.evaluate.files import told
from pullquote.evaluate.gold import Place
from pullquote.evaluate.question import Item, Range
from pullquote.evaluate.report.passages import Kind, Mark, Paragraphs, excerpts_html
from pullquote.evaluate.report.words import decimal
from pullquote.evaluate.run import Result
from pullquote.plurals import counted
from pullquote.types import Article, Citation, Library, Status

#: So many places of the gold are shown in the articles at most: a short quote may be everywhere.
MOST_PLACES = 12


class Inside:
    """What all rows share: the library with its paragraphs, and the threshold in use."""

    def __init__(self, library: Library, threshold: object) -> None:
        self._library = library
        self._paragraphs = Paragraphs(library)
        self._threshold = threshold

    def parts(self, result: Result) -> Iterator[str]:
        """What is inside of a question's row, piece by piece."""
        question = result.question
        if question.history:
            asked = "".join(f'<li dir="auto">{escape(it)}</li>' for it in question.history)
            yield f'<p class="before">Asked before it:</p><ol class="history">{asked}</ol>'
        if result.judgement.failure:
            yield f'<p class="told">{told(result.judgement.failure)}</p>'
        yield f'<p class="facts">{" ".join(self._facts(result))}</p>'
        yield (
            f'<div class="beside"><section><h3>What was said</h3>{self._said(result)}</section>'
            f"<section><h3>What is right</h3>{self._right(result)}</section></div>"
        )
        yield from self._articles(result)

    def _facts(self, result: Result) -> Iterator[str]:
        judgement, gold = result.judgement, result.gold
        below = self._threshold
        limit = f" (refused below {below:g})" if isinstance(below, int | float) else ""
        yield f"Answerability {decimal(judgement.answerability)}{limit}."
        if judgement.status is Status.NOT_FOUND and judgement.unrefused_right is not None:
            first = "right" if judgement.unrefused_right else "wrong"
            yield f"With no threshold its first citation would be {first}."
        passages = counted(len(result.retrieved), "passage")
        if not gold.groups:
            yield f"{passages} read."
        elif judgement.rank is None:
            yield f"Evidence in none of the {passages} read."
        else:
            yield f"Evidence in passage {judgement.rank} of {len(result.retrieved)}."
        if result.question.document_id is not None:
            yield f"Asked only of <bdi>{escape(result.question.document_id)}</bdi>."

    def _said(self, result: Result) -> str:
        answer = result.answer
        said = {
            Status.ANSWERED: "An answer:",
            Status.STATED_UNKNOWN: "That the article itself says it is not known:",
            Status.NOT_FOUND: "That the articles don’t say. Closest:",
        }[answer.status]
        if answer.status is Status.NOT_FOUND and not answer.closest:
            said = "That the articles don’t say."
        items = "".join(self._quote(it, result) for it in (*answer.citations, *answer.closest))
        kind_ = Kind.CLOSEST if answer.status is Status.NOT_FOUND else Kind.CITED
        quotes = items and f'<ul class="quotes {kind_}">{items}</ul>'
        return f"<p>{said}</p>{quotes}"

    def _quote(self, citation: Citation, result: Result) -> str:
        place = Place(citation.article_id, citation.start, citation.end)
        note = ""
        if any(place.meets(it) for it in result.gold.evidence):
            note = "✓ evidence"
        elif any(place.meets(it) for it in result.gold.also_ok):
            note = "✓ may be cited"
        elif result.gold.groups and result.answer.citations:
            note = "✗ not right"
        note = note and f"<small>{note}</small>"
        quoted = escape(citation.quote)
        return f'<li data-number="{citation.number}"><q dir="auto">{quoted}</q>{note}</li>'

    def _right(self, result: Result) -> str:
        question = result.question
        parts = []
        if question.status is Status.NOT_FOUND:
            parts.append("<p>The articles do not say.</p>")
        elif question.status is Status.STATED_UNKNOWN:
            parts.append("<p>The article itself says that it is not known.</p>")
        elif question.status is None:
            parts.append("<p>The set does not say what is right.</p>")
        for reference in question.references:
            parts.append(f'<p class="reference" dir="auto">{escape(reference)}</p>')
        if question.evidence:
            parts.append(f'<ul class="quotes evidence">{"".join(self._groups(result))}</ul>')
        elif question.status in (Status.ANSWERED, Status.STATED_UNKNOWN):
            parts.append("<p>The set names no evidence.</p>")
        if question.also_ok:
            items = "".join(f"<li>{self._item(it)}</li>" for it in question.also_ok)
            parts.append(f'<p>May be cited besides:</p><ul class="quotes also-ok">{items}</ul>')
        return "".join(parts)

    def _groups(self, result: Result) -> Iterator[str]:
        """The evidence, a group an item, and whether the answer cites it."""
        cited = [Place(it.article_id, it.start, it.end) for it in result.answer.citations]
        for items, places in zip(result.question.evidence, result.gold.groups, strict=True):
            met = any(it.meets(place) for it in cited for place in places)
            note = f"<small>{'✓ cited' if met else '✗ not cited'}</small>"
            if len(items) == 1:
                yield f"<li>{self._item(items[0])}{note}</li>"
            else:
                any_of = "".join(f"<li>{self._item(it)}</li>" for it in items)
                yield f"<li>any one of these {note}<ul>{any_of}</ul></li>"

    def _item(self, item: Item) -> str:
        if isinstance(item, Range):
            item = self._library.article(item.document_id).text[item.start : item.end]
        return f'<q dir="auto">{escape(item)}</q>'

    def _articles(self, result: Result) -> Iterator[str]:
        """Citations and gold in the text of their articles, those with citations first."""
        marks, left_out = _marks(result)
        yield '<div class="articles">'
        for article_id, of_article in marks.items():
            article = self._library.article(article_id)
            text = excerpts_html(article.text, self._paragraphs.of(article_id), of_article)
            yield (
                f'<article><h3 dir="auto">{escape(article.title)}</h3>'
                f'<p class="facts">{_byline(article)}</p>{text}</article>'
            )
        yield "</div>"
        if left_out:
            yield (
                f'<p class="facts">What is right stands in {counted(left_out, "more place")}, '
                "which are not shown.</p>"
            )


def _marks(result: Result) -> tuple[Mapping[str, Sequence[Mark]], int]:
    """The marks by article, and how many places of the gold are left out."""
    answer, gold = result.answer, result.gold
    found: dict[str, list[Mark]] = {}
    for cited, name in ((answer.citations, Kind.CITED), (answer.closest, Kind.CLOSEST)):
        for it in cited:
            marks = found.setdefault(it.article_id, [])
            marks.append(Mark(it.start, it.end, name, it.number))
            if it.span and name is Kind.CITED:
                marks.append(Mark(*it.span, Kind.WORDS))
    cited_articles = set(found)
    left_out = 0
    for places, name in ((gold.evidence, Kind.EVIDENCE), (gold.also_ok, Kind.ALSO_OK)):
        near = sorted(dict.fromkeys(places), key=lambda it: it.article_id not in cited_articles)
        left_out += len(near[MOST_PLACES:])
        for place in near[:MOST_PLACES]:
            found.setdefault(place.article_id, []).append(Mark(place.start, place.end, name))
    return found, left_out


def _byline(article: Article) -> str:
    known = [it for it in (article.published, article.id) if it]
    return " · ".join(f"<bdi>{escape(it)}</bdi>" for it in known)
