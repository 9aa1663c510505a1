"""Exports of many articles: JSON and NDJSON -> :class:`Article` after :class:`Article`.

An article is an object with the fields ``id``, ``title``, ``url``, ``published``, ``updated``,
``author``, ``section``, ``source`` and ``text``. Only ``text`` is required; unknown fields are
ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from pullquote.errors import CorpusError
from pullquote.ingest.formats.clean import MAX_ID, MAX_TEXT, clean_field, extracted, has_words
from pullquote.ingest.formats.dates import iso_date
from pullquote.ingest.formats.fault import Fault
from pullquote.ingest.formats.files import open_regular
from pullquote.ingest.formats.jsonstream import JsonStream
from pullquote.ingest.formats.links import is_web_address
from pullquote.types import Article

#: About 40,000 articles. Longer exports should be NDJSON, which has no limit.
MAX_JSON_BYTES = 200_000_000

#: The most bytes of one entry: the longest text in the longest encoding, and its fields.
MAX_ENTRY = 4 * MAX_TEXT + 1_000_000

#: Code points of the text that replace a missing title.
_OPENING = 80

_FIELDS = ("title", "author", "section", "source")


def read_json(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The articles of a JSON array, or of ``{"articles": [...]}``.

    An entry without an id gets the file's id with its place, from 1: ``export.json#3``. Raises
    :class:`CorpusError` with the reason if the file is not such an array. A truncated file raises
    only after its complete entries.
    """
    with open_regular(path, MAX_JSON_BYTES) as file:
        entries = _Entries(article_id)
        stream = JsonStream(file, MAX_ENTRY)
        if stream.skip("["):
            yield from _elements(stream, entries)
        elif stream.skip("{"):
            found = False
            while stream.peek() == '"':
                key = stream.value()
                _expect(stream, ":")
                if key == "articles" and not found and stream.skip("["):
                    found = True
                    yield from _elements(stream, entries)
                else:
                    stream.value()
                if not stream.skip(","):
                    break
            _expect(stream, "}")
            if not found:
                raise CorpusError('it is not a list of articles: it has no array "articles"')
        else:
            raise CorpusError("it is not a list of articles: write a JSON array of objects")
        if stream.peek():
            raise CorpusError("its JSON is malformed (there is more after its end)")
        entries.check_any()


def read_ndjson(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    """The articles of a file with one JSON object per line; empty lines are skipped.

    A bad line gives a :class:`Fault`, and reading goes on. An entry without an id gets the file's
    id with its line number, from 1: ``export.ndjson#3``. The file is never in memory as a whole.
    """
    with open_regular(path) as file:
        entries = _Entries(article_id)
        for number, line in _lines(file):
            where = f"line {number}"
            if line is None:
                entries.count += 1
                yield Fault(where, f"it has more than {MAX_ENTRY / 1e6:.0f} MB: split it")
                continue
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if not text.strip():
                    continue
                value = json.loads(text)
            except UnicodeDecodeError:
                entries.count += 1
                yield Fault(where, "it is not UTF-8: save it as UTF-8")
            except (ValueError, RecursionError):
                entries.count += 1
                yield Fault(where, "it is not JSON")
            else:
                yield entries.entry(value, number, where)
        entries.check_any()


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers, from 1; ``None`` replaces a line that is too long."""
    number = 0
    while line := file.readline(MAX_ENTRY + 1):
        number += 1
        if len(line) <= MAX_ENTRY:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(1 << 20)
        yield number, None


def _elements(stream: JsonStream, entries: _Entries) -> Iterator[Article | Fault]:
    """The entries of an array whose opening bracket has been read."""
    if stream.skip("]"):
        return
    place = 0
    while True:
        place += 1
        yield entries.entry(stream.value(), place, f"entry {place}")
        if not stream.skip(","):
            break
    _expect(stream, "]")


def _expect(stream: JsonStream, char: str) -> None:
    if not stream.skip(char):
        found = stream.peek()
        raise CorpusError(
            f"its JSON is malformed (there is {found!r} instead of {char!r})"
            if found
            else "its JSON breaks off: export it again"
        )


class _Entries:
    """Makes articles from a file's entries, and checks that their ids differ."""

    def __init__(self, article_id: str) -> None:
        self._article_id = article_id
        self._ids: set[str] = set()
        self.count = 0

    def entry(self, value: object, place: int, where: str) -> Article | Fault:
        """The article of one entry, or a fault."""
        self.count += 1
        try:
            return self._article(value, place)
        except CorpusError as error:
            return Fault(where, str(error))

    def check_any(self) -> None:
        """Raise :class:`CorpusError` if the file had no entry at all."""
        if not self.count:
            raise CorpusError("it holds no articles")

    def _article(self, value: object, place: int) -> Article:
        if not isinstance(value, dict):
            raise CorpusError("it is not a JSON object")
        text = value.get("text")
        if not isinstance(text, str):
            raise CorpusError("its text is missing" if text is None else "its text is not a string")
        identity = self._identity(value.get("id"), place)
        fields = {name: _string(value, name) for name in _FIELDS}
        fields["title"] = fields["title"] or _opening(text)
        address = _string(value, "url")
        if address is not None and not is_web_address(address):
            raise CorpusError(f"its url {_shown(address)} is not an http or https address")
        article = extracted(
            identity,
            text,
            declared_url=address,
            published=_date(value, "published"),
            updated=_date(value, "updated"),
            **fields,
        )
        self._ids.add(identity)
        return article

    def _identity(self, given: object, place: int) -> str:
        if isinstance(given, int) and not isinstance(given, bool):
            given = str(given)
        if given is None or given == "":
            given = f"{self._article_id}#{place}"
        elif not isinstance(given, str):
            raise CorpusError("its id is neither a string nor a whole number")
        elif len(given) > MAX_ID or clean_field(given) is None or not _is_plain(given):
            raise CorpusError(f"its id {_shown(given)} is too long or has unprintable characters")
        if given in self._ids:
            raise CorpusError(f"its id {_shown(given)} is that of an entry before: change one")
        return str(given)


def _opening(text: str) -> str:
    """The first words of ``text``, as a title for an article without one."""
    line = next((line for line in text[:2_000].splitlines() if has_words(line)), "").strip()
    if len(line) <= _OPENING:
        return line
    return line[:_OPENING].rpartition(" ")[0].rstrip(" ,;:–—-") + "…"


def _is_plain(value: str) -> bool:
    return value.isprintable() and value == value.strip()


def _string(value: Mapping[str, Any], name: str) -> str | None:
    given = value.get(name)
    if given is None or isinstance(given, str):
        return (given or "").strip() or None
    raise CorpusError(f"its {name} is not a string")


def _date(value: Mapping[str, Any], name: str) -> str | None:
    given = _string(value, name)
    if given is None:
        return None
    day = iso_date(given)
    if day is None:
        raise CorpusError(f"its {name} must be a date such as 2020-06-11, not {_shown(given)}")
    return day


def _shown(value: str) -> str:
    """``value`` for an error message: short, on one line."""
    return repr(value if len(value) <= 60 else value[:59] + "…").encode("ascii", "replace").decode()
