"""The components of the page and their layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from pullquote.serve.page.draft import FORM

_HEAD = """<header><h1>Pullquote</h1>
<p>Every quote is cut from the article that it names, character for character.</p>
<nav aria-label="This page">
<button type="button" class="pq-button" data-view="list">Articles</button>
<button type="button" class="pq-button" data-act="clear">New conversation</button>
<a class="pq-button" href="site">Put this on your site</a>
</nav></header>"""

_START = """<div class="pq-start"><div class="pq-some"><h2>Ask about the articles</h2>
<p>The answer is quoted from them. If they don’t say, you are told so.</p>
<div class="pq-chips" data-chips="start"></div></div>
<div class="pq-none"><h2>There are no articles yet</h2>
<p><span class="pq-may">Add one here, as a file, a text or the address of a page. Or put</span>
<span class="pq-else">Put</span> files into the corpus folder and run <code>pullquote index</code>:
this page finds them by itself.</p>
<button type="button" class="pq-button pq-primary pq-may" data-view="list">Add the first
article</button>
</div></div>"""

_BAR = """<div class="pq-bar">
<button type="button" class="pq-button pq-back">Back to the answer</button>
<div role="group" aria-label="Shown beside the conversation">
<button type="button" data-view="article" aria-pressed="true">Article</button>
<button type="button" data-view="list" aria-pressed="false">All articles</button>
<button type="button" data-view="draft" aria-pressed="false">Check a draft</button>
</div></div>"""

_LIST = """<div class="pq-list"><label for="pq-search">Search the articles</label>
<input id="pq-search" type="search" placeholder="Title, date, source or section"
 autocomplete="off" maxlength="100"><p class="pq-count" role="status"></p>
<div class="pq-adding" hidden></div>
<div class="pq-items"><div class="pq-skeleton" aria-hidden="true">
<i></i><i></i><i></i><i></i><i></i>
</div></div></div>"""

#: Passes events of the page's scripts, with their data, on to the server.
_ON_ACT = """
document.addEventListener("pq-act", (event) => trigger(event.detail.name, event.detail.data));
"""

ALL = ("All", "")


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that events read and change.

    ``acts`` receives the events of the scripts; ``state`` holds what the scripts draw, as JSON. On
    request, ``found`` holds the explanation of an answer, and ``file`` a file to save. The timer
    ``opening`` ticks until the models are loaded, ``growing`` while an answer is not complete, and
    ``offering`` while suggested questions are tried.
    """

    visit: gr.State
    chat: gr.Chatbot
    status: gr.HTML
    question: gr.Textbox
    filters: gr.Accordion
    fields: tuple[gr.Textbox, gr.Textbox, gr.Dropdown, gr.Dropdown]
    clear: gr.Button
    article: gr.HTML
    acts: gr.HTML
    state: gr.HTML
    found: gr.HTML
    file: gr.Textbox
    opening: gr.Timer
    growing: gr.Timer
    offering: gr.Timer


def laid_out(visit: Any) -> Parts:
    """Create all components in the current page; ``visit`` is a visitor's initial state."""
    # Without Gradio's own styles for prose.
    static: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}
    gr.HTML(_HEAD, elem_id="pq-head", **static)
    with gr.Row(elem_id="pq-columns"):
        with gr.Column(elem_id="pq-talk", scale=5, min_width=320):
            gr.HTML(_START, elem_id="pq-start", **static)
            chat = gr.Chatbot(
                label="Conversation",
                show_label=False,
                elem_id="pq-chat",
                height=None,
                autoscroll=False,
                buttons=[],
                latex_delimiters=[],
            )
            status = gr.HTML(elem_id="pq-status", **static)
            question = gr.Textbox(
                label="Your question",
                placeholder="Ask about the articles",
                elem_id="pq-question",
                submit_btn="Ask",
                max_lines=4,
                autofocus=True,
            )
            with gr.Accordion(
                "Filter articles", open=False, visible=False, elem_id="pq-filter"
            ) as filters:
                with gr.Row():
                    since, until = _day("From"), _day("Until")
                with gr.Row():
                    section, source = _choice("Section"), _choice("Source")
                clear = gr.Button("Clear filters", size="sm")
        with gr.Column(elem_id="pq-side", scale=6, min_width=320):
            gr.HTML(_BAR, elem_id="pq-bar", **static)
            gr.HTML(_LIST, elem_id="pq-list", **static)
            gr.HTML(FORM, elem_id="pq-draft", **static)
            article = gr.HTML(elem_id="pq-article", **static)
    hidden: dict[str, Any] = {"visible": "hidden"}
    return Parts(
        gr.State(visit),
        chat,
        status,
        question,
        filters,
        (since, until, section, source),
        clear,
        article,
        gr.HTML(elem_id="pq-acts", js_on_load=_ON_ACT, **hidden),
        gr.HTML(elem_id="pq-state", js_on_load=None, **hidden),
        gr.HTML(elem_id="pq-found", js_on_load=None, **hidden),
        gr.Textbox(elem_id="pq-file", **hidden),
        gr.Timer(1.0, active=False),
        gr.Timer(0.7, active=False),
        gr.Timer(2.0, active=False),
    )


def _day(label: str) -> gr.Textbox:
    # acts.js makes this a date field, with the browser's own date picker.
    return gr.Textbox(label=label, min_width=140, max_lines=1, elem_classes="pq-day")


def _choice(label: str) -> gr.Dropdown:
    # Any value is allowed: after a restart of the server, gradio would accept only "All" from an
    # open page; and there may be more names than the list offers.
    return gr.Dropdown([ALL], value="", label=label, min_width=140, allow_custom_value=True)
