"""Keeps articles grouped into near copies ("twins") as articles are added and removed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence

from pullquote.text import near_copies


def groups_of(connection: sqlite3.Connection, numbers: Sequence[int]) -> set[int]:
    """The groups of the articles ``numbers``."""
    query = "SELECT twins FROM article WHERE number = ?"
    found = (connection.execute(query, (number,)).fetchone()[0] for number in numbers)
    return {group for group in found if group is not None}


def regroup(connection: sqlite3.Connection, new: Sequence[int], groups: Collection[int]) -> None:
    """Group ``new`` articles, and regroup the articles of ``groups``."""
    concerned = dict(_members(connection, groups))
    if new:
        rows = connection.execute(
            "SELECT article, value FROM signature JOIN article ON number = article WHERE live"
        ).fetchall()
        numbers, signatures = [row[0] for row in rows], [row[1] for row in rows]
        places = {number: place for place, number in enumerate(numbers)}
        alike = near_copies.like_any(signatures, [places[number] for number in new])
        near = [numbers[place] for place in alike]
        concerned |= {number: signatures[places[number]] for number in [*near, *new]}
        concerned |= dict(_members(connection, groups_of(connection, near)))
    ordered = sorted(concerned)
    firsts = near_copies.group([concerned[number] for number in ordered])
    sizes = Counter(firsts)
    connection.executemany(
        "UPDATE article SET twins = ? WHERE number = ?",
        (
            (ordered[first] if sizes[first] > 1 else None, number)
            for number, first in zip(ordered, firsts, strict=True)
        ),
    )


def _members(connection: sqlite3.Connection, groups: Collection[int]) -> list[tuple[int, bytes]]:
    query = (
        "SELECT article, value FROM article JOIN signature ON article = number "
        "WHERE twins = ? AND live"
    )
    return [row for group in groups for row in connection.execute(query, (group,))]
