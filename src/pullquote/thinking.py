"""What a language model says, without what it thinks aloud before it says it.

Servers that know their model keep its thoughts apart. Others send them in the text, between the
marks that the model was trained with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: A thought, ended or not: of DeepSeek-R1, Qwen and others, of Magistral, and of gpt-oss, the last
#: one also as it is sent by servers that drop its tokens.
_THOUGHT = re.compile(
    r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)"
    r"|\[THINK\].*?(?:\[/THINK\]|\Z)"
    r"|<\|channel\|>analysis.*?(?:<\|channel\|>final|\Z)"
    r"|\A\s*analysis(?=[A-Z]|\Z).*?(?:assistantfinal|\Z)",
    re.DOTALL,
)

#: The end of a thought whose beginning the server kept to itself.
_UNOPENED = re.compile(r"</(?:think|thinking|thought|reasoning)>|\[/THINK\]")

#: Stands where a thought ended that began unmarked: all before it was thought, and not said.
FORGET = "\f"

#: What marks turns.
_TOKEN = re.compile(r"<\|start\|>assistant|<\|channel\|>final|<\|\w{1,20}\|>|</?s>|<end_of_turn>")

#: What may turn out to be one of these when more is there.
_UNFINISHED = re.compile(r"(?:\A\s*[a-z]+|<\|(?:start|channel)\|>\w*|[<\[][^<>\[\]\s]{0,20})\Z")


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """The text of ``pieces`` without thoughts and marks, for each piece what is known by then.

    A thought that never ends is all that there was. One that began unmarked is known by its end
    alone: :data:`FORGET` stands there.
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
