"""Renders the report's Jinja2 templates, with every value escaped."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from pullquote.answering.render import escape
from pullquote.evaluate.report import charts, weekly, words
from pullquote.plurals import counted

#: A line break next to a tag or an expression, with the spaces around it.
_BESIDE_TAG = re.compile(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])")
_BREAK = re.compile(r"\s*\n\s*")


@cache
def environment() -> Environment:
    """The template environment, with the filters and functions for templates."""
    made = Environment(
        loader=PackageLoader("pullquote.evaluate.report"),
        extensions=[_Lines],
        autoescape=True,
        finalize=_escaped,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "breakable": _breakable,
        "counted": counted,
        "decimal": words.decimal,
        "kind_words": words.kind_words,
        "outcome_words": words.outcome_words,
        "status": words.status,
        "thousands": "{:,}".format,
    }
    made.globals |= {"charts": charts, "weekly": weekly, "anchor": words.anchor}
    return made


def render(name: str, **values: object) -> Markup:
    """Render the template ``name``."""
    return Markup(environment().get_template(name).render(values))


def static(name: str) -> Markup:
    """A static file of the server, to be inlined."""
    return Markup((files("pullquote") / "serve" / "static" / name).read_text(encoding="utf-8"))


def digest(text: str) -> str:
    """The hash that permits inlining: Content Security Policy Level 3, section 2.3.1."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


class _Lines(Extension):
    """Replaces a line break and its indentation by a space within text, and else by nothing.

    So templates can be indented without adding spaces between elements.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _BREAK.sub(" ", _BESIDE_TAG.sub("", source.strip()))


def _escaped(value: object) -> object:
    """Escape a value. Unlike autoescape alone, this also covers string literals in templates."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def _breakable(name: str) -> Markup:
    """``name`` with line-break opportunities after dots and underscores, for narrow screens."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", escape(name)))
