"""The widget as readers of another site meet it: real servers, real models, a real Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, expect

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.serve.api import stream
from pullquote.serve.feedback import Feedback
from pullquote.serve.widget import FIRST, SECOND, asset
from tests.support.browser import (
    NOT_SAID,
    QUESTION,
    Pages,
    Serving,
    faults_in_both_schemes,
    feedback_file,
    skip_without_chromium,
    wait_until_ready,
)
from tests.support.indexes import write_corpus
from tests.support.inprocess import serving_index
from tests.support.places import CORPUS, ROOT
from tests.support.site import Site
from tests.support.waiting import until
from tests.support.writer import Script, scripted

skip_without_chromium()

pytestmark = pytest.mark.browser

HOSTILE = """title: </script><img src=x onerror=alert(1)> & "quotes"
date: 2024-02-03

The lighthouse keeper painted <img src=x onerror=alert(1)> on the door. He sold ${alert(2)} \
lanterns to </script> sailors in 1893.
"""

HARBOUR = """title: The harbour
url: https://harbour.example/a-page?id=1
date: 2023-05-06
section: Harbour news

The harbour master counted 412 ships, boats and rafts - more than ever & more than he liked.
"""


#: Keeps what the panel announces, from now on.
LISTEN = """() => {
  const root = document.querySelector('pullquote-widget').shadowRoot;
  const status = root.querySelector('[role=status]');
  window.announced = [];
  const keep = () => announced.push(status.textContent);
  new MutationObserver(keep).observe(status, { childList: true });
}"""


@pytest.fixture(scope="module")
def index_folder(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformersEmbedder
) -> Path:
    folder = tmp_path_factory.mktemp("widget")
    corpus = write_corpus(folder / "corpus", {"lighthouse.txt": HOSTILE, "harbour.txt": HARBOUR})
    shutil.copy(CORPUS / "amazon-rekognition.txt", corpus)
    indexing.update([corpus], folder / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    return folder / "index"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def server(
    index_folder: Path, site: Site, real_embedder: SentenceTransformersEmbedder
) -> Iterator[str]:
    with serving_index(index_folder, real_embedder, origins=(site.origin,)) as address:
        yield address


@pytest.fixture(scope="module")
def scripts(site: Site) -> str:
    """Where the widget's files are, with no server to answer: see :func:`show`."""
    for name in (FIRST, SECOND, "widget/ar.json"):
        kind = f"{asset(name).media_type}; charset=utf-8"
        site.put(f"/{name}", asset(name).content.decode(), Content_Type=kind)
    return site.origin


Open = Callable[..., Page]


@pytest.fixture
def open_page(pages: Pages) -> Iterator[Open]:
    with pages.lending() as lend:

        def new(address: str, **options: Any) -> Page:
            page = lend(**options)
            page.goto(address)
            return page

        yield new


def publisher(server: str) -> str:
    """The example page, with the address of this server."""
    page = (ROOT / "examples" / "publisher" / "index.html").read_text(encoding="utf-8")
    assert page.count("http://127.0.0.1:7860/") == 1
    return page.replace("http://127.0.0.1:7860/", server.rstrip("/") + "/")


def host_page(server: str, article: str, attributes: str = "", head: str = "") -> str:
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>A page</title>{head}"
        f"</head><body><main><article>{article}</article></main>"
        f"<script src='{server}/widget.js' {attributes} defer></script></body></html>"
    )


def panel(page: Page) -> Locator:
    return page.locator("pullquote-widget .panel")


def ask(page: Page, question: str) -> None:
    if not panel(page).is_visible():
        page.locator("pullquote-widget .launcher").click()
    page.locator("pullquote-widget .panel > form textarea").fill(question)
    page.keyboard.press("Enter")
    # Quotes are in the log before the answer is whole; what is announced is the last thing.
    for place in (".log", "[role=status]"):
        # Looks more often than "expect" does.
        told = page.locator(f"pullquote-widget {place}").filter(has_not_text="Searching")
        told.wait_for(state="attached")


def marked(page: Page, name: str = "pullquote") -> str:
    """The text of a highlight, as the page holds it."""
    text: str = page.evaluate(f"[...(CSS.highlights.get('{name}') ?? [])].map(String).join('|')")
    return text


# ---- Asked on another site, marked in its article


def test_a_reader_asks_on_another_site_and_the_sentence_is_marked_in_its_article(
    open_page: Open, server: str, site: Site
) -> None:
    address = site.put("/article", publisher(server))
    page = open_page(address, reduced_motion="reduce")
    before = page.locator("article").evaluate("it => it.outerHTML")
    ask(page, QUESTION)
    quote = panel(page).locator("blockquote").first
    expect(quote).to_contain_text(NOT_SAID)
    expect(quote).to_contain_text("— Amazon rekognition, 2020-06-11")
    panel(page).get_by_role("button", name="Show in the article (Quote 1)").click()
    assert marked(page) == NOT_SAID
    assert marked(page, "pullquote-words") == "did not say why it took action now"
    place = "[...CSS.highlights.get('pullquote')][0]"
    # The text's own sentence, and not the pull quote that repeats it.
    assert page.evaluate(f"{place}.startContainer.parentElement.closest('.pull')") is None
    page.wait_for_function(
        f"() => {{ const it = {place}.getBoundingClientRect();"
        " return it.top >= 0 && it.bottom <= innerHeight }"
    )
    shown = page.evaluate(f"{place}.getBoundingClientRect().toJSON()")
    covered = panel(page).bounding_box()
    assert covered is not None
    assert shown["right"] <= covered["x"] or shown["bottom"] <= covered["y"]
    assert page.locator("article").evaluate("it => it.outerHTML") == before
    assert page.locator("body > *").last.evaluate("it => it.localName") == "pullquote-widget"


def test_it_works_under_a_strict_policy_that_requires_trusted_types(
    open_page: Open, server: str, site: Site
) -> None:
    policy = (
        f"default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    address = site.put("/strict", publisher(server), Content_Security_Policy=policy)
    page = open_page("about:blank")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    # The page's own <style> is against its own policy, and that is all.
    errors[:] = [item for item in errors if "style" not in item or "widget.js" in item]
    ask(page, QUESTION)
    panel(page).get_by_role("button", name="Show in the article (Quote 1)").click()
    assert marked(page) == NOT_SAID
    assert panel(page).evaluate("it => getComputedStyle(it).width") == "400px"
    assert [item for item in errors if "favicon" not in item] == []


def test_a_site_that_is_not_listed_gets_no_answer_and_is_told(
    open_page: Open, server: str, site: Site
) -> None:
    site.put("/article", publisher(server))
    page = open_page(f"http://localhost:{site.port}/article")
    statuses: list[int] = []
    page.on("response", lambda one: statuses.append(one.status) if "/api/" in one.url else None)
    ask(page, QUESTION)
    expect(panel(page).locator(".error")).to_contain_text("does not answer this site")
    assert set(statuses) <= {403}


def test_what_an_article_holds_stays_text(open_page: Open, server: str, site: Site) -> None:
    page = open_page(site.put("/plain", host_page(server, "<p>Nothing.</p>")))
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    question = "What is <img src=x onerror=alert(3)> for?"
    ask(page, question)
    assert panel(page).locator(".asked").inner_text() == question
    ask(page, "What did the lighthouse keeper paint on the door?")
    answer = panel(page).locator(".log > div").last
    expect(answer.locator("blockquote").first).to_contain_text(
        "The lighthouse keeper painted <img src=x onerror=alert(1)> on the door."
    )
    expect(answer.locator("footer").first).to_contain_text("</script><img src=x")
    assert panel(page).locator("img, script, a[href^=javascript]").count() == 0
    page.wait_for_timeout(300)
    assert dialogs == []


def test_a_quote_of_another_page_links_to_the_sentence_there(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/plain", host_page(server, "<p>Nothing.</p>")))
    ask(page, "How many ships did the harbour master count?")
    link = panel(page).locator("blockquote").first.get_by_role("link")
    address = str(link.get_attribute("href"))
    assert address.startswith("https://harbour.example/a-page?id=1#:~:text=The%20harbour%20master")
    assert "ships%2C%20boats%20and%20rafts%20%2D%20more%20than%20ever%20%26%20more" in address
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


def test_what_the_articles_do_not_say_is_said_with_the_closest_folded_away(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    ask(page, "Which vitamins are in a ripe banana?")
    expect(panel(page).get_by_text("The articles don’t say.")).to_be_visible()
    expect(panel(page).get_by_text("No article has: vitamins, ripe, banana")).to_be_visible()
    closest = panel(page).locator("details")
    expect(closest.locator("blockquote").first).to_be_hidden()
    closest.locator("summary").click()
    expect(closest.locator("blockquote").first).to_be_visible()


def test_a_greeting_is_answered_with_questions_to_press(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    ask(page, "hello")
    offered = panel(page).locator(".suggest")
    expect(offered).to_have_count(3)
    question = offered.first.inner_text()
    offered.first.click()
    expect(panel(page).get_by_text(question).last).to_be_visible()
    expect(panel(page).locator("blockquote").first).to_be_visible()


@pytest.mark.parametrize(
    ("article_url", "answer"),
    [
        ("http://www.harbour.example/a-page?id=1&utm_source=mail", "counted 412 ships"),
        ("https://harbour.example/none", "There is no article of the page"),
    ],
)
def test_a_page_can_be_asked_about_alone(
    open_page: Open, server: str, site: Site, article_url: str, answer: str
) -> None:
    head = f"<link rel='canonical' href='{article_url}'>"
    page = open_page(
        site.put("/scoped", host_page(server, "<p>Nothing.</p>", "data-scope='page'", head))
    )
    ask(page, "How many ships did the harbour master count?")
    expect(panel(page).locator(".log")).to_contain_text(answer)
    assert panel(page).locator(".log").inner_text().count("Amazon") == 0


@pytest.mark.parametrize(
    ("section", "answer"), [("harbour NEWS", "counted 412 ships"), ("Sport", "don’t say")]
)
@pytest.mark.parametrize("framed", [False, True])
def test_a_site_chooses_the_articles_that_are_asked(
    open_page: Open, server: str, site: Site, section: str, answer: str, framed: bool
) -> None:
    attributes = f"data-section='{section}' data-since='2023-01-01' data-until=''"
    address = site.put("/filtered", host_page(server, "<p>Nothing.</p>", attributes))
    if framed:
        address = f"{server}/embed?section={section}&since=2023-01-01&until="
    page = open_page(address)
    sent: list[Any] = []
    page.on("request", lambda one: sent.append(one.post_data_json) if "/api/" in one.url else None)
    ask(page, "How many ships did the harbour master count?")
    expect(panel(page).locator(".log")).to_contain_text(answer)
    assert sent[0]["filters"] == {"section": section, "since": "2023-01-01"}


def test_without_filters_none_are_sent(open_page: Open, server: str, site: Site) -> None:
    page = open_page(site.put("/plain", host_page(server, "<p>Nothing.</p>")))
    sent: list[Any] = []
    page.on("request", lambda one: sent.append(one.post_data_json) if "/api/" in one.url else None)
    ask(page, "How many ships did the harbour master count?")
    assert set(sent[0]) == {"question", "history"}


# ---- Marking


def answer_with(exact: str, prefix: str, suffix: str, **more: Any) -> dict[str, Any]:
    """An answer of one quote from an article without an address."""
    citation = {
        "number": 1,
        "type": "char_location",
        "document_id": "a.txt",
        "document_title": "A",
        "url": None,
        "published": None,
        "sentence_index": 0,
        "start_char_index": 100,
        "end_char_index": 100 + len(exact),
        "cited_text": exact,
        "score": 0.9,
        "answer_span": None,
        "context": None,
        "selector": {
            "type": "TextQuoteSelector",
            "exact": exact,
            "prefix": prefix,
            "suffix": suffix,
        },
        **more,
    }
    block = {"type": "text", "text": exact, "citations": [1], "origin": "quoted", "message": None}
    return {
        "question": "q",
        "understood_as": None,
        "status": "answered",
        "answer": [block],
        "citations": [citation],
        "closest": [],
        "index": {"digest": "", "reader": "", "embedder": "", "writer": None},
        "timings_ms": {"retrieve": 0, "read": 0, "total": 0},
    }


def message(key: str, text: str) -> dict[str, Any]:
    """A part of an answer."""
    return {"type": "text", "text": text, "citations": [], "origin": "message", "message": key}


def show(page: Page, answer: dict[str, Any]) -> None:
    """Have the panel show ``answer`` and press its quote; the server is not what is tested."""
    body = b"".join([stream.started("q"), *stream.Parts().of(answer), stream.stopped(answer)])

    def fulfill(route: Route) -> None:
        route.fulfill(body=body, content_type="text/event-stream")

    page.route("**/api/ask/stream", fulfill)
    ask(page, "q")
    button = panel(page).get_by_role("button", name="Show in the article")
    if button.count():
        button.click()


@pytest.mark.parametrize(
    ("published", "updated", "told"),
    [
        ("2020-06-11", "2020-06-13", "— A, 2020-06-11, updated 2020-06-13"),
        ("2020-06-11", "2020-06-11", "— A, 2020-06-11"),
        (None, "2020-06-13", "— A, updated 2020-06-13"),
        ("2020-06-11", None, "— A, 2020-06-11"),
    ],
)
def test_a_correction_and_where_else_an_article_stands_are_told(
    open_page: Open, server: str, site: Site, published: str | None, updated: str | None, told: str
) -> None:
    page = open_page(site.put("/own", host_page(server, "<p>Nothing.</p>")))
    dates = {"published": published, "updated": updated}
    others = [{"document_title": title} for title in ("<b>B</b>", "C", "D", "E")]
    show(page, answer_with("The mill opened.", "", "", **dates, also_in=others))
    footer = panel(page).locator("footer")
    expect(footer).to_have_text(f"{told}\nAlso in: <b>B</b>, C, D …")
    assert footer.locator("b").count() == 0
    show(page, answer_with("The mill opened.", "", "", **dates, also_in=[]))
    expect(footer.last).to_have_text(told)


def test_where_else_a_quote_stands_is_linked_to_when_that_is_a_web_address(
    open_page: Open, server: str, site: Site
) -> None:
    addresses = ["https://post.example/mill#top", "javascript:alert(1)", None]
    others = [{"document_title": f"T{n}", "url": address} for n, address in enumerate(addresses)]
    page = open_page(site.put("/own", host_page(server, "<p>Nothing.</p>")))
    show(page, answer_with("The mill - opened.", "", "", also_in=others))
    footer = panel(page).locator("footer")
    expect(footer).to_have_text("— A Also in: T0, T1, T2")
    link = footer.get_by_role("link")
    assert link.all_inner_texts() == ["T0"]
    assert link.get_attribute("href") == (
        "https://post.example/mill#top:~:text=The%20mill%20%2D%20opened."
    )
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\ndata: {}"])
def test_no_character_of_an_article_ends_the_stream(
    open_page: Open, server: str, site: Site, separator: str
) -> None:
    page = open_page(site.put("/own", host_page(server, "<p>Nothing.</p>")))
    show(page, answer_with(f"The mill{separator}opened.", "", ""))
    assert panel(page).locator(".error").count() == 0
    quote = panel(page).locator("blockquote p").text_content()
    assert quote == f"The mill{separator}opened.[1]"


def test_what_was_understood_and_written_is_told_and_the_answer_is_saved(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/own", host_page(server, "<p>The mill opened in 1901.</p>")))
    answer = answer_with("The mill opened in 1901.", "", "")
    text = "It <b>opened</b> in 1901."
    named = {"document_id": "a", "document_title": "<i>A</i>", "url": None, "published": "2020"}
    answer["answer"] = [
        {**answer["answer"][0], "text": text, "origin": "written", "articles": [named]},
        message("new", "Note: N."),
    ]
    answer["understood_as"] = "When did the mill open?"
    answer["index"]["writer"] = "small"
    show(page, answer)
    shown = panel(page)
    expect(shown.get_by_text(text)).to_have_text(f"{text}[1]— <i>A</i>, 2020")
    quote = shown.locator("blockquote")
    expect(quote).to_have_count(1)
    expect(quote).to_contain_text("The mill opened in 1901.")
    order = shown.locator(".log").inner_text()
    assert order.index(text) < order.index("checked against") < order.index("Note: N.")
    with page.expect_download() as download:
        shown.get_by_role("link", name="Save this answer").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert saved.pop("saved").endswith("Z")
    assert saved == answer
    shown.get_by_role("button", name="Change").click()
    expect(shown.get_by_label("Your question")).to_have_value("When did the mill open?")
    expect(shown.get_by_label("Your question")).to_be_focused()


@pytest.mark.parametrize(
    ("article", "quote", "shown"),
    [
        # Inline tags, links, line breaks in the source.
        (
            "<p>One. The <a href='#'>big <b>mill</b></a>\n   opened. Two.</p>",
            "The big mill opened.",
            None,
        ),
        # Typography: quotes, apostrophes, dashes, an ellipsis, no-break spaces.
        (
            "<p>“It’s a mill — of&nbsp;sorts…” he said.</p>",
            '"It\'s a mill - of sorts..." he said.',
            "“It’s a mill — of\xa0sorts…” he said.",
        ),
        ('<p>"It\'s his own."</p>', "“It’s his own.”", '"It\'s his own."'),
        # Soft hyphens, zero-width spaces, <wbr>.
        (
            "<p>The wa&shy;ter&#8203;mill <wbr>opened.</p>",
            "The watermill opened.",
            "The wa\xadter\u200bmill opened.",
        ),
        # Composed and decomposed accents, and characters outside of the BMP before it.
        ("<p>🏭🏭! Her cafe\u0301 opened.</p>", "Her café opened.", "Her cafe\u0301 opened."),
        # A sentence that ends with its block, and one that runs over a <br>.
        ("<h2>A head</h2><p>The mill opened.</p><p>It shut.</p>", "The mill opened.", None),
        ("<p>The mill<br>opened.</p>", "The mill opened.", "The millopened."),
        # What is not shown is not the article: the second is.
        (
            "<p style='display:none'>The mill opened.</p><p>The mill opened.</p>",
            "The mill opened.",
            None,
        ),
        ("<script>'The mill opened.'</script><p>The mill opened.</p>", "The mill opened.", None),
        (
            "<p style='opacity:0'>The mill opened.</p><p>The mill opened.</p>",
            "The mill opened.",
            None,
        ),
        (
            "<details><summary>More</summary><p>The mill opened.</p></details>"
            "<p>The mill opened.</p>",
            "The mill opened.",
            None,
        ),
        # A drop cap; a sentence in a quotation; comments in the source.
        ("<p><span style='float:left'>T</span>he mill opened.</p>", "The mill opened.", None),
        ("<p>“It rained. The mill opened.” He left.</p>", 'The mill opened."', "The mill opened.”"),
        ("<p>The <!-- old -->mill opened.</p>", "The mill opened.", None),
        # Within a list without full stops, the line is the sentence.
        ("<ul><li>Bread, 12 loaves</li><li>Beer</li></ul>", "Bread, 12 loaves", None),
    ],
)
def test_the_sentence_is_found_in_what_a_publisher_makes_of_it(
    open_page: Open, server: str, site: Site, article: str, quote: str, shown: str | None
) -> None:
    page = open_page(site.put("/made", host_page(server, article)))
    show(page, answer_with(quote, "", ""))
    found = marked(page).replace("\n   ", " ")
    assert found == (shown or quote)
    visible = "[...CSS.highlights.get('pullquote')][0].getClientRects().length > 0"
    assert page.evaluate(visible)


@pytest.mark.parametrize(
    ("article", "quote"),
    [
        ("<p>The water mill opened.</p>", "The watermill opened."),
        ("<p>The mill opened in 1901.</p>", "The mill opened in 190."),
        ("<p>It cost 1,500 pounds.</p>", "It cost 1.500 pounds."),
        ("<p>A category.</p>", "cat"),
        ("<p>The año was long.</p>", "The ano was long."),
        ("<p>It rose 10² times.</p>", "It rose 102 times."),
        ("<p>THE MILL OPENED.</p>", "The mill opened."),
        ("<p>The mill did not open.</p>", "The mill did open."),
        ("<p>It is now</p><p>here.</p>", "It is nowhere."),
        # What is said is not what is denied, and two equal words are not a sentence.
        ("<p>It is not true that the mill opened.</p>", "the mill opened."),
        ("<p>Few believe: not so that The mill opened early.</p>", "The mill opened early."),
        ("<p>She owned a cafe\u0301.</p>", "She owned a cafe"),
        ("<p>He lives at No. 5 Main St.</p>", "No."),
        ("<p>One. <span>The mill opened</span> in 1901.</p>", "The mill opened"),
    ],
)
def test_what_only_resembles_the_sentence_is_never_marked(
    open_page: Open, server: str, site: Site, article: str, quote: str
) -> None:
    page = open_page(site.put("/made", host_page(server, article)))
    show(page, answer_with(quote, "", ""))
    assert marked(page) == ""
    # The article has no address: without its sentence this is not its page.
    assert panel(page).get_by_role("button", name="Show in the article").count() == 0


def test_where_the_article_is_no_article_the_whole_page_is_looked_through(
    open_page: Open, server: str, site: Site
) -> None:
    teaser = "<p>A teaser.</p></article><div><p>The mill opened.</p></div><article>Another."
    page = open_page(site.put("/made", host_page(server, teaser)))
    show(page, answer_with("The mill opened.", "", ""))
    assert marked(page) == "The mill opened."


def test_a_sentence_that_has_gone_from_its_page_is_told(
    open_page: Open, server: str, site: Site
) -> None:
    address = site.put("/gone", host_page(server, "<p>The mill opened.</p>"))
    page = open_page(address)
    show(page, answer_with("The mill burnt down.", "", "", url=address))
    expect(panel(page).get_by_text("not on this page as it was quoted").first).to_be_visible()
    assert marked(page) == ""


def test_a_site_that_replaces_its_page_keeps_the_panel_and_the_way_to_the_article(
    open_page: Open, scripts: str, site: Site
) -> None:
    address = site.put("/own", host_page(scripts, "<p>The mill opened.</p>"))
    page = open_page(address)
    show(page, answer_with("The mill opened.", "", "", url=address))
    assert marked(page) == "The mill opened."
    page.evaluate(
        "history.pushState(null, '', '/next');"
        "document.body.replaceWith(document.createElement('body'))"
    )
    button = panel(page).get_by_role("button", name="Show in the article")
    button.click()
    told = panel(page).get_by_text("not on this page as it was quoted")
    expect(told).to_be_visible()
    link = told.get_by_role("link", name="Open the article (Quote 1)")
    expect(link).to_have_attribute("href", f"{address}#:~:text=The%20mill%20opened.")
    page.evaluate("document.body.innerHTML = '<article><p>The mill opened.</p></article>'")
    button.click()
    expect(told).to_have_count(0)
    assert marked(page) == "The mill opened."


def test_after_a_single_page_app_goes_on_its_next_article_is_asked(
    open_page: Open, scripts: str, site: Site
) -> None:
    attributes = "data-scope='page' data-article-url='https://post.example/one'"
    page = open_page(site.put("/one", host_page(scripts, "<p>The mill opened.</p>", attributes)))
    asked: list[Any] = []

    def answer(route: Route) -> None:
        asked.append((route.request.post_data_json or {})["url"])
        route.abort()

    page.route("**/api/ask/stream", answer)
    ask(page, "Who opened it?")
    page.evaluate("history.pushState(null, '', '/two')")
    ask(page, "Who opened it?")
    page.evaluate("document.scripts[0].dataset.articleUrl = 'https://post.example/two'")
    ask(page, "Who opened it?")
    assert asked == ["https://post.example/one", f"{site.origin}/two", "https://post.example/two"]


@pytest.mark.parametrize("cited", [0, 1, 2])
def test_of_equal_sentences_the_one_that_is_cited_lights_up(
    open_page: Open, server: str, site: Site, cited: int
) -> None:
    text = "At dawn it rained. Nobody came. At noon it shone.\n\nNobody came. At dusk it snowed. "
    text += "Nobody came. The day was over."
    article = (
        "<p>At dawn it <i>rained</i>. Nobody came. At noon it shone.</p><figure>A picture</figure>"
        "<p>Nobody <b>came</b>. At dusk it snowed. Nobody came. The day was over.</p>"
    )
    start = -1
    for _ in range(cited + 1):
        start = text.index("Nobody came.", start + 1)
    end = start + len("Nobody came.")
    page = open_page(site.put("/equal", host_page(server, article)))
    show(
        page,
        answer_with("Nobody came.", text[max(0, start - 32) : start], text[end : end + 32]),
    )
    before = page.evaluate(
        """() => {
          const mark = [...CSS.highlights.get('pullquote')][0];
          const range = document.createRange();
          range.setStart(document.querySelector('article'), 0);
          range.setEnd(mark.startContainer, mark.startOffset);
          return range.toString().split('Nobody came').length - 1;
        }"""
    )
    assert before == cited


def test_the_answering_words_are_marked_by_code_points(
    open_page: Open, server: str, site: Site
) -> None:
    quote = "🏭 The “mill” — 🏭 opened in 1901."
    start = 100 + quote.index("in 1901")
    page = open_page(
        site.put("/span", host_page(server, f"<p>{quote.replace('mill', '<i>mill</i>')}</p>"))
    )
    span = {"start_char_index": start, "end_char_index": start + len("in 1901")}
    show(page, answer_with(quote, "", "", answer_span=span))
    assert marked(page, "pullquote-words") == "in 1901"
    assert panel(page).locator("blockquote b").inner_text() == "in 1901"


def test_without_the_highlight_api_the_sentence_is_selected(
    browser: Browser, server: str, site: Site
) -> None:
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(CSS, 'highlights', { value: undefined })")
    page.goto(site.put("/article", publisher(server)))
    ask(page, QUESTION)
    panel(page).get_by_role("button", name="Show in the article (Quote 1)").click()
    assert page.evaluate("getSelection().toString()") == NOT_SAID
    page.close()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", "data:text/html,x", "//a.b"])
def test_what_is_no_web_address_is_not_linked(
    open_page: Open, server: str, site: Site, url: str
) -> None:
    page = open_page(site.put("/made", host_page(server, "<p>Nothing.</p>")))
    show(page, answer_with("The mill opened.", "", "", url=url))
    expect(panel(page).locator("blockquote")).to_contain_text("The mill opened.")
    found = panel(page).locator("a:not([download])")
    links = found.evaluate_all("them => them.map(it => it.href)")
    assert [link for link in links if not link.startswith("http://[")] == []


# ---- A reader's tools


def test_what_a_reader_thinks_of_an_answer_is_kept(
    open_page: Open, server: str, site: Site, index_folder: Path
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    ask(page, QUESTION)
    good = panel(page).get_by_role("button", name="Good answer")
    good.click()
    expect(panel(page).locator(".told")).to_have_text("Thank you. This was kept.")
    expect(good).to_have_attribute("aria-pressed", "true")
    kept = Feedback(feedback_file(index_folder)).entries()
    assert [(entry.verdict, entry.question) for entry in kept] == [("up", QUESTION)]


def test_a_comment_after_a_thumb_down_is_kept(
    open_page: Open, server: str, site: Site, index_folder: Path
) -> None:
    feedback_file(index_folder).unlink(missing_ok=True)
    page = open_page(site.put("/article", publisher(server)))
    ask(page, QUESTION)
    panel(page).get_by_role("button", name="Bad answer").click()
    panel(page).get_by_label("What is wrong?").fill("It <b>shut</b>.")
    panel(page).get_by_role("button", name="Send").click()
    expect(panel(page).get_by_label("What is wrong?")).to_be_hidden()
    expect(panel(page).locator(".told")).to_have_text("Thank you. This was kept.")
    kept = Feedback(feedback_file(index_folder)).entries
    until(lambda: [entry.comment for entry in kept()] == ["It <b>shut</b>."])
    assert [(entry.verdict, entry.question) for entry in kept()] == [("down", QUESTION)]


def test_a_comment_stays_in_its_box_until_it_is_kept(
    open_page: Open, scripts: str, site: Site
) -> None:
    page = open_page(site.put("/own", host_page(scripts, "<p>The mill opened.</p>")))
    statuses = [200, 503, 200]

    def judged(route: Route) -> None:
        body = {"conversation": "0" * 32, "turn": 1, "error": {"message": "Try again later."}}
        route.fulfill(status=statuses.pop(0), json=body)

    page.route("**/api/feedback", judged)
    show(page, answer_with("The mill opened.", "", ""))
    bad, send = (panel(page).get_by_role("button", name=name) for name in ("Bad answer", "Send"))
    box = panel(page).get_by_label("What is wrong?")
    told = panel(page).locator(".told")
    bad.press("Enter")
    expect(told).to_have_text("Thank you. This was kept.")
    box.fill("It shut.")
    send.press("Enter")
    expect(told).to_have_text("This could not be kept. Try again later.")
    expect(box).to_have_value("It shut.")
    expect(box).to_be_visible()
    send.press("Enter")
    expect(box).to_be_hidden()
    expect(bad).to_be_focused()


def test_verdicts_change_are_taken_back_and_take_a_comment(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/own", host_page(server, "<p>The mill opened.</p>")))
    sent: list[dict[str, Any]] = []
    broken = {"code": "feedback_unavailable", "message": "Try again later."}

    def judged(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "{}"))
        if len(sent) < 6:
            route.fulfill(json={"conversation": "0" * 32, "turn": 1})
        else:
            route.fulfill(status=503, json={"error": broken})

    page.route("**/api/feedback", judged)
    show(page, answer_with("The mill opened.", "", ""))
    ask(page, "q")
    tools = panel(page).locator(".tools").last
    good, bad = (tools.get_by_role("button", name=f"{name} answer") for name in ("Good", "Bad"))
    told = tools.locator(".told")
    good.click()
    expect(told).to_have_text("Thank you. This was kept.")
    bad.press("Enter")
    expect(good).to_have_attribute("aria-pressed", "false")
    tools.get_by_label("What is wrong?").fill("  It <b>shut</b>. ")
    tools.get_by_role("button", name="Send").click()
    expect(tools.get_by_label("What is wrong?")).to_be_hidden()
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "false")
    good.click()
    good.click()
    expect(told).to_have_text("This could not be kept. Try again later.")
    verdicts = [(item["verdict"], item.get("comment"), item.get("conversation")) for item in sent]
    known = "0" * 32
    assert verdicts == [
        ("up", None, None),
        ("down", None, known),
        ("down", "It <b>shut</b>.", known),
        ("none", None, known),
        ("up", None, known),
        ("none", None, known),
    ]
    assert {item["turn"] for item in sent} == {1}
    assert sent[0]["history"] == [{"role": "user", "text": "q"}]


def test_a_conversation_is_saved_and_copied_as_text_and_another_one_begun(
    open_page: Open, server: str, site: Site
) -> None:
    address = site.put("/own", host_page(server, "<p>Nothing.</p>", "data-suggestions='Why?'"))
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    quote = "The “mill” *opened* in 1901."
    dates = {"published": "2020-06-11", "url": "https://post.example/mill"}
    show(page, answer_with(quote, "", "", **dates))
    shown = panel(page)
    with page.expect_download() as download:
        shown.get_by_role("button", name="Save as text").click()
    assert download.value.suggested_filename == "answers.txt"
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    source = "A, 2020-06-11, https://post.example/mill"
    assert saved == f"Ask the articles\n{address}\n\nq\n\n[1] {quote}\n    — {source}\n"
    shown.get_by_role("button", name="Copy as text").click()
    expect(page.locator("pullquote-widget [role=status]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == saved
    shown.get_by_role("button", name="New conversation").click()
    expect(shown.locator(".asked")).to_have_count(0)
    expect(shown.get_by_role("button", name="Save as text")).to_have_count(0)
    expect(shown.get_by_role("button", name="Why?")).to_be_visible()
    expect(shown.get_by_label("Your question")).to_be_focused()
    with page.expect_request("**/api/ask/stream") as request:
        show(page, answer_with(quote, "", ""))
    assert json.loads(request.value.post_data or "{}")["history"] == []


def test_a_new_conversation_drops_the_answer_that_is_on_its_way(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/own", host_page(server, "<p>Nothing.</p>")))
    show(page, answer_with("The mill opened.", "", ""))
    page.unroute("**/api/ask/stream")
    held: list[Route] = []
    page.route("**/api/ask/stream", lambda route: held.append(route))
    shown = panel(page)
    shown.get_by_label("Your question").fill("When?")
    page.keyboard.press("Enter")
    expect(shown.get_by_text("Searching")).to_be_visible()
    shown.get_by_role("button", name="New conversation").click()
    page.wait_for_timeout(200)
    expect(shown.locator(".asked, .error")).to_have_count(0)


def test_without_the_second_file_answers_are_shown_all_the_same(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page("about:blank")
    page.route("**/widget/more.js*", lambda route: route.abort())
    page.goto(site.put("/article", publisher(server)))
    ask(page, QUESTION)
    expect(panel(page).locator("blockquote").first).to_contain_text(NOT_SAID)
    assert panel(page).get_by_role("button", name="Show in the article").count() == 0
    page.unroute("**/widget/more.js*")
    ask(page, QUESTION)
    panel(page).get_by_role("button", name="Show in the article (Quote 1)").click()
    assert marked(page) == NOT_SAID


# ---- Manners


def test_the_panel_is_opened_used_and_closed_with_the_keyboard_alone(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    launcher = page.get_by_role("button", name="Ask the articles")
    for _ in range(20):
        page.keyboard.press("Tab")
        if launcher.evaluate("it => it === it.getRootNode().activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Ask the articles")).to_be_visible()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    citation = panel(page).get_by_role("button", name="Show in the article (Quote 1)")
    expect(citation).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if citation.evaluate("it => it === it.getRootNode().activeElement"):
            break
    expect(citation).to_be_focused()
    page.keyboard.press("Enter")
    assert marked(page) == NOT_SAID
    page.keyboard.press("Escape")
    expect(citation).to_be_focused()
    assert marked(page) == ""
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(launcher).to_be_focused()


def test_an_enter_that_ends_a_composition_sends_nothing(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    page.get_by_role("button", name="Ask the articles").click()
    box = page.get_by_label("Your question")
    box.fill("なぜ")
    press = "new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, %s })"
    for kind in ("isComposing: true", "keyCode: 229"):
        box.evaluate(f"it => it.dispatchEvent({press % kind})")
    expect(box).to_have_value("なぜ")
    page.keyboard.press("Shift+Enter")
    expect(box).to_have_value("なぜ\n")
    assert panel(page).locator(".asked").count() == 0


def test_the_pages_own_shortcuts_do_not_take_what_is_typed(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    page.evaluate(
        "window.taken = []; document.addEventListener('keydown', it => taken.push(it.key))"
    )
    page.get_by_role("button", name="Ask the articles").click()
    page.keyboard.type("is/it")
    assert page.evaluate("taken") == []
    expect(page.get_by_label("Your question")).to_have_value("is/it")


def test_escape_elsewhere_is_not_the_panels(open_page: Open, server: str, site: Site) -> None:
    article = "<p>The mill opened.</p><input id='own'>"
    page = open_page(site.put("/made", host_page(server, article)))
    show(page, answer_with("The mill opened.", "", ""))
    page.locator("#own").press("Escape")
    expect(page.locator("#own")).to_be_focused()
    assert marked(page) == "The mill opened."
    page.get_by_role("button", name="Close").click()
    page.locator("#own").press("Escape")
    expect(panel(page)).to_be_hidden()


def test_each_answer_begins_at_the_top_of_the_panel(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    for number, question in enumerate((QUESTION, "How long is Amazon’s ban?", QUESTION)):
        ask(page, question)
        head = panel(page).locator(".asked").nth(number)
        offset = (
            "it => it.getBoundingClientRect().top - it.parentElement.getBoundingClientRect().top"
        )
        expect(panel(page).locator("blockquote").nth(number)).to_be_attached()
        page.wait_for_timeout(200)
        # The last one may be too short to reach the top.
        assert 0 <= head.evaluate(offset) < (400 if number == 1 else 30)


def test_what_the_page_does_to_all_its_children_does_not_reach_the_panel(
    open_page: Open, server: str, site: Site
) -> None:
    style = "<style>body > * { position: relative; z-index: 1; opacity: .2; display: none }</style>"
    page = open_page(site.put("/styled", host_page(server, "<p>Nothing.</p>", "data-open", style)))
    expect(panel(page)).to_be_visible()
    host = page.locator("pullquote-widget")
    assert host.evaluate("it => [getComputedStyle(it).opacity, getComputedStyle(it).position]") == [
        "1",
        "static",
    ]


@pytest.mark.parametrize("lang", ["en", "de"])
def test_two_tags_make_one_panel(open_page: Open, server: str, site: Site, lang: str) -> None:
    twice = host_page(server, "<p>Nothing.</p>", f"data-lang='{lang}'")
    script = twice[twice.index("<script") : twice.index("</body>")]
    page = open_page(site.put("/twice", twice.replace("</body>", f"{script}</body>")))
    expect(page.locator("pullquote-widget")).to_have_count(1)
    page.wait_for_timeout(300)
    expect(page.locator("pullquote-widget")).to_have_count(1)


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("oklch(0.95 0.05 90)", "rgb(17, 17, 17)"),
        ("#123456", "rgb(255, 255, 255)"),
        ("no colour", "rgb(255, 255, 255)"),
    ],
)
def test_what_stands_on_the_sites_colour_can_be_read(
    open_page: Open, server: str, site: Site, colour: str, ink: str
) -> None:
    page = open_page(
        site.put("/coloured", host_page(server, "<p>Nothing.</p>", f"data-color='{colour}'"))
    )
    launcher = page.get_by_role("button", name="Ask the articles")
    assert launcher.evaluate("it => getComputedStyle(it).color") == ink


def test_an_answer_is_announced_once(open_page: Open, server: str, site: Site) -> None:
    page = open_page(site.put("/article", publisher(server)))
    page.evaluate(LISTEN)
    ask(page, QUESTION)
    announced = page.evaluate("announced")
    assert announced[0] == "Searching the articles …"
    assert len(announced) == 2
    assert NOT_SAID in announced[1]


def test_a_question_that_is_too_long_stays_in_the_box_and_says_why(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(site.put("/article", publisher(server)))
    page.get_by_role("button", name="Ask the articles").click()
    box = page.get_by_label("Your question")
    box.fill("why " * 200)
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("alert")).to_have_text("At most 500 characters.")
    assert box.input_value() == "why " * 200


def test_on_a_phone_nothing_scrolls_sideways_and_the_sentence_is_not_covered(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(
        site.put("/article", publisher(server)),
        viewport={"width": 380, "height": 720},
        reduced_motion="reduce",
    )
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    assert panel(page).locator(".log").evaluate("it => it.scrollWidth <= it.clientWidth")
    panel(page).get_by_role("button", name="Show in the article (Quote 1)").click()
    expect(panel(page)).to_be_hidden()
    place = page.evaluate(
        "[...CSS.highlights.get('pullquote')][0].getBoundingClientRect().toJSON()"
    )
    assert 0 <= place["top"] <= place["bottom"] <= 720
    page.get_by_role("button", name="Ask the articles").click()
    expect(panel(page).locator("blockquote").first).to_contain_text(NOT_SAID)


def test_another_language_is_fetched_and_runs_from_right_to_left(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(
        site.put("/arabic", host_page(server, "<p>Nothing.</p>", "data-lang='ar' data-open"))
    )
    expect(page.get_by_role("button", name="إغلاق")).to_be_visible()
    assert panel(page).evaluate("it => getComputedStyle(it).direction") == "rtl"
    box = panel(page).bounding_box()
    assert box is not None
    assert box["x"] < 100
    page.get_by_label("سؤالك").fill("Which vitamins are in a ripe banana?")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_text("المقالات لا تقول ذلك.")).to_be_visible()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["That is all.", "It broke off.", "Later."]),
        (
            "de",
            [
                "Im Artikel folgt nichts weiter.",
                "Hinweis: Das Sprachmodell brach ab, bevor es fertig war.",
                "Later.",
            ],
        ),
    ],
)
def test_a_message_is_told_in_the_readers_language_by_its_key_and_else_as_it_was_sent(
    open_page: Open, server: str, site: Site, lang: str, told: list[str]
) -> None:
    attributes = f"data-lang='{lang}' data-open"
    page = open_page(site.put("/keys", host_page(server, "<p>Nothing.</p>", attributes)))
    answer = answer_with("The mill opened.", "", "")
    answer["status"], answer["citations"] = "not_found", []
    answer["answer"] = [
        message("no_more", "That is all."),
        message("writer_cut", "It broke off."),
        message("of_a_newer_server", "Later."),
    ]
    answer["help"] = {"unknown_words": [], "nearest": None, "contact": "desk@post.example"}
    show(page, answer)
    for text in [*told, "desk@post.example"]:
        expect(panel(page).get_by_text(text, exact=True)).to_be_visible()
    expect(page.locator("pullquote-widget [role=status]")).to_contain_text(" ".join(told))


def test_a_site_chooses_title_colour_theme_corner_and_suggestions(
    open_page: Open, server: str, site: Site
) -> None:
    attributes = (
        "data-title='Ask us' data-color='#ffd400' data-theme='dark' data-position='left' data-open "
        "data-suggestions='How long is Amazon’s ban?| Who is Clare Garvie? |'"
    )
    page = open_page(site.put("/themed", host_page(server, "<p>Nothing.</p>", attributes)))
    expect(page.get_by_role("dialog", name="Ask us")).to_be_visible()
    send = panel(page).get_by_role("button", name="Ask", exact=True)
    assert send.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(255, 212, 0)"
    assert send.evaluate("it => getComputedStyle(it).color") == "rgb(17, 17, 17)"
    assert panel(page).evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(29, 32, 38)"
    box = panel(page).bounding_box()
    assert box is not None
    assert box["x"] < 100
    assert panel(page).locator(".suggest").all_inner_texts() == [
        "How long is Amazon’s ban?",
        "Who is Clare Garvie?",
    ]
    panel(page).get_by_role("button", name="How long is Amazon’s ban?").click()
    expect(panel(page).locator("blockquote").first).to_contain_text("for a year")


def test_a_corner_that_a_site_chooses_is_the_same_in_every_language(
    open_page: Open, scripts: str, site: Site
) -> None:
    for side, left in (("left", 16), ("right", 1280 - 16 - 400)):
        attributes = f"data-lang='ar' data-open data-position='{side}'"
        address = site.put("/corner", host_page(scripts, "<p>Nothing.</p>", attributes))
        page = open_page(address)
        expect(page.get_by_role("button", name="إغلاق")).to_be_visible()
        assert panel(page).evaluate("it => it.getBoundingClientRect().left") == left


def test_a_tap_opens_no_keyboard_over_the_answer_and_no_field_makes_a_phone_zoom(
    open_page: Open, scripts: str, site: Site
) -> None:
    attributes = "data-open data-suggestions='Why?'"
    address = site.put("/own", host_page(scripts, "<p>Nothing.</p>", attributes))
    page = open_page(address, viewport={"width": 390, "height": 800}, has_touch=True)
    page.route("**/api/ask/stream", lambda route: route.abort())
    shown = panel(page)
    for press, focused in ("tap", ".log"), ("click", ".log"), ("Enter", "form > textarea"):
        for name in ("Why?", "Try again"):
            button = shown.get_by_role("button", name=name)
            button.press(press) if press == "Enter" else getattr(button, press)()
            expect(shown.get_by_role("button", name="Try again")).to_be_visible()
            expect(shown.locator(focused)).to_be_focused()
        page.reload()
    show(page, answer_with("The mill opened.", "", ""))
    shown.get_by_role("button", name="Bad answer").tap()
    sizes = "them => them.map(it => parseFloat(getComputedStyle(it).fontSize) >= 16)"
    assert shown.locator("textarea:visible").evaluate_all(sizes) == [True, True]


def test_a_page_can_open_ask_and_listen(open_page: Open, server: str, site: Site) -> None:
    page = open_page(site.put("/plain", host_page(server, "<p>Nothing.</p>")))
    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["open", "close", "answer"]) {
            document.addEventListener(`pullquote:${name}`, () => heard.push(name));
          }
        }"""
    )
    answer = page.evaluate(f"Pullquote.ask({json.dumps(QUESTION)})")
    assert answer["citations"][0]["cited_text"] == NOT_SAID
    page.evaluate("Pullquote.close()")
    expect(panel(page)).to_be_hidden()
    page.evaluate("Pullquote.open()")
    expect(page.get_by_label("Your question")).to_be_focused()
    assert page.evaluate("heard") == ["open", "answer", "close", "open"]


def test_before_it_is_opened_a_page_loads_one_small_file_and_nothing_is_ever_stored(
    browser: Browser, server: str, site: Site
) -> None:
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(site.put("/article", publisher(server)))
    expect(page.get_by_role("button", name="Ask the articles")).to_be_visible()
    others = [item for item in requests if urlsplit(item).netloc != urlsplit(site.origin).netloc]
    assert others == [f"{server}/widget.js"]
    page.locator("pullquote-widget .launcher").click()
    page.wait_for_function("() => Pullquote && performance.getEntriesByType('resource').length > 1")
    assert len([item for item in requests if "/widget/more.js?v=" in item]) == 1
    ask(page, QUESTION)
    assert len([item for item in requests if "/widget/more.js?v=" in item]) == 1
    hosts = {urlsplit(item).netloc for item in requests}
    assert hosts == {urlsplit(server).netloc, urlsplit(site.origin).netloc}
    assert page.context.cookies() == []
    assert page.context.storage_state()["origins"] == []
    page.close()


# ---- /embed and the page that shows how


def test_the_frame_answers_on_a_listed_site_and_stays_empty_on_another(
    open_page: Open, server: str, site: Site
) -> None:
    frame = f"<iframe src='{server}/embed?title=Ask+us' width=400 height=600></iframe>"
    site.put("/framed", f"<!doctype html><title>A page</title>{frame}")
    page = open_page(f"{site.origin}/framed")
    inside = page.frame_locator("iframe")
    inside.get_by_label("Your question").fill("How many ships did the harbour master count?")
    inside.get_by_label("Your question").press("Enter")
    expect(inside.locator("blockquote").first).to_contain_text("412 ships")
    expect(inside.get_by_role("link", name="Open the article (Quote 1)")).to_be_visible()
    assert inside.get_by_role("button", name="Close").count() == 0
    other = open_page(f"http://localhost:{site.port}/framed")
    other.wait_for_timeout(500)
    assert other.frame_locator("iframe").get_by_label("Your question").count() == 0


def test_the_chat_leads_to_a_page_that_gives_the_line_and_checks_the_site(
    open_page: Open, server: str, site: Site
) -> None:
    page = open_page(server)
    page.get_by_role("link", name="Put this on your site").click()
    script = page.locator("#script")
    expect(script).to_have_text(f'<script src="{server}/widget.js" defer></script>')
    page.get_by_label("Title").fill('Ask "us" & <them>')
    expect(script).to_contain_text('data-title="Ask &quot;us&quot; &amp; &lt;them>"')
    expect(page.frame_locator("#preview").get_by_role("heading")).to_have_text('Ask "us" & <them>')
    page.get_by_label("Only this section").fill("Harbour news")
    page.get_by_label("Published since").fill("2023-01-01")
    expect(script).to_contain_text('data-section="Harbour news" data-since="2023-01-01"')
    expect(page.locator("#frame")).to_contain_text("&amp;section=Harbour+news&amp;since=2023-01-01")
    page.get_by_label("Address of your site").fill(f"{site.origin}/a/page")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_contain_text("Yes: ")
    page.get_by_label("Address of your site").fill("https://post.example")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_contain_text(
        "No: https://post.example is not in the setting 'origins'"
    )


def test_axe_finds_nothing_serious(open_page: Open, server: str, site: Site) -> None:
    host = open_page(site.put("/article", publisher(server)))
    ask(host, QUESTION)
    embed = open_page(f"{server}/embed")
    embed.get_by_label("Your question").fill("Which vitamins are in a ripe banana?")
    embed.keyboard.press("Enter")
    embed.locator("summary").click()
    guide = open_page(f"{server}/site")
    # The chat is looked at in test_page_browser.py.
    for page in (host, embed, guide):
        assert faults_in_both_schemes(page) == [], page.url


# ---- When the server goes


def test_a_server_that_dies_in_the_middle_is_told_and_asked_again_once_it_is_back(
    open_page: Open,
    site: Site,
    index_folder: Path,
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    # It would wait for its writer, so that there is time to die.
    with scripted(Script(silent=True)) as writer:
        serving = Serving(index_folder, origins=site.origin, writer=writer, writer_model="scripted")
        with serving as server:
            wait_until_ready(server)
            page = open_page(site.put("/ships", host_page(server, "<p>Nothing.</p>")))
            page.locator("pullquote-widget .launcher").click()
            question = "How many ships did the harbour master count?"
            page.get_by_label("Your question").fill(question)
            with page.expect_response("**/api/ask/stream"):
                page.keyboard.press("Enter")
            serving.kill()
        expect(panel(page).locator(".error")).to_contain_text(
            "The connection broke before the answer was complete."
        )
    port = urlsplit(server).port or 0
    with serving_index(index_folder, real_embedder, port=port, origins=(site.origin,)):
        panel(page).get_by_role("button", name="Try again").click()
        expect(panel(page).locator("blockquote").first).to_be_visible()
        assert panel(page).locator(".asked").count() == 1
