"""Weights by hand, and what is refused as weights."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.calibration import PLAIN, Calibration, Features, Logistic, probability

SENTENCE = Features(margin=2.0, shared=-0.5, cosine=0.25, overlap=0.75, cue=1.0)

GOOD: dict[str, Any] = {
    "sentence": {"margin": 0.5, "offset": -1},
    "answer": {"overlap": 1.5, "cosine": 0.25, "offset": 0},
}


def changed(part: str, **values: Any) -> Any:
    return {**GOOD, part: {**GOOD[part], **values}}


def test_log_odds_are_the_weighted_sum() -> None:
    logistic = Logistic({"margin": 0.5, "shared": 2.0, "cue": -0.25, "overlap": 8.0}, 3.0)
    assert logistic.log_odds(SENTENCE) == 0.5 * 2 + 2 * -0.5 - 0.25 * 1 + 8 * 0.75 + 3


def test_without_weights_the_offset_is_left() -> None:
    assert Logistic({}, -1.5).log_odds(SENTENCE) == -1.5


@pytest.mark.parametrize("name", [it.name for it in fields(Features)])
def test_every_feature_can_have_a_weight(name: str) -> None:
    made = Calibration.from_json(changed("answer", **{name: 3}))
    only = Logistic({name: made.answer.weights[name]}, made.answer.offset)
    assert only.log_odds(SENTENCE) == 3 * getattr(SENTENCE, name)


def test_a_calibration_is_read_from_json() -> None:
    made = Calibration.from_json(json.loads(json.dumps(GOOD)))
    assert made.sentence.log_odds(SENTENCE) == 0.0
    assert made.answer.log_odds(SENTENCE) == 1.5 * 0.75 + 0.25 * 0.25
    assert dict(made.sentence.weights) == {"margin": 0.5}


@pytest.mark.parametrize(
    ("part", "name"),
    [("sentence", "marign"), ("sentence", "best"), ("answer", "Offset")],
)
def test_a_feature_that_is_not_known_is_refused(part: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"weights must be given for some of \[.*'margin'"):
        Calibration.from_json(changed(part, **{name: 1.0}))


@pytest.mark.parametrize("part", ["sentence", "answer"])
@pytest.mark.parametrize("name", ["margin", "offset"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "x", "nan"])
def test_a_weight_that_is_no_finite_number_is_refused(part: str, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        Calibration.from_json(changed(part, **{name: value}))


@pytest.mark.parametrize("value", ["0.5", None, True, [1.0], {"a": 1.0}, 10**400])
def test_a_weight_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        Calibration.from_json(changed("sentence", margin=value))


@pytest.mark.parametrize("part", ["sentence", "answer"])
@pytest.mark.parametrize("value", [{}, {"margin": 1.0}, None, [], "offset", 3])
def test_weights_without_an_offset_are_refused(part: str, value: Any) -> None:
    with pytest.raises(ValueError, match="with 'offset'"):
        Calibration.from_json({**GOOD, part: value})
    with pytest.raises(ValueError, match="with 'offset'"):
        Calibration.from_json({name: it for name, it in GOOD.items() if name != part})


@pytest.mark.parametrize("data", [[], None, "sentence", 3])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        Calibration.from_json(data)


def test_the_plain_calibration_keeps_the_order_of_the_margins() -> None:
    for logistic in (PLAIN.sentence, PLAIN.answer):
        assert logistic.log_odds(SENTENCE) == 0.5
        assert probability(logistic.log_odds(SENTENCE)) == pytest.approx(1 / (1 + math.exp(-0.5)))


def test_a_probability_by_hand() -> None:
    assert probability(0.0) == 0.5
    assert probability(math.log(3)) == pytest.approx(0.75)
    assert probability(-math.log(3)) == pytest.approx(0.25)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_a_probability_is_from_0_to_1_and_grows_with_the_odds(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= probability(low) <= probability(high) <= 1
