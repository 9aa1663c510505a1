"""The training run: examples in, checkpoints out."""

from __future__ import annotations

import json
import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer

from training.curve import Curve
from training.data import Ask, Document
from training.encode import Encoded, encode
from training.examples import Example, Kind, Maker
from training.model import Scores, open_model, score, shared
from training.passages import Ranked

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides how a run goes; written into its log.

    ``groups`` is how many questions one step sees. ``most`` caps the questions of the sets of
    short documents, which are plentiful and least like articles. ``minutes`` is how long the run
    may take: the rate falls to zero by then, or at the last question, whichever comes first.
    ``limit`` stops after so many questions; 0: all of them.
    """

    seed: int = 20
    rate: float = 1e-4
    warm_up: float = 0.05
    weight_decay: float = 0.01
    clip: float = 1.0
    groups: int = 8
    shared_weight: float = 1.0
    most: int = 4000
    minutes: float = 0.0
    limit: int = 0
    checkpoint_minutes: float = 10.0
    curve_minutes: float = 10.0
    threads: int = 2
    bfloat16: int = 0


#: The sets that ``Settings.most`` caps.
PLENTIFUL = ("squadshifts_reddit", "squadshifts_amazon")

#: Batches are made of examples of like length within so many batches.
_CHUNK = 40

#: Steps between two lines of losses.
_EVERY = 20

#: A step takes seconds. What takes longer than this was a pause of the process or the machine, and
#: must not be taken for time that was trained in.
_PAUSE = 60.0


class Run:
    """One run in a folder of its own, new or resumed."""

    def __init__(self, folder: Path, backbone: Path, tokenizer: Tokenizer, it: Settings) -> None:
        self._folder = folder
        self._settings = it
        self._tokenizer = tokenizer
        torch.set_num_threads(it.threads)
        torch.manual_seed(it.seed)
        self.model = open_model(backbone)
        self.model.train()
        kept = [p for n, p in self.model.named_parameters() if _decays(n)]
        free = [p for n, p in self.model.named_parameters() if not _decays(n)]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": kept, "weight_decay": it.weight_decay},
                {"params": free, "weight_decay": 0.0},
            ],
            lr=it.rate,
        )
        self._step = 0
        #: Seconds of training so far, over all resumptions.
        self._spent = 0.0
        #: How many readings of each set and kind were learnt from.
        self._seen: Counter[str] = Counter()

    def resume(self) -> bool:
        """Go on from the folder's checkpoint; false when there is none."""
        path = self._folder / CHECKPOINT
        if not path.is_file():
            return False
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._step, self._spent = state["step"], state["spent"]
        self._seen = Counter(state["seen"])
        self.note("resumed", step=self._step, minutes=self._spent / 60)
        return True

    def note(self, event: str, **values: Any) -> None:
        """A line of the run's log."""
        with (self._folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, **values}) + "\n")

    def train(self, maker: Maker, asked: Sequence[tuple[Document, Ask]], curve: Curve) -> None:
        """One pass over the questions, or as much of it as the time allows."""
        it = self._settings
        steps = math.ceil(len(asked) / it.groups)
        self.note("start", settings=asdict(it), questions=len(asked), steps=steps)
        window: dict[str, float] = defaultdict(float)
        kept = looked = self._spent
        last = time.monotonic()
        for number, batch in enumerate(self._batches(maker, asked)):
            if number < self._step:
                continue
            progress = max(number / steps, self._spent / it.minutes / 60 if it.minutes else 0.0)
            if progress >= 1:
                break
            for part in self._optimizer.param_groups:
                part["lr"] = it.rate * min(progress / it.warm_up, (1 - progress) / (1 - it.warm_up))
            for name, value in self._update(batch).items():
                window[name] += value
            window["steps"] += 1
            window["sequences"] += sum(len(group) for _, group in batch)
            self._step = number + 1
            took, last = _since(last)
            window["seconds"] += took
            if self._step % _EVERY == 0:
                self._note_losses(window, progress)
            if self._spent - kept >= it.checkpoint_minutes * 60:
                self._keep()
                kept = self._spent
            if self._spent - looked >= it.curve_minutes * 60:
                self._look(curve)
                looked = self._spent
            took, last = took + _since(last)[0], time.monotonic()
            self._spent += took
        self._keep()
        self._look(curve)
        self.note("end", step=self._step, minutes=round(self._spent / 60, 2))
        self._write_model()

    def _note_losses(self, window: dict[str, float], progress: float) -> None:
        steps, sequences, seconds = (window.pop(it) for it in ("steps", "sequences", "seconds"))
        self.note(
            "losses",
            step=self._step,
            minutes=round(self._spent / 60, 2),
            progress=round(progress, 4),
            per_second=round(sequences / seconds, 2),
            **{name: round(value / steps, 4) for name, value in window.items()},
        )
        window.clear()

    def _update(
        self, batch: Sequence[tuple[Example, list[tuple[Any, Encoded]]]]
    ) -> dict[str, float]:
        sequences = [sequence for _, group in batch for _, sequence in group]
        scores = iter(score(self.model, sequences, bool(self._settings.bfloat16)))
        own: list[torch.Tensor] = []
        together: list[torch.Tensor] = []
        for _, group in batch:
            results = [(reading, next(scores)) for reading, _ in group]
            own.extend(it.own for _, it in results)
            if results[0][0].kind is Kind.GOLD:
                together.append(shared(_same_question(results)))
        one = torch.stack(own).mean()
        loss = one
        losses = {"own": one.item()}
        if together:
            two = torch.stack(together).mean()
            losses["shared"] = two.item()
            loss = one + self._settings.shared_weight * two
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self._settings.clip)
        self._optimizer.step()
        for example, group in batch:
            self._seen.update(f"{example.source}/{reading.kind}" for reading, _ in group)
        return losses

    def _batches(
        self, maker: Maker, asked: Sequence[tuple[Document, Ask]]
    ) -> Iterator[list[tuple[Example, list[tuple[Any, Encoded]]]]]:
        """Batches of examples of like length, in an order that only the seed decides."""
        size = self._settings.groups
        random = Random(self._settings.seed)
        for begin in range(0, len(asked), size * _CHUNK):
            made = [maker.make(*it) for it in asked[begin : begin + size * _CHUNK]]
            groups = [
                (example, group)
                for example in made
                if example is not None and (group := self._encode(example))
            ]
            groups.sort(key=lambda it: max(len(sequence.ids) for _, sequence in it[1]))
            batches = [groups[i : i + size] for i in range(0, len(groups), size)]
            random.shuffle(batches)
            yield from batches

    def _encode(self, example: Example) -> list[tuple[Any, Encoded]]:
        """The readings with their tokens; none when the answer was cut off."""
        pairs = [(it.question, it.passage) for it in example.readings]
        group = []
        for reading, encoded in zip(example.readings, encode(self._tokenizer, pairs), strict=True):
            sequence = encoded
            if reading.answer is not None:
                place = encoded.place(reading.answer)
                if place is None:
                    return []
                sequence = replace(encoded, start=place[0], end=place[1])
            if not sequence.offsets:
                return []
            group.append((reading, sequence))
        return group

    def _keep(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "step": self._step,
            "spent": self._spent,
            "seen": dict(self._seen),
        }
        # Replaced whole, so that a kill leaves the old one or the new one.
        new = self._folder / f"{CHECKPOINT}.new"
        torch.save(state, new)
        os.replace(new, self._folder / CHECKPOINT)

    def _look(self, curve: Curve) -> None:
        self.model.eval()
        figures = curve.measure(self.model, bool(self._settings.bfloat16))
        self.model.train()
        self.note(
            "curve",
            step=self._step,
            minutes=round(self._spent / 60, 2),
            **{name: round(value, 4) for name, value in figures.items()},
            readings=dict(sorted(self._seen.items())),
        )

    def _write_model(self) -> None:
        self.model.eval()
        self.model.save_pretrained(self._folder / "model")
        self._tokenizer.save(str(self._folder / "model" / "tokenizer.json"))


def questions(documents: Sequence[Document], it: Settings) -> list[tuple[Document, Ask]]:
    """The questions of a run, shuffled, so that any part of them is like the whole."""
    random = Random(it.seed)
    asked: list[tuple[Document, Ask]] = []
    for source in sorted({document.source for document in documents}):
        own = [(d, ask) for d in documents if d.source == source for ask in d.questions]
        random.shuffle(own)
        asked.extend(own[: it.most] if source in PLENTIFUL else own)
    random.shuffle(asked)
    return asked[: it.limit] if it.limit else asked


def prepare(
    documents: Sequence[Document], tokenizer: Tokenizer, it: Settings
) -> tuple[Maker, list[tuple[Document, Ask]]]:
    """What makes the examples, and the questions to make them of."""
    return Maker(documents, Ranked(documents, tokenizer), it.seed), questions(documents, it)


def _same_question(results: Sequence[tuple[Any, Scores]]) -> list[Scores]:
    """A swapped question is another one: its reading has no part in the first one's answer."""
    return [scores for reading, scores in results if reading.kind is not Kind.SWAPPED]


def _since(moment: float) -> tuple[float, float]:
    """Seconds since ``moment``, pauses not counted, and the moment now."""
    now = time.monotonic()
    return min(now - moment, _PAUSE), now


def _decays(name: str) -> bool:
    return not (name.endswith("bias") or "LayerNorm" in name)
