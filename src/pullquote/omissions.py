"""Blocks of a source that were left out of its article, kept so that a person can review them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Omission:
    """A block that was left out. It stood before ``place``, an offset into the article's text.

    ``missed``: it reads like prose of the article, so ``pullquote index`` warns about it.
    """

    place: int
    text: str
    why: str
    missed: bool


def packed(omissions: Iterable[Omission]) -> str | None:
    """The omissions as a JSON string; ``None`` for none."""
    rows = [astuple(omission) for omission in omissions]
    return json.dumps(rows, ensure_ascii=False) if rows else None


def unpacked(value: str | None) -> tuple[Omission, ...]:
    """The inverse of :func:`packed`. Raises ``ValueError`` for any other string."""
    try:
        return tuple(
            Omission(int(place), str(text), str(why), bool(missed))
            for place, text, why, missed in json.loads(value or "[]")
        )
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError("the omissions are damaged") from error


def missed_words(value: str | None) -> int:
    """How many words the ``missed`` ones among :func:`packed` omissions have."""
    return sum(len(each.text.split()) for each in unpacked(value) if each.missed)
