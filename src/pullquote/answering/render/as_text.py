"""The answer as plain text for a terminal."""

from __future__ import annotations

import re

from pullquote.answering.gate import check
from pullquote.answering.render.parts import parts
from pullquote.answering.render.source import also_line, made_of_line, source_line
from pullquote.messages import messages
from pullquote.protocols import Library
from pullquote.types import Answer, Citation


def to_text(answer: Answer, library: Library) -> str:
    """One paragraph per block, with its source under each quote. Raises ``GateError``."""
    check(answer, library)
    blocks = []
    if answer.understood:
        blocks.append(f"{messages().understood}: {_line(answer.understood)}")
    for part in parts(answer):
        if isinstance(part, Citation):
            blocks.append(_quote(part, library))
        else:
            marks = "".join(f"[{number}]" for number in part.citations)
            credit = made_of_line(part, answer, library)
            below = f"\n  {_line(credit)}" * bool(credit)
            blocks.append(_line(part.text) + f" {marks}" * bool(marks) + below)
    if answer.closest:
        blocks.append(messages().closest + ":")
        blocks += [_quote(citation, library) for citation in answer.closest]
    return "\n\n".join(blocks)


def printable(text: str) -> str:
    """``text`` with a space for each character that a terminal cannot print or would act on."""
    return "".join(character if character.isprintable() else " " for character in text)


def _quote(citation: Citation, library: Library) -> str:
    article = library.article(citation.article_id)
    quote = citation.quote
    if citation.context:
        before = article.text[citation.context[0] : citation.start]
        after = article.text[citation.end : citation.context[1]]
        quote = f"({before.strip()}) " * bool(before.strip()) + quote
        quote += f" ({after.strip()})" * bool(after.strip())
    lines = [source_line(article), also_line(citation, library)]
    below = "".join(f"\n      {_line(line)}" for line in lines if line)
    return f"  [{citation.number}] {_line(quote)}{below}"


def _line(text: str) -> str:
    """``text`` on one line: joins line breaks, and replaces control characters for safety."""
    one_line = " ".join(part.strip() for part in text.splitlines() if part.strip())
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", one_line)
