"""Weights for a reader's calibration, from the rows of ``training.collect``.

``python -m training.calibrate --fit ROWS… --fit-half ROWS… --show ROWS… --out FILE`` fits on the
first and on half of the second, and prints the figures of every set: of what was fitted on
cross-validated by article, of the second the other half.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pullquote.calibration import Features, Logistic, probability
from pullquote.evaluate.judge import Judgement
from pullquote.evaluate.threshold import choose, halves, points
from pullquote.types import Status
from training.curve import auroc
from training.data import order

#: What decides the order of the sentences.
SENTENCE = tuple(it.name for it in fields(Features))

#: What decides whether the first is an answer. The others did nothing for it.
ANSWER = ("margin", "shared", "cosine")

#: Weights are drawn to zero by so much, per question, after the features are scaled alike.
RIDGE = 0.002


@dataclass(frozen=True, slots=True)
class Row:
    """A question of the rows: its sentences' features, and which of them are right.

    ``stated`` tells whether the sentence is right that says so where the article says that the
    answer is not known; ``states`` are those that would say so if they came first.
    """

    set: str
    id: str
    document: str | None
    expected: Status
    judged: bool
    stated: bool | None
    sentences: tuple[Features, ...]
    right: tuple[bool, ...]
    states: tuple[bool, ...]


def read_rows(files: Iterable[Path]) -> list[Row]:
    """The rows of the files."""
    return [
        _row(json.loads(line))
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def fit_sentence(rows: Sequence[Row], names: Sequence[str] = SENTENCE) -> Logistic:
    """Weights that put a right sentence first, and an offset that makes them probabilities."""
    used = [it for it in rows if any(it.right) and it.expected is Status.ANSWERED]
    values = [_matrix(it.sentences, names) for it in used]
    scale = torch.from_numpy(np.concatenate(values).std(axis=0) + 1e-6)
    inputs = [torch.from_numpy(it) / scale for it in values]
    rights = [torch.tensor(it.right) for it in used]
    sizes = torch.tensor([len(it) for it in inputs])
    group = torch.repeat_interleave(torch.arange(len(inputs)), sizes)
    whole, right = torch.cat(inputs), torch.cat(rights)
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        odds = whole @ weights
        total = _by_group(odds, group, len(inputs))
        gold = _by_group(odds.masked_fill(~right, -1e9), group, len(inputs))
        return (total - gold).mean() + RIDGE * weights.square().sum()

    _minimise([weights], loss)
    found = (weights.detach() / scale).tolist()
    model = Logistic(dict(zip(names, found, strict=True)), 0.0)
    # The offset: so that the first sentences' probabilities are right on average.
    firsts = [rank(it, model)[0] for it in rows if it.sentences]
    odds_ = torch.tensor([it[0] for it in firsts], dtype=torch.float64)
    truth = torch.tensor([float(it[2]) for it in firsts], dtype=torch.float64)
    offset = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    _minimise(
        [offset],
        lambda: torch.nn.functional.binary_cross_entropy_with_logits(odds_ + offset, truth),
    )
    return Logistic(model.weights, offset.item())


def fit_answer(rows: Sequence[Row], sentence: Logistic, names: Sequence[str] = ANSWER) -> Logistic:
    """Weights for the chance that the first sentence is right."""
    used = [it for it in rows if it.sentences and (it.judged or it.expected is Status.NOT_FOUND)]
    ranked = [rank(it, sentence) for it in used]
    values = torch.from_numpy(_matrix([it[0][1] for it in ranked], names))
    truth = torch.tensor([float(it[0][2]) for it in ranked], dtype=torch.float64)
    scale = values.std(dim=0) + 1e-6
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    offset = torch.zeros(1, dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        odds = (values / scale) @ weights + offset
        return (
            torch.nn.functional.binary_cross_entropy_with_logits(odds, truth)
            + RIDGE * weights.square().sum()
        )

    _minimise([weights, offset], loss)
    return Logistic(
        dict(zip(names, (weights.detach() / scale).tolist(), strict=True)), offset.item()
    )


def rank(row: Row, sentence: Logistic) -> list[tuple[float, Features, bool, bool]]:
    """``(log-odds, features, right, states)`` of the sentences, best first."""
    scored = [
        (sentence.log_odds(it), it, right, states)
        for it, right, states in zip(row.sentences, row.right, row.states, strict=True)
    ]
    return sorted(scored, key=lambda it: -it[0])


def judge(row: Row, sentence: Logistic, answer: Logistic) -> Judgement:
    """As the evaluator would judge the reader with these weights and no refusals."""
    ranked = rank(row, sentence)
    sure = 0.0
    if ranked:
        sure = probability(answer.log_odds(ranked[0][1]))
    status = Status.ANSWERED if ranked else Status.NOT_FOUND
    right = bool(ranked) and ranked[0][2]
    if ranked and ranked[0][3]:
        status = Status.STATED_UNKNOWN
    elif row.stated is not None:
        status, right = Status.STATED_UNKNOWN, row.stated
    return Judgement(
        expected=row.expected,
        status=status,
        answerability=sure,
        unrefused=status,
        rank=1 if any(row.right) else None,
        precision=None,
        recall=None,
        first_right=right if row.judged else None,
        unrefused_right=right if row.judged else None,
        token_f1=None,
        contains=None,
        citations=1,
        verbatim=1,
        handled=right if row.judged else False if row.expected is Status.NOT_FOUND else None,
        failure=None,
    )


def figures(judgements: Sequence[Judgement], threshold: float | None = None) -> dict[str, Any]:
    """What a set comes to, at thresholds fitted on the other half of it, and at ``threshold``."""
    answerable = [it for it in judgements if it.unrefused_right is not None]
    high = [it.answerability for it in judgements if it.expected is Status.ANSWERED]
    low = [it.answerability for it in judgements if it.expected is Status.NOT_FOUND]
    result: dict[str, Any] = {
        "n": len(judgements),
        "found": _mean([it.rank is not None for it in answerable]),
        "hit@1": _mean([bool(it.unrefused_right) for it in answerable]),
    }
    if low:
        best = choose(points(judgements))
        result |= {
            "auroc": auroc(high, low),
            "halves": halves(judgements, ()),
            "oracle": best.handled if best else None,
            "at": best.threshold if best else None,
        }
    if threshold is not None:
        result |= at(judgements, threshold)
    return {name: round(it, 3) if isinstance(it, float) else it for name, it in result.items()}


def at(judgements: Sequence[Judgement], threshold: float) -> dict[str, Any]:
    """The figures at one threshold."""
    counted = [it for it in judgements if it.handled is not None]
    refused = [it for it in counted if it.refusable and it.answerability < threshold]
    without = [it for it in counted if it.expected is Status.NOT_FOUND]
    rightly = [it for it in refused if it.expected is Status.NOT_FOUND]
    kept = [it for it in counted if it.unrefused_right and it not in refused]
    return {
        "fixed": (len(rightly) + len(kept)) / len(counted),
        "refusals_right": len(rightly) / len(refused) if refused else None,
        "refusals_found": len(rightly) / len(without) if without else None,
        "coverage": 1 - len(refused) / len(counted),
    }


def crossed(
    rows: Sequence[Row], fit: Callable[[Sequence[Row]], tuple[Logistic, Logistic]], folds: int = 5
) -> list[Judgement]:
    """Each row judged by weights that were fitted on other articles."""
    fold = {it.document or it.id: int(order(it.document or it.id) * 1e9) % folds for it in rows}
    result = []
    for number in range(folds):
        rest = [it for it in rows if fold[it.document or it.id] != number]
        own = [it for it in rows if fold[it.document or it.id] == number]
        if own:
            weights = fit(rest)
            result += [judge(it, *weights) for it in own]
    return result


def as_json(sentence: Logistic, answer: Logistic) -> Mapping[str, Mapping[str, float]]:
    """The weights as ``reader.json`` holds them."""
    return {
        name: {
            **{key: round(it, 5) for key, it in one.weights.items()},
            "offset": round(one.offset, 5),
        }
        for name, one in (("sentence", sentence), ("answer", answer))
    }


def main() -> int:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--fit", type=Path, nargs="+", required=True)
    parser.add_argument(
        "--fit-half",
        type=Path,
        nargs="*",
        default=(),
        help="rows of which half the questions are fitted on; the other half is shown",
    )
    parser.add_argument("--show", type=Path, nargs="*", default=())
    parser.add_argument("--threshold", type=float)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    halved = read_rows(given.fit_half)
    fitted_on = read_rows(given.fit) + [it for it in halved if order(it.id) < 0.5]

    def fit(rows: Sequence[Row]) -> tuple[Logistic, Logistic]:
        sentence = fit_sentence(rows)
        return sentence, fit_answer(rows, sentence)

    weights = fit(fitted_on)
    print(json.dumps(as_json(*weights)))
    crosswise = crossed(fitted_on, fit)
    print(json.dumps({"set": "fitted on, crosswise", **figures(crosswise, given.threshold)}))
    shown = read_rows(given.show) + [it for it in halved if order(it.id) >= 0.5]
    for name in dict.fromkeys(it.set for it in shown):
        judgements = [judge(it, *weights) for it in shown if it.set == name]
        print(json.dumps({"set": name, **figures(judgements, given.threshold)}))
    if given.out:
        given.out.write_text(json.dumps(as_json(*weights), indent=1) + "\n", encoding="utf-8")
    return 0


def _row(data: Mapping[str, Any]) -> Row:
    sentences = data["sentences"]
    return Row(
        data["set"],
        data["id"],
        data["document"],
        Status(data["expected"]),
        data["judged"],
        data["stated"],
        tuple(Features(*(it[name] for name in SENTENCE)) for it in sentences),
        tuple(it["right"] for it in sentences),
        tuple(it["states"] for it in sentences),
    )


def _matrix(features: Sequence[Features], names: Sequence[str]) -> Any:
    return np.array([[getattr(it, name) for name in names] for it in features], dtype=np.float64)


def _by_group(odds: torch.Tensor, group: torch.Tensor, count: int) -> torch.Tensor:
    """The log-sum-exp of each group."""
    most = torch.full((count,), -torch.inf, dtype=odds.dtype)
    most = most.scatter_reduce(0, group, odds.detach(), "amax")
    sums = torch.zeros(count, dtype=odds.dtype).scatter_add(0, group, (odds - most[group]).exp())
    return most + sums.log()


def _minimise(variables: list[torch.Tensor], loss: Callable[[], torch.Tensor]) -> None:
    optimizer = torch.optim.LBFGS(variables, max_iter=300, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(step)  # type: ignore[no-untyped-call]


def _mean(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


if __name__ == "__main__":
    sys.exit(main())
