"""Publishing systems of newspapers."""

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
    SIGNUP,
    TAGS,
    System,
)

ARC = System(
    "arc-xp",
    f"""<!doctype html><html lang="en"><head><title>$TITLE – Tessel Post</title>{LD}
<meta property="og:site_name" content="Tessel Post"></head><body><div id="fusion-app">{NAV}<main
class="b-right-rail__main"><div class="b-headline"><h1>$TITLE</h1></div><div class="b-byline">By <a
href="/au">$AUTHOR</a></div><div class="b-date">$DATE at 8:00 a.m. EST</div><div class="b-share">
{SHARE}</div><div class="b-lead-art"></div><article class="b-article-body article-body-wrapper">$BODY
</article><div class="b-author-bio"><p>{BIO}</p></div><div class="b-results-list">{CARDS}</div>
<div class="taboola" id="taboola-below"><div class="trc_rbox"><span>You May Like</span><a href="/z">
The one trick that dentists fear</a><a href="/y">Eleven houses you will not believe</a></div></div>
</main></div>{FOOT}<script>window.Fusion={{"body":"$BODY is not here"}}</script></body></html>""",
    p='<p class="b-article-body__text" data-el="text">{}</p>',
    h='<h2 class="b-article-body__heading">{}</h2>',
    caption='<figure class="c-image"><picture><img src=a.jpg></picture><figcaption class="c-caption">'
    '<span class="a-caption">{}</span></figcaption></figure>',
    ads=(
        '<div class="b-ads-block"><div class="c-ad-label">ADVERTISEMENT</div><div id="ad1"></div></div>',
        '<div class="b-interstitial-link"><a href="/8">Related: The last lamplighter retires at '
        "seventy-nine</a></div>",
        '<div class="b-newsletter" data-testid="promo"><h3>Evening letter</h3><p>All that mattered '
        'today, in five minutes.</p><input type="email"><button>Join</button></div>',
    ),
)

CHORUS = System(
    "chorus",
    f"""<!doctype html><html lang="en"><head><title>$TITLE - Tessel Post</title>{LD}</head><body
class="entry_template_standard">{NAV}<section class="l-main-content"><article class="l-segment"><div
class="c-entry-hero"><div class="c-entry-group-labels"><a href="/g">$SECTION</a></div><h1
class="c-page-title">$TITLE</h1><div class="c-byline">By <span class="c-byline__item"><a href="/au">
<span class="c-byline__author-name">$AUTHOR</span></a><span class="c-byline__twitter-handle">@author
</span></span> <time class="c-byline__item">$DATE, 8:00am EDT</time></div><div class="c-social-buttons">
{SHARE}</div></div><div class="l-article-body-segment"><div class="c-entry-content">$BODY</div>
<div class="c-entry-stat--comments"><a href="#c">3 Comments</a></div></div></article><section
class="c-nextclick"><h3>Next Up In $SECTION</h3>{RELATED}</section></section><section class="c-recirc">
{CARDS}</section>{FOOT}{CMP}</body></html>""",
    p='<p id="x1a2b3">{}</p>',
    caption='<figure class="e-image"><span class="e-image__inner"><img src=a.jpg></span><span '
    'class="e-image__meta"><figcaption>{}</figcaption></span></figure>',
    quote='<aside id="pq1"><q class="right">We repeat a line</q></aside><blockquote>{}</blockquote>',
    ads=(
        '<div class="c-float-left c-float-hang"><aside class="c-read-more"><h4>Related</h4><ul><li>'
        '<a href="/1">Ferry to Vik stops for a month</a></li></ul></aside></div>',
        '<div class="c-newsletter_signup_box"><span class="c-newsletter__name">The Quay</span><p>'
        'A letter about the sea.</p><form><input type="email"><button>Subscribe</button><p>By '
        "submitting your email, you agree to our terms and privacy notice.</p></form></div>",
    ),
)

BRIGHTSPOT = System(
    "brightspot",
    f"""<!doctype html><html class="Page" lang="en"><head><title>$TITLE</title>{LD}</head><body
class="Page-body">{NAV}<div class="ArticlePage"><main class="ArticlePage-main"><div
class="ArticlePage-breadcrumbs"><a href="/x">$SECTION</a></div><h1 class="ArticlePage-headline">$TITLE
</h1><div class="ArticlePage-byline"><div class="ArticlePage-authors">By <a href="/au">$AUTHOR</a></div>
<div class="ArticlePage-datePublished">Published $DATE at 8:00 AM</div></div><div
class="ActionBar">{SHARE}</div><div class="ArticlePage-articleBody"><div class="RichTextArticleBody
RichTextBody">$BODY</div></div><div class="ArticlePage-tags">{TAGS}</div><div class="AuthorBlocks"><div
class="AuthorBlock"><div class="AuthorBlock-bio">{BIO}</div></div></div></main><aside
class="ArticlePage-aside"><div class="ListTrending"><h2>Most popular</h2>{RELATED}</div></aside></div>
{FOOT}{COOKIES}</body></html>""",
    caption='<div class="Enhancement" data-align-center><div class="Enhancement-item"><figure '
    'class="Figure"><img src=a.jpg><div class="Figure-content"><figcaption class="Figure-caption">{}'
    '</figcaption><div class="Figure-credit">Norby Press Photo</div></div></figure></div></div>',
    quote='<div class="Quote"><blockquote>{}</blockquote></div>',
    ads=(
        '<div class="Enhancement" data-align-left><div class="Enhancement-item"><div class="PromoB"><div '
        'class="PromoB-title"><a href="/1">Ferry to Vik stops for a month</a></div><div class='
        '"PromoB-description">The engine is older than its captain, and the yard has closed.</div>'
        "</div></div></div>",
        '<div class="GoogleDfpAd-wrapper"><div class="GoogleDfpAd-label">Sponsor Message</div></div>',
    ),
)

ESCENIC = System(
    "escenic",
    f"""<!doctype html><html lang="no"><head><title>$TITLE - Tessel Post</title>{LD}</head><body>
{NAV}<div id="pageContainer"><div class="columnA"><div class="story" itemscope
itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">$TITLE</h1><div class="bylineSocial">
<p class="byline">By <span itemprop="author">$AUTHOR</span></p><p class="publishedDate">Last updated at
8:00AM, $DATE</p>{SHARE}</div><div class="storyContent" itemprop="articleBody">$BODY</div><div
class="relatedContent">{RELATED}</div><div class="outbrain">{CARDS}</div></div><div
class="commentsSection">{COMMENTS}</div></div><div class="columnB"><div class="mostPopular"><h4>Most
viewed</h4><ol><li><a href="/1">Ferry to Vik stops</a></li></ol></div></div></div>{FOOT}{CMP}</body>
</html>""",
    h='<h3 class="crosshead">{}</h3>',
    caption='<div class="imageContainer"><img src=a.jpg><div class="caption">{}</div></div>',
    ads=(
        '<div class="advert mpu"><span>Advertisement</span></div>',
        '<div class="inlineRelated"><h5>Related Articles</h5><ul><li><a href="/3">The last lamplighter '
        "retires</a> <span>12 May</span></li><li><a href=/2>Norby wins the cup</a></li></ul></div>",
    ),
    parts=3,
    split=('<div class="firstPar articleBody__part">', "</div>"),
)

LIVE = System(
    "live",
    f"""<!doctype html><html lang="en"><head><title>$TITLE: live</title><script
type="application/ld+json">{{"@type":"LiveBlogPosting","headline":"$TITLE","datePublished":"$DATE",
"author":[{{"name":"$AUTHOR"}}],"articleSection":"$SECTION"}}</script></head><body>{NAV}<main><div
class="live-header"><h1>$TITLE</h1><p class="byline">$AUTHOR</p><button>Turn on alerts</button></div>
<div class="live-feed">$BODY</div><button>Load more updates</button></main><aside
class="onward">{CARDS}</aside>{FOOT}{COOKIES}</body></html>""",
    h="<h2>{}</h2>",
    caption="<figure><img src=a.jpg><figcaption>{}</figcaption></figure>",
    split=(
        '<article class="block" id="b7" itemprop="liveBlogUpdate"><p class="block-time"><a href="#b7">'
        "<time>08.15 GMT</time></a></p>",
        '<div class="block-share"><a href="https://x.example/s">Share</a></div></article>',
    ),
    entries=True,
)

NEXT = System(
    "next",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title><meta property="og:site_name"
content="Tessel Post"><meta property="article:published_time" content="$DATET08:00:00.000Z"></head>
<body><div id="__next"><div class="sc-1kx9 fPzRrJ">{NAV}</div><div class="sc-8f2a kTgWqy"><div
class="sc-71aa hYdMsc"><div class="sc-aa1 e1"><h1 class="sc-b2 xYz">$TITLE</h1><div class="sc-c3">
<span>$AUTHOR</span><span>$DATE</span><span>3 min</span></div></div><div class="sc-d4 jKl">$BODY</div>
<div class="sc-e5"><span>Topics</span><a href="/t">$SECTION</a></div></div><div class="sc-f6 mNo"><h3>More
from Tessel Post</h3>{CARDS}</div></div>{FOOT}</div><script id="__NEXT_DATA__"
type="application/json">{{"props":{{"title":"$TITLE"}}}}</script></body></html>""",
    p='<div class="sc-g7 pQr"><p class="sc-h8 sTu">{}</p></div>',
    h='<div class="sc-g7 pQr"><h3 class="sc-i9">{}</h3></div>',
    li='<li class="sc-j0"><span>{}</span></li>',
    quote='<div class="sc-k1"><blockquote class="sc-l2">{}</blockquote></div>',
    caption='<div class="sc-m3"><figure><span><img src=a.jpg></span><figcaption class="sc-n4">{}'
    "</figcaption></figure></div>",
    ads=(
        '<div class="sc-ad0"><div class="sc-ad1">Advertisement</div></div>',
        '<div class="sc-q9"><div class="sc-q8">Read next</div><a class="sc-q7" href="/2">Norby wins the '
        "cup after extra time</a></div>",
        '<div class="sc-z1"><h4>Letters</h4><p class="sc-z2">The week in Tessel, every Friday.</p><form>'
        "<input><button>Send it to me</button></form></div>",
    ),
)

AMP = System(
    "amp",
    f"""<!doctype html><html ⚡ lang="en"><head><title>$TITLE</title>{LD}</head><body><amp-consent
id="consent" layout="nodisplay"><div id="consent-ui"><p>We use cookies to measure how our pages are read
and to show you advertisements that suit you, together with our partners.</p><button>Accept</button>
</div></amp-consent><amp-sidebar id="sb" layout="nodisplay"><ul><li><a href="/t">Town</a></li></ul>
</amp-sidebar>{NAV}<article class="amp-wp-article"><header class="amp-wp-article-header"><h1
class="amp-wp-title">$TITLE</h1><div class="amp-wp-meta amp-wp-byline"><span>$AUTHOR</span></div><div
class="amp-wp-meta amp-wp-posted-on"><time>$DATE</time></div></header><div
class="amp-wp-article-content">$BODY</div><footer class="amp-wp-article-footer"><div
class="amp-wp-meta amp-wp-tax-category">Categories: <a href="/x">$SECTION</a></div><div
class="amp-wp-meta amp-wp-comments-link"><a href="/c">Leave a Comment</a></div></footer></article>
<footer class="amp-wp-footer"><p>Tessel Post</p><a href="#top">Back to top</a></footer></body></html>""",
    caption="<figure><amp-img src=a.jpg width=9 height=9></amp-img><figcaption>{}</figcaption></figure>",
    ads=(
        '<amp-ad type="x" width=300 height=250><div placeholder>Advertisement</div></amp-ad>',
        '<amp-list src="/r.json"><div fallback><p>Related stories could not be loaded.</p></div></amp-list>',
    ),
)

#: A page whose class names mislead: they look like clutter, and contain prose of the article.
MISLEADING = System(
    "misleading",
    f"""<!doctype html><html lang="en"><head><title>$TITLE</title>{LD}</head><body>{NAV}
<div class="page sidebar-left has-comments"><div class="promo-template"><article class="story-card
full"><div class="metadata-top"><h1>$TITLE</h1><p class="byline">By $AUTHOR</p></div>
<div class="share-and-text">$BODY</div><div class="related">{RELATED}</div></article></div>
<aside class="rail">{CARDS}</aside></div>{FOOT}</body></html>""",
    caption='<figure class="banner"><img src=a.jpg><figcaption>{}</figcaption></figure>',
    ads=(f'<div class="newsletter-box">{SIGNUP}</div>',),
    parts=5,
    split=('<div class="teaser-content slide NEWS">', "</div>"),
)
