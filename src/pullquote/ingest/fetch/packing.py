"""Decompresses HTTP bodies within limits, as a protection against compression bombs.

20 kB of gzip can hold 20 MB of zeros, so both the compressed and the decompressed size are limited.
HTTP libraries limit only single steps, and accept truncated data as complete.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

#: The encodings that we request. Others are refused, because their decoders have no size limit.
ACCEPTED = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
#: The most members of a gzip file. Each one costs a copy of the data after it.
_MAX_MEMBERS = 1_000


class PackingError(Exception):
    """The data is damaged, truncated, or in an unknown encoding."""


class TooLongError(Exception):
    """There is more data than allowed."""


def read(chunks: Iterable[bytes], coding: str, size: int, cut: bool = False) -> bytes:
    """Decompress ``chunks``: at most ``size`` bytes, both before and after.

    ``coding`` is a Content-Encoding, ``""`` for none. Raises :class:`PackingError`, and
    :class:`TooLongError` as soon as a limit is exceeded. With ``cut``, the first ``size`` bytes are
    returned instead.
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
    """Whether ``data`` is a gzip file, judging by its first bytes."""
    return data.startswith(_GZIP_MAGIC)


def _wbits(coding: str, packed: bytes) -> int | None:
    """zlib's ``wbits`` for the format of ``packed``; ``None`` if it is not compressed."""
    if coding in ("", "identity"):
        return None
    if coding in ("gzip", "x-gzip"):
        return 16 + zlib.MAX_WBITS
    if coding == "deflate":
        # In RFC 9110 this means the zlib format, but some servers send a raw deflate stream.
        zlib_header = packed[:1] and packed[0] & 0x0F == 8
        zlib_header = zlib_header and int.from_bytes(packed[:2], "big") % 31 == 0
        return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS
    raise PackingError


def _inflated(packed: bytes, wbits: int, size: int) -> tuple[bytes, bool]:
    """At most ``size + 1`` decompressed bytes, and whether the data was complete."""
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
        # Anything but another gzip member is padding.
        if wbits < 16 or not is_gzip(packed):
            return bytes(data), True
    raise PackingError
