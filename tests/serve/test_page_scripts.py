"""The page's scripts where they need no browser."""

from __future__ import annotations

import json
import re

import pytest

from pullquote.answering.render.as_markdown import escape
from tests.support.node import needs_node, run
from tests.support.places import ROOT

SCRIPTS = ROOT / "src" / "pullquote" / "serve" / "static" / "page"


def piece(file: str, pattern: str) -> str:
    """The lines of a script that match ``pattern``."""
    text = (SCRIPTS / file).read_text(encoding="utf-8")
    lines = re.search(pattern, text, re.DOTALL)
    assert lines is not None
    return lines.group()


@needs_node
def test_what_is_copied_as_markdown_is_escaped_as_in_the_answer_as_markdown() -> None:
    lines = piece("answers.js", r"const SPECIAL = .*?;\n\n")
    texts = [
        "![x](https://tracker.example/pixel.png)",
        "<img src=x> `*_~$&|^{}[]:@#+-=>!\\",
        "See www.example.org or WWW.b.org.",
        "1. He left.",
        "  12) He stayed.",
        "It cost 3.5 crowns.",
    ]
    script = f"{lines} console.log(JSON.stringify({json.dumps(texts)}.map(escaped)))"
    assert run(script) == [escape(text) for text in texts]


@needs_node
@pytest.mark.parametrize(
    ("file", "function", "given"),
    [
        ("answers.js", "asHtml", '"Q?", [{ quotes: [{ before: "", text: "T.", after: "" }] }]'),
        ("list.js", "row", '{ document_title: "T" }'),
        ("draft.js", "quoted", '{ document_title: "T", cited_text: "T." }'),
    ],
)
def test_titles_and_quotes_run_in_the_direction_of_their_own_words(
    file: str, function: str, given: str
) -> None:
    lines = piece(file, rf"  function {function}\(.*?\n  }}\n")
    script = f"""
      const made = [], newest = "", around = ({{ text }}) => text;
      const make = (tag, {{ dir }}) => {{
        made.push([tag, dir]);
        return {{ dataset: {{}}, setAttribute() {{}}, append() {{}} }};
      }};
      const pq = {{ make }};
      {lines}
      {function}({given});
      const kinds = ["strong", "blockquote", "figcaption"];
      const found = made.filter(([tag]) => kinds.includes(tag));
      console.log(JSON.stringify(found.map(([, dir]) => dir)));
    """
    assert set(run(script)) == {"auto"}


@needs_node
@pytest.mark.parametrize(
    ("response", "told"),
    [
        ("null", "The server cannot be reached. Try again."),
        ('{ error: { message: "Too many." } }', "Too many."),
        # A proxy's page.
        ("undefined", "The server cannot be reached. Try again."),
    ],
)
def test_what_goes_wrong_between_page_and_server_is_a_sentence(response: str, told: str) -> None:
    lines = piece("acts.js", r"  const LOST = .*?\n  }\n")
    script = f"""
      const sent = {response};
      const json = async () => sent ?? JSON.parse("<html>");
      const fetch = async () => {{
        if (sent === null) throw new TypeError("Failed to fetch");
        return {{ ok: false, json }};
      }};
      {lines}
      request("api").catch((error) => console.log(JSON.stringify(error.message)));
    """
    assert run(script) == told


@needs_node
def test_why_gradios_own_request_has_failed_is_said() -> None:
    lines = piece("acts.js", r"  const send = window.fetch;.*?\n  };\n")
    script = f"""
      const said = [], say = (text) => said.push(text);
      const body = {{ error: {{ message: "Too many." }} }};
      const made = (url, ok, json) => ({{ url, ok, clone: () => ({{ json }}) }});
      const window = {{ fetch: async (response) => response }};
      {lines}
      (async () => {{
        const run = "http://localhost/gradio_api/run/predict";
        await window.fetch(made(run, false, async () => body));
        await window.fetch(made(run, true, async () => body));
        await window.fetch(made(run, false, async () => JSON.parse("<html>")));
        await window.fetch(made("http://localhost/api/articles", false, async () => body));
        console.log(JSON.stringify(said));
      }})();
    """
    assert run(script) == ["Too many.", "The server has failed. Try again later."]


@needs_node
def test_a_field_is_said_to_be_invalid_as_long_as_it_is() -> None:
    lines = piece("adding.js", r"  function wrong\(.*?\n  }\n")
    script = f"""
      const said = {{}}, seen = [];
      const box = {{
        setAttribute: (name, value) => (said[name] = value),
        removeAttribute: (name) => delete said[name],
        focus() {{}},
      }};
      const message = {{ id: "told" }};
      const made = {{ querySelector: (what) => (what === ".pq-wrong" ? message : box) }};
      {lines}
      for (const text of ["", "Choose a file first.", ""]) {{
        wrong(made, text);
        seen.push({{ ...said }});
      }}
      console.log(JSON.stringify(seen));
    """
    valid = {"aria-invalid": "false"}
    assert run(script) == [valid, {"aria-invalid": "true", "aria-describedby": "told"}, valid]


@needs_node
def test_what_another_tab_has_deleted_is_not_kept_again() -> None:
    script = f"""
      const storage = {{}}, heard = {{}}, seen = [];
      const localStorage = {{
        getItem: (key) => storage[key] ?? null,
        setItem: (key, value) => (storage[key] = value),
        removeItem: (key) => delete storage[key],
      }};
      const addEventListener = (name, listener) => (heard[name] = listener);
      const location = {{ search: "" }}, document = {{ addEventListener }};
      let read;
      const pq = {{ act() {{}}, onState: (reader) => (read = reader) }};
      storage["pq-conversation"] = '["earlier"]';
      {(SCRIPTS / "kept.js").read_text(encoding="utf-8")}
      const state = (conversation, ...kept) => {{
        read({{ conversation, kept }}, true);
        seen.push(JSON.parse(storage["pq-conversation"] ?? "null"));
      }};
      state("a");
      state("a");
      state("a", "earlier", "new");
      delete storage["pq-conversation"];
      heard.storage({{ key: "pq-conversation", newValue: null }});
      state("a", "earlier", "new");
      state("a", "earlier", "new", "newer");
      heard["pq-act"]({{ detail: {{ name: "clear" }} }});
      state("b");
      state("b", "other");
      console.log(JSON.stringify(seen));
    """
    both = ["earlier", "new"]
    assert run(script) == [["earlier"], ["earlier"], both, None, None, None, ["other"]]
