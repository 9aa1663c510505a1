"""Claims by rule: true copies and shortened ones, and false ones with one thing altered."""

from __future__ import annotations

from pathlib import Path

from tests.support.training import RECORDS, documents
from training.plain_claims import plain_claims


def test_the_true_ones_are_the_sentences_own_words_and_the_false_ones_are_not(
    tmp_path: Path,
) -> None:
    own = list(documents(tmp_path, RECORDS).values())
    made = plain_claims(own, 120, 5)
    assert len(made) == 120
    assert made == plain_claims(own, 120, 5)
    assert 50 <= sum(claim.supported for claim in made) <= 70
    for claim in made:
        cited = [claim.cited.text[start:end] for start, end in claim.cited.sentences]
        copied = any(text.startswith(claim.text.removesuffix(".")) for text in cited)
        assert copied is claim.supported


def test_a_sentence_is_shortened_by_a_clause_that_it_can_lose(tmp_path: Path) -> None:
    own = list(documents(tmp_path, RECORDS).values())
    short = "Its first lamp burned the oil of lantern beans."
    made = plain_claims(own, 2000, 5)
    assert any(claim.text == short and claim.supported for claim in made)
    # What is lost must not turn it round.
    held = "It was built in 1843 by the engineer Marit Holm."
    assert all(claim.text != held for claim in made)
