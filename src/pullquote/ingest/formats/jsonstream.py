"""Reads a JSON document from a file piece by piece."""

from __future__ import annotations

import codecs
import json
from typing import Any, BinaryIO

from pullquote.errors import CorpusError

_CHUNK = 1 << 20
_SPACE = " \t\r\n"


class JsonStream:
    """A position in a JSON document. Every method skips white space first.

    Raises :class:`CorpusError` for a malformed value, or one longer than ``max_value`` characters.
    """

    def __init__(self, file: BinaryIO, max_value: int) -> None:
        self._file = file
        self._max_value = max_value
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._buffer = ""
        self._position = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is not white space; empty at the end of the file."""
        while True:
            while self._position < len(self._buffer):
                if self._buffer[self._position] not in _SPACE:
                    return self._buffer[self._position]
                self._position += 1
            if not self._more(_CHUNK):
                return ""

    def skip(self, char: str) -> bool:
        """Skip ``char`` if it comes next, and return whether it did."""
        if self.peek() != char:
            return False
        self._position += 1
        return True

    def value(self) -> Any:
        """Read the next value as a whole."""
        self.peek()
        wanted = _CHUNK
        while True:
            try:
                value, end = self._json.raw_decode(self._buffer, self._position)
            except RecursionError:
                raise CorpusError("its JSON is nested too deeply") from None
            except ValueError as error:
                # Either the value is malformed, or the rest of it is not read yet.
                too_long = len(self._buffer) - self._position > self._max_value
                if too_long or not self._more(wanted):
                    most = f"{self._max_value / 1e6:.0f} million characters"
                    raise CorpusError(
                        f"its JSON is malformed ({getattr(error, 'msg', 'a number is too long')})"
                        + f", or a value in it has more than {most}" * too_long
                    ) from None
                wanted *= 2  # doubling avoids decoding a long value again for each chunk
                continue
            # "12" may be the beginning of "123".
            if end == len(self._buffer) and self._more(_CHUNK):
                continue
            self._position = end
            return value

    def _more(self, wanted: int) -> bool:
        """Read the next chunk. ``False`` at the end of the file."""
        if self._ended:
            return False
        data = self._file.read(wanted)
        self._ended = not data
        try:
            text = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise CorpusError(
                f"it is not UTF-8 (there is a byte 0x{error.object[error.start]:02x}): "
                "save it as UTF-8"
            ) from error
        self._buffer = self._buffer[self._position :] + text
        self._position = 0
        return not self._ended or bool(text)
