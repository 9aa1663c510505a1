"""The messages between the sandbox and its worker: JSON, preceded by its length.

The worker may have been compromised by a file, so nothing that it sends is trusted:
:func:`received` and :func:`listed` check names, types and lengths.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from typing import Any, BinaryIO

from pullquote.ingest.formats.clean import MAX_ID, MAX_TEXT, clean_field, flaw
from pullquote.ingest.formats.dates import is_iso_date
from pullquote.ingest.formats.fault import Fault
from pullquote.ingest.listing import Listed
from pullquote.types import Article

#: The longest message, in bytes: the longest text with every character escaped, and its fields.
MAX_MESSAGE = 6 * MAX_TEXT + 1_000_000

#: The longest reason, in code points.
MAX_REASON = 1_000

#: The longest field of a listed page, in code points; an address has fewer.
MAX_PART = 100_000

_LENGTH = struct.Struct(">I")
_FIELDS = frozenset(Article.__slots__)
_LISTED = frozenset(Listed.__slots__)


class WireError(Exception):
    """The other side sent an invalid message."""


def send(channel: BinaryIO, message: dict[str, Any]) -> None:
    """Write one message. Blocks while the other side is busy."""
    # A file name may contain surrogates, for bytes that are not UTF-8.
    data = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    channel.write(_LENGTH.pack(len(data)) + data)
    channel.flush()


def receive(channel: BinaryIO) -> dict[str, Any] | None:
    """The next message, or ``None`` at the end. Raises :class:`WireError` if it is invalid."""
    header = channel.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    if length > MAX_MESSAGE:
        raise WireError("a message is too long")
    data = channel.read(length)
    if len(data) < length:
        return None
    try:
        message = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError("a message is not JSON") from error
    if not isinstance(message, dict):
        raise WireError("a message is not an object")
    return message


def result(item: Article | Fault | Listed) -> dict[str, Any]:
    """The message that carries ``item``."""
    if isinstance(item, Article):
        return {"article": asdict(item)}
    if isinstance(item, Listed):
        return {"listed": asdict(item)}
    return {"fault": {"where": short_reason(item.where), "reason": short_reason(item.reason)}}


def received(message: dict[str, Any], article_id: str, any_id: bool) -> Article | Fault | str:
    """The content of a message: an article, a fault, or the reason for leaving the file out.

    The id of an article must be ``article_id``, or that with ``#`` and a number. ``any_id`` allows
    other ids, for exports. Raises :class:`WireError` for everything else.
    """
    if len(message) == 1:
        (name, value), *_ = message.items()
        if name == "reason" and _is_reason(value):
            return str(value)
        if name == "fault" and isinstance(value, dict) and value.keys() == {"where", "reason"}:
            where, reason = value["where"], value["reason"]
            if _is_reason(where) and _is_reason(reason):
                return Fault(where, reason)
        if name == "article" and isinstance(value, dict) and value.keys() == _FIELDS:
            article = _article(value)
            own = article.id == article_id or _is_part(article.id, article_id)
            usable = 0 < len(article.id) <= MAX_ID and article.id.isprintable()
            if (own or (any_id and usable)) and flaw(article) is None:
                return article
    raise WireError("a message says what it never should")


def listed(message: dict[str, Any]) -> Listed | str:
    """The content of a message: a listed page, or the reason for leaving the listing out.

    Raises :class:`WireError` for everything else.
    """
    if len(message) == 1:
        (name, value), *_ = message.items()
        if name == "reason" and _is_reason(value):
            return str(value)
        if name == "listed" and isinstance(value, dict) and value.keys() == _LISTED:
            told = {key: item for key, item in value.items() if key == "url" or item is not None}
            if all(isinstance(item, str) and len(item) <= MAX_PART for item in told.values()):
                days = (told[key] for key in ("published", "updated") if key in told)
                if all(map(is_iso_date, days)):
                    return Listed(**value)
    raise WireError("a message says what it never should")


def _is_part(identity: str, article_id: str) -> bool:
    return identity.startswith(f"{article_id}#") and identity[len(article_id) + 1 :].isdecimal()


def _article(value: dict[str, Any]) -> Article:
    for name, field in value.items():
        if name == "body_start":
            typed = type(field) is int
        else:
            optional = name not in ("id", "title", "text")
            typed = isinstance(field, str) or (optional and field is None)
        if not typed:
            raise WireError(f"{name} has another type")
    return Article(**value)


def _is_reason(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_REASON and "\n" not in value


def short_reason(reason: str) -> str:
    """``reason`` in a form that can be sent: one line, not too long, not empty."""
    return clean_field(reason[:MAX_REASON]) or "it cannot be read"
