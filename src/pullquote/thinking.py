"""Removes a language model's reasoning from its reply.

Some servers send the reasoning separately. Others leave it in the text, between the model's own
marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_NAME = r"(?:seed:)?(?:think|thinking|thought|reasoning)"

#: A thought, complete or not. The patterns are for DeepSeek-R1, Qwen, Kimi, Seed and others; for
#: Magistral; for Command A; for Gemma 4; for gpt-oss; and for gpt-oss on servers that drop its
#: special tokens.
_THOUGHT = re.compile(
    rf"(?i:[<◁]({_NAME})\s?[>▷].*?(?:[<◁]/\1\s?[>▷]|\Z))"
    r"|\[THINK\].*?(?:\[/THINK\]|\Z)"
    r"|<\|START_THINKING\|>.*?(?:<\|END_THINKING\|>|\Z)"
    r"|<\|channel>thought.*?(?:<channel\|>|\Z)"
    r"|<\|channel\|>(?:analysis|commentary).*?(?:<\|channel\|>final|\Z)"
    r"|\A\s*analysis(?=[A-Z]|\Z).*?(?:assistantfinal|\Z)",
    re.DOTALL,
)

#: The end of a thought whose opening mark the server did not send.
_UNOPENED = re.compile(rf"(?i:[<◁]/{_NAME}\s?[>▷])|\[/THINK\]|<\|END_THINKING\|>|<channel\|>")

#: Stands where a thought without an opening mark ended: all text before it was reasoning.
FORGET = "\f"

#: Special tokens of chat templates, and tags around an answer or its paragraphs.
_TOKEN = re.compile(
    r"<\|start\|>assistant|<\|channel\|>final|<[|｜][^<>|｜\s]{1,30}[|｜]>|<end_of_turn>"
    r"|</?(?:s|p|br|answer|response)\s?/?>"
)

#: A text end that may become one of these marks, or half of a character, when more text arrives.
_UNFINISHED = re.compile(
    r"(?:\A\s*[a-z]+|<\|(?:start|channel)\|?>\w*|[<◁\[][^<>◁▷\[\]\s]{0,30}\s?|[\ud800-\udbff])\Z"
)


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """The text of ``pieces`` without thoughts and marks; yields what is certain after each piece.

    After a thought that never ends, no text follows. A thought without an opening mark is noticed
    only at its end: :data:`FORGET` stands there. Half of a character becomes U+FFFD.
    """
    text, told = "", 0
    for piece in pieces:
        text += piece
        plain = _plain(_UNFINISHED.sub("", text))
        yield plain[told:]
        told = max(told, len(plain))
    yield _plain(text)[told:]


def _plain(text: str) -> str:
    # JSON may have the two halves of one character in two events, or one half alone.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _THOUGHT.sub("\n", text.replace(FORGET, "\n"))
    return _TOKEN.sub("\n", _UNOPENED.sub(FORGET, text)).lstrip()
