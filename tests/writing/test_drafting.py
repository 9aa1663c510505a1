"""How language models of several families reply, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pullquote.thinking import FORGET, spoken
from pullquote.writing.drafting import FORGOTTEN, Draft, drafts
from pullquote.writing.marks import numbers

BAN = "Amazon banned police use of its software for a year."
IBM = "IBM said it would leave the business."

#: Of each family a form that it is known to reply in, and the sentences with what they cite.
REPLIES: dict[str, tuple[str, list[tuple[str, tuple[int, ...]]]]] = {
    "Llama, with an introduction and an offer": (
        "Here is the answer to your question, based on the provided sentences:\n\n"
        "Amazon banned police use of its software for a year [1]. "
        "IBM said it would leave the business [2].\n\nLet me know if you need more!",
        [(BAN, (1,)), (IBM, (2,)), ("Let me know if you need more!", ())],
    ),
    "Llama, in bold, with its sources below": (
        "**Answer:** Amazon banned police use of its software **for a year** [1].\n\n"
        "Sources: [1], [2]",
        [(BAN, (1,))],
    ),
    "Llama, numbered": (
        "1. Amazon banned police use of its software for a year. [Sentence 1]\n"
        "2. IBM said it would leave the business. [Sentences 2 and 3]",
        [(BAN, (1,)), (IBM, (2, 3))],
    ),
    "Qwen, thinking in tags": (
        "<think>\nOkay, the user asks about the ban. Sentence [1] says a year.\n\n"
        "But wait [2].\n</think>\n\n"
        "Amazon banned police use of its software for a year【1】. "
        "IBM said it would leave the business【2】.",
        [(BAN, (1,)), (IBM, (2,))],
    ),
    "Qwen, in Chinese": (
        "亚马逊禁止警方使用其软件一年[1]。IBM表示将退出该业务［2］。",
        [("亚马逊禁止警方使用其软件一年。", (1,)), ("IBM表示将退出该业务。", (2,))],
    ),
    "Qwen, with nothing to think": (
        "<think>\n\n</think>\n\nAmazon banned police use of its software for a year [1]",
        [(BAN, (1,))],
    ),
    "DeepSeek-R1, whose server keeps the opening tag": (
        "The first sentence says a year.\n</think>\n\n"
        "Amazon banned police use of its software for a year [citation:1].",
        [(BAN, (1,))],
    ),
    "Qwen, thinking, whose server puts the opening tag into the prompt": (
        "Okay, so the user asks how long the ban is. Sentence [1] says a year. Sentence [2] is of "
        "IBM [2].\n\nWait, may I cite [2]? One to three sentences, no list.\n\n"
        "1. Amazon banned it for nine years [1].\n</think>\n\n"
        "Amazon banned police use of its software for a year [1]. "
        "IBM said it would leave the business [2].",
        [(BAN, (1,)), (IBM, (2,))],
    ),
    "Magistral, whose server drops the opening bracket": (
        "Let me look at the sentences.\nAmazon [1], then IBM [2].[/THINK]"
        "Amazon banned police use of its software for a year [1].",
        [(BAN, (1,))],
    ),
    "Qwen, thinking twice, the second time with an opening tag": (
        "First I read.\n</think>\n<think>Then [2] again.</think>\n\n"
        "Amazon banned police use of its software for a year [1].",
        [(BAN, (1,))],
    ),
    "DeepSeek-R1, thinking until it is cut off": (
        "<think>\nThe first sentence [1] says a year.",
        [],
    ),
    "Mistral, in round brackets": (
        "Amazon banned police use of its software for a year (1). "
        "IBM said it would leave the business (2, 3).",
        [(BAN, (1,)), (IBM, (2, 3))],
    ),
    "Magistral, thinking in brackets": (
        "[THINK]Sentence [1] is relevant.[/THINK]"
        "Amazon banned police use of its software for a year [1].",
        [(BAN, (1,))],
    ),
    "Gemma, as a list": (
        "* **Amazon** banned police use of its software for a year [1, 2].\n"
        "* IBM said it would leave the business [3].\n<end_of_turn>",
        [(BAN, (1, 2)), (IBM, (3,))],
    ),
    "Gemma, with notes": (
        "Amazon banned police use of its software for a year.[^1] "
        "IBM said it would leave the business.<sup>2</sup>\n\n"
        "[^1]: Amazon banned police use of its software for a year.",
        [(BAN, (1,)), (IBM, (2,)), (BAN, (1,))],
    ),
    "gpt-oss, on its channels": (
        "<|channel|>analysis<|message|>We need sentence [1]. Then [2].<|end|>"
        "<|start|>assistant<|channel|>final<|message|>"
        "Amazon banned police use of its software for a year【1†L1-L4】.<|return|>",
        [(BAN, (1,))],
    ),
    "gpt-oss, whose server drops its tokens": (
        "analysisWe need sentence [1].assistantfinal"
        "Amazon banned police use of its software for a year【1†source】.",
        [(BAN, (1,))],
    ),
    "Phi, as links and escaped": (
        "Amazon banned police use of its software for a year [1](#sentence-1).\n"
        "IBM said it would leave the business \\[2\\].</s>",
        [(BAN, (1,)), (IBM, (2,))],
    ),
    "Granite, who is sorry": (
        "I'm sorry, but the sentences do not say how long it is.",
        [("I'm sorry, but the sentences do not say how long it is.", ())],
    ),
    "SmolLM2, with the marks in front": (
        "[1] Amazon banned police use of its software for a year.",
        [(BAN, (1,))],
    ),
    "with the marks in front of each sentence": (
        f"[1] {BAN} It did. [3] {IBM}\n**[2]** {IBM}",
        [(BAN, (1,)), ("It did.", (1,)), (IBM, (3,)), (IBM, (2,))],
    ),
    "with the marks below": (f"{BAN}\n[1]\n{IBM}\n\n[2], [3].\n{BAN} [2] {IBM}\n[1]\n[2]",
        [(BAN, (1,)), (IBM, (2, 3)), (BAN, (2,)), (IBM, (1,))]),
    "with raised marks": (
        f"{BAN}¹ IBM said it would leave the business² ³. It has 5 km².",
        [(BAN, (1,)), (IBM, (2, 3)), ("It has 5 km².", ())],
    ),
    "with circled marks": (f"{BAN[:-1]} ①. {IBM} ②③", [(BAN, (1,)), (IBM, (2, 3))]),
    "with more words and ranges in the marks": (
        f"{BAN[:-1]} [Article 1]. {IBM[:-1]} [passage 2, S3]. {BAN[:-1]} [1.]. {IBM[:-1]} [1 to 3]."
        f" {BAN[:-1]} [1—3]. {IBM} [1]-[3]",
        [(BAN, (1,)), (IBM, (2, 3)), (BAN, (1,)), (IBM, (1, 2, 3)), (BAN, (1, 2, 3)),
         (IBM, (1, 2, 3))],
    ),
    "with brackets around the marks": (
        f"{BAN[:-1]} ([1]). {IBM[:-1]} (see [2]). {BAN[:-1]} (sources: [1], [3])",
        [(BAN, (1,)), (IBM, (2,)), (BAN, (1, 3))],
    ),
    "with round brackets and a word": (f"{BAN[:-1]} (see sentence 2).", [(BAN, (2,))]),
    "with quotation marks and emphasis behind the marks": (
        f'{BAN[:-1]} [1]. "No," it said [2]. *IBM* said "it would leave [3]." "So be it" **[1]**. '
        f"_IBM_ left. **[2]** 'Why\' is open [3].",
        [(BAN, (1,)), ('"No," it said.', (2,)), ('IBM said "it would leave."', (3,)),
         ('"So be it".', (1,)), ("IBM left.", (2,)), ("'Why' is open.", (3,))],
    ),
    "with marks within the sentences": (
        "IBM [2] said it would leave. Amazon banned it [1]. In June 2020 [1] Amazon paused sales "
        "[2]. Under Article 5(1) EU rules ban it [3]. iPhone sales [2] fell. eBay left [1].",
        [("IBM said it would leave.", (2,)), ("Amazon banned it.", (1,)),
         ("In June 2020 Amazon paused sales.", (1, 2)),
         ("Under Article 5(1) EU rules ban it.", (3,)), ("iPhone sales fell.", (2,)),
         ("eBay left.", (1,))],
    ),
    "with a heading and a fence": (
        f"## Answer\n```markdown\n{BAN} [1]\n```\n\n# {IBM} [2]",
        [(BAN, (1,)), (IBM, (2,))],
    ),
    "as a table": (
        f"| Fact | Source |\n|---|:-:|\n| {BAN} | [1] |\n| {IBM[:-1]} | [2] |\n",
        [("Fact Source.", ()), (BAN, (1,)), (IBM, (2,))],
    ),
    "as JSON": (
        '{"answer": "A year", "sources": [1]}',
        [('{"answer": "A year", "sources":}.', ())],
    ),
    "in tags": (
        f"<think>[3]</think><answer><p>{BAN} [1]</p>\n<br/>{IBM[:-1]}<br>[2]</answer>"
        "<｜end▁of▁sentence｜>",
        [(BAN, (1,)), (IBM, (2,))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("form", REPLIES)
def test_a_reply_is_cut_into_sentences_with_what_they_cite(form: str, size: int) -> None:
    """However the server cuts it into pieces."""
    reply, wanted = REPLIES[form]
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert list(drafts(spoken(pieces))) == [Draft(*sentence) for sentence in wanted]


def test_a_thought_that_looked_like_an_answer_is_taken_back_at_its_end() -> None:
    said = drafts(
        spoken(["IBM would leave [2].\nHm.\n", "It stays [2].\n</think>\n", f"{BAN} [1]"])
    )
    assert list(said) == [Draft("IBM would leave.", (2,)), FORGOTTEN, Draft(BAN, (1,))]


def test_a_heading_does_not_hold_the_answer_back() -> None:
    def pieces() -> Iterator[str]:
        yield f"## Answer\n\n{BAN} [1]\nIBM"
        raise AssertionError("nothing more was needed")

    assert next(drafts(pieces())) == Draft(BAN, (1,))


def test_what_is_cited_at_once_does_not_wait_for_the_end() -> None:
    def pieces() -> Iterator[str]:
        yield f"{BAN} [1]\nIBM"
        raise AssertionError("nothing more was needed")

    assert next(drafts(pieces())) == Draft(BAN, (1,))


@pytest.mark.parametrize("round_", ["The answer to it is: {}. ", "Item {} of it is bad [1].\n"])
def test_no_more_is_read_of_what_goes_round_in_circles(round_: str) -> None:
    read = 0

    def pieces() -> Iterator[str]:
        nonlocal read
        yield f"{BAN} [1]\n"
        for read in range(1000):
            yield round_.format(read)

    assert next(found := drafts(pieces())) == Draft(BAN, (1,))
    assert len(list(found)) <= 5
    assert read == 4


def test_a_list_is_no_circle() -> None:
    years = [f"In {year} the company sold {year - 2000} cars [1].\n" for year in range(2001, 2005)]
    assert len(list(drafts(iter(years)))) == 4


def test_round_brackets_are_no_marks_beside_square_ones() -> None:
    (draft,) = drafts(["Ada Kerr (34) left the mill [2]."])
    assert draft == Draft("Ada Kerr (34) left the mill.", (2,))


@pytest.mark.parametrize(
    "reply",
    [
        "According to [1], the firm left.",
        "The firm left, according to source [1].",
        "As [1] says, the firm left.",
        "As sentence [1] says, the firm left.",
        "The firm left, per [1].",
        "In (1), the firm left.",
        "Based on [1] and [2], the firm left.",
        "The firm left, as is said in【1】.",
        "[1] says that the firm left.",
        "Sources [1] and [2] agree that the firm left.",
        "The firm left, and [1] gives its reasons.",
        "The firm left [1]. [2] says why.",
        "The firm left. See [1].",
    ],
)
def test_a_sentence_whose_word_is_a_mark_is_not_whole(reply: str) -> None:
    *_, draft = drafts([reply])
    assert draft.numbers
    assert not draft.is_whole


@pytest.mark.parametrize(
    "reply",
    [
        "According to IBM [1], the firm left.",
        "IBM [1] said so, and Amazon [2] did.",
        "The sources [1] said so.",
        "[1] The firm left.",
        "The firm left, [1] and it did so early.",
        "The firm left [1] and [2] IBM stayed.",
        "Under Article 5(1) it is banned [2].",
    ],
)
def test_a_sentence_beside_its_marks_is_whole(reply: str) -> None:
    assert all(draft.is_whole for draft in drafts([reply]))


@pytest.mark.parametrize(
    ("marks", "wanted"),
    [
        ("[1–3]", (1, 2, 3)),
        ("[2] and [1]", (2, 1)),
        ("[1][1]", (1,)),
        ("[1-9999]", (1, 9999)),
        ("【3†L10-L12】", (3,)),
        ("[4](https://x.example/2020)", (4,)),
        ("¹², ³", (12, 3)),
        ("①②", (1, 2)),
    ],
)
def test_the_numbers_of_marks(marks: str, wanted: tuple[int, ...]) -> None:
    assert numbers(marks) == wanted


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        (["<thi", "nk>No", "t this</thin", "k>This."], "This."),
        (["<think>never ", "ends"], ""),
        (["A < B and [", "1]."], "A < B and [1]."),
        (["analysis", " of the mill"], "analysis of the mill"),
        (["An", " <b", "ow>"], "An <bow>"),
        (["Well.</th", "ink>This."], f"Well.{FORGET}This."),
        (["</think>", "This."], "This."),
        (["This.\fThat."], "This.\nThat."),
        (["◁think▷No.◁/", "think▷This."], "This."),
        (["<seed:think>No.</seed:think>This."], "This."),
        (["<Think >No.</Thi", "nk >This."], "This."),
        (["<|START_THINKING|>No.<|END_THINKING|><|START_RESPONSE|>This."], "This."),
        (["<|channel>tho", "ught No.<chan", "nel|>This."], "This."),
        (["<|channel|>comment", "ary<|message|>No.<|end|><|channel|>final<|message|>This"], "This"),
        (["Well.◁/think▷", "This."], f"Well.{FORGET}This."),
        (["He was [thinking] of it."], "He was [thinking] of it."),
        (["A \ud83d", "\ude00."], "A 😀."),
        (["A \ud83d.", "\ude00"], "A �.�"),
        (["A \ud83d"], "A �"),
        ([], ""),
    ],
)
def test_what_is_thought_is_not_said(pieces: list[str], wanted: str) -> None:
    assert "".join(spoken(pieces)) == wanted


def test_what_can_be_said_is_said_at_once() -> None:
    said = spoken(iter(["<think>x</think>", "Amazon", " banned"]))
    assert [next(said) for _ in range(3)] == ["", "Amazon", " banned"]
