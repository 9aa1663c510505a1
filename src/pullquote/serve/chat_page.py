"""The chat page: the only importer of gradio.

The conversation and its answers belong to a visitor's session; nothing is shared but the
assistant. All text of articles and questions comes escaped from :mod:`pullquote.answering.render`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

# Read when gradio is imported, and never to be left to chance: nothing leaves this machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.answering.render import escape, question_html, to_json
from pullquote.config import Settings
from pullquote.errors import FilterError, PullquoteError, QuestionError
from pullquote.filters import checked
from pullquote.index.store import Index
from pullquote.limits import clean_question
from pullquote.serve.api.errors import error_response
from pullquote.serve.chat_session import Conversation, Exchange, answering, first_article_html
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import Entry, Feedback, Verdict
from pullquote.serve.opening import Opening
from pullquote.types import Answer

#: The id of a marked sentence, ``pq-TURN-NUMBER``.
_MARK = re.compile(r"pq-(\d{1,6})-\d{1,6}")

#: A verdict on the answer of a turn, ``TURN-VERDICT``; ``none`` takes it back.
_VERDICT = re.compile(rf"(\d{{1,6}})-({'|'.join(Verdict)}|none)")

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

#: What is on the page already is saved from there: no file has to lie on the server.
_SAVE = """(text) => {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), { href, download: "%s" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}"""

#: How chat.js asks for the articles of an earlier answer.
_ON_WANTED = """
document.addEventListener("pq-wanted", (event) => trigger("select", event.detail));
"""

#: How chat.js tells a verdict. Gradio's own buttons for this are 18 pixels wide, do not say which
#: of them is pressed, and show flags only to a mouse.
_ON_VERDICT = """
document.addEventListener("pq-verdict", (event) => trigger("select", event.detail));
"""

#: The most sections and sources that can be chosen from.
_MAX_CHOICES = 200

_ALL = ("All", "")

Message = dict[str, Any]


#: All that the page asks for. Gradio has more: uploads, files, monitoring, its own documents.
_PATHS = re.compile(
    r"/(?:|config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json|(?:static|assets|svelte)/[\w./-]{1,200}"
    r"|gradio_api/(?:run/predict|reset|startup-events|heartbeat/[^/]*))"
)

#: Below it stands the API, which has its own answer to what is not there. A line break in an
#: address fits no route of anything, and would end up with Gradio.
_API = re.compile(r"/(?:api|v1)/[^\x00-\x1f]*")

#: What else there is, besides the chat.
_OTHERS = re.compile(r"/(?:widget\.js|widget/[\w.-]*|embed|site(?:\.js|\.css)?|healthz)")


class OnlyTheChat:
    """Closes what Gradio brings along and the chat does not use."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = _closed(scope) if scope["type"] == "http" else None
        await (response or self._app)(scope, receive, send)


def _closed(scope: Scope) -> Response | None:
    path = scope["path"]
    if _API.fullmatch(path) or _PATHS.fullmatch(path):
        return None
    if not _OTHERS.fullmatch(path):
        return error_response(404, "not_found", "There is nothing at this address.")
    if scope["method"] not in ("GET", "HEAD"):
        told = f"{scope['method']} is not possible at this address."
        return error_response(405, "method_not_allowed", told, {"Allow": "GET, HEAD"})
    return None


def mount(app: FastAPI, opening: Opening, desk: Desk, settings: Settings) -> None:
    """Put the chat at ``/`` of ``app``. Its questions wait at ``desk`` with all others."""
    static = files("pullquote") / "serve" / "static"
    gr.mount_gradio_app(
        app,
        _page(opening, desk, settings),
        path="/",
        footer_links=[],
        run_history=False,
        # What this code does not expect is for the log, and not for visitors.
        show_error=False,
        theme=gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        css=(static / "chat.css").read_text(encoding="utf-8"),
        head=f"<script>{(static / 'chat.js').read_text(encoding='utf-8')}</script>",
    )


def _page(opening: Opening, desk: Desk, settings: Settings) -> gr.Blocks:
    feedback = Feedback(settings.feedback)
    answers = answering(opening, desk)
    page: gr.Blocks
    with gr.Blocks(title="Pullquote", analytics_enabled=False) as page:
        visit = gr.State(Conversation())
        gr.HTML(
            "<h1>Pullquote</h1><p>Ask about the articles. Every quote is cut from the article "
            "that it names, character for character. "
            '<a href="site">Put this on your site</a></p>',
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
                with gr.Accordion(
                    "Filter articles", open=False, visible=False, elem_id="pq-filter"
                ) as area:
                    with gr.Row():
                        since = gr.Textbox(label="From (YYYY-MM-DD)", min_width=140, max_lines=1)
                        until = gr.Textbox(label="Until (YYYY-MM-DD)", min_width=140, max_lines=1)
                    with gr.Row():
                        section = _choice("Section")
                        source = _choice("Source")
                    clear = gr.Button("Clear filters", size="sm")
                with gr.Row():
                    copy = gr.Button(
                        "Copy answer with citations", interactive=False, size="sm", min_width=96
                    )
                    save = gr.Button("Save receipt", interactive=False, size="sm", min_width=96)
                    save_json = gr.Button(
                        "Save as JSON", interactive=False, size="sm", min_width=96
                    )
                    anew = gr.Button("New conversation", size="sm", min_width=96)
            with gr.Column(scale=6, min_width=320):
                gr.HTML('<a href="#pq-chat">Back to the answer</a>', elem_id="pq-back")
                article = gr.HTML(elem_id="pq-article", js_on_load=_ON_WANTED)
        copied = gr.Textbox(visible="hidden")
        kept = [gr.Textbox(visible="hidden"), gr.Textbox(visible="hidden")]
        verdicts = gr.HTML(elem_id="pq-verdicts", visible="hidden", js_on_load=_ON_VERDICT)
        timer = gr.Timer(1.0, active=False)
        # An event that is not queued gives one answer: what is being written is fetched.
        writing = gr.Timer(0.7, active=False)
        fields = [since, until, section, source]
        buttons = [copy, save, save_json]

        def load(conversation: Conversation) -> dict[Any, Any]:
            if not opening.done:
                waiting = "Loading the models. You can type your question already."
                return {status: _notice(waiting), timer: gr.Timer(active=True)}
            done = gr.Timer(active=False)
            try:
                assistant = opening.assistant()
                sections, sources, filterable = _facets(assistant.index)
            except PullquoteError as error:
                return {status: _notice(str(error), error=True), timer: done}
            notice = assistant.notice
            return {
                status: _notice(notice) if notice else "",
                # A question asked meanwhile has its own articles.
                article: gr.skip() if conversation.exchanges else first_article_html(assistant),
                timer: done,
                area: gr.update(visible=filterable),
                section: gr.update(choices=sections),
                source: gr.update(choices=sources),
            }

        def take(text: str, conversation: Conversation, given: Sequence[str]) -> dict[Any, Any]:
            try:
                conversation.ask(clean_question(text), checked(*map(_text, given)))
            except QuestionError as error:
                told: dict[Any, Any] = {status: _notice(str(error), error=True)}
                if isinstance(error, FilterError):
                    told[area] = gr.update(open=True)  # it is to be mended there
                return told
            return {
                status: "",
                chat: _messages(conversation.exchanges),
                writing: gr.Timer(active=bool(settings.writer)),
            }

        def ask(text: str, conversation: Conversation, *given: str) -> dict[Any, Any]:
            taken = take(text, conversation, given)
            # What was typed and not taken stays in the box.
            return {**taken, question: ""} if chat in taken else taken

        def ask_example(
            conversation: Conversation, event: gr.SelectData, *given: str
        ) -> dict[Any, Any]:
            return take(str(event.value["text"]), conversation, given)

        def answer(conversation: Conversation) -> dict[Any, Any]:
            conversation.answer_next(answers)
            exchanges = conversation.exchanges
            if not exchanges or not exchanges[-1].done:
                # Forgotten meanwhile, or the next one is on its way.
                return {chat: _messages(exchanges)}
            last = exchanges[-1]
            return {
                chat: _messages(exchanges),
                writing: gr.Timer(active=False),
                article: last.panel or gr.skip(),
                copied: last.markdown,
                **dict(zip(kept, last.saved, strict=True)),
                **dict.fromkeys(buttons, gr.update(interactive=bool(last.markdown))),
            }

        def look(conversation: Conversation) -> Any:
            exchanges = conversation.exchanges
            # Drawing what has not changed would take the focus away from it.
            is_growing = exchanges and exchanges[-1].bubble and not exchanges[-1].done
            return _messages(exchanges) if is_growing else gr.skip()

        def show(conversation: Conversation, event: gr.EventData) -> Any:
            # The page can send anything here.
            match = _MARK.fullmatch(str(event._data))
            turn = int(match.group(1)) if match else -1
            if not 0 <= turn < len(conversation.exchanges):
                return gr.skip()
            return conversation.exchanges[turn].panel or gr.skip()

        def judge(conversation: Conversation, event: gr.EventData) -> dict[Any, Any]:
            # As above.
            match = _VERDICT.fullmatch(str(event._data))
            exchanges = conversation.exchanges
            turn = int(match.group(1)) if match else len(exchanges)
            judged = exchanges[turn].answer if turn < len(exchanges) else None
            if not match or judged is None:
                return {status: gr.skip()}
            try:
                if match.group(2) == "none":
                    feedback.withdraw(conversation.id, turn)
                else:
                    entry = Entry(
                        conversation.id,
                        turn,
                        datetime.now(UTC).isoformat(timespec="seconds"),
                        Verdict(match.group(2)),
                        exchanges[turn].question,
                        tuple(it.question for it in exchanges[:turn] if it.answer),
                        None,
                        to_json(judged, opening.assistant().index),
                    )
                    feedback.record(entry)
                kept = feedback.verdicts(conversation.id)
            except PullquoteError as error:
                return {status: _notice(str(error), error=True)}
            return {status: "", verdicts: " ".join(f"{turn}-{it}" for turn, it in kept.items())}

        def restart(conversation: Conversation) -> dict[Any, Any]:
            conversation.forget()
            return {
                chat: [],
                question: "",
                verdicts: "",
                status: "",
                **dict.fromkeys([copied, *kept], ""),
                **dict.fromkeys(buttons, gr.update(interactive=False)),
            }

        # Around gradio's queue, all of it: the queue may lose an event that is sent just as the
        # one before it ends or is cancelled, and a question that is lost is never answered. Who
        # waits for whom is decided by the conversation; nothing is dropped ("multiple").
        direct: dict[str, Any] = {
            "queue": False,
            "api_visibility": "private",
            "show_progress": "hidden",
            "trigger_mode": "multiple",
        }
        asked = [
            question.submit(
                ask, [question, visit, *fields], [question, status, chat, area, writing], **direct
            ),
            chat.example_select(
                ask_example, [visit, *fields], [status, chat, area, writing], **direct
            ),
        ]
        for event in asked:
            event.then(answer, visit, [chat, article, writing, copied, *kept, *buttons], **direct)
        shown = [status, article, timer, area, section, source]
        gr.on([page.load, timer.tick], load, visit, shown, **direct)
        writing.tick(look, visit, chat, **direct)
        clear.click(None, None, fields, js="() => ['', '', '', '']", **direct)
        article.select(show, visit, article, **direct)
        verdicts.select(judge, visit, [status, verdicts], **direct)
        begun = [chat, question, verdicts, status, copied, *kept, *buttons]
        gr.on([anew.click, chat.clear], restart, visit, begun, **direct)
        copy.click(None, copied, None, js=_COPY, **direct)
        for button, text, name in (
            (save, kept[1], "answer.md"),
            (save_json, kept[0], "answer.json"),
        ):
            button.click(None, text, None, js=_SAVE % name, **direct)
    return page


def _choice(label: str) -> gr.Dropdown:
    # Any value: gradio would refuse all but "All" once the server was started anew under an open
    # page, and there may be more names than are offered.
    return gr.Dropdown([_ALL], value="", label=label, min_width=140, allow_custom_value=True)


def _text(value: Any) -> str | None:
    # The page can send anything here.
    return value if isinstance(value, str) else None


def _facets(index: Index) -> tuple[list[tuple[str, str]], list[tuple[str, str]], bool]:
    """The sections and the sources to choose from, and whether there is anything to filter by."""
    facets = index.facets()
    sections, sources = (
        [_ALL, *((f"{name} ({count})", name) for name, count in counted[:_MAX_CHOICES])]
        for counted in (facets.sections, facets.sources)
    )
    named = facets.sections or facets.sources or facets.first != facets.last
    return sections, sources, len(index.articles) > 1 and bool(named)


def _messages(exchanges: Sequence[Exchange]) -> list[Message]:
    messages: list[Message] = []
    for turn, it in enumerate(exchanges):
        bubble = it.bubble or "<p>Searching the articles …</p>"
        if it.answer:
            bubble += _verdict_buttons(it.answer, turn)
        messages += [
            {"role": "user", "content": question_html(it.question)},
            {"role": "assistant", "content": gr.HTML(bubble, js_on_load=None)},
        ]
    return messages


def _verdict_buttons(answer: Answer, turn: int) -> str:
    """What chat.js tells of a press, and shows as pressed once it is kept."""
    names = {Verdict.UP: "Good answer", Verdict.DOWN: "Bad answer"}
    if answer.citations:
        names[Verdict.WRONG_CITATION] = "Wrong citation"
    buttons = "".join(
        f'<button type="button" value="{turn}-{verdict}" aria-pressed="false" title="{name}">'
        f"<span>{name}</span></button>"
        for verdict, name in names.items()
    )
    return f'<div class="pq-verdict" role="group" aria-label="Your verdict">{buttons}</div>'


def _notice(text: str, error: bool = False) -> str:
    role, extra = ("alert", " pq-error") if error else ("status", "")
    return f'<p class="pq-status{extra}" role="{role}">{escape(text)}</p>'
