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


@pytest.mark.parametrize(
    "part",
    [
        "<div class=related><h4>More</h4><time datetime=2023-01-02>2 January 2023</time> by <a rel=author "
        "href=/k>Karl Osei</a></div>",
        "<article><h3><a href=/2>Ferry stops</a></h3><time datetime=2023-01-02>2 January 2023</time>"
        "<p class=byline>By Karl Osei</p></article>",
        "<div class=comment><span class=author itemprop=author>Karl Osei</span><meta "
        "itemprop=datePublished content=2023-01-02><p>I told you so.</p></div>",
        "<aside><ul><li><a href=/2>Ferry stops</a> <time datetime=2023-01-02>2 January 2023</time></ul>"
        "</aside>",
        "<footer><p>This article was amended on 2 January 2023.</p></footer>",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_dates_and_names_in_parts_by_others_are_not_the_articles(part: str, inside: bool) -> None:
    end = "</article>"
    article = read("", body=BODY.replace(end, part + end if inside else end + part))
    assert (article.published, article.author) == (None, None)


@pytest.mark.parametrize(
    "part",
    [
        "<footer class=entry-footer><span class=byline>By <a rel=author href=/i>Ida Brandt</a></span>"
        "<time class=published datetime=2024-03-04>4 March 2024</time></footer>",
        "<aside class=post-meta>By <a rel=author href=/i>Ida Brandt</a>, <time "
        "datetime=2024-03-04>4 March 2024</time></aside>",
    ],
)
def test_an_articles_own_foot_may_tell_its_date_and_author(part: str) -> None:
    article = read("", body=BODY.replace("</article>", part + "</article>"))
    assert (article.published, article.author) == ("2024-03-04", "Ida Brandt")


def test_an_article_whose_headline_links_to_itself_is_no_teaser() -> None:
    body = BODY.replace("h1", "h2").replace(
        "Fish market to close", "<a href=/f>Fish market to close</a>"
    )
    body = body.replace("</h2>", "</h2><time datetime=2024-03-04>4 March 2024</time>")
    comments = "<div class=comment><p>I told you so, and so did my mother before me.</p></div>" * 9
    article = read(
        "<title>Fish market to close | Post</title>", body=body.replace("</body>", comments)
    )
    assert article.published == "2024-03-04"


@pytest.mark.parametrize(
    "value", ["0001-01-01T00:00:00", "1970-01-01", "Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_the_beginning_of_time_is_no_date(value: str) -> None:
    assert read(f"<meta property=article:published_time content='{value}'>").published is None


def test_a_part_of_a_byline_with_a_figure_is_no_name() -> None:
    byline = "<p class=byline>By Ida Brandt and Per Holm | Updated March 5, 2024</p><p>"
    article = read("", body=BODY.replace("<p>", byline, 1))
    assert article.author == "Ida Brandt; Per Holm"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('{"@id": "#ida"}', "Ida Brandt"),
        ('[{"@id": "#ida"}, {"name": "Per Holm"}]', "Ida Brandt, Per Holm"),
        ('{"name": ["Ida Brandt", "Per Holm"]}', "Ida Brandt, Per Holm"),
        ('{"@id": ["#ida"]}', None),
        ('{"@type": "Person"}', None),
    ],
)
def test_json_ld_names_authors_in_several_ways(author: str, names: str | None) -> None:
    data = (
        f'{{"@graph": [{{"@type": "Article", "headline": "Fish market to close", "author": {author}}},'
        '{"@type": "Person", "@id": "#ida", "name": "Ida Brandt"}, {"@type": "Organization", "name": "X"}]}'
    )
    assert read(LD.format(data)).author == names


def test_a_job_offer_is_no_article() -> None:
    job = LD.format('{"@type": "JobPosting", "headline": "Cook", "datePublished": "2020-01-01"}')
    story = LD.format('{"@type": "NewsArticle", "headline": "Fish", "datePublished": "2024-03-04"}')
    article = read(job + story)
    assert (article.title, article.published) == ("Fish", "2024-03-04")


@pytest.mark.parametrize(
    "headline",
    [
        "<span class=kicker>Town</span>Fish market to close",
        "<span class=label>Town</span> <span class=title>Fish market to close</span>",
        "<span style=display:block>Fish market</span><span style=display:block>to close</span>",
        "Fish mar&shy;ket to close<a href=#x>¶</a>",
    ],
)
def test_what_stands_beside_a_headline_is_no_part_of_the_title(headline: str) -> None:
    assert (
        read("", body=BODY.replace("Fish market to close", headline)).title
        == "Fish market to close"
    )
