"""``pullquote chat``: a chat in the terminal."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from pullquote.asked import Asked
from pullquote.cli.progress import spinner
from pullquote.errors import QuestionError
from pullquote.types import Filters, Turn

if TYPE_CHECKING:
    from pullquote.assistant import Assistant

#: The widest line, in characters: longer lines are hard to read on a wide terminal.
_WIDEST = 100

_LEAVE = ("exit", "quit", "bye")


def chat(assistant: Assistant, filters: Filters, contact: str = "") -> None:
    """Answer the typed questions until the input ends. Ctrl-C drops the current question.

    A refusal says whom to ask: ``contact``.
    """
    from pullquote.answering.refusal import help_text, help_with
    from pullquote.answering.render import to_text

    is_person = sys.stdin.isatty()
    if is_person:
        print("Ask about the articles. Ctrl-D or “exit” ends the chat.", file=sys.stderr)
    turns: list[Turn] = []
    for question in _questions(is_person):
        try:
            with spinner("Reading"):
                answer = assistant.trace(Asked.of(question, turns, filters=filters)).answer
                told = wrapped(to_text(answer, assistant.index))
                if helped := help_with(answer, assistant.index, contact):
                    told = f"{told}\n{help_text(helped)}".rstrip()
        except QuestionError as error:
            print(f"pullquote: {error}", file=sys.stderr)
            continue
        except KeyboardInterrupt:
            if not is_person:
                raise
            print("Dropped. Ctrl-D ends the chat.", file=sys.stderr)
            continue
        print(f"\n{told}\n", flush=True)
        turns.append(Turn("user", question))


def _questions(is_person: bool) -> Iterator[str]:
    """The typed lines, without empty ones."""
    if not is_person:
        yield from filter(None, map(str.strip, sys.stdin))
        return
    with suppress(ImportError):
        import readline  # noqa: F401  # arrow keys and history
    while True:
        try:
            line = input("> ").strip()
        except KeyboardInterrupt:
            print("\nCtrl-D ends the chat.", file=sys.stderr)
            continue
        except EOFError:
            print(file=sys.stderr)
            return
        if line.lower().strip(".!") in _LEAVE:
            return
        if line:
            yield line


def wrapped(text: str) -> str:
    """``text`` wrapped between words for a terminal; unchanged for a pipe."""
    if not sys.stdout.isatty():
        return text
    width = min(_WIDEST, get_terminal_size().columns)
    return "\n".join(part for line in text.splitlines() for part in _lines(line, width))


def _lines(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    # Align with the text after a quote's number, and with indented lines.
    hanging = indent + "    " * line.lstrip().startswith("[")
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    ) or [""]
