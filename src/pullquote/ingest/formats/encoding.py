"""The bytes of a web page -> its characters."""

from __future__ import annotations

import codecs
import re

from pullquote.ingest.formats.charset import charset_of

#: How far into a page its encoding is looked for: the HTML standard says 1024 bytes, and pages
#: that begin with scripts are known to break it.
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

#: What browsers take these names to mean: see https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
}

#: Seven-bit encodings, whose pages are valid UTF-8 as well.
_SEVEN_BIT = frozenset(("iso-2022-jp", "hz-gb-2312", "hz"))

#: Of what Python knows, what pages are written in: "hex" and "idna" are encodings to it as well.
_OF_PAGES = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[rtu]|mac-(?:roman|cyrillic)|tis-620|johab"
    r"|(?:euc|shift|big5|gb).*"
)

#: Bytes that are no UTF-8 for each character beyond ASCII that is, at most. In other encodings
#: hardly any character looks like one of UTF-8.
_STRAY = 0.5


def decode_page(data: bytes) -> str:
    """The characters of a web page; what cannot be decoded becomes U+FFFD.

    In order: a byte order mark; UTF-16 to be seen from its zero bytes; UTF-8 where it is valid but
    for some stray bytes, whatever is declared, for no other text looks like it; what is declared;
    and what the bytes look like.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return data.decode("utf-16-le", "replace")
    if data[:1] == b"\0" and data[1:2] != b"\0":
        return data.decode("utf-16-be", "replace")
    declared = _declared(data)
    if declared in _SEVEN_BIT:
        return data.decode(declared, "replace")
    text = data.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    stray = text.count("\ufffd") - data.count("\ufffd".encode())
    if stray <= _STRAY * (beyond - stray) or _is_cut(data):
        return text
    return data.decode(declared or charset_of(data), "replace")


def _is_cut(data: bytes) -> bool:
    """Whether it is UTF-8 that ends in the middle of a character, of which two bytes are left."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return False
    return len(decoder.getstate()[0]) > 1


def _declared(data: bytes) -> str | None:
    """The Python name of the encoding that the page declares, if there is one by that name."""
    found = _DECLARED.search(data, 0, _PROLOGUE)
    if not found:
        return None
    name = (found[1] or found[2]).decode("ascii").lower()
    name = _MEANT.get(name, name)
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    if name in _SEVEN_BIT:
        return name
    return known if _OF_PAGES.fullmatch(known) else None
