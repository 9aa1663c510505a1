"""The answer as Markdown, escaped so that quotes are shown literally."""

from __future__ import annotations

import re

from pullquote.answering.gate import check
from pullquote.answering.render.parts import parts
from pullquote.answering.render.source import also_line, made_of_line, source_line
from pullquote.messages import messages
from pullquote.protocols import Library
from pullquote.types import Answer, Citation

#: ASCII punctuation that has a meaning in CommonMark, in GitHub's tables and strikethrough, or in
#: mathematics. CommonMark allows every one to be escaped.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$&=:@^]|(?<=www)\.)", re.IGNORECASE)
_LINE_START = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)


def to_markdown(answer: Answer, library: Library) -> str:
    """The question in bold, then one block quote per citation. Raises ``GateError``."""
    check(answer, library)
    blocks = [f"**{escape(answer.question)}**"]
    if answer.understood:
        blocks.append(f"*{escape(messages().understood)}: {escape(answer.understood)}*")
    for part in parts(answer):
        if isinstance(part, Citation):
            blocks.append(_quote(part, library))
        else:
            marks = "".join(f"\\[{number}\\]" for number in part.citations)
            credit = made_of_line(part, answer, library)
            below = f"  \n{escape(credit)}" * bool(credit)
            blocks.append(escape(part.text) + f" {marks}" * bool(marks) + below)
    if answer.closest:
        blocks.append(f"*{escape(messages().closest)}:*")
        blocks += [_quote(citation, library) for citation in answer.closest]
    return "\n\n".join(blocks) + "\n"


def _quote(citation: Citation, library: Library) -> str:
    article = library.article(citation.article_id)
    quote = escape(citation.quote)
    if citation.context:
        before = escape(article.text[citation.context[0] : citation.start].strip())
        after = escape(article.text[citation.end : citation.context[1]].strip())
        quote = f"({before}) " * bool(before) + quote + f" ({after})" * bool(after)
    also = also_line(citation, library)
    below = escape(source_line(article)) + (f"  \n> {escape(also)}" if also else "")
    return f"> {quote} \\[{citation.number}\\]\n>\n> {below}"


def escape(text: str) -> str:
    """``text`` on one line, escaped so that Markdown shows it literally."""
    one_line = " ".join(text.split("\n")).replace("\r", " ")
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one_line))
