"""The training run: updates the weights, and writes checkpoints and a log."""

from __future__ import annotations

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from pullquote.reading.judge_input import Encoder, batch
from training.batches import Batches, Claims, Questions
from training.claims import Claim
from training.data import Ask, Document
from training.examples import Maker
from training.loss import CLAIM, QUESTION, WORDS, losses, targets
from training.model import Judge, save

CHECKPOINT = "checkpoint.pt"
#: The checkpoint from when the learning rate began to fall; a longer run continues from it.
STEADY = "steady.pt"
MODEL = "model.pt"
LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Settings:
    """The hyperparameters of a run; they are written to its log.

    ``rounds`` is the number of passes over the questions. ``minutes`` limits the training time over
    all resumptions (0: no limit). The lowest ``frozen`` layers are not trained, so that a run that
    starts from a judge reads more passages in the same time. The learning rate rises for
    ``warm_up`` steps, stays constant, and falls to zero over the last ``fall`` of the run (a share
    from 0 to 1). Training can be continued for longer from the state before the rate fell (Hu et
    al., "MiniCPM", 2024).
    """

    seed: int = 31
    rounds: int = 3
    rate: float = 4e-5
    faster_heads: float = 5.0
    warm_up: int = 100
    fall: float = 0.25
    weight_decay: float = 0.01
    clip: float = 1.0
    passages: int = 16
    minutes: float = 0.0
    limit: int = 0
    frozen: int = 0
    checkpoint_minutes: float = 8.0
    threads: int = 2
    bfloat16: int = 0


#: Steps between two lines of losses in the log.
_EVERY = 20

#: Seconds. A step takes a few; anything longer than this was a pause of the process or the machine
#: and must not count as training time.
_PAUSE = 60.0

#: Windows are padded to a multiple of this many tokens: few distinct shapes, and little padding.
_STEP = 16


class Run:
    """A training run, new or resumed, in a folder of its own."""

    def __init__(self, folder: Path, judge: Judge, encoder: Encoder, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._batches = Batches(encoder, settings.passages, settings.rounds, settings.seed)
        torch.set_num_threads(settings.threads)
        torch.manual_seed(settings.seed)
        if settings.frozen:
            # The norm below the layers too, or gradients would be computed through all of them.
            judge.norm.requires_grad_(False)
            judge.layers[: settings.frozen].requires_grad_(False)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.judge = judge.to(self._device).train()
        self._optimizer = _optimizer(judge, settings)
        self._step = 0
        #: Seconds of training so far, over all resumptions.
        self._spent = 0.0
        #: How many passages of each set were trained on, and how many claims.
        self._seen: Counter[str] = Counter()

    def resume(self, name: str = CHECKPOINT) -> bool:
        """Continue from a checkpoint in the folder; false if there is none."""
        path = self._folder / name
        if not path.is_file():
            return False
        state = torch.load(path, weights_only=True, map_location=self._device)
        self.judge.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._step, self._spent = state["step"], state["spent"]
        self._seen = Counter(state["seen"])
        self.note("resumed", step=self._step, minutes=round(self._spent / 60, 2))
        return True

    def note(self, event: str, **values: Any) -> None:
        """Append a line to the run's log."""
        with (self._folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, **values}) + "\n")

    def train(
        self, maker: Maker, asked: Sequence[tuple[Document, Ask]], claims: Sequence[Claim]
    ) -> None:
        """Train for all rounds, or as long as :attr:`Settings.minutes` allows."""
        settings = self._settings
        self.note("start", settings=asdict(settings), questions=len(asked), claims=len(claims))
        window: dict[str, float] = defaultdict(float)
        kept = self._spent
        last = time.monotonic()
        total = self._batches.steps(asked, claims)
        for number, made in enumerate(self._batches.of(maker, asked, claims)):
            if number < self._step:
                last = time.monotonic()
                continue
            progress = max(
                number / total, self._spent / settings.minutes / 60 if settings.minutes else 0.0
            )
            if progress >= 1:
                break
            if progress >= 1 - settings.fall and not (self._folder / STEADY).exists():
                self._keep(STEADY)
            factor = _factor(number, progress, settings)
            for part in self._optimizer.param_groups:
                part["lr"] = settings.rate * part["faster"] * factor
            for name, value in self._update(made).items():
                window[name] += value
                window[f"{name} n"] += 1
            window["passages"] += len(made.windows)
            self._step = number + 1
            took, last = _since(last)
            self._spent += took
            window["seconds"] += took
            if self._step % _EVERY == 0:
                self._note_losses(window, progress)
            if self._spent - kept >= settings.checkpoint_minutes * 60:
                self._keep(CHECKPOINT)
                kept = self._spent
        self._keep(CHECKPOINT)
        save(self.judge, self._folder / MODEL)
        self.note("end", step=self._step, minutes=round(self._spent / 60, 2))

    def _note_losses(self, window: dict[str, float], progress: float) -> None:
        passages, seconds = window.pop("passages"), window.pop("seconds")
        self.note(
            "losses",
            step=self._step,
            minutes=round(self._spent / 60, 2),
            progress=round(progress, 4),
            per_second=round(passages / seconds, 2),
            seen=sum(self._seen.values()),
            **{
                name: round(value / window[f"{name} n"], 4)
                for name, value in window.items()
                if not name.endswith(" n")
            },
        )
        window.clear()

    def _update(self, made: Questions | Claims) -> dict[str, float]:
        settings = self._settings
        arrays = batch(made.windows, _STEP)
        ids, mask, pool = (
            torch.from_numpy(array).to(self._device)
            for array in (arrays.ids, arrays.mask, arrays.pool)
        )
        with torch.autocast(self._device.type, torch.bfloat16, enabled=bool(settings.bfloat16)):
            sentences, spans, supports = self.judge(ids, mask, pool)
        if isinstance(made, Claims):
            right = torch.tensor([int(claim.supported) for claim in made.claims])
            parts = {"claims": functional.cross_entropy(supports.float(), right.to(self._device))}
            loss = CLAIM * parts["claims"]
            self._seen.update({"claims": len(made.claims)})
        else:
            wanted = targets(made.readings, made.windows, arrays.slots, made.groups)
            if self._device.type != "cpu":
                wanted = type(wanted)(
                    *(getattr(wanted, name).to(self._device) for name in wanted.__slots__)
                )
            parts = losses(sentences.float(), spans.float(), mask, wanted)
            loss = parts["sentences"] + QUESTION * parts["questions"]
            if "words" in parts:
                loss = loss + WORDS * parts["words"]
            self._seen.update(made.names)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.judge.parameters(), settings.clip)
        self._optimizer.step()
        return {name: value.item() for name, value in parts.items()}

    def _keep(self, name: str) -> None:
        state = {
            "shape": asdict(self.judge.shape),
            "model": self.judge.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "step": self._step,
            "spent": self._spent,
            "seen": dict(self._seen),
        }
        # Written aside and then moved, so that a killed run leaves the old file or the new one.
        new = self._folder / f"{name}.new"
        torch.save(state, new)
        os.replace(new, self._folder / name)


def _factor(step: int, progress: float, settings: Settings) -> float:
    """The factor on the learning rate: warm-up, then constant, then a linear fall."""
    rising = min(1.0, (step + 1) / settings.warm_up)
    falling = min(1.0, (1 - progress) / settings.fall)
    return rising * falling


def _optimizer(judge: Judge, settings: Settings) -> torch.optim.Optimizer:
    new = {id(parameter) for head in judge.heads for parameter in head.parameters()}
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = defaultdict(list)
    for name, parameter in judge.named_parameters():
        if parameter.requires_grad:
            decays = settings.weight_decay if parameter.dim() > 1 and "norm" not in name else 0.0
            faster = settings.faster_heads if id(parameter) in new else 1.0
            groups[decays, faster].append(parameter)
    return torch.optim.AdamW(
        [
            {"params": own, "weight_decay": decays, "faster": faster}
            for (decays, faster), own in groups.items()
        ],
        lr=settings.rate,
        fused=True,
    )


def _since(moment: float) -> tuple[float, float]:
    """Seconds since ``moment``, without pauses, and the current time."""
    now = time.monotonic()
    return min(now - moment, _PAUSE), now
