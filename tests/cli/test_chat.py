"""The chat as a person meets it: a real terminal, the real model."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from select import select
from signal import SIG_DFL, SIGINT, signal
from struct import pack
from termios import TIOCSCTTY, TIOCSWINSZ
from time import monotonic, sleep

import pytest

from pullquote.cli.chat import _lines
from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from tests.support.indexes import write_corpus
from tests.support.places import CORPUS, ROOT


def _as_a_shell_does() -> None:
    """Make standard input the controlling terminal, and let Ctrl-C interrupt.

    What a shell runs in the background ignores Ctrl-C, and so would all that it starts.
    """
    ioctl(0, TIOCSCTTY, 0)
    signal(SIGINT, SIG_DFL)


class Terminal:
    """A command in a terminal of 60 columns."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._side, other = pty.openpty()
        ioctl(other, TIOCSWINSZ, pack("HHHH", 24, 60, 0, 0))
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pullquote", *arguments],
            cwd=folder, env=environment, stdin=other, stdout=other, stderr=other,
            start_new_session=True, preexec_fn=_as_a_shell_does,
        )  # fmt: skip
        os.close(other)
        self.shown = ""

    def type(self, text: str) -> None:
        self.shown = ""
        os.write(self._side, text.encode())

    def wait_for(self, pattern: str, seconds: float = 120) -> str:
        """What has been shown since the last typing, once ``pattern`` is in it."""
        end = monotonic() + seconds
        while not re.search(pattern, self.shown, re.DOTALL):
            assert monotonic() < end, self.shown
            if select([self._side], [], [], 0.2)[0]:
                try:
                    new = os.read(self._side, 65_536).decode(errors="replace")
                except OSError:
                    new = ""
                assert new or re.search(pattern, self.shown, re.DOTALL), self.shown
                self.shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", new).replace("\r\n", "\n")
        return self.shown

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._side)


@pytest.fixture(scope="module")
def terminal(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("chat")
    article = (CORPUS / "amazon-rekognition.txt").read_bytes()
    corpus = write_corpus(folder / "corpus", {"amazon-rekognition.txt": article})
    indexing.update([corpus], folder / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    terminal = Terminal("chat", folder=folder)
    yield terminal
    terminal.close()


@pytest.mark.slow
def test_a_person_asks_edits_is_interrupted_and_leaves(terminal: Terminal) -> None:
    assert "Ctrl-D or “exit” ends the chat." in terminal.wait_for("> $")
    terminal.type("\n")
    terminal.wait_for("> $")
    # The arrow goes back one character, and no code is shown.
    terminal.type("Who is Clare Garvi?\x1b[D\x1b[De\x1b[C\x1b[C\n")
    answer = terminal.wait_for(r"Georgetown.*> $")
    assert "^[" not in answer
    told = answer.split("\n\n", 1)[1]
    assert max(map(len, told.split("\n"))) <= 60
    terminal.type("half a quest")
    terminal.wait_for("half a quest$")
    # Python's readline misses an interrupt that comes while it still takes a key.
    sleep(0.5)
    terminal.type("\x03")
    assert "Ctrl-D ends the chat." in terminal.wait_for("> $")
    terminal.type("exit\n")
    assert terminal.process.wait(60) == 0


def test_a_quote_is_broken_between_words_and_hangs_below_its_number() -> None:
    assert _lines("  [1] The mill-owner  said so, then left.", 20) == [
        "  [1] The mill-owner",
        "      said so, then",
        "      left.",
    ]
    assert _lines("", 20) == [""]
