"""``POST /api/check-draft``: each sentence of a text with the quotes that support it, or none."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field

from pullquote.answering.schema import CitationOut
from pullquote.assistant import Assistant
from pullquote.claims import check_claim
from pullquote.errors import QuestionError
from pullquote.serve.api.schema import Strict
from pullquote.serve.api.waiting import finished
from pullquote.serve.desk import Desk
from pullquote.text.segment import split
from pullquote.types import Article, Sentence

#: The longest draft, in characters and in sentences: half a minute's work.
LONGEST, MOST = 10_000, 80


class DraftIn(Strict):
    """A text of the editor's own."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class SentenceOut(BaseModel):
    """A sentence at its offsets in the text; ``quotes`` are the nearest where none supports it."""

    text: str
    start_char_index: int
    end_char_index: int
    supported: bool
    why: str
    score: float
    quotes: list[CitationOut]


class DraftOut(BaseModel):
    """The sentences in their order. Headings are none."""

    sentences: list[SentenceOut]


async def checked(
    given: DraftIn, assistant: Assistant, desk: Desk, request: Request
) -> dict[str, Any]:
    """What is told of a draft. Raises ``PullquoteError``.

    Each sentence waits its own turn: whoever asks meanwhile does not wait for the whole draft.
    """
    text = given.text.encode("utf-8", "replace").decode()
    article = Article("draft", "", None, None, None, text)
    own = [sentence for sentence in split(article) if not sentence.heading]
    if not own:
        raise QuestionError("The draft has no sentences: paste a text.")
    if len(own) > MOST:
        raise QuestionError(
            f"The draft has {len(own)} sentences; at most {MOST} are checked at once. "
            "Check it part by part."
        )

    def told(sentence: Sentence) -> dict[str, Any]:
        said = text[sentence.start : sentence.end]
        return {
            "text": said,
            "start_char_index": sentence.start,
            "end_char_index": sentence.end,
            **check_claim(assistant, said).json(assistant.index),
        }

    found = []
    for sentence in own:
        job = desk.work.submit(partial(told, sentence))
        found.append(await finished(asyncio.wrap_future(job), request))
    return {"sentences": found}
