"""The text of a page's article: whole, in order, nothing hidden, struck or doubled in it."""

from __future__ import annotations

import pytest

from benchmarks.pages import score
from pullquote.errors import CorpusError
from pullquote.ingest.formats import html
from pullquote.omissions import unpacked
from pullquote.types import Article
from tests.support.newspages import Made, pages

FIRST = (
    "The harbour board of Tessel voted on Monday to close the old fish market by the end of the "
    "year, after months of argument about its roof."
)
SECOND = (
    "Traders who have rented stalls there since the flood said they would go to court, and the "
    "board said that it had expected as much."
)
LAST = (
    "The closing will cost the town about two million crowns, most of it for moving the cold store "
    "to the northern quay beside the mill."
)
HEAD = "<title>Fish market to close</title><meta property=og:site_name content='Tessel Post'>"


def read(page: str) -> Article:
    return html.parse("a.html", page.encode())


def in_page(body: str, lang: str = "en", head: str = HEAD) -> str:
    return (
        f"<!doctype html><html lang={lang}><head><meta charset=utf-8>{head}</head><body><nav>"
        f"<a href=/>Home</a> <a href=/n>News</a></nav>{body}<footer><p>Copyright Tessel Post. The "
        "paper is bound by the code of the press council.</p></footer></body></html>"
    )


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a page with ``body``."""
    return [line for line in read(in_page(body)).text.split("\n") if line]


def middle(markup: str) -> str:
    """What becomes of ``markup``, in the middle of an article."""
    found = paragraphs(
        f"<article><h1>Fish market to close</h1><p>{FIRST}</p>{markup}<p>{LAST}</p></article>"
    )
    assert (found[0], found[-1]) == (FIRST, LAST)
    return "|".join(found[1:-1])


@pytest.mark.parametrize("page", list(pages()), ids=lambda page: page.name)
def test_a_page_as_a_publishing_system_writes_it(page: Made) -> None:
    article = read(page.html)
    precision, recall, _, exact = score(article.text, page.text)
    assert exact if not page.held_out else min(precision, recall) > 0.9
    assert not [each for each in unpacked(article.left_out) if each.missed]


def test_the_held_out_pages_are_right_on_the_whole() -> None:
    scores = [score(read(page.html).text, page.text) for page in pages() if page.held_out]
    assert sum(f1 for _, _, f1, _ in scores) / len(scores) >= 0.99


@pytest.mark.parametrize(
    "container",
    [
        'div class="article-body__part"',
        'div class="article__content"',
        "div class=articleBody itemprop=articleBody",
        'section class="post-content"',
        'div class="part-%d"',
        'div id="body-%d" class="text"',
    ],
)
@pytest.mark.parametrize("around", ["article", "main", "div"])
def test_a_body_in_several_containers_is_whole(container: str, around: str) -> None:
    tag = container.split()[0]
    parts = [FIRST + "</p><p>" + SECOND, "The second part is short.", LAST]
    body = '<div class="inline-ad"></div>'.join(
        f"<{container.replace('%d', str(n))}><p>{part}</p></{tag}>" for n, part in enumerate(parts)
    )
    page = f"<{around} class=page><h1>Fish market to close</h1>{body}</{around}>"
    assert paragraphs(page) == [FIRST, SECOND, "The second part is short.", LAST]


@pytest.mark.parametrize("entry", ["article class=live", "div class=entry", "section class=post"])
@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("title", ["Live: the market", "Market to close: all the news"])
def test_all_entries_of_a_live_page_come_in_order(entry: str, short: bool, title: str) -> None:
    tag = entry.split()[0]
    entries = [("Market to close", FIRST), ("Court date set", SECOND), ("Jobs", LAST)]
    if short:
        entries = [(head, " ".join(text.split()[:9]) + " today.") for head, text in entries]
    body = "".join(f"<{entry}><h2>{head}</h2><p>{text}</p></{tag}>" for head, text in entries)
    assert paragraphs(f"<main><h1>{title}</h1>{body}</main>") == [
        line for pair in entries for line in pair
    ]


def test_teasers_of_other_stories_are_no_entries() -> None:
    card = f"<article class=live><h3><a href=/2>Ferry stops</a></h3><p>{SECOND}</p></article>"
    body = f"<main><article class=live><h1>Fish market</h1><p>{FIRST} {LAST}</p></article>{card}{card}</main>"
    assert paragraphs(body) == [f"{FIRST} {LAST}"]


@pytest.mark.parametrize(
    "tag", ["time", "output", "button", "label", "data", "nobr", "meter", "font"]
)
def test_words_in_elements_of_all_kinds_stay_in_their_sentence(tag: str) -> None:
    assert middle(
        f"<p>The first hall burnt down on <{tag}>14 May</{tag}> and <{tag}>1913</{tag}> saw a new one.</p>"
    ) == ("The first hall burnt down on 14 May and 1913 saw a new one.")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<p>He called it <q>a plain danger</q> and left.</p>",
            "He called it “a plain danger” and left.",
        ),
        ("<p>He called it “<q>a danger</q>” and left.</p>", "He called it “a danger” and left."),
        ("<p>He called it <q>“a danger”</q> and left.</p>", "He called it “a danger” and left."),
        (
            "<p>She said: <q>He called it <q>a danger</q> and <b>left</b></q>.</p>",
            "She said: “He called it ‘a danger’ and left”.",
        ),
        ("<p><q>It is over</q>, she said.</p>", "“It is over”, she said."),
    ],
)
def test_a_quotation_in_its_element_stands_in_marks(markup: str, text: str) -> None:
    assert middle(markup) == text


@pytest.mark.parametrize(
    "struck",
    ["<del>90,000</del>", "<s>90,000</s>", "<strike>90,000</strike>",
     '<span style="text-decoration: line-through">90,000</span>'],
)  # fmt: skip
def test_what_is_struck_out_is_left_out(struck: str) -> None:
    assert middle(f"<p>The repair costs {struck} <ins>900,000</ins> crowns.</p>") == (
        "The repair costs 900,000 crowns."
    )


def test_paragraphs_that_are_struck_out_are_left_out() -> None:
    assert middle(
        "<p>The mayor stays.</p><del><p>He has resigned.</p><p>So they say.</p></del>"
    ) == ("The mayor stays.")


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>{}</p>",
        "<div hidden><p>{}</p></div>",
        '<p style="display:none">{}</p>',
        '<p style="color: red; DISPLAY : none !important">{}</p>',
        '<p style="visibility: hidden">{}</p>',
        '<p style="position:absolute;left:-9999px">{}</p>',
        '<p class="sr-only">{}</p>',
        '<p class="visually-hidden">{}</p>',
        '<span class="screen-reader-text">{}</span>',
        '<p aria-hidden="true">{}</p>',
        "<template><p>{}</p></template>",
        "<noscript><p>{}</p></noscript>",
        "<script>document.write('{}')</script>",
        "<p class='d-none'>{}</p>",
    ],
)
def test_what_is_hidden_is_left_out(hidden: str) -> None:
    words = "The hidden text says that the mayor resigned on Friday."
    assert middle(hidden.format(words)) == ""


def test_what_a_style_sheet_of_the_page_hides_is_left_out() -> None:
    style = (
        "<style>p.away, #gone { display: none } @media print { .kept { display: none } }</style>"
    )
    body = (
        f"{style}<article><p>{FIRST}</p><p class=away>The mayor resigned.</p><p id=gone>So they say."
        f"</p><p class=kept>{SECOND}</p><p>{LAST}</p></article>"
    )
    assert paragraphs(body) == [FIRST, SECOND, LAST]


def test_what_is_shown_on_some_screens_or_hidden_until_a_script_runs_stays() -> None:
    assert (
        middle("<p class='d-none d-md-block'>The mayor has resigned.</p>")
        == "The mayor has resigned."
    )
    body = f"<div style='visibility:hidden'><h1>Fish market</h1><p>{FIRST}</p><p>{LAST}</p></div>"
    assert paragraphs(body) == [FIRST, LAST]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("It closes in 2031<sup>2</sup> by order.", "It closes in 2031 by order."),
        ("The board said so.<sup>3</sup> Traders went.", "The board said so. Traders went."),
        ("The board said so.<sup><a href='#n4'>4</a></sup> They went.", "The board said so. They went."),
        ("The board said so.<a href='#n4'><sup>4</sup></a> They went.", "The board said so. They went."),
        ("Nobody objected.<sup class=reference><a href='#c5'>[5]</a></sup>", "Nobody objected."),
        ("Nobody objected<a href='#fn5'>[5]</a>.", "Nobody objected."),
        ("Nobody objected.<sup>[a]</sup>", "Nobody objected."),
        ("Nobody objected<sup>1, 2</sup>.", "Nobody objected."),
        ("Nobody objected<sup>*</sup>.", "Nobody objected."),
        ("Nobody objected.<sup>[<i>citation needed</i>]</sup>", "Nobody objected."),
        ("Nobody did.<a role=doc-noteref href='#f'>1</a> It rained.", "Nobody did. It rained."),
        ('It rained.<span style="vertical-align: super">7</span>', "It rained."),
        ("It covers 120 m<sup>2</sup> and 3 km<sup>3</sup>.", "It covers 120 m² and 3 km³."),
        ("It held 10<sup>6</sup> herrings.", "It held 10⁶ herrings."),
        ("It held 10<sup>-6</sup> grams.", "It held 10⁻⁶ grams."),
        ("On the 19<sup>th</sup> of May.", "On the 19th of May."),
        ("She drank H<sub>2</sub>O.", "She drank H2O."),
        ("Acme<sup>TM</sup> closed.", "AcmeTM closed."),
    ],
)  # fmt: skip
def test_note_marks_go_and_powers_stay(markup: str, text: str) -> None:
    assert middle(f"<p>{markup}</p>") == text


@pytest.mark.parametrize(
    "box",
    [
        '<div id="onetrust-consent-sdk" role="dialog">{}</div>',
        '<div class="cookie-banner">{}<button>Accept</button></div>',
        '<section class="gdpr-overlay">{}</section>',
        "<dialog open>{}</dialog>",
        '<div class="didomi-popup" aria-modal="true">{}<a href=/p>Policy</a></div>',
        "<aside>{}<button>Accept all</button></aside>",
        "<div class=x1><div>{}</div><button>Accept all</button></div>",
    ],
)
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("around", ["article", "div", "main"])
def test_a_brief_is_not_taken_for_its_consent_box(box: str, before: bool, around: str) -> None:
    consent = box.format(
        "<h2>We value your privacy</h2><p>We and our 812 partners store and access information on "
        "a device, such as unique identifiers in cookies, to process personal data for advertising "
        "and content measurement, audience research and services development. You may accept or "
        "manage your choices by clicking below, including your right to object.</p>"
    )
    brief = "The market hall closes on 3 May, the board decided. Six were for it and four against."
    article = f"<{around}><h1>Fish market to close</h1><p>{brief}</p></{around}>"
    assert paragraphs(consent + article if before else article + consent) == [brief]


@pytest.mark.parametrize(
    "name",
    ["teaser-content", "newsletter", "related", "slide", "bar", "metadata", "author-note", "promo",
     "sidebar-text", "card", "share-text", "widget", "ad-free", "more", "tags", "banner"],
)  # fmt: skip
@pytest.mark.parametrize("attribute", ["class", "id"])
def test_prose_stays_whatever_its_box_is_called(name: str, attribute: str) -> None:
    first = "Judge Holm and Judge Norby did not speak for a week, the clerk of the court said on Monday."
    second = "They met again on Friday and shook hands in the hall."
    article = read(
        in_page(
            f"<article><h1>Court to rule on masks</h1><div {attribute}={name}><p>{first}</p><p>{second}"
            f"</p></div><div class=article-rest><p>{FIRST}</p><p>{LAST}</p></div></article>"
        )
    )
    assert article.text.split("\n\n") == [first, second, FIRST, LAST]
    assert article.author is None


@pytest.mark.parametrize("name", ["more", "next-paragraph", "card__text", "p-tools"])
def test_a_short_sentence_stays_whatever_its_paragraph_is_called(name: str) -> None:
    assert (
        middle(f"<p class={name}>It rained on Monday and on Tuesday as well.</p>")
        == "It rained on Monday and on Tuesday as well."
    )


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="newsletter"><h3>The morning letter</h3><p>The best of our stories, in your inbox '
        "at six every morning.</p><form><input type=email><button>Sign up</button></form></div>",
        '<div class="related"><h4>Related</h4><ul><li><a href=/1>Ferry stops for a month</a></li></ul></div>',
        "<ul><li><a href=/1>Ferry to Vik stops for a month</a></li><li><a href=/2>Norby wins</a></li></ul>",
        "<p><strong>Read more: <a href=/1>Ferry to Vik stops for a month</a></strong></p>",
        "<div class=ad><span>Advertisement</span></div>",
        "<p>Advertisement</p>",
        "<a href=/1><div><h3>Ferry stops</h3><p>The engine is older than its captain, they say.</p></div></a>",
        "<aside><h3>Most read</h3><p><a href=/1>Ferry to Vik stops for a month</a></p></aside>",
        "<div class=x><h3><a href=/1>Ferry stops</a></h3><p>The engine is older than its captain.</p></div>",
    ],
)  # fmt: skip
def test_furniture_inside_an_article_is_left_out(furniture: str) -> None:
    assert middle(furniture) == ""


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("<figure><img src=a><figcaption>The hall in 1913, from the sea.</figcaption></figure>",
         "The hall in 1913, from the sea."),
        ("<figure><img src=a><figcaption>The hall in 1913</figcaption></figure>", "The hall in 1913"),
        ("<figure><blockquote><p>We were promised ten years, said Olle Brandt.</p></blockquote>"
         "<figcaption>— Olle Brandt, who sells eels</figcaption></figure>",
         "We were promised ten years, said Olle Brandt.|— Olle Brandt, who sells eels"),
        ("<div class=wp-caption><img src=a><p class=wp-caption-text>The hall in 1913</p></div>",
         "The hall in 1913"),
        ("<figure><img src=a><figcaption>The hall. <span class=credit>Photo: N. N.</span></figcaption>"
         "</figure>", "The hall. Photo: N. N."),
        ("<figure><div><img src=a></div><figcaption>The hall.</figcaption><div class=credit>N. N.</div>"
         "</figure>", "The hall."),
    ],
)  # fmt: skip
def test_captions_and_quotes_of_figures_are_paragraphs(figure: str, text: str) -> None:
    assert middle(figure) == text


def test_a_quotation_that_is_lifted_out_of_the_text_is_there_once() -> None:
    said = (
        "“We were promised ten years,” said Olle Brandt, who sells eels. “They gave us ten months.”"
    )
    pulled = "<aside class=pullquote><p>We were promised ten years</p></aside>"
    assert middle(f"{pulled}<p>{said}</p>") == said
    assert (
        middle(f"<p>{said}</p><figure><blockquote>They gave us ten months.</blockquote></figure>")
        == said
    )
    assert middle("<blockquote><p>Nobody asked us, and we would have known.</p></blockquote>") == (
        "Nobody asked us, and we would have known."
    )


def test_a_table_that_lays_a_page_out_is_none() -> None:
    page = (
        "<table width=780><tr><td><a href=/1>Ferry stops</a><br><a href=/2>Norby wins</a></td><td>"
        f"<font size=5><b>Fish market to close</b></font><p>{FIRST}<p>{SECOND}<table border=1><tr>"
        f"<td>2021</td><td>3.1 million</td></tr><tr><td>2023</td><td>8.4 million</td></tr></table>"
        f"<p>{LAST}</td><td><table><tr><td><b>Weather</b><br>Rain</td></tr></table></td></tr></table>"
    )
    assert paragraphs(page) == [FIRST, SECOND, "- 2021\t3.1 million", "- 2023\t8.4 million", LAST]


@pytest.mark.parametrize(
    "head",
    [
        "<h1>Fish market to close</h1><p class=byline>By Ida Brandt</p><p>4 March 2024</p>",
        "<header><h1>Fish market to close</h1><div>Ida Brandt</div><time>4 March 2024, 8:00</time></header>",
        "<h2>Fish market to close</h2><p>By <a rel=author href=/i>Ida Brandt</a>, Town reporter</p>",
        "<h1>Fish market to close</h1><p>By Ida Brandt, for the Tessel Post.</p>",
        "<h1>Fish market to close</h1><p>Published 4 March 2024, 8:00 a.m.</p>",
    ],
)
def test_headline_and_byline_are_no_sentences_of_the_text(head: str) -> None:
    page = in_page(
        f"<article>{head}<p>{FIRST}</p><p>{LAST}</p></article>",
        head=HEAD + "<meta name=author content='Ida Brandt'>",
    )
    assert read(page).text.split("\n\n") == [FIRST, LAST]


@pytest.mark.parametrize("kind", ["div class=body", "article"])
def test_prose_that_stays_outside_is_named(kind: str) -> None:
    tag = kind.split()[0]
    page = in_page(
        f"<div><div><{kind}><h1>Fish market to close</h1><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p>"
        f"</{tag}></div><div class=more-zone><p>The second part says that the court meets on 9 May, "
        "and that the judge is from Norby.</p><p>The third part says that nineteen people lose their "
        "work, all but two of them for good.</p></div></div>"
    )
    article = read(page)
    missed = [each.text for each in unpacked(article.left_out) if each.missed]
    assert [text.split()[1] for text in missed if text not in article.text] in (
        ["second", "third"],
        [],
    )
    assert missed or "third part" in article.text


def test_text_that_a_page_declares_and_does_not_show_is_named() -> None:
    declared = (
        f"{FIRST} {SECOND} The court meets on 9 May in Norby, and its judge is from the islands."
    )
    head = f'{HEAD}<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{declared}"}}</script>'
    article = read(in_page(f"<article><p>{FIRST}</p><p>{SECOND}</p></article>", head=head))
    assert [each.text for each in unpacked(article.left_out) if each.missed] == [
        "The court meets on 9 May in Norby, and its judge is from the islands."
    ]


LIVE = (
    "<link rel=canonical href=https://tessel.example/live><title>Live: the market</title>"
    "<meta property=og:site_name content='Tessel Post'>"
)
NAMED = [("Market to close", FIRST), ("Court date set", SECOND), ("Jobs", LAST)]


def missed(body: str) -> list[str]:
    """The paragraphs of a page with ``body`` that the reader is warned of."""
    return [each.text for each in unpacked(read(in_page(body)).left_out) if each.missed]


@pytest.mark.parametrize("box", ["div class=content", "section", "article"])
@pytest.mark.parametrize("button", ["", "<button>Share</button>"])
def test_a_body_stays_beside_a_header_that_has_the_standfirst(box: str, button: str) -> None:
    page = (
        "<main><header class=hero><h1>Fish market to close</h1><p class=standfirst>It ends a quarrel "
        f"of three years over cookies and privacy.</p></header><{box}><p>{FIRST}</p><p>{LAST}</p>"
        f"{button}</{box.split()[0]}></main>"
    )
    assert paragraphs(page)[-2:] == [FIRST, LAST]


@pytest.mark.parametrize(
    "around",
    ["<footer>{}</footer>", "<footer><div class=legal>{}</div></footer>",
     "<div id=comments><div class=comment>{}</div></div>"],
)  # fmt: skip
def test_a_headline_without_a_text_has_none(around: str) -> None:
    page = f"<main><h1>Fish market to close</h1><video></video></main>{around.format(f'<p>{FIRST}</p>')}"
    with pytest.raises(CorpusError, match="no text"):
        read(f"<!doctype html><html><head>{HEAD}</head><body>{page}</body></html>")


@pytest.mark.parametrize(
    ("intro", "href", "outro"),
    [
        ("", "/live/%d", ""),
        ("We follow the meeting here, minute by minute.", "/live/%d", ""),
        ("", "/other/%d", ""),
        ("These are the books of the year, by our readers.", "https://shop.example/%d", ""),
        ("These are the books of the year, by our readers.", "/books/%d", LAST + " So they say."),
    ],
)
@pytest.mark.parametrize("entry", ["article class=entry", "div class=book", "section"])
def test_entries_whose_headings_are_links_are_no_teasers(
    entry: str, intro: str, href: str, outro: str
) -> None:
    body = "".join(
        f"<{entry}><h2><a href={href % place}>{head}</a></h2><p>{text}</p></{entry.split()[0]}>"
        for place, (head, text) in enumerate(NAMED)
    )
    page = f"<main><h1>Live: the market</h1><p>{intro}</p>{body}<p>{outro}</p></main>"
    lines = [line for line in read(in_page(page, head=LIVE)).text.split("\n") if line]
    entries = [line for pair in NAMED for line in pair]
    assert lines == [line for line in (intro, *entries, outro) if line]


@pytest.mark.parametrize(
    "page",
    ["<main><h1>Fish market to close</h1><p>{}</p>{}</main>",
     "<main><article><h1>Fish market to close</h1><p>{}</p></article><div class=grid>{}</div></main>",
     "<div><h1>Fish market to close</h1><p>{}</p></div><div class=grid>{}</div>"],
)  # fmt: skip
def test_more_teasers_than_text_are_no_entries(page: str) -> None:
    brief = "The market hall closes on 3 May, the board decided. Six were for it and four against."
    cards = "".join(
        f"<article class=x><h3><a href=/{place}>{head}</a></h3><p>{text}</p></article>"
        for place, (head, text) in enumerate(NAMED)
    )
    assert paragraphs(page.format(brief, cards)) == [brief]


@pytest.mark.parametrize("name", ["live-card", "card", "kg-toggle-card", "more"])
def test_one_button_makes_no_form_of_a_box(name: str) -> None:
    box = f"<div class={name}><h3>What it costs</h3><p>{SECOND}</p><div><button>Share</button></div></div>"
    assert middle(box) == f"What it costs|{SECOND}"


@pytest.mark.parametrize(
    "box",
    ["<div class='card newsletter'>{}<button>Go</button></div>",
     "<div class='bar donate'>{}<button>Give</button></div>",
     "<div class=card>{}<form><input><button>Go</button></form></div>",
     "<div class=card>{}<button>Subscribe now</button></div>"],
)  # fmt: skip
def test_a_box_that_sells_something_is_left_out(box: str) -> None:
    offer = "<p>You have reached the limit. Read all our stories for one crown a week, on any device.</p>"
    assert middle(box.format(offer)) == ""


def test_a_box_that_opens_with_a_button_keeps_its_heading() -> None:
    head = "<div class=card-header><h5><button aria-expanded=false>Who pays?</button></h5></div>"
    assert middle(f"<div class=card>{head}<div class=card-body>{SECOND}</div></div>") == (
        f"# Who pays?|{SECOND}"
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("It costs €4<sup>50</sup> a kilo.", "It costs €4⁵⁰ a kilo."),
        ("It costs 4<sup>50</sup> € a kilo.", "It costs 4⁵⁰ € a kilo."),
        ("It holds 3<sup>1</sup>/<sub>2</sub> tons.", "It holds 3 1/2 tons."),
        ("It holds <sup>1</sup>/<sub>2</sub> a ton.", "It holds 1/2 a ton."),
        ("It holds 3<span>1</span>&frasl;<span>2</span> tons.", "It holds 3 1⁄2 tons."),
        ("It had <sup>14</sup>C and <sup>137</sup>Cs in it.", "It had ¹⁴C and ¹³⁷Cs in it."),
        ("It rained. <sup>3</sup>The roof leaks.", "It rained. The roof leaks."),
        ("It had 10<sup>6</sup>/ml of them.", "It had 10⁶/ml of them."),
    ],
)  # fmt: skip
def test_raised_figures_are_read(markup: str, text: str) -> None:
    assert middle(f"<p>{markup}</p>") == text


@pytest.mark.parametrize(
    "mark",
    ["<a href='#footnote-1'>1</a>", "<a href='#fn:2' rel=x>2</a>", "<a href='#_ftn3'>[3]</a>",
     "<a href='/p/fish#footnote-anchor-4'>4</a>", "<a href='#cite_note-x-5'>5</a>",
     " <a href='#r1'>↩</a>", " <a href='#r1'>↩︎</a>", " <a href='#cite_ref-1'>^</a>",
     "<span class=mw-cite-backlink><b>^ <a href='#a'>a</a> <a href='#b'>b</a></b></span>"],
)  # fmt: skip
def test_links_to_notes_and_back_go(mark: str) -> None:
    assert (
        middle(f"<p>The hall is of 1913.{mark} It leaks.</p>") == "The hall is of 1913. It leaks."
    )


def test_a_link_that_is_a_figure_of_the_text_stays() -> None:
    assert middle("<p>See chapter <a href='#c2'>2</a> of it.</p>") == "See chapter 2 of it."


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mi>F</mi><mo>=</mo><mi>m</mi><mi>a</mi>", "F=ma"),
        ("<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>", "E=mc²"),
        ("<mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "3 1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<msup><mi>e</mi><mrow><mi>k</mi><mi>t</mi></mrow></msup>", "e^(kt)"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x₁²"),
        ("<msqrt><mn>2</mn></msqrt>", "√2"),
        ("<mroot><mi>x</mi><mi>n</mi></mroot>", "√[n]x"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mn>5</mn>", "x² 5"),
        ("<semantics><mi>x</mi><annotation>\\frac{x}</annotation></semantics>", "x"),
    ],
)
@pytest.mark.parametrize(
    "around",
    ["<math>{}</math>",
     "<span class=katex><span><math>{}</math></span><span aria-hidden=true><b>y</b></span></span>",
     "<span><span style='display: none'><math>{}</math></span><img aria-hidden=true src=a></span>"],
)  # fmt: skip
def test_a_formula_stays_in_its_sentence_once(around: str, formula: str, text: str) -> None:
    assert middle(f"<p>It is {around.format(formula)} tons.</p>") == f"It is {text} tons."


def test_what_a_pages_style_raises_is_read_as_raised() -> None:
    body = "<style>.up{vertical-align:super}</style><p>It is 10<span class=up>6</span> tons.</p>"
    assert middle(body) == "It is 10⁶ tons."


def test_a_fraction_stands_apart_from_the_figure_before_it() -> None:
    half = "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"
    assert middle(f"<p>It holds 3{half} tons.</p>") == "It holds 3 1/2 tons."


@pytest.mark.parametrize(
    "formula",
    ["<mtable><mtr><mtd><mn>12</mn></mtd></mtr></mtable>",
     "<mfrac linethickness=0px><mn>1</mn><mn>2</mn></mfrac>"],
)  # fmt: skip
def test_a_formula_of_several_lines_is_named_as_left_out(formula: str) -> None:
    body = f"<article><p>{FIRST}</p><p>It is <math>{formula}</math> tons.</p></article>"
    article = read(in_page(body))
    assert ("12", "a formula") in [(each.text, each.why) for each in unpacked(article.left_out)]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p><a href=/1>The roof was last mended in 1987, and nobody has looked since.</a></p>",
         "The roof was last mended in 1987, and nobody has looked since."),
        ("<p><a href=/1>Who will pay for the ferry to Vik?</a></p>", ""),
        ("<p>Read more: <a href=/1>Ferry to Vik stops for a month and a day.</a></p>", ""),
        ("<p>These people voted:</p><ul><li><a href=/1>Runa Holt</a>, for it</li><li><a href=/2>Per "
         "Holm</a></li></ul>", "These people voted:|- Runa Holt, for it|- Per Holm"),
        ("<p>Of the board:</p><ul><li><a href=/1>Ferry stops</a></li><li><a href=/2>Norby wins</a></li>"
         "</ul>", "Of the board:"),
    ],
)  # fmt: skip
def test_sentences_and_lists_of_links_stay_and_pointers_go(markup: str, text: str) -> None:
    assert middle(markup) == text


def test_a_reader_is_warned_of_chosen_paragraphs_in_forms_but_not_in_offers() -> None:
    form = "<div class=card>{}<form><input></form></div>"
    article = "<article><h1>Fish market to close</h1><p>{}</p>{}<p>{}</p></article>"
    box = form.format(f"<p>{SECOND}</p>")
    assert missed(article.format(FIRST, box, LAST)) == [SECOND]
    offer = box.replace("class=card", "class=newsletter")
    assert missed(article.format(FIRST, offer, LAST)) == []


@pytest.mark.parametrize(
    "sign",
    ["<a class=headerlink href='#x'>¶</a>", " <a href='#x'>#</a>", "<a href='#x'>🔗</a>",
     "<span class=mw-editsection>[<a href='/w?action=edit'>edit</a>]</span>", "<a href=#x>§</a>"],
)  # fmt: skip
@pytest.mark.parametrize("level", ["h2", "h3"])
def test_permalink_and_edit_signs_are_no_part_of_a_heading(level: str, sign: str) -> None:
    heading = f"<{level}>What it costs{sign}</{level}>"
    assert middle(f"{heading}<p>{SECOND}</p>") == f"What it costs|{SECOND}"


def test_a_link_in_brackets_may_be_part_of_a_heading() -> None:
    heading = "<h2>Prices of <a href=/t>[T]</a></h2>"
    assert middle(f"{heading}<p>{SECOND}</p>") == f"Prices of [T]|{SECOND}"


@pytest.mark.parametrize(
    ("control", "panel"),
    [
        ("<h3><button aria-controls=p>Costs</button></h3>", "<div id=p hidden>{}</div>"),
        ("<h3>Costs</h3><div role=tab aria-controls='x p'></div>",
         "<div id=p style='display:none'>{}</div>"),
        ("<h3>Costs</h3>", "<div hidden=until-found>{}</div>"),
    ],
)  # fmt: skip
def test_a_panel_that_a_reader_opens_is_read(control: str, panel: str) -> None:
    assert middle(control + panel.format(f"<p>{SECOND}</p>")) == f"Costs|{SECOND}"


@pytest.mark.parametrize("panel", ["<div role=dialog id=p hidden>{}</div>",
                                   "<div id=p hidden>{}<form><input></form></div>"])  # fmt: skip
def test_a_dialog_or_form_that_a_reader_opens_is_not(panel: str) -> None:
    button = "<button aria-controls=p>Letters</button>"
    assert middle(button + panel.format(f"<p>{SECOND}</p>")) == ""


def test_elements_of_a_pages_own_making_are_paragraphs_or_words() -> None:
    assert middle("<x-body><x-p>It rained.</x-p><x-p>The board met at noon.</x-p></x-body>") == (
        "It rained.|The board met at noon."
    )
    assert middle("<p>The <x-term>harbour board</x-term> met at noon on Monday.</p>") == (
        "The harbour board met at noon on Monday."
    )


def test_spans_on_lines_of_their_own_are_sentences_of_their_own() -> None:
    lines = ("The court meets on 9 May.", "Its judge is Per Holm.")
    spans = "".join(f'<span style="display:block">{line}</span>' for line in lines)
    assert middle(f"<p>{spans}</p>") == "|".join(lines)


def test_a_soft_hyphen_parts_no_word() -> None:
    assert middle("<p>The har&shy;bour board wrote to the har\u00adbour.</p>") == (
        "The harbour board wrote to the harbour."
    )
