"""Puts the chat page, its styles and its scripts, into the application."""

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

#: In the order in which they are read; each has one job, which its first line says.
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
    """Put the chat at ``/`` of ``app``. Its questions wait at ``desk`` with all others."""
    with gr.Blocks(title="Pullquote", analytics_enabled=False, fill_width=True) as page:
        connect(page, laid_out(Conversation()), opening, desk, settings)
    # None of the page's events goes through gradio's queue, which looks for some a thousand times
    # a second: with nobody asking, that took a fifteenth of a core.
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = 60.0
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        # What this code does not expect is for the log, and not for visitors.
        show_error=False,
        theme=gr.themes.Base(
            font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        # In the head: what is given as ``css``, Gradio writes again with other selectors.
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
