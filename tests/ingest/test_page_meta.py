"""What a page says of itself: decoded, and dates as its readers write them, or none."""

from __future__ import annotations

import pytest

from pullquote.ingest.formats import html
from pullquote.ingest.formats.locale import local_date
from pullquote.types import Article

BODY = (
    "<body><article><h1>Fish market to close</h1><p>The harbour board of Tessel voted on Monday to "
    "close the old fish market by the end of the year, after months of argument.</p></article></body>"
)
LD = '<script type="application/ld+json">{}</script>'


def read(head: str, lang: str = "en", body: str = BODY) -> Article:
    page = f"<!doctype html><html lang={lang}><head><meta charset=utf-8>{head}</head>{body}</html>"
    return html.parse("a.html", page.encode())


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "NewsArticle", "headline": "Holt&#8217;s board &amp; the &quot;old&quot; market",'
        '"articleSection": "Food &amp; Drink", "author": {"name": "Si&acirc;n O&#039;Dea"}}',
        '{"@type": "NewsArticle", "headline": "Holt&amp;#8217;s board &amp;amp; the &amp;quot;old&quot; market",'
        '"articleSection": ["Food &#x26; Drink"], "author": [{"name": "Si&#226;n O&apos;Dea"}]}',
        '\n//<![CDATA[\n{"@type": "Article", "headline": "Holt&rsquo;s board & the \\"old\\" market",'
        '"articleSection": "Food &#38; Drink", "author": "Siân O&#39;Dea"}\n//]]>\n',
        '<!--\n{"@type": "Article", "headline": "Holt’s board & the \\u0022old\\u0022 market",'
        '"articleSection": "Food & Drink", "author": "Siân O\'Dea"}\n-->',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Holt’s board &amp; the "
        "\\&quot;old\\&quot; market&quot;, &quot;articleSection&quot;: &quot;Food &amp; Drink&quot;, "
        "&quot;author&quot;: &quot;Siân O'Dea&quot;}",
    ],
)  # fmt: skip
def test_what_json_ld_has_escaped_is_decoded(data: str) -> None:
    article = read(LD.format(data))
    assert article.title == 'Holt’s board & the "old" market'
    assert (article.section, article.author) == ("Food & Drink", "Siân O'Dea")


def test_what_meta_elements_have_escaped_twice_is_decoded() -> None:
    article = read(
        "<meta property=og:title content='Holt&amp;#8217;s board'>"
        "<meta property=og:site_name content='Tessel &amp;amp; Norby Post'>"
        "<meta property=article:section content='Food &amp;amp; Drink'>"
        "<meta name=author content='Si&amp;acirc;n O&amp;#039;Dea'>"
    )
    assert (article.title, article.source) == ("Holt’s board", "Tessel & Norby Post")
    assert (article.section, article.author) == ("Food & Drink", "Siân O'Dea")


def test_what_only_looks_escaped_stays() -> None:
    assert (
        read("<meta property=og:title content='AT&T, Q&A & R&D; &c'>").title
        == "AT&T, Q&A & R&D; &c"
    )


@pytest.mark.parametrize(
    "title", ["Fish market to close | Tessel Post", "Tessel Post: Fish market to close",
              "Fish market to close — Tessel Post", "Fish market to close"],
)  # fmt: skip
def test_the_name_of_the_site_is_no_part_of_the_title(title: str) -> None:
    article = read(f"<title>{title}</title><meta property=og:site_name content='Tessel Post'>")
    assert (article.title, article.source) == ("Fish market to close", "Tessel Post")


@pytest.mark.parametrize(
    ("written", "lang", "locale", "day"),
    [
        ("04/03/2024", "en", "en_US", "2024-04-03"),
        ("04/03/2024", "en-US", None, "2024-04-03"),
        ("04/03/2024", "en-GB", None, "2024-03-04"),
        ("04/03/2024", "en", "en_GB", "2024-03-04"),
        ("04/03/2024 08:00", "fr", None, "2024-03-04"),
        ("04-03-2024", "nl-NL", None, "2024-03-04"),
        ("4.3.2024", "en", None, "2024-03-04"),
        ("4.3.2024", "en-US", None, "2024-03-04"),
        ("04/03/2024", "en", None, None),
        ("04/03/2024", "en-CA", None, None),
        ("04/03/2024", "en-GB", "en_US", None),
        ("04/03/2024", "x", None, None),
        ("25/03/2024", "en", None, "2024-03-25"),
        ("03/25/2024", "en", None, "2024-03-25"),
        ("03/03/2024", "en", None, "2024-03-03"),
        ("2024-03-04", "en-US", None, "2024-03-04"),
        ("31/02/2024", "en-GB", None, None),
        ("99/99/2024", "en-GB", None, None),
    ],
)
@pytest.mark.parametrize("where", ["meta", "ld", "time", "text"])
def test_a_date_in_figures_is_read_as_the_pages_readers_do_or_not_at_all(
    where: str, written: str, lang: str, locale: str | None, day: str | None
) -> None:
    head = f"<meta property=og:locale content={locale}>" if locale else ""
    body = BODY
    if where == "meta":
        head += f"<meta property=article:published_time content='{written}'>"
    elif where == "ld":
        head += LD.format(f'{{"@type": "NewsArticle", "datePublished": "{written}"}}')
    elif where == "time":
        body = BODY.replace(
            "<p>", f"<time class='published' datetime='{written}'>{written}</time><p>", 1
        )
    else:
        body = BODY.replace("<p>", f"<p class='published date'>{written}</p><p>", 1)
    found = read(head, lang, body).published
    # What is only printed on a page need not be found; but never wrongly.
    assert found == day if where in ("meta", "ld") else found in (day, None)


def test_the_language_of_its_own_address_is_the_pages() -> None:
    head = (
        "<link rel=canonical href=https://t.example/a><link rel=alternate hreflang=en-us "
        "href=https://t.example/a><link rel=alternate hreflang=en-gb href=https://t.example/b>"
        "<meta name=date content=x><meta property=article:published_time content=04/03/2024>"
    )
    assert read(head).published == "2024-04-03"


@pytest.mark.parametrize(
    "value", ["", "1/2", "2024/03/04", "4/3/24", "4/3-2024", "٤/٣/٢٠٢٤", "4/3/20244"]
)
def test_what_is_no_date_in_figures_is_none(value: str) -> None:
    assert local_date(value, True) is None


@pytest.mark.parametrize("name", ["author-note", "author-text", "byline-info"])
def test_a_sentence_is_no_author(name: str) -> None:
    note = f"<div class={name}><p>Judge Holm and Judge Norby did not speak for a week over it.</p></div><p>"
    assert read("", body=BODY.replace("<p>", note, 1)).author is None
