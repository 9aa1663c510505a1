"""Mounts the chat page, with its styles and scripts, in the application."""

from __future__ import annotations

from importlib.resources import files

import gradio as gr
from fastapi import FastAPI

from pullquote.config import Settings
from pullquote.serve.conversation import Conversation
from pullquote.serve.desk import Desk
from pullquote.serve.opening import Opening
from pullquote.serve.page.events import connect
from pullquote.serve.page.layout import laid_out

#: How many visitors' pages are held in memory, each with 70 KB and its conversation. The browser of
#: one that was forgotten begins the conversation again (kept.js).
_VISITORS = 2000

#: In the order of loading; the first line of each file says what it is for.
_STYLES = ("tokens.css", "frame.css", "answers.css", "panel.css", "adding.css", "draft.css")
_SCRIPTS = (
    "acts.js",
    "panel.js",
    "list.js",
    "adding.js",
    "draft.js",
    "answers.js",
    "kept.js",
    "lost.js",
)


def mount(app: FastAPI, opening: Opening, desk: Desk, settings: Settings) -> None:
    """Mount the chat at ``/`` of ``app``. Its questions are queued at ``desk`` with all others."""
    with gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True) as page:
        connect(page, laid_out(Conversation()), opening, desk, settings)
    # The page does not use gradio's queue, which polls a thousand times a second: on an idle server
    # that took a fifteenth of a core.
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = 60.0
    page.state_session_capacity = _VISITORS
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        # Unexpected errors go to the log; visitors do not see them.
        show_error=False,
        theme=gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        # In the head, because Gradio rewrites the selectors of the parameter ``css``.
        head="".join(
            [
                *(f"<style>{_static(name)}</style>" for name in _STYLES),
                *(f"<script>{_static(name)}</script>" for name in _SCRIPTS),
            ]
        ),
    )


def _static(name: str) -> str:
    folder = files("pullquote") / "serve" / "static" / "page"
    return (folder / name).read_text(encoding="utf-8")
