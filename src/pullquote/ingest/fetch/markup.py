"""Handles untrusted XML: decodes it, removes its prologue, and finds its root element.

Entities can only be defined in the prologue, before the first element. Without it, there is nothing
to expand (the billion laughs attack) and nothing external to read (external entities).
"""

from __future__ import annotations

import codecs
import re

from pullquote.ingest.formats.encoding import known

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_SPACE = re.compile(r"\s*")
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)", re.ASCII)


def decode(data: bytes, charset: str | None) -> str:
    """Decode an XML document.

    The encoding is the byte order mark's, ``charset`` (from the HTTP header), the declared one, or
    UTF-8, in this order (RFC 7303). If none of them fits, Windows-1252 is used, as in browsers.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _DECLARED.match(data)
    for named in (charset, declared[1].decode("ascii") if declared else None, "utf-8"):
        try:
            if named and (means := known(named)):
                return data.decode(means)
        except ValueError:
            continue
    return data.decode("windows-1252", "replace")


def content(text: str) -> str:
    """``text`` from its first element on; ``""`` if no element follows the prologue."""
    position = 0
    text = text.removeprefix("\ufeff")
    while True:
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if text.startswith("<?", position):
            end = text.find("?>", position) + 2
        elif text.startswith("<!--", position):
            end = text.find("-->", position) + 3
        else:
            doctype = _DOCTYPE.match(text, position)
            if doctype is None:
                return text[position:] if _ROOT.match(text, position) else ""
            end = doctype.end()
        if end <= position:
            return ""
        position = end


def root(content: str) -> str:
    """The name of the first element, in lower case and without its prefix; ``""`` if none."""
    match = _ROOT.match(content)
    return match[1].lower() if match else ""
