"""An embedder with a cache, filled from the vectors of an index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pullquote.index.interface import Store
from pullquote.index.store import passage_text
from pullquote.protocols import Embedder
from pullquote.text.findable import findable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.protocols import Vectors


class Remembering:
    """Caches the vectors of some articles' passages, and of all texts embedded since.

    An article that loses one sentence keeps most of its passages, so few must be embedded again.
    Implements :class:`pullquote.protocols.Embedder`.
    """

    def __init__(self, embedder: Embedder, index: Store, article_ids: Iterable[str]) -> None:
        self.name = embedder.name
        self.digest = embedder.digest
        self.dimension = embedder.dimension
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}
        for article_id in article_ids:
            article, sentences = index.article(article_id), index.sentences(article_id)
            texts = [
                findable(article.title, passage_text(article, sentences, passage))
                for passage in index.passages(article_id)
            ]
            self._known |= zip(texts, index.passage_vectors(article_id), strict=True)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed the texts that are not cached yet. Rows are L2-normalised."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known |= zip(new, self._embedder.encode(new), strict=True)
        rows = [self._known[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text."""
        return self._embedder.count_tokens(texts)
