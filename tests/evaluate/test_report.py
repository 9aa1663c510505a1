"""The report page: its numbers, marks and escapes are checked against values worked out by hand."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.errors import GateError
from pullquote.evaluate.comparison import Comparison, Verdict
from pullquote.evaluate.gold import Gold, Place
from pullquote.evaluate.intervals import wilson
from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.question import Question, Range
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.rates import Rate
from pullquote.evaluate.report import report_html
from pullquote.evaluate.report.calibration import Bin, bins, expected_error
from pullquote.evaluate.report.charts import interval_bar
from pullquote.evaluate.report.passages import (
    LONG,
    Excerpt,
    Kind,
    Mark,
    Paragraphs,
    excerpts,
    pieces,
    shown,
)
from pullquote.evaluate.report.plots import histogram
from pullquote.evaluate.report.rendering import environment
from pullquote.evaluate.report.words import anchor, decimal
from pullquote.evaluate.run import Result
from pullquote.evaluate.summary import Summary, summarise
from pullquote.messages import messages
from pullquote.types import Answer, Sentence, Status
from tests.support.answers import Shelf, answered
from tests.support.judgements import NOT_FOUND, UNKNOWN, judged, none, refused, right, wrong

#: Texts that may break a page, a template or a file.
NASTY = (
    "<script>alert(1)</script>",
    "${x} {{y}} {% z %}",
    "</style></details></title>",
    "\"'><img src=x onerror=alert(1)>",
    "👩‍🚀 naïve 🏳️‍🌈",
    "שלום עולם ‮abc",
    "x" * 500,
    "&amp;lt; & <",
)


class _Reader(HTMLParser):
    """Parses a page into its text and elements, like a browser."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data


def _text(page: str) -> str:
    return _Reader(page).text


def _attributes(page: str, wanted: str) -> list[str]:
    return [attrs[wanted] or "" for _, attrs in _Reader(page).tags if wanted in attrs]


def marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """``text[start:end]`` as the page shows it."""
    template: Any = environment().get_template("excerpts.html").module
    return str(template.marked(list(pieces(text, start, end, marks))))


def excerpts_html(
    text: str, paragraphs: Sequence[Sequence[Sentence]], marks: Sequence[Mark]
) -> str:
    template: Any = environment().get_template("excerpts.html").module
    return str(template.excerpts(list(shown(text, paragraphs, marks))))


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("a.txt", ["The ban is new.", "It lasts a year."], "Why", ["No one said why."])
    shelf.add("b.txt", ["Rain fell.", "It was cold."])
    return shelf


def _result(
    shelf: Shelf,
    judgement: Judgement,
    id_: str = "q1",
    text: str = "How long?",
    cited: Sequence[tuple[str, int]] = (("a.txt", 0),),
    groups: Sequence[Sequence[Range]] = (),
    **more: object,
) -> Result:
    """A result whose answer cites ``cited``, or, if it is a refusal, shows them as closest."""
    citations = tuple(shelf.citation(n, *item) for n, item in enumerate(cited, start=1))
    answer = answered(*citations, question=text)
    if judgement.status is Status.NOT_FOUND:
        answer = replace(
            answer,
            status=NOT_FOUND,
            blocks=(messages().block("not_found"),),
            citations=(),
            closest=citations,
        )
    question = Question(
        id_,
        text,
        f"set.jsonl, line 1, question {id_!r}",
        status=judgement.expected,
        evidence=tuple(tuple(group) for group in groups),
        **more,  # type: ignore[arg-type]
    )
    places = tuple(
        tuple(Place(item.document_id, item.start, item.end) for item in group) for group in groups
    )
    also_ok = tuple(
        Place(item.document_id, item.start, item.end)
        for item in question.also_ok
        if isinstance(item, Range)
    )
    retrieved = (Place("b.txt", 0, 10), Place("a.txt", 0, 32))
    return Result(question, Gold(places, also_ok), answer, answer, retrieved, judgement)


def _summary(results: Sequence[Result], name: str = "set.jsonl", /, **settings: object) -> Summary:
    questions = QuestionSet(name, tuple(result.question for result in results), "d1" * 32)
    return summarise(questions, results, settings)


def _page(shelf: Shelf, *results: Result, **settings: object) -> str:
    return report_html(_summary(results, **settings), results, shelf)


# Numbers


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.4331, 3, ".433"),
        (0.4331, 2, ".43"),
        (0.0, 3, ".000"),
        (1.0, 3, "1.000"),
        (0.99999, 3, ".999"),
        (0.00001, 2, ".01"),
        (0.9999999999999, 3, "1.000"),
    ],
)
def test_only_all_is_shown_as_one_and_only_nothing_as_zero(
    value: float, digits: int, shown: str
) -> None:
    assert decimal(value, digits) == shown


def test_wilsons_interval_by_hand() -> None:
    # z² = 3.841459. Half of 10: (.5 + .192073 ± 1.959964·√(.025 + .009604)) / 1.384146.
    assert wilson(0.5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    # None of 4: 0 to (z²/4) / (1 + z²/4) = .960365 / 1.960365.
    assert wilson(0.0, 4) == pytest.approx((0.0, 0.48989), abs=1e-5)
    assert wilson(1.0, 4) == pytest.approx((0.51011, 1.0), abs=1e-5)


def test_bins_hold_equal_numbers_and_the_error_is_their_mean_distance() -> None:
    low = [right(0.1), wrong(0.1), wrong(0.2), wrong(0.3), none(0.3)]
    high = [right(0.6), right(0.7), right(0.8), wrong(0.9), none(1.0)]
    found = bins([*high, *low])
    assert [match.count for match in found] == [5, 5]
    assert [match.mean for match in found] == pytest.approx([0.2, 0.8])
    assert [match.right for match in found] == pytest.approx([0.2, 0.6])
    assert found[1].interval == wilson(0.6, 5)
    # (5 · 0 + 5 · .2) / 10
    assert expected_error(found) == pytest.approx(0.1)


def test_a_larger_bin_weighs_more_in_the_error() -> None:
    found = [Bin(0.5, 0.0, (0, 1), 1), Bin(0.5, 0.4, (0, 1), 3)]
    assert expected_error(found) == pytest.approx((0.5 + 3 * 0.1) / 4)


def test_there_are_at_most_ten_bins_and_equal_scores_stay_together() -> None:
    many = bins([right(number / 100) for number in range(100)])
    assert [item.count for item in many] == [10] * 10
    tied = bins([*[right(0.5)] * 8, wrong(0.6), wrong(0.7)])
    assert [(item.count, item.right) for item in tied] == [(8, 1.0), (2, 0.0)]


def test_only_what_a_threshold_could_refuse_is_binned() -> None:
    stated = judged(expected=UNKNOWN, unrefused=UNKNOWN, handled=True)
    assert bins([judged(expected=None), judged()]) == ()
    assert expected_error(()) is None
    # A stated unknown counts too: it is refused if the reader is too unsure.
    assert sum(one.count for one in bins([right(), stated])) == 2


def test_a_refused_question_counts_for_what_it_would_have_cited() -> None:
    (only,) = bins([refused(0.2), refused(0.2, would_be_right=False)])
    assert only.right == 0.5


def test_steps_of_a_histogram_are_round_and_slow_ones_stand_in_the_last() -> None:
    # 44 / 24 is 1.83, so the steps are 2 wide, and 22.0 is in the one from 22 to 24.
    drawn = histogram([22.0, 40.0, 41.9, 44.0], p95=44.0)
    assert drawn.step == pytest.approx(2)
    assert {n: count for n, count in enumerate(drawn.counts) if count} == {11: 1, 20: 2, 22: 1}
    assert not drawn.overflow
    slow = histogram([10.0] * 99 + [5000.0], p95=12.0)
    assert slow.top == pytest.approx(25)
    assert (slow.counts[-1], sum(slow.counts), slow.overflow) == (1, 100, True)
    assert sum(histogram([0.0], p95=0.0).counts) == 1


def test_an_interval_is_drawn_where_it_lies() -> None:
    # The line goes from 4 to 164.
    bar = interval_bar(0.5, (0.25, 0.75))
    assert 'cx="84.0"' in bar
    assert 'x="44.0" y="4" width="80.0"' in bar
    assert "<title>.500, 95 % interval .250 to .750, on a line from 0 to 1</title>" in bar


# Marks


def test_overlapping_marks_cut_the_text_at_every_edge() -> None:
    marks = [
        Mark(0, 6, Kind.CITED, 1),
        Mark(4, 10, Kind.EVIDENCE),
        Mark(5, 8, Kind.ALSO_OK),
    ]
    assert marked("abcdefghijkl", 0, 12, marks) == (
        '<mark class="cited" data-number="1">abcd</mark>'
        '<mark class="cited evidence">e</mark>'
        '<mark class="cited evidence also-ok">f</mark>'
        '<mark class="evidence also-ok">gh</mark>'
        '<mark class="evidence">ij</mark>'
        "kl"
    )


def test_a_mark_that_begins_earlier_has_its_number_where_the_piece_begins() -> None:
    assert marked("abcdef", 2, 6, [Mark(0, 4, Kind.CLOSEST, 3)]) == (
        '<mark class="closest" data-number="3">cd</mark>ef'
    )


@given(
    st.lists(st.sampled_from(NASTY), max_size=4).map("".join),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 60), st.sampled_from(list(Kind))), max_size=5
    ),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_without_tags_the_marked_text_is_the_text_to_the_character(
    text: str, ranges: list[tuple[int, int, Kind]], start: int, length: int
) -> None:
    marks = [Mark(low, low + size, kind, 1) for low, size, kind in ranges]
    start = min(start, len(text))
    end = min(start + length, len(text))
    page = _Reader(marked(text, start, end, marks))
    assert page.text == text[start:end]
    assert {tag for tag, _ in page.tags} <= {"mark"}


def test_each_character_is_in_just_the_marks_that_hold_it() -> None:
    text = "abcdefgh"
    marks = [Mark(1, 5, Kind.CITED), Mark(3, 7, Kind.EVIDENCE), Mark(3, 4, Kind.WORDS)]
    pieces = re.findall(r'<mark class="([^"]+)">(.+?)</mark>|(\w+)', marked(text, 0, 8, marks))
    found = [set(kinds.split()) for kinds, words, plain in pieces for _ in words or plain]
    assert found == [
        {mark.kind.value for mark in marks if mark.start <= place < mark.end} for place in range(8)
    ]


def test_only_paragraphs_with_marks_are_shown_and_gaps_are_told(shelf: Shelf) -> None:
    shelf.add("c.txt", ["One.", "Two."], ["Three."], ["Four."], ["Five."])
    text = shelf.article("c.txt").text
    paragraphs = Paragraphs(shelf).of("c.txt")
    first, last = text.index("Two."), text.index("Five.")
    marks = [Mark(last, last + 5, Kind.CITED, 1), Mark(first, first + 4, Kind.EVIDENCE)]
    assert list(excerpts(paragraphs, marks)) == [
        Excerpt(0, 9, gap=False),
        Excerpt(last, last + 5, gap=True),
    ]
    assert _text(excerpts_html(text, paragraphs, marks)) == "One. Two.…Five."


def test_a_mark_over_a_paragraphs_end_shows_both(shelf: Shelf) -> None:
    shelf.add("c.txt", ["One."], ["Two."], ["Three."])
    text = shelf.article("c.txt").text
    shown = excerpts_html(text, Paragraphs(shelf).of("c.txt"), [Mark(2, 8, Kind.EVIDENCE)])
    assert shown == (
        '<p dir="auto">On<mark class="evidence">e.</mark></p>'
        '<p dir="auto"><mark class="evidence">Tw</mark>o.</p>'
    )


def test_a_mark_between_paragraphs_shows_none(shelf: Shelf) -> None:
    shelf.add("c.txt", ["One."], ["Two."])
    assert list(excerpts(Paragraphs(shelf).of("c.txt"), [Mark(4, 6, Kind.EVIDENCE)])) == []


def test_a_long_paragraph_is_shown_around_its_marks(shelf: Shelf) -> None:
    words = [f"Sentence {number} {'long ' * 20}." for number in range(20)]
    shelf.add("c.txt", words)
    text = shelf.article("c.txt").text
    assert len(text) > LONG
    sentences = shelf.sentences("c.txt")
    marks = [Mark(sentences[n].start, sentences[n].end, Kind.EVIDENCE) for n in (0, 10, 13, 19)]
    assert list(excerpts(Paragraphs(shelf).of("c.txt"), marks)) == [
        Excerpt(sentences[0].start, sentences[1].end, gap=False, closed=False),
        Excerpt(sentences[9].start, sentences[14].end, gap=False, opened=False, closed=False),
        Excerpt(sentences[18].start, sentences[19].end, gap=False, opened=False),
    ]


# The page


def test_the_page_allows_what_it_holds_and_nothing_else(shelf: Shelf) -> None:
    page = _page(shelf, _result(shelf, right(), text="See https://example.org/x.png?"))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    for tag in ("style", "script"):
        inlined = page.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(sha256(inlined.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    assert "img-src 'none'" in policy[1]
    tags = _Reader(page).tags
    assert not {tag for tag, _ in tags} & {"link", "img", "iframe", "object", "embed", "base"}
    names = {name for _, attrs in tags for name in attrs}
    assert not names & {"src", "srcset", "style", "action", "xlink:href", "poster"}
    assert not [name for name in names if name.startswith("on")]
    assert all(href.startswith("#") for href in _attributes(page, "href"))
    styles = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in styles
    assert "@import" not in styles


def test_every_drawing_has_a_name(shelf: Shelf) -> None:
    page = _page(shelf, _result(shelf, right()), _result(shelf, wrong(0.2), "q2"))
    drawings = re.findall(r"<svg[^>]*>(?:<title>[^<]+)?", page)
    assert len(drawings) > 10
    for drawing in drawings:
        assert 'aria-hidden="true"' in drawing or ('role="img"' in drawing and "<title>" in drawing)


def test_every_link_within_the_page_leads_somewhere(shelf: Shelf) -> None:
    results = [_result(shelf, right(), "q1"), _result(shelf, wrong(), "a b/ü${}'\"")]
    comparison = Comparison((), broken=("a b/ü${}'\"", "gone"), mended=())
    page = report_html(_summary(results), results, shelf, comparison)
    ids = _attributes(page, "id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in _attributes(page, "href")}
    assert targets <= set(ids)
    assert anchor("a b/ü${}'\"") in targets
    assert not any(re.search(r"\s", id_) for id_ in ids)
    assert "2 questions broken since the baseline: a b/ü${}'\", gone" in _text(page)
    assert "No question was mended since the baseline." in _text(page)


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_is_shown_and_does_nothing(nasty: str) -> None:
    shelf = Shelf()
    shelf.add("a.txt", [f"It says {nasty} here.", "Then no more."], url="javascript:alert(1)")
    shelf.articles["a.txt"] = replace(shelf.articles["a.txt"], title=nasty, published=nasty)
    shelf.add("a.txt", [f"It says {nasty} here.", "Then no more."])
    end = len(shelf.text("a.txt", 0))
    result = _result(
        shelf,
        replace(wrong(), failure=Failure.NOT_SELECTED),
        nasty,
        nasty,
        cited=[("a.txt", 1)],
        groups=[[Range("a.txt", 0, end)]],
        also_ok=(nasty,),
        references=(nasty,),
        history=(nasty,),
        tags=(nasty,),
        document_id=nasty,
    )
    comparison = Comparison((Verdict(False, nasty),), broken=(nasty,), mended=())
    stress = [(nasty, nasty, Rate(None, None, 0))]
    summary = _summary([result], nasty, reader=nasty, nested={nasty: [nasty]})
    page = report_html(summary, [result], shelf, comparison, stress)
    plain = report_html(_summary([_result(shelf, right())]), [_result(shelf, right())], shelf)
    read = _Reader(page)
    allowed = {tag for tag, _ in _Reader(plain).tags} | {"ol", "li", "a", "strong"}
    assert {tag for tag, _ in read.tags} <= allowed
    assert sum(tag == "script" for tag, _ in read.tags) == 1
    # Title, heading, setting, verdict, broken, stress twice, question, id, tag, history,
    # reference, article asked, evidence, may be cited, and the paragraph.
    assert read.text.count(nasty) >= 15
    assert f"It says {nasty} here. Then no more." in read.text
    body = page.split("</style>")[1].split("<script>")[0]
    assert "{{" not in body
    assert "${" not in body


def test_half_a_surrogate_pair_does_not_keep_the_page_from_being_written(shelf: Shelf) -> None:
    page = _page(shelf, _result(shelf, right(), "q\ud800", tags=("\udfff",)))
    assert "q?" in _text(page.encode().decode())


def test_the_verdict_is_told_in_words(shelf: Shelf) -> None:
    results = [_result(shelf, right(), f"q{n}") for n in range(3)]
    results += [_result(shelf, wrong(), "w"), _result(shelf, judged(expected=None), "u")]
    summary = _summary(results)
    rate = summary.rates["end_to_end"]
    assert rate.interval is not None
    low, high = (decimal(value, 2) for value in rate.interval)
    text = _text(report_html(summary, results, shelf))
    assert f"3 of 4 questions handled right (.75, 95 % interval {low} to {high})" in text
    assert "1 more cannot be judged" in text


def test_passed_and_failed_are_words(shelf: Shelf) -> None:
    result = _result(shelf, right())
    verdicts = (Verdict(True, "f1 is fine"), Verdict(False, "hit@1 fell"))
    page = report_html(_summary([result]), [result], shelf, Comparison(verdicts))
    assert "✓ passed f1 is fine" in _text(page)
    assert "✗ FAILED hit@1 fell" in _text(page)
    assert "since the baseline" not in _text(page)


def test_a_threshold_fitted_on_this_very_set_is_told(shelf: Shelf) -> None:
    result = _result(shelf, right())
    own, other = "d1" * 32, "e2" * 32
    assert "Not held out" in _text(_page(shelf, result, refuse_below_fitted_on=own))
    assert "Not held out" not in _text(_page(shelf, result, refuse_below_fitted_on=other))
    assert "Not held out" not in _text(_page(shelf, result))


def test_a_figure_that_no_question_counts_for_is_a_dash(shelf: Shelf) -> None:
    text = _text(_page(shelf, _result(shelf, right())))
    # No question is unanswerable, so refusals cannot be rated.
    assert "abstention.recall–no question counts" in text
    assert "end_to_end1.0001.000, 95 % interval .207 to 1.000" in text


def test_a_set_that_says_nothing_still_has_a_page(shelf: Shelf) -> None:
    result = _result(shelf, judged(expected=None))
    page = _page(shelf, result, refuse_below=0.1)
    text = _text(page)
    assert "1 question asked, none of which can be judged." in text
    assert "No question of this set can be judged from end to end." in text
    assert "The threshold decides on no question of this set." in text
    assert "The set does not say what is right." in text
    assert 'data-kind="unjudged"' in page
    assert "end_to_end–no question counts" in text


def test_everything_refused_still_has_a_page(shelf: Shelf) -> None:
    refusals = [_result(shelf, none(0.0, refused=True)), _result(shelf, refused(0.0), "q2")]
    text = _text(_page(shelf, *refusals, refuse_below=1.0))
    assert "At present nothing is answered." in text


def test_stress_rows_have_a_table_of_their_own(shelf: Shelf) -> None:
    result = _result(shelf, right())
    rows = [("Typing errors", "Letters are exchanged.", Rate(0.5, (0.25, 0.75), 40))]
    text = _text(report_html(_summary([result]), [result], shelf, stress=rows))
    assert "Typing errorsLetters are exchanged..500.500, 95 % interval .250 to .750" in text
    assert "Under stress" not in _text(report_html(_summary([result]), [result], shelf))


def test_each_failure_has_its_bar_and_its_rows(shelf: Shelf) -> None:
    status = replace(right(), failure=Failure.WRONG_STATUS)
    results = [
        _result(shelf, right(), "q1"),
        _result(shelf, replace(wrong(), failure=Failure.NOT_SELECTED), "q2"),
        _result(shelf, replace(wrong(), failure=Failure.NOT_SELECTED), "q3"),
        _result(shelf, status, "q4"),
    ]
    page = _page(shelf, *results)
    numbers = dict(re.findall(r'data-show="(\w+)">.*?<span class="number">(\d+)<', page))
    assert numbers == {
        "all": "4",
        "not_retrieved": "0",
        "not_selected": "2",
        "wrongly_refused": "0",
        "wrongly_answered": "0",
        "wrong_status": "1",
        "right": "1",
    }
    kinds = re.findall(r'data-kind="(\w+)"', page)
    assert kinds == ["right", "not_selected", "not_selected", "wrong_status"]
    # The headline counts 2 of 4.
    assert "so 1 of these count as handled right" in _text(page)


def test_citations_and_gold_are_marked_in_the_articles_own_text(shelf: Shelf) -> None:
    text = shelf.article("a.txt").text
    lasts = text.index("It lasts")
    result = _result(
        shelf,
        replace(wrong(), failure=Failure.NOT_SELECTED),
        cited=[("a.txt", 0), ("b.txt", 1)],
        groups=[[Range("a.txt", 12, lasts + 8), Range("a.txt", lasts, lasts + 16)]],
        also_ok=(Range("b.txt", 0, 10),),
    )
    page = _page(shelf, result, refuse_below=0.2)
    assert (
        '<p dir="auto"><mark class="cited" data-number="1">The ban is n</mark>'
        '<mark class="cited evidence">ew.</mark><mark class="evidence"> </mark>'
        '<mark class="evidence">It lasts</mark><mark class="evidence"> a year.</mark></p>'
    ) in page
    assert (
        '<p dir="auto"><mark class="also-ok">Rain fell.</mark> '
        '<mark class="cited" data-number="2">It was cold.</mark></p>'
    ) in page
    shown = _text(page)
    assert "any one of these ✗ not citedew. It lastsIt lasts a year." in shown
    assert "Answerability .500 (refused below 0.2). Evidence in passage 2 of 2." in shown
    assert "May be cited too:Rain fell." in shown
    # The paragraph without a mark is left out.
    assert "No one said why." not in shown


def test_the_answering_words_are_marked_within_their_citation(shelf: Shelf) -> None:
    result = _result(shelf, right())
    (citation,) = result.answer.citations
    answer = replace(result.answer, citations=(replace(citation, span=(4, 7)),))
    page = _page(shelf, replace(result, answer=answer))
    assert (
        '<mark class="cited" data-number="1">The </mark><mark class="cited words">ban</mark>'
        '<mark class="cited"> is new.</mark> It lasts a year.</p>'
    ) in page


def test_a_refusal_shows_the_closest_and_what_the_articles_do_not_say(shelf: Shelf) -> None:
    page = _page(shelf, _result(shelf, none(0.05, refused=True)), refuse_below=0.1)
    assert '<mark class="closest" data-number="1">The ban is new.</mark>' in page
    text = _text(page)
    assert "That the articles don’t say. Closest:The ban is new." in text
    assert "What is rightThe articles do not say." in text
    wrongly = replace(refused(0.05), failure=Failure.WRONGLY_REFUSED)
    text = _text(_page(shelf, _result(shelf, wrongly), refuse_below=0.1))
    assert "With no threshold its first citation would be right." in text
    assert "✗ wrongly refused" in text


def test_a_quote_that_stands_everywhere_is_shown_in_some_places() -> None:
    shelf = Shelf()
    for number in range(30):
        shelf.add(f"{number}.txt", ["Yes."])
    group = [Range(f"{number}.txt", 0, 4) for number in range(30)]
    page = _page(shelf, _result(shelf, right(), cited=[("29.txt", 0)], groups=[group]))
    assert page.count("<article>") == 12
    assert '<mark class="cited evidence" data-number="1">Yes.</mark>' in page
    assert "What is right is in 18 more places as well, not shown here." in _text(page)


def test_a_quote_that_is_not_its_articles_is_no_report(shelf: Shelf) -> None:
    result = _result(shelf, right())
    citation = replace(result.answer.citations[0], quote="The ban is old.")
    answer: Answer = answered(citation)
    with pytest.raises(GateError, match=r"a\.txt"):
        _page(shelf, replace(result, answer=answer))
