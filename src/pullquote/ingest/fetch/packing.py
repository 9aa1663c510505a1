"""Unpacks what a server packed, within bounds, so that a bomb never goes off.

Twenty kilobytes of gzip can hold twenty megabytes of zeros. Both sides are counted. HTTP
libraries bound each step but not the whole, and take data that is cut short for complete.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

#: What is asked for. Others are refused: a decoder without a bound is worth no saved bytes.
ACCEPTED = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
#: A gzip file may have several members. Each costs a copy of what follows it.
_MAX_MEMBERS = 1_000


class PackingError(Exception):
    """The data is packed in an unknown way, damaged, or cut short."""


class TooLongError(Exception):
    """There is more data than was allowed."""


def read(chunks: Iterable[bytes], coding: str, size: int, cut: bool = False) -> bytes:
    """All of ``chunks``, unpacked: at most ``size`` bytes before and after.

    ``coding`` is a Content-Encoding, ``""`` for none. Raises :class:`PackingError`, and
    :class:`TooLongError` as soon as a bound is passed, unless ``cut`` asks for the first
    ``size`` bytes.
    """
    received = bytearray()
    for chunk in chunks:
        received += chunk
        if len(received) > size:
            break
    packed = bytes(received[:size])
    too_long = len(received) > size
    if too_long and not cut:
        raise TooLongError
    wbits = _wbits(coding.strip().lower(), packed)
    if wbits is None or not packed:
        return packed
    data, whole = _inflated(packed, wbits, size)
    if len(data) > size and not cut:
        raise TooLongError
    if not whole and not too_long and len(data) <= size:
        raise PackingError
    return data[:size]


def is_gzip(data: bytes) -> bool:
    """Whether ``data`` is itself a gzip file, whatever its name."""
    return data.startswith(_GZIP_MAGIC)


def _wbits(coding: str, packed: bytes) -> int | None:
    """How zlib calls the format of ``packed``; ``None`` when it is not packed at all."""
    if coding in ("", "identity"):
        return None
    if coding in ("gzip", "x-gzip"):
        return 16 + zlib.MAX_WBITS
    if coding == "deflate":
        # RFC 9110 means the zlib format by this; some servers send the bare stream.
        zlib_header = packed[:1] and packed[0] & 0x0F == 8
        zlib_header = zlib_header and int.from_bytes(packed[:2], "big") % 31 == 0
        return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS
    raise PackingError


def _inflated(packed: bytes, wbits: int, size: int) -> tuple[bytes, bool]:
    """At most ``size + 1`` bytes, and whether the data came to its end."""
    data = bytearray()
    for _ in range(_MAX_MEMBERS):
        unpacker = zlib.decompressobj(wbits)
        try:
            data += unpacker.decompress(packed, size + 1 - len(data))
        except zlib.error:
            raise PackingError from None
        packed = unpacker.unused_data
        if not unpacker.eof or len(data) > size:
            return bytes(data), False
        # What is no further member is padding.
        if wbits < 16 or not is_gzip(packed):
            return bytes(data), True
    raise PackingError
