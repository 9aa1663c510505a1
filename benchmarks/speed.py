"""How long a person waits for an answer, a cold ``pullquote ask`` and ``pullquote --help``.

Timings are noisy and differ between machines. So each is measured in turns with a yardstick;
compare the ratio of the two.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.opened import open_store
from pullquote.index.update import update

QUESTIONS = (
    "why did Amazon pause Rekognition?",
    "How long is the ban?",
    "Does the ban cover federal police agencies?",
    "Who found racial and gender disparities in facial recognition?",
    "What did Microsoft say about a request for comment?",
    "When did Floyd die?",
    "Which companies make facial recognition for US agencies?",
    "How many agencies use Rekognition?",
    "What does Daniel Castro say?",
    "Which vitamins are in a banana?",
)


def main() -> None:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder, "index"))
        update(
            settings.corpus,
            settings.index,
            settings.embedder,
            SentenceTransformersEmbedder.open,
        )
        _warm(settings)
        _cold(settings)


def _warm(settings: Settings) -> None:
    embedder = SentenceTransformersEmbedder.open(settings.embedder)
    assistant = Assistant.with_parts(open_store(settings.index), embedder, settings)
    for question in QUESTIONS:  # warm up
        assistant.ask(question)
    answers, yardstick = [], []
    for _ in range(20):
        for question in QUESTIONS:
            answers.append(_seconds(partial(assistant.ask, question)))
            yardstick.append(_seconds(partial(embedder.encode, [question])))
    _line("an answer, warm", answers, "embedding the question once", yardstick)


def _cold(settings: Settings) -> None:
    python = sys.executable
    ask = [python, "-m", "pullquote", "ask", QUESTIONS[0], "--index", str(settings.index)]
    imports = [python, "-c", "import llama_index.core"]
    bare, help_ = [python, "-c", "pass"], [python, "-m", "pullquote", "--help"]
    asked, imported, helped, started = [], [], [], []
    for _ in range(3):
        asked.append(_seconds(lambda: _run(ask)))
        imported.append(_seconds(lambda: _run(imports)))
        helped.append(_seconds(lambda: _run(help_)))
        started.append(_seconds(lambda: _run(bare)))
    _line("a cold `pullquote ask`", asked, "importing LlamaIndex", imported)
    _line("`pullquote --help`", helped, "starting Python", started)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _line(name: str, seconds: list[float], against: str, yardstick: list[float]) -> None:
    median, other = statistics.median(seconds), statistics.median(yardstick)
    print(
        f"{name}: median {median * 1000:,.0f} ms, slowest {max(seconds) * 1000:,.0f} ms; "
        f"{median / other:.2f} times {against} ({other * 1000:,.0f} ms)"
    )
