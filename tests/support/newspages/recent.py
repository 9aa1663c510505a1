"""Publishing systems whose pages broke earlier rules: headers, live cards, panels, components."""

from __future__ import annotations

from tests.support.newspages.pieces import CARDS, COMMENTS, FOOT, LD, NAV, RELATED, System

#: The first paragraphs are in the headline's header, the others in a box with a button.
HERO = System(
    "hero",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title>{LD}</head><body>{NAV}<main><header
class="hero"><h1><span class="kicker">$SECTION</span>$TITLE</h1><div class="lead">$BODY<div
class="tools"><button>Share</button></div></div></main><footer class="legal"><p>We use cookies on this
site to measure our audience, and we keep them for a year.</p></footer></body></html>""",
    h='</div></header><div class="content"><h2>{}</h2>',
    fitted=True,
)

#: Entries whose headings are links, with a button each.
LIVE_CARDS = System(
    "live-cards",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title>{LD}<link rel="canonical"
href="https://tessel.example/live/today"></head><body>{NAV}<main><h1>$TITLE</h1><div class="feed">$BODY
</div></main><aside class="onward">{CARDS}</aside>{FOOT}</body></html>""",
    h='<h2><a href="/live/today/7">{}</a></h2>',
    split=(
        '<article class="live-card" id="e7"><time datetime="2031-01-01">08.15</time>',
        "<div><button>Copy link</button></div></article>",
    ),
    entries=True,
    fitted=True,
)

#: Panels that a button opens, note marks that are plain links, and edit signs at headings.
PANELS = System(
    "panels",
    f"""<!doctype html><html lang="en"><head><title>$TITLE – Tessel Post</title>{LD}</head><body>{NAV}
<article><h1>$TITLE</h1><button aria-controls="part" aria-expanded="false">Read on</button>$BODY
<div class="related"><h2>Related</h2>{RELATED}</div></article><section id="comments">{COMMENTS}</section>
{FOOT}</body></html>""",
    p='<p>{}<a class="note" id="r1" href="#footnote-1">1</a></p>',
    h='<h2>{}<span class="editsection">[<a href="/e?action=edit">edit</a>]</span></h2>',
    parts=4,
    split=('<div id="part" class="panel" hidden>', "</div>"),
    fitted=True,
)

#: Elements of the page's own making, permalink signs, and soft hyphens.
COMPONENTS = System(
    "components",
    f"""<!doctype html><html lang="en"><head><title>$TITLE | Tessel Post</title><meta
property="og:site_name" content="Tessel Post"><meta property="article:published_time" content="$DATE">
</head><body><page-header>{NAV}</page-header><main><story-head><h1><span style="display:block">$TITLE
</span></h1></story-head><story-body>$BODY</story-body><page-comments><div class="comment"><meta
itemprop="datePublished" content="2031-01-01"><p>I said so, and so did my mother before me.</p></div>
</page-comments></main><page-footer>{FOOT}</page-footer></body></html>""",
    p="<story-p>{}</story-p>",
    h='<h3>{}<a class="headerlink" href="#x">¶</a></h3>',
    quote="<blockquote><story-p>{}</story-p></blockquote>",
    ads=('<teaser-card><h3><a href="/1">Ferry to Vik stops</a></h3><p>The engine is older than its '
         "captain, and the yard has closed.</p></teaser-card>",),
    fitted=True,
)  # fmt: skip
