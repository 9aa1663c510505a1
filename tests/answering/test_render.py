"""Answers as JSON, text, Markdown and HTML: refuse what the gate refuses, and keep quotes exact."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from pullquote.answering import render
from pullquote.answering.compose import Cutoffs, compose
from pullquote.digest import article_digest
from pullquote.errors import GateError
from pullquote.messages import messages
from pullquote.types import Answer, Citation, Reading, Status
from tests.support.answers import PROVENANCE, TIMINGS, Shelf, answered, reading
from tests.support.indexes import make_index

#: Sentences of articles by strangers, each with markup that must not take effect.
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</blockquote></p></article><h1>Hi</h1>",
    "<!-- comment --> &amp; &lt; &#60; &copy",
    "${alert(1)} {{value}} {% raw %} #{x} <%= y %>",
    "[link](javascript:alert(1)) ![image](x) <https://example.org> www.example.org a@b.de",
    "*a* _b_ **c** __d__ ~~e~~ `f` ``g`` \\h \\* | i | $j$ ^k^ ==l== :m:",
    "1. one",
    "12) two",
    "- three",
    "+ four",
    "# five",
    "> six",
    "=== seven",
    "--- eight",
    "    nine (four spaces are inside)",
    "```ten",
    "“Ünï\u00a0cödé” isn’t 𝄞 \u202eplain\u202c.",
    "[1]: javascript:alert(1)",
    "\\",
    "a  b",
)


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a.txt",
        ["Ann <b>met</b> Bo.", *(line.strip() for line in HOSTILE)],
        "A <i>subhead</i>",
        ["She left.", "Cy\nstayed & sang."],
        head="Title: T\n\n",
        url="https://example.org/?a=1&b=\"'><x>",
    )
    return made


def exits(answer: Answer, shelf: Shelf) -> tuple[Callable[[], object], ...]:
    return (
        lambda: render.to_json(answer, shelf),
        lambda: render.to_text(answer, shelf),
        lambda: render.to_markdown(answer, shelf),
        lambda: list(render.answer_html(answer, shelf, 1)),
    )


@pytest.mark.parametrize("number", range(4))
def test_every_exit_refuses_a_tampered_answer(shelf: Shelf, number: int) -> None:
    good = answered(shelf.citation(1, "a.txt", 0))
    exits(good, shelf)[number]()
    citation = replace(good.citations[0], quote="Ann <b>met</b> Cy.")
    for bad in (
        answered(citation),
        replace(good, blocks=()),
        replace(good, citations=(replace(good.citations[0], context=(0, 20)),)),
    ):
        with pytest.raises(GateError):
            exits(bad, shelf)[number]()
    shelf.digests["a.txt"] = "0" * 64
    with pytest.raises(GateError):
        exits(good, shelf)[number]()


# JSON


def test_the_json_is_the_contracts_key_by_key(shelf: Shelf) -> None:
    text = shelf.article("a.txt").text
    start = text.index("She left.")
    before = text.index(shelf.text("a.txt", 22))
    citation = replace(
        shelf.citation(1, "a.txt", 24, score=0.123456),
        span=(start + 4, start + 8),
        context=(start, start + 9 + 1 + len("Cy\nstayed & sang.")),
    )
    assert before < start
    assert render.to_json(answered(citation, question="Who <left>?"), shelf) == {
        "question": "Who <left>?",
        "understood_as": None,
        "status": "answered",
        "answer": [
            {
                "type": "text",
                "text": "She left.",
                "citations": [1],
                "origin": "quoted",
                "message": None,
                "checked": None,
            }
        ],
        "citations": [
            {
                "number": 1,
                "type": "char_location",
                "document_id": "a.txt",
                "document_title": "About a.txt",
                "document_digest": article_digest(shelf.article("a.txt")),
                "url": "https://example.org/?a=1&b=\"'><x>",
                "published": "2020-06-11",
                "updated": None,
                "section": None,
                "source": None,
                "also_in": [],
                "sentence_index": 24,
                "start_char_index": start,
                "end_char_index": start + 9,
                "cited_text": "She left.",
                "score": 0.1235,
                "answer_span": {"start_char_index": start + 4, "end_char_index": start + 8},
                "context": {
                    "start_char_index": start,
                    "end_char_index": start + 27,
                    "text": "She left. Cy\nstayed & sang.",
                },
                "selector": {
                    "type": "TextQuoteSelector",
                    "exact": "She left.",
                    "prefix": text[start - 32 : start],
                    "suffix": " Cy\nstayed & sang.",
                },
            }
        ],
        "closest": [],
        "suggestions": [],
        "index": {
            "digest": "0123abcd",
            "reader": "by-hand",
            "embedder": "none",
            "writer": None,
        },
        "timings_ms": {"retrieve": 1.2, "read": 2.5, "total": 4.8},
    }


def test_what_is_not_known_is_null_in_the_json(shelf: Shelf) -> None:
    shelf.add("b.txt", ["Ann met Bo."])
    (citation,) = render.to_json(answered(shelf.citation(1, "b.txt", 0)), shelf)["citations"]
    assert citation["url"] is None
    assert citation["answer_span"] is None
    assert citation["context"] is None


def test_a_selectors_prefix_never_reaches_into_the_header(shelf: Shelf) -> None:
    (citation,) = render.to_json(answered(shelf.citation(1, "a.txt", 0)), shelf)["citations"]
    assert citation["selector"]["prefix"] == ""
    assert len(citation["selector"]["suffix"]) == 32


def test_the_json_survives_writing_and_reading_with_every_character(shelf: Shelf) -> None:
    for index in range(1, 23):
        made = render.to_json(answered(shelf.citation(1, "a.txt", index)), shelf)
        assert json.loads(json.dumps(made)) == made
        assert made["answer"][0]["text"] == HOSTILE[index - 1].strip()


def closest(shelf: Shelf) -> Answer:
    read = reading(shelf.scored("a.txt", 0, 0.2), shelf.scored("a.txt", 24, 0.1))
    return compose("When?", "When?", read, shelf, Cutoffs(3, 0.3), PROVENANCE, TIMINGS)


def test_the_closest_stand_apart_from_the_citations_in_the_json(shelf: Shelf) -> None:
    made = render.to_json(closest(shelf), shelf)
    assert made["status"] == "not_found"
    assert made["answer"] == [
        {
            "type": "text",
            "text": messages().not_found,
            "citations": [],
            "origin": "message",
            "message": "not_found",
            "checked": None,
        }
    ]
    assert made["citations"] == []
    assert [item["sentence_index"] for item in made["closest"]] == [0, 24]


# Text


def test_the_text_shows_each_quote_and_where_it_is_from(shelf: Shelf) -> None:
    source = "— About a.txt, A. Writer, 2020-06-11, https://example.org/?a=1&b=\"'><x>"
    given = answered(shelf.citation(1, "a.txt", 0), shelf.citation(2, "a.txt", 25))
    assert render.to_text(given, shelf) == (
        f"  [1] Ann <b>met</b> Bo.\n      {source}\n\n  [2] Cy stayed & sang.\n      {source}"
    )


def test_the_text_shows_the_context_in_brackets(shelf: Shelf) -> None:
    start = shelf.article("a.txt").text.index("She left.")
    citation = replace(shelf.citation(1, "a.txt", 25), context=(start, start + 27))
    assert "  [1] (She left.) Cy stayed & sang.\n" in render.to_text(answered(citation), shelf)
    citation = replace(shelf.citation(1, "a.txt", 24), context=(start, start + 27))
    assert "  [1] She left. (Cy stayed & sang.)\n" in render.to_text(answered(citation), shelf)


def test_the_text_names_the_closest_as_such(shelf: Shelf) -> None:
    said, label, first, second = render.to_text(closest(shelf), shelf).split("\n\n")
    assert said == messages().not_found
    assert label == messages().closest + ":"
    assert first.startswith("  [1] Ann <b>met</b> Bo.\n")
    assert second.startswith("  [2] She left.\n")


def test_no_control_character_of_an_article_or_its_name_reaches_the_terminal() -> None:
    shelf = Shelf()
    shelf.add("a\x1b[2J\n.txt", ["One\x9b31m two\u2028three\x85 four."])
    text = render.to_text(answered(shelf.citation(1, "a\x1b[2J\n.txt", 0)), shelf)
    assert text == (
        "  [1] One\ufffd31m two three four.\n"
        "      — About a\ufffd[2J .txt, A. Writer, 2020-06-11, a\ufffd[2J .txt"
    )


# Markdown


def parsed(markdown: str) -> tuple[list[str], set[str]]:
    """The text of each inline run of a Markdown document, and the kinds of all its nodes."""
    texts, kinds = [], set()
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        kinds.add(token.type)
        if token.children is not None:
            kinds |= {child.type for child in token.children}
            texts.append(
                "".join(
                    "\n" if child.type == "softbreak" else child.content for child in token.children
                )
            )
    return texts, kinds


PLAIN = {
    "paragraph_open", "paragraph_close", "blockquote_open", "blockquote_close", "inline", "text",
    "text_special", "strong_open", "strong_close",
}  # fmt: skip


@pytest.mark.parametrize("index", range(1, 23))
def test_a_quote_comes_out_of_markdown_character_for_character(shelf: Shelf, index: int) -> None:
    quote = shelf.text("a.txt", index)
    given = answered(shelf.citation(1, "a.txt", index), question=quote)
    texts, kinds = parsed(render.to_markdown(given, shelf))
    source = "— About a.txt, A. Writer, 2020-06-11, https://example.org/?a=1&b=\"'><x>"
    assert texts == [quote, f"{quote} [1]", source]
    assert kinds <= PLAIN


def test_a_line_break_inside_a_sentence_starts_nothing_in_markdown() -> None:
    shelf = Shelf()
    shelf.add("a.txt", ["One\n# two\r\n1. three\r- four\n\n> five."])
    texts, kinds = parsed(render.to_markdown(answered(shelf.citation(1, "a.txt", 0)), shelf))
    assert " ".join(texts[1].split()) == "One # two 1. three - four > five. [1]"
    assert kinds <= PLAIN


def test_the_context_stands_in_brackets_in_markdown(shelf: Shelf) -> None:
    start = shelf.article("a.txt").text.index("She left.")
    citation = replace(shelf.citation(1, "a.txt", 25), context=(start, start + 27))
    texts, _ = parsed(render.to_markdown(answered(citation), shelf))
    assert texts[1] == "(She left.) Cy stayed & sang. [1]"


def test_the_closest_are_named_as_such_in_markdown(shelf: Shelf) -> None:
    texts, _ = parsed(render.to_markdown(closest(shelf), shelf))
    assert texts[:3] == ["When?", messages().not_found, messages().closest + ":"]
    assert texts[3] == "Ann <b>met</b> Bo. [1]"


# HTML


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text in each of them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def text(self, *tags: str) -> str:
        return "".join(data for tag, data in self.texts if not tags or tag in tags)


@pytest.mark.parametrize("index", range(1, 23))
def test_a_quote_in_html_is_text_and_never_an_element(shelf: Shelf, index: int) -> None:
    quote = shelf.text("a.txt", index)
    given = answered(shelf.citation(1, "a.txt", index))
    (part,) = render.answer_html(given, shelf, 7)
    page = Page(part)
    url = shelf.article("a.txt").url
    assert page.elements == [
        ("figure", {"class": "pq-from"}),
        ("blockquote", {"dir": "auto"}),
        ("span", {"class": "pq-quote"}),
        (
            "a",
            {"class": "pq-cite", "href": "#pq-7-1", "aria-label": "Show quote 1 in About a.txt"},
        ),
        ("figcaption", {"dir": "auto"}),
        ("a", {"href": url, "target": "_blank", "rel": "noopener noreferrer"}),
    ]
    assert page.text("span") == quote
    assert page.text("a") == f"1{url}"
    # Nothing that a template engine would fill in, and no line break that matters to Markdown.
    assert not set("${}\n\r") & set(part)


def test_the_marked_words_are_strong_and_the_context_stands_aside(shelf: Shelf) -> None:
    start = shelf.article("a.txt").text.index("She left.")
    citation = replace(
        shelf.citation(1, "a.txt", 24), span=(start + 4, start + 8), context=(start, start + 27)
    )
    (part,) = render.answer_html(answered(citation), shelf, 0)
    assert part.startswith(
        '<figure class="pq-from"><blockquote dir="auto">'
        '<span class="pq-quote">She <strong>left</strong>.</span>&nbsp;'
        '<a class="pq-cite" href="#pq-0-1" aria-label="Show quote 1 in About a.txt">1</a>'
        '<span class="pq-context"> Cy&#10;stayed &amp; sang.</span></blockquote>'
    )


def test_the_closest_stand_in_details_of_their_own(shelf: Shelf) -> None:
    said, more = render.answer_html(closest(shelf), shelf, 0)
    assert said == '<p data-message="not_found">The articles don’t say.</p>'
    page = Page(more)
    kinds = [tag for tag, _ in page.elements]
    assert kinds[:4] == ["details", "summary", "figure", "blockquote"]
    assert page.elements[0][1] == {"class": "pq-closest"}
    assert page.text("summary") == messages().closest


def test_quotes_of_one_article_have_one_credit(shelf: Shelf) -> None:
    given = answered(shelf.citation(1, "a.txt", 1), shelf.citation(2, "a.txt", 2))
    (part,) = render.answer_html(given, shelf, 0)
    kinds = [tag for tag, _ in Page(part).elements]
    assert (kinds.count("blockquote"), kinds.count("figcaption")) == (2, 1)


def test_one_credit_is_enough_where_words_stand_between_quotes_of_one_article(
    shelf: Shelf,
) -> None:
    shelf.add("b.txt", ["Bo left."])

    def credits(*places: tuple[str, int]) -> list[bool]:
        cited = [shelf.citation(n, *place) for n, place in enumerate(places, start=1)]
        given = answered(*cited)
        first, *more = given.blocks
        told, behind = (messages().block(name) for name in ("stated_unknown", "background"))
        blocks = (told, first, behind, *more)
        unknown = replace(given, status=Status.STATED_UNKNOWN, blocks=blocks)
        return ["<figcaption" in part for part in render.answer_html(unknown, shelf, 0)]

    assert credits(("a.txt", 1), ("a.txt", 2)) == [False, False, False, True]
    assert credits(("a.txt", 1), ("b.txt", 0)) == [False, True, False, True]


def test_a_hostile_title_stays_in_its_attribute() -> None:
    shelf = Shelf()
    name = "\"><script>alert(1)</script>' onclick=x {{y}} ${z}\n"
    shelf.add(name, ["Ann met Bo."])
    (part,) = render.answer_html(answered(shelf.citation(1, name, 0)), shelf, 0)
    page = Page(part)
    kinds = [tag for tag, _ in page.elements]
    assert kinds == ["figure", "blockquote", "span", "a", "figcaption"]
    assert page.elements[3][1]["aria-label"] == f"Show quote 1 in About {name}"
    assert not set("${}\n\r") & set(part)


def test_an_articles_html_has_its_sentences_and_subheads_and_nothing_else(shelf: Shelf) -> None:
    article, sentences = shelf.article("a.txt"), shelf.sentences("a.txt")
    page = Page(render.article_html(article, sentences))
    assert page.elements == [
        ("article", {"class": "pq-article", "data-id": "a.txt"}),
        ("h2", {"dir": "auto"}),
        ("p", {"class": "pq-source", "dir": "auto"}),
        ("a", {"href": article.url, "target": "_blank", "rel": "noopener noreferrer"}),
        ("p", {"dir": "auto"}),
        ("h3", {"dir": "auto"}),
        ("p", {"dir": "auto"}),
    ]
    assert page.text("h2") == "About a.txt"
    assert page.text("h3") == "A <i>subhead</i>"
    body = article.text[article.body_start :]
    assert page.text("p", "h3") == "A. Writer · 2020-06-11 · " + body.replace("\n\n", "")


def test_cited_sentences_are_marked_and_their_answering_words_strong(shelf: Shelf) -> None:
    article, sentences = shelf.article("a.txt"), shelf.sentences("a.txt")
    start = sentences[24].start
    citations = (
        replace(shelf.citation(1, "a.txt", 24), span=(start + 4, start + 8)),
        shelf.citation(2, "a.txt", 1),
        replace(shelf.citation(3, "a.txt", 2), article_id="b.txt"),
    )
    page = Page(render.article_html(article, sentences, citations, turn=3))
    marks = [attributes for tag, attributes in page.elements if tag == "mark"]
    assert marks == [
        {"id": f"pq-3-{number}", "tabindex": "-1", "data-number": number} for number in ("2", "1")
    ]
    assert page.text("mark") == HOSTILE[0] + "She ."
    assert page.text("strong") == "left"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "JaVaScRiPt:x", " https://x"],
)
def test_an_address_that_is_not_of_the_web_is_no_link(url: str) -> None:
    shelf = Shelf()
    article = shelf.add("a.txt", ["Ann met Bo."], url=url)
    page = Page(render.article_html(article, shelf.sentences("a.txt")))
    assert [tag for tag, _ in page.elements] == ["article", "h2", "p", "p"]


def test_an_article_of_which_nothing_is_known_is_named_by_its_id() -> None:
    shelf = Shelf()
    article = replace(shelf.add("a<b>.txt", ["Ann."]), author=None, published=None)
    assert '<p class="pq-source" dir="auto">a&lt;b&gt;.txt</p>' in render.article_html(article, ())


def test_a_question_with_markup_is_only_text_in_a_markdown_chat() -> None:
    for line in HOSTILE:
        html = MarkdownIt("commonmark").render(render.question_html(line))
        page = Page(html)
        assert [tag for tag, _ in page.elements] == ["p"]
        assert page.text().strip() == line.strip()


def test_an_empty_answer_shows_only_that_nothing_was_found(shelf: Shelf) -> None:
    nothing = compose("?", "?", Reading((), 0.0), shelf, Cutoffs(3, 0.3), PROVENANCE, TIMINGS)
    assert render.to_text(nothing, shelf) == "The articles don’t say."
    assert render.to_markdown(nothing, shelf) == "**?**\n\nThe articles don’t say.\n"
    assert list(render.answer_html(nothing, shelf, 0)) == [
        '<p data-message="not_found">The articles don’t say.</p>'
    ]


# Other articles with the same quote


def test_other_articles_are_named_where_they_say_the_quote_word_for_word(tmp_path: Path) -> None:
    story = (
        "The mill burned down in May. It had {} looms. Nobody was hurt in the fire, police said."
    )
    texts = {
        "a.txt": "title: Fire\ndate: 2020-05-02\n\n" + story.format(20),
        "b.txt": "title: <b>Mill</b>\nupdated: 2020-06-12\ndate: 2020-05-03\n\n" + story.format(30),
        "c.txt": "title: Mill *fire*\n\nsection: x\n" + story.format(20).replace(". ", ".\n"),
    }
    index = make_index(tmp_path, texts)
    assert list(index.twins("a.txt")) == ["c.txt", "b.txt"]

    def cited(article_id: str, number: int) -> Answer:
        sentence = index.sentences(article_id)[number]
        text = index.article(article_id).text[sentence.start : sentence.end]
        citation = Citation(1, article_id, number, sentence.start, sentence.end, text, score=0.9)
        return answered(citation)

    first, looms = cited("a.txt", 0), cited("a.txt", 1)
    assert [
        item["document_id"] for item in render.to_json(first, index)["citations"][0]["also_in"]
    ] == [
        "c.txt",
        "b.txt",
    ]
    assert [
        loom["document_id"] for loom in render.to_json(looms, index)["citations"][0]["also_in"]
    ] == ["c.txt"]
    assert "Also in: Mill *fire* (c.txt), <b>Mill</b> (2020-05-03)" in render.to_text(first, index)
    assert "&lt;b&gt;Mill&lt;/b&gt; (2020-05-03)" in "".join(render.answer_html(first, index, 0))
    assert r"Mill \*fire\*" in render.to_markdown(first, index)
    corrected = render.to_text(cited("b.txt", 1), index)
    assert "— <b>Mill</b>, 2020-05-03, updated 2020-06-12, b.txt" in corrected
    assert "Also in" not in corrected
