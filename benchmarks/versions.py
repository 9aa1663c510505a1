"""Articles that change while they are asked, with every text that they have had."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from pullquote.digest import article_digest
from pullquote.ingest.corpus import list_sources, read_text


class Versions:
    """The articles of the folders ``corpora``, copied into a new ``folder``.

    ``texts`` holds all texts that the articles have had, by the digest of the article.
    """

    def __init__(self, folder: Path, corpora: Sequence[Path]) -> None:
        folder.mkdir()
        self._folder = folder
        self._chance = random.Random(23)
        self.texts: dict[str, str] = {}
        self.changes = 0
        self._first = {
            source.article_id: source.path.read_text(encoding="utf-8")
            for source in list_sources(corpora).sources
        }
        for article_id, text in self._first.items():
            self._write(article_id, text)

    def change(self) -> None:
        """Change one article: all that is below its head moves to another place."""
        self.changes += 1
        article_id = self._chance.choice(sorted(self._first))
        head, blank, body = self._first[article_id].partition("\n\n")
        note = f"This is version {self.changes}. " + "It was corrected. " * (self.changes % 7)
        self._write(article_id, f"{head}{blank}{note}\n\n{body}")

    def _write(self, article_id: str, text: str) -> None:
        # Written hidden, so that nobody indexes half of it, or before its text is known here.
        hidden = self._folder / f".{article_id}"
        hidden.write_text(text, encoding="utf-8")
        article = read_text(article_id, hidden)
        self.texts[article_digest(article)] = article.text
        hidden.replace(self._folder / article_id)
