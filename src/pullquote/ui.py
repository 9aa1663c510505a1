"""The chat page: the only importer of gradio.

The conversation and the answers in it belong to a visitor's session; nothing is shared but the
assistant. All text of articles and questions comes escaped from :mod:`pullquote.render`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

# Read when gradio is imported, and never to be left to chance: nothing leaves this machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
from fastapi import FastAPI

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.errors import PullquoteError, QuestionError
from pullquote.limits import clean_question
from pullquote.opening import Opening
from pullquote.render import answer_html, article_html, escape, question_html, to_markdown
from pullquote.types import Answer, Citation, Turn

#: Visitors answered at the same time; each question keeps a core busy for some 30 ms.
CONCURRENCY = 4

_LOADING = "Loading the models. You can type your question already."

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of this visitor and its answer."""

    question: str
    answer: Answer


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


def announce(text: str) -> None:
    """A line for the person who started the server."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _page(opening: Opening, settings: Settings) -> gr.Blocks:
    page: gr.Blocks
    with gr.Blocks(title="Pullquote", analytics_enabled=False) as page:
        exchanges = gr.State([])
        gr.HTML(
            "<h1>Pullquote</h1><p>Ask about the articles. Every quote is cut from the article "
            "beside it, character for character.</p>",
            elem_id="pq-head",
        )
        with gr.Row(elem_id="pq-columns"):
            with gr.Column(scale=5, min_width=320):
                status = gr.HTML(elem_id="pq-status")
                chat = gr.Chatbot(
                    label="Conversation",
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
                    clear = gr.Button("New conversation", size="sm")
            with gr.Column(scale=6, min_width=320):
                article = gr.HTML(elem_id="pq-article")
        copied = gr.Textbox(elem_id="pq-copied", visible="hidden")
        wanted = gr.Textbox(elem_id="pq-wanted", elem_classes="pq-offscreen", label="Shown quote")

        def load() -> Iterator[tuple[str, str]]:
            if not opening.done:
                yield _notice(_LOADING), ""
            try:
                assistant = opening.assistant()
            except PullquoteError as error:
                yield _notice(str(error), error=True), ""
                return
            yield _notice(assistant.notice) if assistant.notice else "", _first_article(assistant)

        def ask(text: str, history: list[Exchange]) -> Iterator[Any]:
            shown = _messages(history, opening)
            try:
                text = clean_question(text)
            except QuestionError as error:
                # What was typed stays in the box, to be mended.
                yield shown, gr.skip(), history, _notice(str(error), True), *[gr.skip()] * 3
                return
            shown.append({"role": "user", "content": question_html(text)})
            waiting = _bubble(["<p>Searching the articles …</p>"])
            yield [*shown, waiting], "", history, "", gr.skip(), *_copyable("")
            try:
                assistant = opening.assistant()
                turns = [Turn("user", it.question) for it in history]
                answer = assistant.ask(text, turns)
                parts = list(answer_html(answer, assistant.index, len(history)))
                markdown = to_markdown(answer, assistant.index)
                panel = _panel(answer, assistant, len(history))
            except PullquoteError as error:
                failed = _bubble([f"<p>{escape(str(error))}</p>"])
                yield [*shown, failed], "", history, "", gr.skip(), *_copyable("")
                return
            for n in range(1, len(parts)):
                yield [*shown, _bubble(parts[:n])], "", history, "", panel, *_copyable("")
            history = [*history, Exchange(text, answer)]
            yield [*shown, _bubble(parts)], "", history, "", panel, *_copyable(markdown)

        def show(mark: str, history: list[Exchange]) -> Any:
            turn = _turn_of(mark)
            if turn is None or not 0 <= turn < len(history):
                return gr.skip()
            return _panel(history[turn].answer, opening.assistant(), turn)

        def take_example(event: gr.SelectData) -> str:
            return str(event.value["text"])

        def restart() -> tuple[Any, ...]:
            return [], "", [], "", *_copyable("")

        outputs = [chat, question, exchanges, status, article, copied, copy]
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        page.load(load, None, [status, article], **private)
        question.submit(ask, [question, exchanges], outputs, **private)
        chat.example_select(take_example, None, question, **private).then(
            ask, [question, exchanges], outputs, **private
        )
        wanted.input(show, [wanted, exchanges], article, **private)
        anew = [chat, question, exchanges, status, copied, copy]
        gr.on([clear.click, chat.clear], restart, None, anew, **private)
        copy.click(None, copied, None, js=_COPY)
    page.queue(default_concurrency_limit=CONCURRENCY)
    return page


#: A page that is not on https or localhost has no clipboard; there the old command still works.
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


def _messages(history: list[Exchange], opening: Opening) -> list[Message]:
    messages: list[Message] = []
    for turn, it in enumerate(history):
        parts = list(answer_html(it.answer, opening.assistant().index, turn))
        messages += [{"role": "user", "content": question_html(it.question)}, _bubble(parts)]
    return messages


def _bubble(parts: list[str]) -> Message:
    return {"role": "assistant", "content": gr.HTML("".join(parts))}


def _copyable(markdown: str) -> tuple[str, Any]:
    return markdown, gr.update(interactive=bool(markdown))


def _notice(text: str, error: bool = False) -> str:
    role, extra = ("alert", " pq-error") if error else ("status", "")
    return f'<p class="pq-status{extra}" role="{role}">{escape(text)}</p>'


def _first_article(assistant: Assistant) -> str:
    index = assistant.index
    article = next(iter(index.articles.values()))
    return article_html(article, index.sentences(article.id))


def _panel(answer: Answer, assistant: Assistant, turn: int) -> str:
    """The articles that an answer cites, in the order of its citations."""
    index = assistant.index
    citations: tuple[Citation, ...] = answer.citations or answer.closest
    if not citations:
        return _first_article(assistant)
    return "".join(
        article_html(index.article(article_id), index.sentences(article_id), citations, turn)
        for article_id in dict.fromkeys(citation.article_id for citation in citations)
    )


def _turn_of(mark: str) -> int | None:
    """The turn in a mark's id, ``pq-TURN-NUMBER``; the page can send anything."""
    parts = mark.split("-")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else None
