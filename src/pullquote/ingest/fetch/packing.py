"""Unpacks what a server packed, a little at a time, so that a bomb never goes off.

Twenty kilobytes of gzip can hold twenty megabytes of zeros. Both sides are counted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

#: What is asked for. Others are refused: a decoder without a bound is worth no saved bytes.
ACCEPTED = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
#: No step unpacks more than this, in bytes.
_STEP = 65_536


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
    data = bytearray()
    try:
        for piece in _unpacked(_counted(chunks, size), coding):
            data += piece
            if len(data) > size:
                raise TooLongError
    except TooLongError:
        if not cut:
            raise
    return bytes(data[:size])


def is_gzip(data: bytes) -> bool:
    """Whether ``data`` is itself a gzip file, whatever its name."""
    return data.startswith(_GZIP_MAGIC)


def _counted(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > size:
            # What fits is handed on, for a reader that cuts.
            yield chunk[: len(chunk) - (received - size)]
            raise TooLongError
        yield chunk


def _unpacked(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    name = coding.strip().lower()
    if name in ("", "identity"):
        yield from chunks
    elif name in ("gzip", "x-gzip"):
        yield from _inflated(chunks, 16 + zlib.MAX_WBITS)
    elif name == "deflate":
        yield from _deflated(iter(chunks))
    else:
        raise PackingError


def _deflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """RFC 9110 means the zlib format by ``deflate``; some servers send the bare stream."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= 2:
            break
    if not head:
        return
    zlib_header = (
        len(head) >= 2 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    )

    def joined() -> Iterator[bytes]:
        yield head
        yield from chunks

    yield from _inflated(joined(), zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)


def _inflated(chunks: Iterable[bytes], wbits: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits)
    begun = False
    try:
        for chunk in chunks:
            while chunk:
                if unpacker.eof:
                    # A gzip file may have several members; what else follows is padding.
                    if wbits < 16 or not chunk.startswith(_GZIP_MAGIC[: len(chunk)]):
                        break
                    unpacker = zlib.decompressobj(wbits)
                begun = True
                yield unpacker.decompress(chunk, _STEP)
                chunk = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        # The last step may have been full: what is still inside comes out in steps as well.
        while begun and not unpacker.eof:
            piece = unpacker.decompress(unpacker.unconsumed_tail, _STEP)
            if not piece:
                raise PackingError
            yield piece
    except zlib.error:
        raise PackingError from None
