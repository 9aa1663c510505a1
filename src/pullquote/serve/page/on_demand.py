"""Parts of an answer that are sent only on request: files to save, and its explanation."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pullquote.answering.explain import explain
from pullquote.errors import PullquoteError
from pullquote.index.interface import Store
from pullquote.serve.conversation import Conversation, Exchange
from pullquote.serve.page.fragments import found_html

#: Saves a file from the data of :func:`to_save`, so that no file is needed on the server.
SAVE = """(text) => {
  if (!text) return;
  const [name, content] = JSON.parse(text);
  const href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}"""

#: The file to save: ``TURN-json`` or ``TURN-receipt``.
_FILE = re.compile(r"(\d{1,6})-(json|receipt)")


def to_save(sent: Any, exchanges: Sequence[Exchange]) -> str:
    """The name and the content of a file, as JSON; empty when there is no such file."""
    match = _FILE.fullmatch(str(sent))
    if not match or int(match.group(1)) >= len(exchanges):
        return ""
    as_json, receipt = exchanges[int(match.group(1))].saved
    is_json = match.group(2) == "json"
    return json.dumps(["answer.json", as_json] if is_json else ["answer.md", receipt])


def how_found(sent: Any, conversation: Conversation, index: Store) -> str | None:
    """How the answer of a turn was found, as HTML; ``None`` when there is no such answer.

    Its ``data-found`` is ``CONVERSATION-TURN``.
    """
    exchanges = conversation.exchanges
    match = re.fullmatch(r"\d{1,6}", str(sent))
    turn = int(match.group()) if match else len(exchanges)
    trace = exchanges[turn].trace if turn < len(exchanges) else None
    if trace is None:
        return None
    told = "<p>The articles have changed since.</p>"
    # In an article that has changed, the offsets of sentences lead to others.
    if trace.answer.provenance.digest == index.manifest.digest:
        with suppress(PullquoteError):
            told = found_html(explain(trace, index))
    return f'<div data-found="{conversation.id}-{turn}">{told}</div>'
