"""Publishing systems for whole sites."""

from __future__ import annotations

from tests.support.newspages.pieces import (
    BIO,
    CARDS,
    CMP,
    COMMENTS,
    COOKIES,
    FOOT,
    LD,
    NAV,
    RELATED,
    SHARE,
    TAGS,
    System,
)

WORDPRESS_CLASSIC = System(
    "wordpress-classic",
    f"""<!doctype html><html lang="en-US"><head><meta charset="UTF-8"><title>$TITLE - Tessel Post
</title>{LD}<meta property="og:site_name" content="Tessel Post"></head><body class="post single">
{NAV}<div id="content"><div id="primary"><main><article id="post-81" class="post type-post hentry">
<header class="entry-header"><span class="cat-links"><a href="/x">$SECTION</a></span>
<h1 class="entry-title">$TITLE</h1><div class="entry-meta">Posted on <a href="#"><time
class="entry-date">$DATE</time></a> by <a href="/au" rel="author">$AUTHOR</a> | <a href="#c">3
Comments</a></div></header><div class="entry-content">$BODY
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3>{SHARE}</div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3><em>Related</em></h3><div><p><a href="/r">Ferry
to Vik stops for a month</a></p><p>In "Town"</p></div></div></div><footer class="entry-footer">
Filed under <a href="/x">$SECTION</a>. Bookmark the <a href="/pl">permalink</a>.</footer></article>
<nav class="post-navigation"><a href="/prev">← Older story</a></nav><div id="comments"
class="comments-area">{COMMENTS}</div></main></div><aside id="secondary" class="widget-area">
<section class="widget"><h2>Recent Posts</h2>{RELATED}</section></aside></div>{FOOT}{COOKIES}
</body></html>""",
    caption='<div id="attachment_9" class="wp-caption aligncenter"><img src=a.jpg>'
    '<p class="wp-caption-text">{}</p></div>',
    ads=(
        '<div class="code-block"><p>Advertisement</p><script>ads()</script></div>',
        '<p><strong>Read also: <a href="/2">Norby wins the cup after extra time</a></strong></p>',
    ),
)

WORDPRESS_BLOCK = System(
    "wordpress-block",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title>{LD}</head><body>{NAV}
<div class="wp-site-blocks"><main class="wp-block-group"><h1 class="wp-block-post-title">$TITLE</h1>
<div class="wp-block-post-author-name">$AUTHOR</div><div class="wp-block-post-date"><time>$DATE</time>
</div><div class="entry-content wp-block-post-content is-layout-constrained">$BODY
<div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link"
href="/s">Subscribe now</a></div></div></div><div class="wp-block-post-terms">{TAGS}</div>
<div class="wp-block-post-author-biography"><p>{BIO}</p></div><div class="wp-block-query">
<h2>More posts</h2>{CARDS}</div><div class="wp-block-comments">{COMMENTS}</div></main></div>
{FOOT}{CMP}</body></html>""",
    p='<p class="has-medium-font-size">{}</p>',
    h='<h2 class="wp-block-heading">{}</h2>',
    ul='<ul class="wp-block-list">{}</ul>',
    quote='<blockquote class="wp-block-quote is-layout-flow"><p>{}</p></blockquote>',
    caption='<figure class="wp-block-image size-large"><img src=a.jpg><figcaption '
    'class="wp-element-caption">{}</figcaption></figure>',
    table='<figure class="wp-block-table"><table><tbody>{}</tbody></table></figure>',
    ads=(
        '<div class="wp-block-jetpack-subscriptions"><h4>Never miss a story</h4><p>Type your '
        'email to have new stories sent to you.</p><form><input type="email"><button>Subscribe'
        "</button></form></div>",
        '<aside class="wp-block-group has-background"><p><strong>More on this</strong></p><ul><li>'
        '<a href="/5">What we know about the ferry</a></li></ul></aside>',
    ),
)

DRUPAL = System(
    "drupal",
    f"""<!doctype html><html lang="en" dir="ltr"><head><title>$TITLE | Tessel Post</title>
<meta name="dcterms.date" content="$DATE"><meta property="article:published_time" content="$DATE">
<meta property="og:site_name" content="Tessel Post"></head><body>{COOKIES}<a href="#main"
class="visually-hidden focusable">Skip to main content</a>{NAV}<div class="layout-container"><main
role="main"><div class="region region-content"><div class="block block-page-title"><h1
class="page-header"><span>$TITLE</span></h1></div><article role="article" class="node node--type-article
node--view-mode-full"><footer class="node__meta"><div class="node__submitted">Submitted by <span>$AUTHOR
</span> on <span>$DATE</span></div></footer><div class="node__content"><div class="field
field--name-body field--type-text-with-summary">$BODY</div><div class="field field--name-field-tags">
<div class="field__label">Tags</div><div class="field__items"><a href="/t">Council</a></div></div>
<ul class="links inline"><li><a href="/l">Log in</a> to post comments</li></ul></div></article>
<section id="comments">{COMMENTS}</section></div></main><aside class="region-sidebar-second">
{RELATED}</aside></div>{FOOT}</body></html>""",
    p='<p class="text-align-justify">{}</p>',
    caption='<article class="media media--type-image"><div class="field field--name-field-media-image">'
    '<img src=a.jpg></div><div class="field field--name-field-caption"><p>{}</p></div></article>',
    ads=('<div class="block-views"><h2>Most read</h2><ol><li><a href="/7">Ferry to Vik stops for a '
         "month while its engine is mended</a></li></ol></div>",),
)  # fmt: skip

AEM = System(
    "aem",
    f"""<!doctype html><html lang="en-GB"><head><title>$TITLE</title><meta
property="article:published_time" content="$DATET09:00:00.000Z"><meta name="author" content="$AUTHOR">
</head><body class="page basicpage">{COOKIES}<div class="root responsivegrid"><div
class="experiencefragment">{NAV}</div><div class="aem-Grid"><div class="title"><div class="cmp-title">
<h1 class="cmp-title__text">$TITLE</h1></div></div><div class="byline"><p>$AUTHOR, $DATE</p></div>$BODY
<div class="teaser"><div class="cmp-teaser"><h3 class="cmp-teaser__title"><a href="/1">Ferry to Vik
stops</a></h3><div class="cmp-teaser__description"><p>The engine is older than its captain.</p></div>
<a class="cmp-teaser__action-link" href="/1">Read more</a></div></div><div class="list"><ul
class="cmp-list"><li><a href="/3">The last lamplighter retires at seventy-nine</a></li></ul></div></div>
<div class="experiencefragment">{FOOT}</div></div></body></html>""",
    p='<div class="text parbase section"><div class="cmp-text"><p>{}</p></div></div>',
    h='<div class="title"><div class="cmp-title"><h2 class="cmp-title__text">{}</h2></div></div>',
    ul='<div class="text"><div class="cmp-text"><ul>{}</ul></div></div>',
    quote='<div class="text"><div class="cmp-text"><blockquote>{}</blockquote></div></div>',
    caption='<div class="image"><div class="cmp-image"><img src=a.jpg><span '
    'class="cmp-image__title">{}</span></div></div>',
    table='<div class="text"><div class="cmp-text"><table>{}</table></div></div>',
)

SQUARESPACE = System(
    "squarespace",
    f"""<!doctype html><html lang="en-US"><head><title>$TITLE — Tessel Post</title><meta
property="og:site_name" content="Tessel Post"><meta itemprop="datePublished" content="$DATET08:00:00+0000">
</head><body>{NAV}<main id="page"><article class="sections"><section class="page-section"><div
class="content-wrapper"><div class="blog-item-wrapper"><article class="entry hentry"><div
class="blog-item-top-wrapper"><div class="blog-meta-section"><a href="/x">$SECTION</a> <time
class="dt-published">$DATE</time> Written By <span class="blog-author-name">$AUTHOR</span></div><h1
class="entry-title">$TITLE</h1></div><div class="blog-item-content-wrapper"><div class="blog-item-content
e-content">$BODY</div></div><div class="blog-item-author-profile-wrapper"><p>{BIO}</p></div></article>
</div></div></section><section class="item-pagination"><a href="/p">Previous <h2>Ferry to Vik stops for
a month</h2></a><a href="/n">Next <h2>Norby wins the cup</h2></a></section></article></main>{FOOT}
</body></html>""",
    p='<p class="sqsrte-small" style="white-space:pre-wrap;">{}</p>',
    caption='<figure class="sqs-block-image-figure"><img src=a.jpg><figcaption '
    'class="image-caption-wrapper"><div class="image-caption"><p>{}</p></div></figcaption></figure>',
    quote='<figure class="block-animation-none"><blockquote><span>“</span>{}<span>”</span></blockquote>'
    "</figure>",
    ads=('<div class="sqs-block newsletter-block"><div class="newsletter-form-header"><h2>Subscribe</h2>'
         "<p>Sign up with your email address to receive news and updates.</p></div><form><input>"
         "<button>Sign Up</button><p>We respect your privacy.</p></form></div>",),
    parts=3,
    split=(
        '<div class="sqs-block html-block sqs-block-html"><div class="sqs-block-content">',
        "</div></div>",
    ),
)  # fmt: skip

WIX = System(
    "wix",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title><meta property="og:site_name"
content="Tessel Post"><meta property="article:published_time" content="$DATET08:00:00Z"></head><body>
<div id="SITE_CONTAINER"><div id="site-root"><header id="SITE_HEADER">{NAV}</header><main
id="PAGES_CONTAINER"><div data-hook="post-page"><article class="blog-post-page-font"><div><ul
class="qwQ"><li data-hook="user-name">$AUTHOR</li><li>$DATE</li><li>3 min read</li></ul><h1
data-hook="post-title"><span class="blog-post-title-font">$TITLE</span></h1></div><section><div
data-rce-version="9"><div data-id="content-viewer"><div>$BODY</div></div></div></section><div
data-hook="post-footer"><div>12 views</div><div>0 comments</div></div></article><div
data-hook="recent-posts"><h2>Recent Posts</h2><a href="/all">See All</a>{CARDS}</div></div></main>
<footer id="SITE_FOOTER"><p class="font_8"><span>info@tessel.example, +00 123 456. The office is in the
old customs house and is open from nine to four.</span></p></footer></div></div></body></html>""",
    p='<p class="_1mEst font_8" dir="auto" id="viewer-a1"><span class="x9"><span><span>{}</span></span>'
    "</span></p>",
    h='<h3 id="viewer-b2" dir="auto"><span class="x9"><strong>{}</strong></span></h3>',
    li='<li dir="auto"><p class="_1mEst" id="viewer-c"><span>{}</span></p></li>',
    quote='<blockquote id="viewer-q"><div><span>{}</span></div></blockquote>',
    caption='<div id="viewer-i"><figure data-hook="figure-IMAGE"><div><img src=a.jpg></div><figcaption>'
    '<span dir="auto">{}</span></figcaption></figure></div>',
    table='<div data-hook="TableComponent"><table>{}</table></div>',
    ads=('<div data-hook="button" id="viewer-x"><a href="/shop"><span>Visit the shop</span></a></div>',),
)  # fmt: skip

TABLES = System(
    "tables",
    """<HTML><HEAD><TITLE>Tessel Post Online: $TITLE</TITLE></HEAD><BODY BGCOLOR=#ffffff><TABLE WIDTH=780
BORDER=0><TR><TD COLSPAN=3><A HREF=/><IMG SRC=logo.gif></A> <A HREF=/t>Town</A> | <A HREF=/c>Courts</A> |
<A HREF=/s>Sport</A></TD></TR><TR><TD WIDTH=140 VALIGN=top><FONT SIZE=1><A HREF=/1>Ferry to Vik stops for
a month</A><BR><A HREF=/2>Norby wins the cup</A><BR><A HREF=/3>The last lamplighter retires</A><BR></FONT>
</TD><TD WIDTH=460 VALIGN=top><FONT SIZE=5><B>$TITLE</B></FONT><BR><FONT SIZE=2>By $AUTHOR, $DATE</FONT>
<FONT FACE=Times>$BODY</FONT><HR><FONT SIZE=1><A HREF=/m>Mail this story</A> <A HREF=/pr>Print it</A></FONT>
</TD><TD WIDTH=180 VALIGN=top><TABLE BGCOLOR=#eeeeee><TR><TD><B>Weather</B><BR>Rain, 7 degrees</TD></TR>
</TABLE></TD></TR><TR><TD COLSPAN=3 ALIGN=center><FONT SIZE=1>Copyright Tessel Post</FONT></TD></TR>
</TABLE></BODY></HTML>""",
    p="<P>{}",
    h="<P><B>{}</B>",
    ul="<UL>{}</UL>",
    quote="<BLOCKQUOTE>{}</BLOCKQUOTE>",
    caption="<TABLE ALIGN=right WIDTH=200><TR><TD><IMG SRC=a.jpg></TD></TR><TR><TD><FONT SIZE=1>{}"
    "</FONT></TD></TR></TABLE>",
    table="<TABLE BORDER=1>{}</TABLE>",
)
