"""The chat page: the only importer of gradio.

The conversation and its answers belong to a visitor's session; nothing is shared but the
assistant. All text of articles and questions comes escaped from :mod:`pullquote.render`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

# Read when gradio is imported, and never to be left to chance: nothing leaves this machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
from fastapi import FastAPI

from pullquote.config import Settings
from pullquote.conversation import Exchange, articles_html, converse, first_article_html
from pullquote.errors import PullquoteError, QuestionError
from pullquote.limits import clean_question
from pullquote.opening import Opening
from pullquote.render import answer_html, escape, question_html

#: Visitors answered at the same time; each question keeps a core busy for some 30 ms.
CONCURRENCY = 4

#: The id of a marked sentence, ``pq-TURN-NUMBER``.
_MARK = re.compile(r"pq-(\d{1,6})-\d{1,6}")

#: A page that is neither on https nor on localhost has no clipboard; the old command works there.
_COPY = """async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}"""

#: How chat.js asks for the articles of an earlier answer.
_ON_WANTED = """
document.addEventListener("pq-wanted", (event) => trigger("select", event.detail));
"""

Message = dict[str, Any]


def mount(app: FastAPI, opening: Opening, settings: Settings) -> FastAPI:
    """``app`` with the chat at ``/``."""
    static = files("pullquote") / "static"
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        _page(opening, settings),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=True,
        theme=gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        css=(static / "chat.css").read_text(encoding="utf-8"),
        head=f"<script>{(static / 'chat.js').read_text(encoding='utf-8')}</script>",
    )
    return mounted


def _page(opening: Opening, settings: Settings) -> gr.Blocks:
    page: gr.Blocks
    with gr.Blocks(title="Pullquote", analytics_enabled=False) as page:
        exchanges = gr.State([])
        gr.HTML(
            "<h1>Pullquote</h1><p>Ask about the articles. Every quote is cut from the article "
            "that it names, character for character.</p>",
            elem_id="pq-head",
        )
        with gr.Row(elem_id="pq-columns"):
            with gr.Column(scale=5, min_width=320):
                status = gr.HTML(elem_id="pq-status")
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    elem_id="pq-chat",
                    height="calc(100vh - 21rem)",
                    min_height=320,
                    autoscroll=False,
                    buttons=[],
                    latex_delimiters=[],
                    placeholder="Ask a question about the articles.",
                    examples=[{"text": text} for text in settings.examples],
                )
                question = gr.Textbox(
                    label="Your question",
                    placeholder="Why did …?",
                    elem_id="pq-question",
                    submit_btn="Ask",
                    max_lines=4,
                    autofocus=True,
                )
                with gr.Row():
                    copy = gr.Button("Copy answer with citations", interactive=False, size="sm")
                    anew = gr.Button("New conversation", size="sm")
            with gr.Column(scale=6, min_width=320):
                gr.HTML('<a href="#pq-chat">Back to the answer</a>', elem_id="pq-back")
                article = gr.HTML(elem_id="pq-article", js_on_load=_ON_WANTED)
        copied = gr.Textbox(visible="hidden")
        timer = gr.Timer(1.0, active=False)

        def load() -> tuple[Any, Any, Any]:
            if not opening.done:
                waiting = "Loading the models. You can type your question already."
                return _notice(waiting), gr.skip(), gr.Timer(active=True)
            done = gr.Timer(active=False)
            try:
                assistant = opening.assistant()
            except PullquoteError as error:
                return _notice(str(error), error=True), gr.skip(), done
            notice = assistant.notice
            return _notice(notice) if notice else "", first_article_html(assistant), done

        def ask(text: str, history: list[Exchange]) -> Iterator[dict[Any, Any]]:
            try:
                text = clean_question(text)
            except QuestionError as error:
                # What was typed stays in the box, to be mended.
                yield {status: _notice(str(error), error=True)}
                return
            shown = [*_messages(history, opening), _asked(text)]
            for step in converse(opening, text, history):
                if step.exchange:
                    history = [*history, step.exchange]
                yield {
                    chat: [*shown, _answered(step.bubble)],
                    question: "",
                    status: "",
                    exchanges: history,
                    article: gr.skip() if step.panel is None else step.panel,
                    copied: step.markdown,
                    copy: gr.update(interactive=bool(step.markdown)),
                }

        def show(history: list[Exchange], event: gr.EventData) -> Any:
            # The page can send anything here.
            match = _MARK.fullmatch(str(event._data))
            turn = int(match.group(1)) if match else len(history)
            if turn >= len(history):
                return gr.skip()
            return articles_html(history[turn].answer, opening.assistant(), turn)

        def take_example(event: gr.SelectData) -> str:
            return str(event.value["text"])

        def restart() -> dict[Any, Any]:
            return {
                chat: [],
                question: "",
                exchanges: [],
                status: "",
                copied: "",
                copy: gr.update(interactive=False),
            }

        parts = [chat, question, status, exchanges, article, copied, copy]
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # What is done in an instant goes around the queue: gradio may lose an event of the queue
        # that is sent just as the one before it ends.
        direct: dict[str, Any] = {**private, "queue": False}
        gr.on([page.load, timer.tick], load, None, [status, article, timer], **direct)
        # A question that comes while another is answered waits for it, and is not dropped.
        asked = question.submit(
            ask, [question, exchanges], parts, trigger_mode="always_last", **private
        )
        example = chat.example_select(take_example, None, question, **direct)
        example_asked = example.then(ask, [question, exchanges], parts, **private)
        article.select(show, exchanges, article, **direct)
        gr.on(
            [anew.click, chat.clear],
            restart,
            None,
            parts,
            cancels=[asked, example_asked],
            **direct,
        )
        copy.click(None, copied, None, js=_COPY, **direct)
    page.queue(default_concurrency_limit=CONCURRENCY)
    return page


def _messages(history: list[Exchange], opening: Opening) -> list[Message]:
    messages: list[Message] = []
    for turn, it in enumerate(history):
        parts = answer_html(it.answer, opening.assistant().index, turn)
        messages += [_asked(it.question), _answered("".join(parts))]
    return messages


def _asked(question: str) -> Message:
    return {"role": "user", "content": question_html(question)}


def _answered(html: str) -> Message:
    return {"role": "assistant", "content": gr.HTML(html, js_on_load=None)}


def _notice(text: str, error: bool = False) -> str:
    role, extra = ("alert", " pq-error") if error else ("status", "")
    return f'<p class="pq-status{extra}" role="{role}">{escape(text)}</p>'
