"""What front ends ask of a model for themselves: a title, tags, questions to ask next.

Open WebUI asks with every conversation, in the same way as a person and of the same model. It is
told the question as the title, and nothing of all else: none of it is in the articles.
"""

from __future__ import annotations

import json
import re

#: Which JSON is wanted.
_WANTED = re.compile(r"\bJSON format:\s{0,9}\{\s{0,9}\"(\w{1,20})\"")

_FIRST = re.compile(r"USER: (.*?)(?=\n[A-Z]+: |\Z)", re.DOTALL)

#: Characters of a title.
_LONGEST = 60


def answer_to(request: str) -> str | None:
    """The JSON that a front end asks for; ``None`` where a person asks."""
    # A task, the JSON that is wanted, and behind it the conversation.
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
