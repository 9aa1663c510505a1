"""Publishing systems for blogs and newsletters."""

from __future__ import annotations

from tests.support.newspages.pieces import BIO, CARDS, COMMENTS, LD, NAV, RELATED, System

GHOST = System(
    "ghost",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title>{LD}</head><body
class="post-template"><div class="gh-viewport">{NAV}<main class="gh-main"><article
class="gh-article post"><header class="gh-article-header gh-canvas"><a class="gh-article-tag"
href="/t">$SECTION</a><h1 class="gh-article-title is-title">$TITLE</h1><div class="gh-article-meta">
<div class="gh-article-author-image"><a href="/au"></a></div><h4 class="gh-article-author-name">
<a href="/au">$AUTHOR</a></h4><div class="gh-article-meta-content"><time>$DATE</time><span
class="gh-article-meta-length">— 4 min read</span></div></div></header><section
class="gh-content gh-canvas">$BODY</section></article><div class="gh-comments gh-canvas">{COMMENTS}
</div></main><section class="gh-container is-grid"><h2 class="gh-container-title">Read more</h2>
<div class="gh-feed">{CARDS}</div></section><footer class="gh-footer gh-outer"><section
class="gh-footer-signup"><h2>Subscribe to Tessel Post</h2><p>Do not miss the latest stories.
Sign up now to get access to the library of members-only issues.</p></section></footer></div>
</body></html>""",
    h='<h2 id="a-heading">{}</h2>',
    quote='<blockquote class="kg-blockquote-alt">{}</blockquote>',
    caption='<figure class="kg-card kg-image-card kg-card-hascaption"><img class="kg-image" '
    'src=a.jpg><figcaption><span style="white-space: pre-wrap;">{}</span></figcaption></figure>',
    ads=(
        '<div class="kg-card kg-cta-card"><div><p>Tessel Post lives by its readers.</p></div>'
        '<a href="#/portal/signup" class="kg-cta-button">Become a member</a></div>',
        '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/b"><div '
        'class="kg-bookmark-content"><div class="kg-bookmark-title">Norby wins the cup</div><div '
        'class="kg-bookmark-description">A goal in the last minute of extra time ended a wait of '
        "twenty-two years for the club.</div></div></a></figure>",
    ),
)

BLOGGER = System(
    "blogger",
    f"""<html dir='ltr' xmlns='http://www.w3.org/1999/xhtml'><head><title>Tessel Notes: $TITLE</title>
</head><body class='loading'><div class='navbar section' id='navbar'></div><div class='content'>
<div class='header-inner'><h1 class='title'><a href='/'>Tessel Notes</a></h1><p class='description'>
<span>Notes from a small harbour in the north, since 2007</span></p></div><div class='main-inner'><div
class='blog-posts hfeed'><div class='date-outer'><h2 class='date-header'><span>$DATE</span></h2><div
class='post hentry uncustomized-post-template'><h3 class='post-title entry-title'>$TITLE</h3><div
class='post-header'></div><div class='post-body entry-content' id='post-body-1'>$BODY<div
style='clear: both;'></div></div><div class='post-footer'><span class='post-author vcard'>Posted by
<span class='fn'>$AUTHOR</span></span> at <a href='/p'>08:00</a><div class='post-share-buttons'><a
href='/e'>Email This</a><a href='/b'>BlogThis!</a></div><span class='post-labels'>Labels: <a
href='/l'>$SECTION</a></span></div></div><div class='comments' id='comments'>{COMMENTS}</div></div>
<div class='blog-pager'><a href='/n'>Newer Post</a><a href='/'>Home</a></div></div></div><div
class='column-right-outer'><div class='widget BlogArchive'><h2>Blog Archive</h2>{RELATED}</div><div
class='widget Profile'><h2>About Me</h2><p>I was born in the harbour and have not left it for longer
than a fortnight. I write about boats.</p></div></div></div></body></html>""",
    p="{}<br /><br />",
    h="<b>{}</b><br /><br />",
    quote="<blockquote class='tr_bq'>{}</blockquote>",
    caption="<table class='tr-caption-container' align='center'><tbody><tr><td><a href='/i'><img "
    "src='a.jpg'/></a></td></tr><tr><td class='tr-caption'>{}</td></tr></tbody></table>",
)

SUBSTACK = System(
    "substack",
    f"""<!doctype html><html lang="en"><head><title>$TITLE - by $AUTHOR</title>{LD}</head><body>
<div id="entry"><div id="main">{NAV}<div class="single-post-container"><div class="container"><div
class="single-post"><article class="typography newsletter-post post"><div class="post-header"
role="region"><h1 class="post-title published">$TITLE</h1><h3 class="subtitle"></h3><div
class="byline-wrapper"><a href="/@au">$AUTHOR</a><div class="meta">$DATE</div></div><div
class="post-ufi"><button>42</button><button>Share</button></div></div><div><div
class="available-content"><div dir="auto" class="body markup">$BODY</div></div><div
class="visibility-check"></div></div></article></div></div><div class="comments-section"><h4>Discussion
about this post</h4>{COMMENTS}</div><div class="portable-archive"><h4>Top posts</h4>{CARDS}</div>
</div></div></div><div class="footer-wrap"><p>© 2025 $AUTHOR</p><a href="/p">Privacy</a></div></body>
</html>""",
    p="<p><span>{}</span></p>",
    h='<h3 class="header-anchor-post">{}<div class="header-anchor-parent"><div class="header-anchor">'
    "</div></div></h3>",
    li="<li><p>{}</p></li>",
    caption='<div class="captioned-image-container"><figure><a class="image-link"><img src=a.jpg></a>'
    '<figcaption class="image-caption">{}</figcaption></figure></div>',
    quote='<div class="pullquote"><p>{}</p></div>',
    ads=(
        '<div class="subscription-widget-wrap-editor"><div class="subscription-widget show-subscribe">'
        '<div class="preamble"><p class="cta-caption">Tessel Post is supported by its readers. To '
        "receive new posts and support my work, consider becoming a subscriber.</p></div><form><input "
        'type="email"><button>Subscribe</button></form></div></div>',
        '<p class="button-wrapper"><a class="button primary" href="/share"><span>Share</span></a></p>',
    ),
)

MEDIUM = System(
    "medium",
    f"""<!doctype html><html lang="en"><head><title>$TITLE | by $AUTHOR | Medium</title>{LD}</head>
<body><div id="root"><div class="a b c"><div class="l k"><a href="/">Open in app</a><a href="/si">Sign
up</a></div><article><div class="l"><section><div><div class="fr fs ft"><div class="ab cb"><div
class="ci bh"><h1 class="pw-post-title gp gq">$TITLE</h1><div class="speechify-ignore ab cp"><a
href="/@a">$AUTHOR</a><a href="/f">Follow</a><span>4 min read</span><span>·</span><span>$DATE</span>
<button>Listen</button><button>Share</button></div>$BODY</div></div></div></div></section></div>
</article><div class="ab q"><a href="/tag/1">$SECTION</a><a href="/tag/2">Islands</a></div><div
class="l"><h2>Written by $AUTHOR</h2><p>{BIO}</p><span>1.2K Followers</span></div><div
class="m n"><h2>Recommended from Medium</h2>{CARDS}</div></div></div></body></html>""",
    p='<p id="3f2a" class="pw-post-body-paragraph mj mk ml" data-selectable-paragraph>{}</p>',
    h='<h1 id="77aa" class="nh ni gu">{}</h1>',
    ul='<ul class="">{}</ul>',
    quote='<blockquote class="ob oc"><p>{}</p></blockquote>',
    caption='<figure class="ny nz"><div role="button"><picture><img src=a.jpg></picture></div>'
    '<figcaption class="ot ou" data-selectable-paragraph>{}</figcaption></figure>',
    ads=('<div class="nm nn"><a href="/other"><div><h2>Norby wins the cup after extra time</h2><div>'
         "<h3>A wait of twenty-two years is over</h3></div><div><p>medium.example</p></div></div></a></div>",),
)  # fmt: skip
