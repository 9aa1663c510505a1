"""A page whose prose is not all in the text of its article: 35 words stand beside it."""

from __future__ import annotations

PAGE = """<!doctype html><html lang=en><head><title>Fish market to close</title></head><body><div>
<div><article><h1>Fish market to close</h1><p>The harbour board of Tessel voted on Monday to close
the old fish market by the end of the year, after months of argument about its roof.</p><p>The
repair costs <del>90,000</del> <ins>900,000</ins> crowns, and nobody had budgeted for it in the
spring.</p><div class=newsletter><p>The best of our stories.</p><form><input type=email><button>Sign
up</button></form></div><p>Traders who have rented stalls there since the flood said they would go
to court.</p></article>
</div><div class=more-zone><p>The second part says that the court meets on 9 May, and that the judge
is from Norby.</p><p>The third part says that nineteen people lose their work, all but two of them
for good.</p></div></div></body></html>"""
