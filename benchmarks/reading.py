"""The reader alone: how fast it is, how many passages it needs, and how it does on paragraphs.

``python -m benchmarks.reading speed [--torch FOLDER]`` times the bundled network beside the same
network in torch. ``passages FOLDER…`` answers question sets with 1 to 16 passages read.
``paragraphs DATA`` gives SQuAD 2.0's exact match and F1 on the paragraphs of its articles that
``training/data.py`` holds out of DATA.
"""

from __future__ import annotations

import argparse
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks import sets
from pullquote import onnx_network
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.embed import SentenceTransformersEmbedder
from pullquote.evaluate.rates import rates
from pullquote.evaluate.run import run
from pullquote.evaluate.threshold import halves
from pullquote.network import Network
from pullquote.readers import BUNDLED
from pullquote.spans import LONGEST

ROOT = Path(__file__).parent.parent
QUESTION = "Why did Amazon pause police use of Rekognition?"

#: Word pieces of a passage that is timed.
LENGTH = 200
ROUNDS = 15
PASSAGES = (1, 4, 8, 12, 16)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.reading")
    parser.add_argument("what", choices=["speed", "passages", "paragraphs"])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--torch", type=Path, help="the network before it was quantised")
    parser.add_argument("--limit", type=int, help="the first N questions of each set")
    given = parser.parse_args()
    reader, _ = onnx_network.open_folder(BUNDLED, "Install the project again.")
    if given.what == "speed":
        speed(reader, given.torch)
    elif given.what == "passages":
        for folder in given.paths:
            passages(folder, given.limit)
    else:
        paragraphs(reader, given.paths[0], given.limit)
    return 0


def speed(reader: Network, torch_folder: Path | None) -> None:
    """Milliseconds for 1 to 16 passages of about :data:`LENGTH` word pieces, in turns."""
    networks = {"int8": reader, "torch fp32": _in_torch(torch_folder)}
    texts = _passages(reader)
    for count in PASSAGES:
        times: dict[str, list[float]] = {name: [] for name in networks}
        for _ in range(ROUNDS):
            for name, network in networks.items():
                started = perf_counter()
                network.read(QUESTION, texts[:count])
                times[name].append(1000 * (perf_counter() - started))
        ours, theirs = (float(np.median(it)) for it in times.values())
        print(
            f"{count:2} passages: int8 {ours:.0f} ms (slowest {max(times['int8']):.0f}), "
            f"torch fp32 {theirs:.0f} ms, ratio {ours / theirs:.2f}"
        )


def passages(folder: Path, limit: int | None) -> None:
    """What a question set comes to with more or fewer passages read."""
    settings = Settings()
    embedder = SentenceTransformersEmbedder.open(settings.embedder)
    with sets.opened(folder, sets.read(folder, limit), embedder) as opened:
        for count in PASSAGES:
            assistant = Assistant.with_parts(
                opened.index, embedder, replace(settings, passages=count)
            )
            asked = opened.questions.questions
            judged = [it.judgement for it in run(assistant, asked, opened.golds)]
            found = rates(judged)
            cross_fitted = halves(judged, ())
            print(
                f"{opened.name}, {count:2} passages: end to end {found['end_to_end'].value:.3f}, "
                f"cross-fitted {cross_fitted or 0:.3f}, "
                f"unrefused first citation {_mean([it.unrefused_right for it in judged]):.3f}",
                flush=True,
            )


def paragraphs(reader: Network, data: Path, limit: int | None) -> None:
    """Exact match and F1 as SQuAD 2.0 counts them, at the margin that suits the set best."""
    rows = []
    for question, text, answers in _asked(data, limit):
        said, margin = best_answer(reader, question, text)
        wanted = answers or [""]
        rows.append(
            (
                margin,
                max(exact(said, it) for it in wanted),
                max(f1(said, it) for it in wanted),
                not answers,
            )
        )
    thresholds = sorted(it[0] for it in rows)
    for name, threshold in (("0", 0.0), ("best", max(thresholds, key=lambda t: _at(rows, t)[1]))):
        em, f = _at(rows, threshold)
        has = [it for it in rows if not it[3]]
        none = [it for it in rows if it[3]]
        print(
            f"{len(rows)} questions, margin {name}: EM {em:.3f}, F1 {f:.3f}; "
            f"{len(has)} answerable: F1 {_at(has, threshold)[1]:.3f} "
            f"(never refused {sum(it[2] for it in has) / len(has):.3f}); "
            f"{len(none)} unanswerable: {_at(none, threshold)[0]:.3f}"
        )


def best_answer(reader: Network, question: str, text: str) -> tuple[str, float]:
    """The best answer in a text, whatever the sentence, and its margin over none."""
    best = ("", -np.inf)
    for window in reader.read(question, [text])[0]:
        sums = window.start[:, None] + window.end[None, :]
        ones = np.ones_like(sums, dtype=bool)
        sums = np.where(np.triu(ones) & ~np.triu(ones, LONGEST), sums, -np.inf)
        start, end = np.unravel_index(np.argmax(sums), sums.shape)
        margin = float(sums[start, end]) - window.null
        if margin > best[1]:
            best = text[window.offsets[start, 0] : window.offsets[end, 1]], margin
    return best


def plain(answer: str) -> list[str]:
    """The words that SQuAD's measures compare: without case, punctuation and articles."""
    kept = "".join(it for it in answer.lower() if it not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", kept).split()


def exact(said: str, wanted: str) -> float:
    """1 when the plain words are the same, and 0 otherwise."""
    return float(plain(said) == plain(wanted))


def f1(said: str, wanted: str) -> float:
    """The harmonic mean of precision and recall of the plain words."""
    one, two = plain(said), plain(wanted)
    shared = sum((Counter(one) & Counter(two)).values())
    if not one or not two:
        return float(one == two)
    return 2 * shared / (len(one) + len(two))


def _at(rows: Sequence[tuple[float, float, float, bool]], threshold: float) -> tuple[float, float]:
    """``(EM, F1)`` when what is below the threshold is refused."""
    scores = [(em, f) if margin >= threshold else (none, none) for margin, em, f, none in rows]
    return _mean([it[0] for it in scores]), _mean([it[1] for it in scores])


def _asked(data: Path, limit: int | None) -> Iterator[tuple[str, str, list[str]]]:
    """``(question, paragraph, answers)``; a paragraph ends at a blank line."""
    # Outside of the package: the data and the split are the training's.
    from training.data import read, split

    _, held = split([it for it in read(data) if it.source == "squad2_dev"])
    found = [(document, ask) for document in held for ask in document.questions]
    for document, ask in found[:limit]:
        places = ask.spans or ask.plausible
        if not places:
            continue
        before = document.text.rfind("\n\n", 0, places[0][0])
        after = document.text.find("\n\n", places[0][1])
        paragraph = document.text[before + 2 if before >= 0 else 0 : after if after >= 0 else None]
        yield ask.text, paragraph, [document.text[start:end] for start, end in ask.spans]


def _passages(reader: Network) -> list[str]:
    """Real text, cut to passages of a length."""
    text = " ".join(
        it.read_text(encoding="utf-8")
        for folder in ("corpus", "tests/questions/gazette/corpus")
        for it in sorted((ROOT / folder).glob("*.txt"))
    )
    found: list[str] = []
    while len(found) < max(PASSAGES):
        [window, *_] = reader.read("?", [text[: 8 * LENGTH]])[0]
        end = int(window.offsets[LENGTH - 1, 1])
        found.append(text[:end])
        text = text[end:].lstrip()
    return found


def _in_torch(folder: Path | None) -> Network:
    """The same network in torch; one with random weights costs the same."""
    import tempfile

    from pullquote.torch_network import open_hub

    if folder is not None:
        return open_hub(str(folder))
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    config = BertConfig(
        hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
    )
    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    with tempfile.TemporaryDirectory() as temporary:
        BertForQuestionAnswering(config).save_pretrained(temporary)
        fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer)  # type: ignore[no-untyped-call]
        fast.save_pretrained(temporary)
        return open_hub(temporary)


def _mean(values: Sequence[float | bool | None]) -> float:
    known = [float(it) for it in values if it is not None]
    return sum(known) / len(known) if known else 0.0


if __name__ == "__main__":
    sys.exit(main())
