"""Removes a language model's reasoning from its reply.

Some servers send the reasoning separately. Others leave it in the text, between the model's own
marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: A thought, complete or not. The patterns are for DeepSeek-R1, Qwen and others; for Magistral; for
#: gpt-oss; and for gpt-oss on servers that drop its special tokens.
_THOUGHT = re.compile(
    r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)"
    r"|\[THINK\].*?(?:\[/THINK\]|\Z)"
    r"|<\|channel\|>analysis.*?(?:<\|channel\|>final|\Z)"
    r"|\A\s*analysis(?=[A-Z]|\Z).*?(?:assistantfinal|\Z)",
    re.DOTALL,
)

#: The end of a thought whose opening mark the server did not send.
_UNOPENED = re.compile(r"</(?:think|thinking|thought|reasoning)>|\[/THINK\]")

#: Stands where a thought without an opening mark ended: all text before it was reasoning.
FORGET = "\f"

#: Special tokens of chat templates.
_TOKEN = re.compile(r"<\|start\|>assistant|<\|channel\|>final|<\|\w{1,20}\|>|</?s>|<end_of_turn>")

#: A text end that may become one of these marks when more text arrives.
_UNFINISHED = re.compile(r"(?:\A\s*[a-z]+|<\|(?:start|channel)\|>\w*|[<\[][^<>\[\]\s]{0,20})\Z")


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """The text of ``pieces`` without thoughts and marks; yields what is certain after each piece.

    After a thought that never ends, no text follows. A thought without an opening mark is noticed
    only at its end: :data:`FORGET` stands there.
    """
    text, told = "", 0
    for piece in pieces:
        text += piece
        plain = _plain(_UNFINISHED.sub("", text))
        yield plain[told:]
        told = max(told, len(plain))
    yield _plain(text)[told:]


def _plain(text: str) -> str:
    text = _THOUGHT.sub("\n", text.replace(FORGET, "\n"))
    return _TOKEN.sub("\n", _UNOPENED.sub(FORGET, text)).lstrip()
