"""The filters of a command: parses them, checks them against the articles, and prints them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pullquote.errors import FilterError
from pullquote.filters import checked
from pullquote.plurals import counted
from pullquote.types import NO_FILTERS, Filters

if TYPE_CHECKING:
    from pullquote.index.interface import Listed

#: The most names that an error message lists.
_LISTED = 30


def given(options: argparse.Namespace) -> Filters:
    """The filters of a command line. Raises :class:`~pullquote.errors.FilterError`."""
    return checked(options.since, options.until, options.section, options.source)


def announce(filters: Filters, catalog: Listed) -> None:
    """Print on standard error which articles are asked, unless all are.

    Raises :class:`~pullquote.errors.FilterError` if no article has the section or the source; the
    message lists the existing ones.
    """
    if filters == NO_FILTERS:
        return
    facets = catalog.facets()
    _known("section", filters.section, facets.sections)
    _known("source", filters.source, facets.sources)
    told = [
        f"from {filters.since} on" if filters.since else "",
        f"up to {filters.until}" if filters.until else "",
        f"of the section {filters.section!r}" if filters.section else "",
        f"of the source {filters.source!r}" if filters.source else "",
    ]
    share = f"{catalog.count(filters):,} of {counted(catalog.count(NO_FILTERS), 'article')}"
    print(f"pullquote: only articles {', '.join(filter(None, told))}: {share}", file=sys.stderr)


def _known(which: str, name: str | None, there: Sequence[tuple[str, int]]) -> None:
    if not name or name.casefold() in {known.casefold() for known, _ in there}:
        return
    if not there:
        raise FilterError(f"No article has a {which}: leave out --{which}.")
    names = ", ".join(repr(known) for known, _ in there[:_LISTED])
    more = f" and {len(there) - _LISTED:,} more" if len(there) > _LISTED else ""
    raise FilterError(f"No article has the {which} {name!r}. There are: {names}{more}.")
