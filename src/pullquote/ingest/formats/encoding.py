"""Decodes the bytes of a web page."""

from __future__ import annotations

import codecs
import re

from pullquote.ingest.formats.charset import charset_of

#: How many bytes of a page are searched for its encoding. The HTML standard says 1024, but pages
#: that begin with scripts often need more.
_PROLOGUE = 4096

_DECLARED = re.compile(
    rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})"
    rb"|<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})",
    re.IGNORECASE,
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: What these names, or the names that Python gives to their codecs, mean to browsers:
#: see https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc_kr": "cp949",
    "x-sjis": "cp932",
}

#: Seven-bit encodings, whose pages are also valid UTF-8.
_SEVEN_BIT = frozenset(("iso-2022-jp", "hz-gb-2312", "hz"))

#: Python codecs that pages may use; "hex" and "idna" are codecs too, but not for pages.
_OF_PAGES = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[rtu]|mac-(?:roman|cyrillic)|tis-620|johab"
    r"|(?:euc|shift|big5|gb).*"
)

#: The most invalid bytes per valid non-ASCII character in a page that counts as UTF-8. In other
#: encodings, hardly any character looks like valid UTF-8.
_STRAY = 0.5


def decode_page(data: bytes, header: str | None = None) -> str:
    """The text of a web page; undecodable bytes become U+FFFD.

    The encoding is taken from, in this order: a byte order mark; zero bytes that show UTF-16; a
    declared seven-bit encoding; UTF-8 if nearly all bytes are valid, whatever is declared; the
    declared encoding; a guess from the bytes. ``header``, the encoding that the server declares,
    overrides the one that the page declares.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return data.decode("utf-16-le", "replace")
    if data[:1] == b"\0" and data[1:2] != b"\0":
        return data.decode("utf-16-be", "replace")
    declared = (known(header) if header else None) or _declared(data)
    if declared in _SEVEN_BIT:
        return data.decode(declared, "replace")
    text = data.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    stray = text.count("\ufffd") - data.count("\ufffd".encode())
    if stray <= _STRAY * (beyond - stray) or _is_cut(data):
        return text
    return data.decode(declared or charset_of(data), "replace")


def _is_cut(data: bytes) -> bool:
    """Whether this is UTF-8 that ends within a character, with at least two of its bytes left."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return False
    return len(decoder.getstate()[0]) > 1


def _declared(data: bytes) -> str | None:
    """The Python name of the encoding that the page declares, if it is a known one."""
    found = _DECLARED.search(data, 0, _PROLOGUE)
    if not found:
        return None
    return known((found[1] or found[2]).decode("ascii"))


def known(name: str) -> str | None:
    """The Python name of the encoding that ``name`` means on the web; ``None`` if there is none."""
    name = name.lower()
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if name in _SEVEN_BIT:
        return name
    found = _MEANT.get(found, found)
    return found if _OF_PAGES.fullmatch(found) else None
