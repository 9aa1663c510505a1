"""The form of a passage that is embedded and searched."""

from __future__ import annotations

#: Raised whenever the form changes, so that indexes are built again.
VERSION = 1


def findable(title: str, text: str) -> str:
    """The passage with its article's title, which names what the passage may only call "it".

    Measured on 256 articles in one index: the answering passage was among the first six for .85 of
    the questions, and for .81 without the title.
    """
    return f"{title}\n{text}"
