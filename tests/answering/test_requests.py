"""Requests other than questions of fact: how they are recognised, and what answers them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pullquote.answering import gate
from pullquote.answering.explain import explain, explain_text
from pullquote.answering.refusal import help_with
from pullquote.answering.render import to_json, to_text
from pullquote.answering.requests import Kind, find
from pullquote.asked import Asked
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import GateError, UnknownArticleError
from pullquote.types import Answer, Block, Filters, Status, Turn
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.places import ROOT
from training.data import read_lines

MILL = """title: The mill
date: 2021-05-06
author: Anna <b>Berg
source: Post {title}

The old mill on the river opened again in May after two years. Its owner paid 40,000 euros for \
the roof of the old mill. It rained. The mill on the river grinds flour for nine old villages.
"""
CLUB = "title: The club’s cup\n\nThe club won the cup on Sunday. It was a long happy evening there."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("requests")
    index = make_index(folder, {"mill.txt": MILL, "club.txt": CLUB})
    settings = Settings(refuse_below=0.0, reader="similarity-1", citations=2)
    return Assistant.with_parts(index, HashingEmbedder(), settings)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("summarize", Kind.SUMMARY),
        ("Can you summarise the whole article for me, please?".replace(",", ""), Kind.SUMMARY),
        ("What’s this about?", Kind.SUMMARY),
        ("What are the key points of this story?", Kind.SUMMARY),
        ("TL;DR", Kind.SUMMARY),
        ("who wrote this", Kind.AUTHOR),
        ("Who is the author?", Kind.AUTHOR),
        ("When was the article published?", Kind.DATE),
        ("where is it from", Kind.SOURCE),
        ("Good morning!", Kind.HELLO),
        ("Thank you very much.", Kind.THANKS),
        ("help", Kind.CAN_DO),
        ("What can you do?", Kind.CAN_DO),
        ("Summarize the report on the outbreak", None),
        ("Who wrote the report on the outbreak?", None),
        ("When was the study published?", None),
        ("Summarize the report", Kind.SUMMARY),
        ("Who wrote this report?", Kind.AUTHOR),
        ("Who wrote the report?", None),
        ("When was the report published?", None),
        ("Where was the interview published?", None),
        ("What is the strike about?", None),
        ("What are the key points of the plan?", None),
        ("Where is the mayor from?", None),
        ("Who can help?", None),
        ("What can the council do?", None),
        ("Hello Kitty", None),
        ("Give me three key points, please", Kind.SUMMARY),
        ("What’s the article’s main point?", Kind.SUMMARY),
        ("Summarize the article in one paragraph", Kind.SUMMARY),
        ("Hello, can you summarize all the articles?", Kind.SUMMARY),
        ("Explain this article", Kind.SUMMARY),
        ("What does the article say?", Kind.SUMMARY),
        ("Hi, who wrote this?", Kind.AUTHOR),
        ("author", Kind.AUTHOR),
        ("When was it last updated?", Kind.DATE),
        ("What’s the date of the article?", Kind.DATE),
        ("source?", Kind.SOURCE),
        ("List the articles", Kind.ARTICLES),
        ("Which articles do you have?", Kind.ARTICLES),
        ("What’s new?", Kind.ARTICLES),
        ("Thanks, that helps!", Kind.THANKS),
        ("ok", Kind.THANKS),
        ("hey, can you help me?", Kind.CAN_DO),
        ("Are you an AI?", Kind.CAN_DO),
        ("Explain the ban", None),
        ("What does the report say?", None),
        ("What was the date?", None),
        ("Who reported this?", None),
        ("Which articles were stolen?", None),
        ("What is new in the law?", None),
        ("Are you sure?", None),
    ],
)
def test_a_request_is_known_by_its_whole_form(text: str, kind: Kind | None) -> None:
    found = find(text)
    assert (found and found.kind) == kind


def test_no_question_of_the_own_sets_has_the_form_of_a_request() -> None:
    files = [*ROOT.glob("tests/questions/**/*.jsonl"), *ROOT.glob("training/written/*/q*.jsonl")]
    asked = [str(line.get("user_input", "")) for file in files for line in read_lines(file)]
    assert len(asked) > 5_000
    # One that names a title is a request only where an article has that title.
    assert [text for text in asked if (found := find(text)) and not found.title] == []


def _ask(assistant: Assistant, text: str, document_id: str | None = "mill.txt") -> Answer:
    return assistant.ask(text, document_id=document_id)


def test_a_summary_is_of_whole_sentences_in_order_and_leaves_by_the_gate(
    assistant: Assistant,
) -> None:
    answer = _ask(assistant, "Summarize the article")
    assert answer.status is Status.ANSWERED
    assert answer.blocks[0].message == "summary"
    assert len(answer.citations) == 2
    places = [citation.sentence_index for citation in answer.citations]
    assert places == sorted(places)
    # "It rained." says too little for a summary.
    assert 2 not in places


@pytest.mark.parametrize(
    ("text", "message", "values"),
    [
        ("Who wrote this?", "written_by", {"title": "The mill", "author": "Anna <b>Berg"}),
        (
            "When was it published?",
            "published_on",
            {"title": "The mill", "published": "2021-05-06"},
        ),
        ("Where is this from?", "from_source", {"title": "The mill", "source": "Post {title}"}),
    ],
)
def test_details_are_the_articles_own_and_said_to_be_so(
    assistant: Assistant, text: str, message: str, values: dict[str, str]
) -> None:
    answer = _ask(assistant, text)
    (block,) = to_json(answer, assistant.index)["answer"]
    assert answer.status is Status.ANSWERED
    assert block["origin"] == "metadata"
    assert (block["message"], block["values"], block["document_id"]) == (
        message,
        values,
        "mill.txt",
    )
    assert all(value in block["text"] for value in values.values())


def test_what_an_article_does_not_tell_of_itself_is_not_found(assistant: Assistant) -> None:
    answer = _ask(assistant, "Who wrote this?", "club.txt")
    assert answer.status is Status.NOT_FOUND
    assert to_text(answer, assistant.index) == "The details of “The club’s cup” do not say."


def test_an_author_that_is_made_up_does_not_leave(assistant: Assistant) -> None:
    answer = _ask(assistant, "Who wrote this?")
    block = answer.blocks[0]
    text = block.text.replace("Anna <b>Berg", "Karl Moos")
    forged: Block = replace(
        block, text=text, values=(("title", "The mill"), ("author", "Karl Moos"))
    )
    with pytest.raises(GateError, match="another author"):
        gate.check(replace(answer, blocks=(forged,)), assistant.index)


def test_of_several_articles_the_named_or_the_last_quoted_is_meant(assistant: Assistant) -> None:
    assert _ask(assistant, "Summarize", None).blocks[0].message == "which_article"
    named = _ask(assistant, "What is “the club's cup” about?", None)
    assert {citation.article_id for citation in named.citations} == {"club.txt"}
    history = [Turn("user", "Who won the cup on Sunday?")]
    last = assistant.ask("Summarize this", history)
    assert {citation.article_id for citation in last.citations} == {"club.txt"}
    with pytest.raises(UnknownArticleError):
        _ask(assistant, "Summarize", "none.txt")


def test_a_title_that_no_article_has_makes_it_a_question(assistant: Assistant) -> None:
    trace = assistant.trace(Asked.of("Who wrote “All the Pretty Horses”?"))
    assert trace.decided_by == "reader"


def test_a_title_needs_no_quotation_marks_where_an_article_has_it(assistant: Assistant) -> None:
    for text in ("Summarize the mill", "Who wrote The Mill?", "when was the mill published"):
        trace = assistant.trace(Asked.of(text))
        assert trace.decided_by == "request"
        cited = {one.article_id for one in trace.answer.citations}
        assert cited | {block.document_id for block in trace.answer.blocks[:1]} == {"mill.txt"}
    for text in ("Summarize the old mill", "Who wrote the story of the mill?"):
        assert assistant.trace(Asked.of(text)).decided_by == "reader"


def test_the_articles_are_listed_with_their_dates(assistant: Assistant) -> None:
    answer = _ask(assistant, "Which articles are there?", None)
    assert answer.status is Status.NOT_A_QUESTION
    assert to_text(answer, assistant.index).split("\n\n") == [
        "The articles, the newest first:",
        "“The mill”, 2021-05-06",
        "“The club’s cup”",
    ]
    forged = replace(answer, blocks=(*answer.blocks[:2], replace(answer.blocks[2], text="“Cup”")))
    with pytest.raises(GateError):
        gate.check(forged, assistant.index)
    none = Asked.of("List the articles", filters=Filters(since="2030-01-01"))
    assert assistant.trace(none).answer.status is Status.NOT_FOUND


def test_of_many_articles_the_newest_are_listed(tmp_path: Path) -> None:
    texts = {f"{n}.txt": f"title: Day {n}\ndate: 2021-05-{n:02}\n\nRain." for n in range(1, 12)}
    index = make_index(tmp_path, texts)
    many = Assistant.with_parts(index, HashingEmbedder(), Settings(reader="similarity-1"))
    lead, *listed = _ask(many, "What's new?", None).blocks
    assert lead.message == "articles_newest"
    assert [block.document_id for block in listed] == [f"{n}.txt" for n in range(11, 3, -1)]


def test_a_title_is_found_with_its_own_apostrophe_and_only_where_it_was_asked_for(
    assistant: Assistant,
) -> None:
    title = "“The club’s cup”"
    assert _ask(assistant, f"What is {title} about?", None).status is Status.ANSWERED
    for limited in (
        Asked.of("Who wrote “The mill”?", (), "club.txt"),
        Asked.of("Who wrote “The mill”?", filters=Filters(since="2022-01-01")),
    ):
        assert assistant.trace(limited).decided_by == "reader"


def test_of_two_articles_with_one_title_the_one_that_is_open_is_meant(tmp_path: Path) -> None:
    text = "title: Morning news\ndate: 2021-05-0{0}\nauthor: Author {0}\n\nIt rained."
    texts = {f"{day}.txt": text.format(day) for day in (1, 2)}
    index = make_index(tmp_path, texts)
    assistant = Assistant.with_parts(index, HashingEmbedder(), Settings(reader="similarity-1"))
    for article, author in (("1.txt", "Author 1"), ("2.txt", "Author 2"), (None, "Author 2")):
        answer = _ask(assistant, "Who wrote “Morning news”?", article)
        assert author in answer.blocks[0].text


def test_a_request_means_the_article_of_its_own_conversation(assistant: Assistant) -> None:
    def asked(*questions: str) -> str:
        *before, last = questions
        return assistant.ask(last, [Turn("user", one) for one in before]).blocks[0].text

    who, when = "Who wrote the article?", "When was the article published?"
    mill = ("How much did the roof of the old mill cost?", who, when)
    assert "2021-05-06" in asked(*mill)
    asked("Who won the cup on Sunday?", who)
    assert "2021-05-06" in asked(*mill)


@pytest.mark.parametrize("text", ["hello", "thanks", "What can you do?"])
def test_what_is_no_question_gets_a_sentence_and_questions_that_have_an_answer(
    assistant: Assistant, text: str
) -> None:
    answer = _ask(assistant, text, None)
    assert answer.status is Status.NOT_A_QUESTION
    assert len(answer.blocks) == 1
    assert answer.suggestions
    for suggestion in answer.suggestions:
        assert assistant.ask(suggestion).status is Status.ANSWERED


def test_how_an_answer_was_found_is_told_with_the_articles_own_sentences(
    assistant: Assistant,
) -> None:
    trace = assistant.trace(Asked.of("How much did the owner pay?"))
    told = explain(trace, assistant.index)
    assert (told["decided_by"], told["threshold"]) == ("reader", 0.0)
    assert {one["document_id"] for one in told["passages"]} == {"mill.txt", "club.txt"}
    for one in told["passages"]:
        first, last = (assistant.index.sentences(one["document_id"])[n] for n in one["sentences"])
        text = assistant.index.article(one["document_id"]).text
        assert text[first.start : last.end] == one["text"]
    assert "mill.txt, sentences 1 to 4" in explain_text(told)
    best = told["sentences"][0]
    assert best["score"] == max(one["score"] for one in told["sentences"])
    for one in told["sentences"]:
        text = assistant.index.article(one["document_id"]).text
        assert text[one["start_char_index"] : one["end_char_index"]] == one["text"]


def test_a_refusal_names_the_words_that_no_article_has(assistant: Assistant) -> None:
    strict = Settings(refuse_below=1.0, reader="similarity-1")
    refusing = Assistant.with_parts(assistant.index, HashingEmbedder(), strict)
    answer = refusing.ask("Which vitamins did the owner of the mill buy?")
    told = help_with(answer, assistant.index, "editor@post.example")
    assert told is not None
    assert told["unknown_words"] == ["vitamins", "buy"]
    assert told["nearest"]["document_id"] == "mill.txt"
    assert told["contact"] == "editor@post.example"
    assert help_with(_ask(assistant, "Summarize"), assistant.index, "") is None
    # What a refused request says is nothing that an article should contain.
    told = help_with(_ask(assistant, "Who wrote this?", "club.txt"), assistant.index, "")
    assert told == {"unknown_words": [], "nearest": None, "contact": None}
