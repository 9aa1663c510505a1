"""Answers the background requests of chat front ends: titles, tags, follow-up suggestions.

Open WebUI sends them in every conversation, to the same model and in the same way as a user's
question. The title is the question; everything else is empty, since the articles do not contain it.
"""

from __future__ import annotations

import json
import re

#: Finds the key of the JSON object that is asked for.
_WANTED = re.compile(r"\bJSON format:\s{0,9}\{\s{0,9}\"(\w{1,20})\"")

_FIRST = re.compile(r"USER: (.*?)(?=\n[A-Z]+: |\Z)", re.DOTALL)

#: The most characters of a title.
_LONGEST = 60


def answer_to(request: str) -> str | None:
    """The JSON that a front end asks for; ``None`` for a person's question."""
    # The request has a task, the wanted JSON, and then the conversation.
    task, _, rest = request.partition("<chat_history>")
    said, ends, behind = rest.rpartition("</chat_history>")
    wanted = _WANTED.search(task)
    if not task.lstrip().startswith("### Task:") or not wanted or not ends or behind.strip():
        return None
    told = _title(said) if wanted[1] == "title" else []
    return json.dumps({wanted[1]: told}, ensure_ascii=False)


def _title(said: str) -> str:
    first = _FIRST.search(said)
    words = " ".join((first[1] if first else said).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
