"""What a site loads: its size, its caching, and who may frame it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pullquote.messages import KEYS, filled
from pullquote.serve.widget import FIRST, SECOND, asset
from tests.support.node import needs_node, run
from tests.support.places import ROOT

STATIC = ROOT / "src" / "pullquote" / "serve" / "static"
WIDGET = STATIC / FIRST
MORE = STATIC / SECOND
LANGUAGES = sorted((STATIC / "widget").glob("*.json"))

Serve = Callable[..., TestClient]


def test_a_page_loads_eight_kilobytes_and_an_opened_panel_six_more() -> None:
    assert len(asset(FIRST).compressed) <= 8 * 1024
    assert len(asset(SECOND).compressed) <= 6 * 1024


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_the_widget_is_sent_without_its_comments_and_its_indents(name: str) -> None:
    sent = asset(name).content.decode().splitlines()
    text = (STATIC / name).read_text(encoding="utf-8").replace("{more}", asset(SECOND).digest)
    whole = [re.sub(r"(^|\s)// .*", "", line).strip() for line in text.splitlines()]
    assert sent == [line for line in whole if line]


def test_the_first_file_asks_for_the_second_by_its_digest(serve: Serve) -> None:
    address = re.search(r"widget/more\.js\?v=\w+", serve().get("/widget.js").text)
    assert address is not None
    second = serve().get(f"/{address.group()}")
    assert second.content == asset(SECOND).content
    assert second.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    # A module is fetched with CORS.
    assert second.headers["Access-Control-Allow-Origin"] == "*"
    assert second.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("file", [WIDGET, MORE])
def test_the_widget_parses_no_markup_and_stores_nothing(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    forbidden += r"|localStorage|sessionStorage|indexedDB|\.cookie\b|DOMParser|setHTML|srcdoc"
    assert re.findall(forbidden, text) == []
    assert set(re.findall(r"https?://[\w.-]+", text)) <= {
        "https://wicg.github.io",
        "http://www.w3.org",
    }


def test_the_widget_is_kept_for_ever_by_its_digest_and_an_hour_by_its_name(serve: Serve) -> None:
    client = serve()
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    sent = asset("widget.js").content
    digest = sha256(sent).hexdigest()[:16]
    assert plain.content == sent
    assert plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert plain.headers["ETag"] == f'"{digest}"'
    assert plain.headers["Cache-Control"].startswith("public, max-age=3600")
    packed = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == sent
    for_ever = client.get(f"/widget.js?v={digest}").headers["Cache-Control"]
    assert for_ever == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/widget.js?v=0").headers["Cache-Control"]
    unchanged = client.get("/widget.js", headers={"If-None-Match": f'"{digest}"'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_embed_may_be_framed_by_the_listed_sites_alone(serve: Serve) -> None:
    policy = serve().get("/embed").headers["Content-Security-Policy"]
    assert policy.rpartition("; ")[2] == "frame-ancestors 'self'"
    client = serve(origins=("https://post.example", "*.example.org"))
    headers = client.get("/embed").headers
    listed = "frame-ancestors 'self' https://post.example https://*.example.org"
    assert headers["Content-Security-Policy"].endswith(listed)
    assert "X-Frame-Options" not in headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in headers["Content-Security-Policy"]


def test_what_stands_in_the_address_of_embed_stays_text(serve: Serve) -> None:
    hostile = '"><script>alert(1)</script>'
    page = serve().get("/embed", params={"title": hostile, "onload": "alert(1)"}).text
    assert page.count("<script") == 1
    assert "onload" not in page
    assert f'data-title="{html.escape(hostile)}"' in page


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_a_language_has_every_text_of_the_widget(file: Path, serve: Serve) -> None:
    names: set[str] = set()
    for script in (WIDGET, MORE):
        english = re.search(r"const ENGLISH = \{(.*?)\n *\};", script.read_text(), re.DOTALL)
        assert english is not None
        names |= set(re.findall(r"(?:^|, |\n)\s*(\w+): \"", english.group(1)))
    assert len(names) > 30
    texts = json.loads(file.read_text(encoding="utf-8"))
    assert set(texts) == names | {"messages"}
    assert "{}" in texts["long"]
    # The other two are labels, and among the widget's own.
    assert set(texts["messages"]) == KEYS - {"closest", "understood"}
    assert all(isinstance(text, str) and text for text in texts["messages"].values())
    response = serve().get(f"/widget/{file.name}")
    assert response.json() == texts
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert f"|{file.stem}|" in f"|{'|'.join(_known())}|"


@needs_node
@pytest.mark.parametrize("file", [None, *LANGUAGES], ids=lambda file: file.stem if file else "en")
def test_a_message_is_told_by_its_key_and_else_as_it_was_sent(file: Path | None) -> None:
    line = re.search(r"const told = .*;", WIDGET.read_text(encoding="utf-8"))
    assert line is not None
    texts = json.loads(file.read_text(encoding="utf-8")) if file else {}
    names = ("title", "author", "published", "updated", "source", "url")
    values = {name: f"$& {{title}} of {name}" for name in names}
    blocks: list[dict[str, Any]] = [
        {"message": key, "text": "As sent.", "values": values} for key in sorted(KEYS)
    ]
    blocks += [{"message": key, "text": "As sent."} for key in (None, "not_found", "written_by")]
    blocks.append({"text": "As sent."})
    script = f"const t = {json.dumps(texts)}; {line.group()}"
    script += f"console.log(JSON.stringify({json.dumps(blocks)}.map(told)))"
    known = texts.get("messages", {})
    assert run(script) == [
        filled(known.get(block.get("message"), "As sent."), block.get("values", {}))
        for block in blocks
    ]


@needs_node
@pytest.mark.parametrize(("pause", "told"), [(40, "whole"), (70, "broken")])
def test_an_answer_may_take_long_but_not_be_silent_for_a_minute(pause: int, told: str) -> None:
    asking = re.search(
        r"async function fetchAnswer.*?\n  }\n", WIDGET.read_text(encoding="utf-8"), re.DOTALL
    )
    assert asking is not None
    script = f"""(async () => {{
      const t = {{ offline: "offline", broken: "broken" }}, server = "";
      const stop = new AbortController();
      const sent = [": waiting", ": waiting", ": waiting", 'data: \\ndata: {{"answer": "whole"}}'];
      let now = 0, timer = null;
      const setTimeout = (job, after) => (timer = {{ job, at: now + after }});
      const clearTimeout = (old) => {{ if (old === timer) timer = null; }};
      const read = async () => {{
        now += {pause} * 1000;
        if (timer && timer.at <= now) timer.job();
        stop.signal.throwIfAborted();
        return {{ value: sent.shift() + "\\n\\n" }};
      }};
      const body = {{ pipeThrough: () => ({{ getReader: () => ({{ read }}) }}) }};
      const fetch = async () => ({{ ok: true, body }});
      {asking.group()}
      const told = await fetchAnswer({{}}, null, stop).catch((error) => error.message);
      console.log(JSON.stringify(told));
    }})()"""
    assert run(script) == told


@needs_node
@pytest.mark.parametrize(
    ("given", "searched"),
    [
        (None, "article"),
        ("", "article"),
        ("main", "main"),
        (".story, .live", ".story, .live"),
        ("no selector!", "article"),
    ],
)
def test_the_article_is_where_the_site_says_or_in_an_article(
    given: str | None, searched: str
) -> None:
    lines = re.search(
        r"function locate.*?function articles.*?\n  }\n",
        WIDGET.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert lines is not None
    script = f"""
      const data = {json.dumps({"root": given} if given is not None else {})}, host = null;
      const querySelectorAll = (selector) => {{
        if (selector.includes("!")) throw new Error("no selector");
        return [selector];
      }};
      const document = {{ querySelectorAll, body: "body" }}, equipped = null;
      // Of a complex selector; a list is none.
      const CSS = {{ supports: (text) => !/[,!]/.test(text) }};
      let pages = null;
      {lines.group()}
      locate();
      console.log(JSON.stringify(pages.map(({{ root }}) => root)));
    """
    assert run(script) == [searched, "body"]


ADDRESSES = """
const script = { src: "/widget.js", dataset: {} }, data = script.dataset;
const own = () => document.scripts.at(-1).dataset;
let canonical = "";
const document = {
  scripts: [{ src: "/other.js", dataset: { articleUrl: "none" } }, script],
  querySelector: () => canonical && { href: canonical },
};
let location;
const go = (path) => {
  const { href, pathname, search, hash } = new URL(path, "https://post.example");
  location = { href, pathname, search, hash };
};
"""
HERE = "https://post.example"


@needs_node
@pytest.mark.parametrize(
    ("steps", "address"),
    [
        ("go('/a#top')", f"{HERE}/a"),
        ("go('/a'); own().articleUrl = 'a.txt'", "a.txt"),
        # The address of the article before is left behind.
        ("go('/a'); own().articleUrl = 'a.txt'; here(); go('/b')", f"{HERE}/b"),
        ("go('/a'); canonical = '//x/a'; here(); go('/b')", f"{HERE}/b"),
        ("go('/a'); own().articleUrl = 'a.txt'; canonical = '//x/a'; here(); go('/b')",
         f"{HERE}/b"),
        ("go('/a'); own().articleUrl = 'a.txt'; here(); go('/b'); canonical = '//x/b'", "//x/b"),
        ("go('/#/a'); own().articleUrl = 'a.txt'; here(); go('/#/b')", f"{HERE}/"),
        ("go('/?id=1'); canonical = '//x/?id=1'; here(); go('/?id=2')", f"{HERE}/?id=2"),
        # It is given anew.
        ("go('/a'); own().articleUrl = 'a.txt'; here(); go('/b'); own().articleUrl = 'b.txt'",
         "b.txt"),
        ("go('/a'); own().articleUrl = 'a.txt'; here(); go('/b'); here(); go('/a')", "a.txt"),
        ("go('/a'); own().articleUrl = 'a.txt'; here(); go('/b');"
         "document.scripts.push({ src: '/widget.js', dataset: { articleUrl: 'b.txt' } })", "b.txt"),
        # The page is still the same.
        ("go('/a'); own().articleUrl = 'a.txt'; here(); go('/a?tab=2#notes')", "a.txt"),
        ("go('/a'); canonical = '//x/a'; here(); document.scripts = []", "//x/a"),
    ],
)  # fmt: skip
def test_an_address_holds_for_the_page_that_gave_it(steps: str, address: str) -> None:
    lines = re.search(
        r"const given = .*?function here.*?\n  }\n", WIDGET.read_text(encoding="utf-8"), re.DOTALL
    )
    assert lines is not None
    assert run(f"{ADDRESSES}{lines.group()}{steps}; console.log(JSON.stringify(here()))") == address


def _known() -> list[str]:
    match = re.search(r"const other = /\^\(([a-z|]+)\)", WIDGET.read_text(encoding="utf-8"))
    assert match is not None
    return match.group(1).split("|")


def test_the_widget_knows_no_language_without_texts(serve: Serve) -> None:
    assert sorted(_known()) == [file.stem for file in LANGUAGES]
    assert serve().get("/widget/..%2Fchat.js").status_code == 404


@pytest.mark.parametrize(
    ("address", "allowed", "reason"),
    [
        ("https://post.example/a/page", True, None),
        ("post.example", True, None),
        ("http://localhost:7860", True, None),
        ("http://post.example", False, "http is not https"),
        ("null", False, "without an origin"),
    ],
)
def test_the_origin_check_says_why_a_site_is_refused(
    serve: Serve, address: str, allowed: bool, reason: str | None
) -> None:
    client = serve(origins=("https://post.example",))
    body = client.get("/api/origin", params={"address": address}).json()
    assert body["allowed"] is allowed
    assert (reason is None and body["reason"] is None) or str(reason) in body["reason"]
