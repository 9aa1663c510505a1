"""What publishing systems put around an article, and how they mark up its blocks.

``shell`` is the page, with $TITLE, $AUTHOR, $SECTION, $DATE and $BODY to be filled in. ``ads`` are
put between the article's blocks. ``parts`` is the number of containers that the body is divided
into, each opened and closed by ``split``.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class System:
    name: str
    shell: str
    p: str = "<p>{}</p>"
    h: str = "<h2>{}</h2>"
    li: str = "<li>{}</li>"
    ul: str = "<ul>{}</ul>"
    quote: str = "<blockquote><p>{}</p></blockquote>"
    caption: str = "<figure><img src=a.jpg alt='A picture'><figcaption>{}</figcaption></figure>"
    table: str = "<table>{}</table>"
    ads: tuple[str, ...] = ()
    parts: int = 1
    split: tuple[str, str] = ("", "")
    entries: bool = field(default=False)  # a live page: subheads begin entries
    fitted: bool = False  # rules were made for its pages, so none is held out


LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"$TITLE","datePublished":"$DATET08:00:00Z","articleSection":"$SECTION",'
    '"author":{"@type":"Person","name":"$AUTHOR"},"publisher":{"name":"Tessel Post"}}</script>'
)
COOKIES = (
    '<div id="onetrust-banner-sdk" role="dialog" aria-label="Privacy"><p>We and our 812 partners '
    "store and access information on a device, such as unique identifiers in cookies, to process "
    "personal data. You may accept or manage your choices, including your right to object.</p>"
    "<button>Accept all</button><button>Manage</button></div>"
)
CMP = (
    '<section class="cmp-overlay fc-consent-root"><h2>Your privacy matters</h2><p>This site uses '
    "cookies to offer you a better browsing experience, analyse site traffic and serve targeted "
    "advertisements. Read about how we use them in our policy.</p><a href=/p>Policy</a>"
    "<button>OK</button></section>"
)
NAV = (
    '<header class="site-header"><a href="/">Tessel Post</a><nav><ul><li><a href="/t">Town</a></li>'
    '<li><a href="/c">Courts</a></li><li><a href="/n">Nature</a></li><li><a href="/s">Sport</a>'
    '</li></ul></nav><form action="/search"><input name=q><button>Search</button></form></header>'
)
FOOT = (
    '<footer class="site-footer"><p>Tessel Post is published by the Norby Press company, which is '
    "bound by the code of the press council. Complaints go to the editor.</p><ul><li>"
    '<a href="/a">About us</a></li><li><a href="/p">Privacy</a></li></ul><p>© 2025 Norby Press. '
    "All rights reserved.</p></footer>"
)
RELATED = (
    '<h3>Related stories</h3><ul><li><a href="/1">Ferry to Vik stops for a month while its engine '
    'is mended</a></li><li><a href="/2">Norby wins the cup after extra time</a></li><li>'
    '<a href="/3">The last lamplighter retires at seventy-nine</a></li></ul>'
)
CARDS = "".join(
    f'<article class="card"><a href="/{n}"><img src="{n}.jpg" alt=""><h3>{title}</h3></a>'
    f"<p>{summary}</p><time>2 hours ago</time></article>"
    for n, title, summary in (
        (1, "Ferry to Vik stops for a month", "The engine is older than its captain, and the yard "
         "that built it has closed. Passengers are to take the bus."),
        (2, "Norby wins the cup", "A goal in the last minute of extra time ended a wait of "
         "twenty-two years for the club from the north."),
        (3, "The last lamplighter retires", "He lit the lamps of the old town for fifty-one years "
         "and says that he will miss the cats."),
    )
)  # fmt: skip
COMMENTS = (
    '<h3>3 comments</h3><ol><li class="comment"><b>Grumpy</b> <time>1 hour ago</time><p>I have '
    "never read such nonsense in my life, and I have read this paper for forty years.</p></li>"
    '<li class="comment"><b>Herring fan</b><p>Well written, thank you. My grandfather would have '
    "agreed with every word of it.</p><a href=#>Reply</a></li></ol><form><textarea></textarea>"
    "<button>Post comment</button></form>"
)
SHARE = (
    '<ul class="share"><li><a href="https://facebook.example/s">Share on Facebook</a></li>'
    '<li><a href="https://x.example/s">Tweet</a></li><li><a href="mailto:?">Email</a></li></ul>'
)
TAGS = '<div class="tags">Tags: <a href="/t1">Tessel</a>, <a href="/t2">Council</a></div>'
SIGNUP = (
    "<h4>Get the morning letter</h4><p>Our editors’ choice of the best stories of the day, in your "
    'inbox at six every morning.</p><form><input type="email"><button>Sign up</button></form>'
)
BIO = (
    "$AUTHOR has reported for the Tessel Post since 2014 and has won the prize of the Norby "
    'association of journalists twice. <a href="/u">More by $AUTHOR</a>'
)
