"""What of a passage is compared with a question."""

from __future__ import annotations

#: Changes whenever the same passage may be compared in another form.
VERSION = 1


def findable(title: str, text: str) -> str:
    """The passage below its article's title: it names what the passage may only call "it".

    Measured on 256 articles that were asked together: the passage that answers was among the first
    six for .85 of the questions, and without the title for .81.
    """
    return f"{title}\n{text}"
