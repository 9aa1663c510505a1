"""The names of a question, and the share of them that an article lacks."""

from __future__ import annotations

import pytest

from pullquote.text.names import missing, names
from tests.support.answers import Shelf


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Why did Amazon ban it in New York?", {"amazon", "new", "york"}),
        ("Amazon banned what?", set()),  # the first word has a capital whatever it is
        ("Who wrote “Ulysses” and ‘Dubliners’ (and Exiles)?", {"ulyss", "dublin", "exil"}),
        ("Where does Łukasz live, and Émile?", {"łukasz", "émile"}),
        ("What did Ann-Marie O’Neil say?", {"ann", "mari", "o", "neil"}),
        ("What did the G-7 say?", {"g"}),
        ("Is what He or The Who said of What it is?", set()),
        ("why did amazon ban it?", set()),
        ("", set()),
    ],
)
def test_names_are_the_words_with_a_capital_inside_the_text(text: str, found: set[str]) -> None:
    assert names(text) == found


def test_the_share_that_is_missing() -> None:
    shelf = Shelf()
    article = shelf.add("a.txt", ["Ann sank a ferry."], head="In Rome, 1931\n\n")
    assert missing(frozenset({"ann", "rome", "bo", "paris"}), article) == 0.5
    assert missing(frozenset({"ann", "ferri"}), article) == 0
    assert missing(frozenset({"bo"}), article) == 1
    assert missing(frozenset(), article) == 0
