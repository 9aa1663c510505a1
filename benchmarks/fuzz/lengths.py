"""Finds parsers that take quadratic time: ``python -m benchmarks.fuzz.lengths``.

A fuzzer rarely makes inputs that show this. So parsers read inputs that repeat one piece of text,
and then the same at twice the length; the time should double and not more.
"""

from __future__ import annotations

import contextlib
import json
import time

from benchmarks.fuzz.targets import TARGETS

#: Bytes in the first input; the second has twice as many.
LENGTH = 20_000

_ITEM = '<rss version="2.0"><channel><item><link>http://a.example/b</link>{}</item></channel></rss>'
_PAGE = "<html><body><p>A ban on software was announced on Wednesday, it said.</p>{}</body></html>"
_ENTRY = json.dumps({"text": "A {} b", "published": "2020-06-11"})
_DATED = json.dumps({"text": "A", "published": "2020-06-11T{}x"})

#: The target, the text around the repeated piece, and that piece.
SHAPES = [
    *(("feed", _ITEM, again) for again in ("<![CDATA[", "<!--", "<?", "<", "&", "<a ", "</a>")),
    *(("feed", _ITEM.format("<author>{}</author>"), again) for again in ("a", "a@", "(", "a ")),
    *(("feed", _ITEM.format("<title>{}</title>"), again) for again in ("&lt;a ", "&amp;", "a")),
    *(("feed", _ITEM.format("<pubDate>{}</pubDate>"), again) for again in ("1:", "Mon, ", " ")),
    *(("sitemap", "<urlset><url><loc>{}</loc></url></urlset>", x) for x in ("a", "&amp;", "<b/>")),
    *(("sitemap", "{}<urlset/>", again) for again in ("<!DOCTYPE [", "] ", "<?x?>", "<!---->")),
    *(("robots", "User-agent: *\nDisallow: /{}b", again) for again in ("*a", "*", "\n", "$")),
    *(("plain", "{}", again) for again in ("\n", "---\n", "title: \n", " \t", "a: b\n")),
    *(("ndjson", _ENTRY, again) for again in (" ", r"\t ", r"\n", r"\u2029", "a")),
    *(("ndjson", _DATED, again) for again in (" ", ".1", "+01:00")),
    *(("json", "{}", again) for again in ("[", '{"a":', " ", '["', "1", '["\\u00')),
    *(("questions-csv", "user_input,evidence\nx,{}", again) for again in ("[", '"', "x,\n", "-")),
    *(("html", _PAGE, x) for x in ("<p>a</p>", "<div>", "<br>a", " ", "&", "<!--", "<td>a")),
]


def main() -> None:
    """Print each shape whose time more than triples."""
    found = 0
    for name, around, again in SHAPES:
        make, allowed = TARGETS[name]
        run = make()
        taken = []
        for length in (LENGTH, 2 * LENGTH):
            data = around.replace("{}", again * (length // len(again)), 1).encode()
            began = time.process_time()
            with contextlib.suppress(*([allowed] if isinstance(allowed, type) else [])):
                run(data)
            taken.append(time.process_time() - began)
        if taken[1] > max(0.5, 3 * taken[0]):
            found += 1
            print(f"{name}, {again!r}: {taken[0]:.2f} s, {taken[1]:.2f} s", flush=True)
    print(f"{len(SHAPES)} shapes, {found} whose time grows faster than their length")


if __name__ == "__main__":
    main()
