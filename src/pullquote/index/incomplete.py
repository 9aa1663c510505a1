"""Which articles may be incomplete: prose of their pages that is not in their text."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from pullquote.index.pending import Planned
from pullquote.index.run import Run
from pullquote.ingest.corpus import LeftOut
from pullquote.plurals import counted


def incomplete(run: Run, words: Iterable[tuple[str, int]]) -> tuple[LeftOut, ...]:
    """The sources of the articles that lack words, given the number of words by article id."""
    return tuple(
        LeftOut(
            run.shown(id_),
            f"{counted(number, 'word')} that may be the article's are not in its text: "
            f"`pullquote articles show {shlex.quote(id_)} --compare` shows them",
        )
        for id_, number in words
    )


def missed(
    connection: sqlite3.Connection, planned: Mapping[str, Planned]
) -> Iterator[tuple[str, int]]:
    """Ids of planned articles that may be incomplete, and how many words may be missing."""
    query = "SELECT id, digest, live, missed FROM article WHERE missed > 0 ORDER BY id"
    for id_, digest, live, words in connection.execute(query):
        one = planned.get(id_)
        if one and (one.digest, one.kept) == (digest, bool(live)):
            yield id_, words
