"""Collects the names in a corpus."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pullquote.evaluate.stress.capitals import Name, has_article, names_in, proper_words
from pullquote.evaluate.stress.sorts import Sort, sort_by_head, sort_in, sorted_out
from pullquote.evaluate.stress.texts import Shelf, text_of

_LOWER_WORD = re.compile(r"(?<![\w’'-])[^\W\d_]\w*")


class Names:
    """The names of a corpus: where they occur, what sort they are, and whether they take "the"."""

    def __init__(self, shelf: Shelf) -> None:
        texts = {article_id: list(_texts(article_id, shelf)) for article_id in shelf.articles}
        every = [text for own in texts.values() for text in own]
        ordinary = _lower_case_words(every)
        #: Words that are capitalised within a sentence and never occur in lower case.
        self._proper = frozenset(
            word for text in every for word in proper_words(text) if word.lower() not in ordinary
        )
        by_article: dict[str, dict[str, None]] = {article_id: {} for article_id in texts}
        counts: dict[str, Counter[Sort]] = {}
        articled: Counter[str] = Counter()
        for article_id, own in texts.items():
            for text in own:
                for name in self._simple_names(text):
                    if name.words.lower() not in ordinary:
                        by_article[article_id][name.words] = None
                        counts.setdefault(name.words, Counter())[sort_in(name, text)] += 1
                        articled[name.words] += 1 if has_article(text, name.start) else -1
        #: The names of each article, in order of appearance.
        self.by_article: Mapping[str, tuple[str, ...]] = {
            article_id: tuple(own) for article_id, own in by_article.items()
        }
        #: All names, each with its sort.
        self.sorts: Mapping[str, Sort] = sorted_out(counts)
        #: Names that mostly have "the" before them.
        self.articled = frozenset(name for name, more in articled.items() if more > 0)

    def names(self, text: str) -> Iterator[Name]:
        """The names in ``text`` as the longest runs, including possessives and titles."""
        return names_in(text, self._proper)

    def sort_of(self, name: str) -> Sort:
        """The sort of ``name``; for a part of a longer name, the sort of the longer name."""
        if name in self.sorts:
            return self.sorts[name]
        longer = next((other for other in self.sorts if f" {name} " in f" {other} "), "")
        return sort_by_head(name) or self.sorts.get(longer, Sort.OTHER)

    def _simple_names(self, text: str) -> Iterator[Name]:
        for name in self.names(text):
            for part in name.parts():
                if not part.has_possessive and len(part.words) > 1:
                    yield part


def _texts(article_id: str, shelf: Shelf) -> Iterator[str]:
    """The sentences where capitals are meaningful: no headings, and not all in capitals."""
    for sentence in shelf.sentences(article_id):
        text = text_of(sentence, shelf)
        if not sentence.heading and text != text.upper():
            yield text


def _lower_case_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word for text in texts for word in _LOWER_WORD.findall(text) if word == word.lower()
    )
