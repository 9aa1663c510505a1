"""The templates of the report: Jinja2, with every value escaped."""

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
from pullquote.evaluate.files import told
from pullquote.evaluate.report import charts, weekly, words
from pullquote.plurals import counted

#: A line break beside a tag or an expression, with the spaces around it.
_BESIDE_TAG = re.compile(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])")
_BREAK = re.compile(r"\s*\n\s*")


@cache
def environment() -> Environment:
    """The templates, and what they may call."""
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
        "told": told,
    }
    made.globals |= {"charts": charts, "weekly": weekly, "anchor": words.anchor}
    return made


def render(name: str, **values: object) -> Markup:
    """The template ``name``, filled in."""
    return Markup(environment().get_template(name).render(values))


def static(name: str) -> Markup:
    """A file of the server's static ones, to be inlined."""
    return Markup((files("pullquote") / "serve" / "static" / name).read_text(encoding="utf-8"))


def digest(text: str) -> str:
    """As a policy names what may be inlined: Content Security Policy Level 3, section 2.3.1."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


class _Lines(Extension):
    """A line break in a template, with its indentation, is a space within text and else nothing.

    So templates can be indented, and no space comes to stand between two elements on a line.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _BREAK.sub(" ", _BESIDE_TAG.sub("", source.strip()))


def _escaped(value: object) -> object:
    """Autoescape would do, but that a script's template literals are escaped as well."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def _breakable(name: str) -> Markup:
    """On a phone a long name breaks where its parts meet."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", escape(name)))
