"""Lets one run at a time write to an index in Milvus, whichever machine it is on.

Milvus has neither locks nor transactions. So a run claims the index by a row of its own before it
writes, and looks for other claims after that: of two runs that claim at once, at least one sees the
other and gives up. A claim is renewed while its run writes. One that is old, or that a killed run
on this machine has left, is taken over. So the claims are looked at again before each write and
each deletion, and a run that has lost its claim writes no more.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import time

from pullquote.errors import IndexUnusableError
from pullquote.index.milvus import schema
from pullquote.index.milvus.client import Connected, equal
from pullquote.index.milvus.state import record

_KIND = "claim"

#: Seconds after which a claim is renewed, and after which one that was not renewed is taken over.
#: No call takes longer than that: the longest waits 120 seconds for Milvus.
RENEWED, OLD = 30.0, 300.0


@dataclass(frozen=True, slots=True)
class _Row:
    """``at`` is in seconds since 1970. ``held`` once no other claim was found."""

    token: str
    at: float
    held: bool

    def write(self, client: Connected) -> None:
        value = json.dumps(asdict(self))
        client.put(schema.RECORD, [record(f"{_KIND} {self.token}", _KIND, value)])


class Claim:
    """The claim of one run. ``folder`` is where this machine remembers it."""

    def __init__(self, client: Connected, folder: Path) -> None:
        self._client = client
        self._remembered = folder / "claim"
        self._own = _Row(secrets.token_hex(16), 0.0, held=False)
        self._taken_over: frozenset[str] = frozenset()

    @property
    def held(self) -> bool:
        """Whether the index was claimed."""
        return self._own.held

    def take(self) -> None:
        """Claim the index. The collection ``record`` must be there.

        Raises :class:`IndexUnusableError` if another run writes to it.
        """
        # A claim that this machine remembers is of a killed run: the folder's lock is ours.
        with suppress(FileNotFoundError):
            self._taken_over = frozenset([self._remembered.read_text("utf-8")])
        self._remembered.write_text(self._own.token, "utf-8")
        self._renew()
        rows = self._rows()
        if any(time() - other.at < OLD for other in self._others(rows)):
            self._delete(self._own)
            raise IndexUnusableError(
                f"Another run is writing to {str(self._client.place)!r}: run this one again when "
                f"it is done. If it was killed, wait {OLD / 60:.0f} minutes."
            )
        old = [row for row in rows if row.token != self._own.token]
        self._taken_over = frozenset(row.token for row in old)
        self._own = replace(self._own, held=True)
        self._renew()
        for row in old:
            self._delete(row)
        self._client.guard = self.check

    def check(self) -> None:
        """Raise :class:`IndexUnusableError` if another run has taken the index over."""
        rows = self._rows()
        mine = any(row.token == self._own.token for row in rows)
        if not mine or any(other.held for other in self._others(rows)):
            raise IndexUnusableError(
                f"Another run has taken {str(self._client.place)!r} over from this one, which did "
                f"not write for {OLD / 60:.0f} minutes: run this one again."
            )
        if time() - self._own.at > RENEWED:
            self._renew()

    def release(self) -> None:
        """Let others write. Does nothing if Milvus fails: the claim grows old."""
        self._client.guard = None
        if self._own.at:
            with suppress(IndexUnusableError):
                self._delete(self._own)

    def _renew(self) -> None:
        self._own = replace(self._own, at=time())
        guard, self._client.guard = self._client.guard, None
        self._own.write(self._client)
        self._client.guard = guard

    def _rows(self) -> list[_Row]:
        found = self._client.rows(schema.RECORD, equal({"kind": _KIND}), ["value"])
        return [_Row(**json.loads(row["value"])) for row in found]

    def _others(self, rows: Iterable[_Row]) -> list[_Row]:
        own = {self._own.token, *self._taken_over}
        return [row for row in rows if row.token not in own]

    def _delete(self, row: _Row) -> None:
        self._client.delete(schema.RECORD, equal({"key": f"{_KIND} {row.token}"}))
