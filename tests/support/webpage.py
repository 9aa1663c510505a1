"""A web page with an article, and with the usual things around it."""

from __future__ import annotations

LONG = (
    "The company banned police use of its software for a year. It did not say why. "
    "Officials in three cities said that they would wait for new rules before they buy again."
)
PAGE = f"""<!doctype html><html lang="en"><head>
<title>Ban on software | Site News</title>
<meta charset="utf-8"><meta property="og:site_name" content="Site News">
<link rel="canonical" href="https://www.site.example/ban?x=1">
<script type="application/ld+json">
{{"@context": "https://schema.org", "@graph": [{{"@type": "WebPage", "name": "Nothing"}},
{{"@type": "NewsArticle", "headline": "Ban on “software”", "articleSection": ["Business", "Tech"],
"datePublished": "2020-06-11T23:00:00-04:00", "dateModified": "2020-06-12T01:00:00Z",
"author": [{{"@type": "Person", "name": "Matt O’Brien"}}, {{"name": "Ann Lee"}}]}}]}}
</script></head><body>
<nav><a href="/">Home</a> <a href="/world">World news menu</a></nav>
<article><h1>Ban on “software”</h1><p>{LONG}</p><h2>Why it matters</h2>
<p>A second paragraph has <b>bold</b> words, a <a href="/q">link</a>, &amp; “quotes”. {LONG}</p>
<ul><li>One item is a sentence.</li><li>Another item is one, too.</li></ul>
<table><tr><td>Revenue</td><td>$5m</td></tr></table>
<script>var hidden = "script text";</script></article>
<div class="comments" id="comments"><p>I hate this comment very much.</p></div>
<footer>© 2020 Site. All rights reserved.</footer></body></html>"""
