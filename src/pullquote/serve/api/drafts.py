"""``POST /api/check-draft``: checks each sentence of a text against the articles."""

from __future__ import annotations

import asyncio
from functools import partial
from math import ceil
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field

from pullquote.answering.schema import CitationOut
from pullquote.assistant import Assistant
from pullquote.claims import check_claim
from pullquote.errors import QuestionError
from pullquote.serve.api.rates import count_questions
from pullquote.serve.api.schema import Strict
from pullquote.serve.api.waiting import finished
from pullquote.serve.desk import Desk
from pullquote.text.segment import split
from pullquote.types import Article, Sentence

#: The longest draft, in characters and in sentences: checking it takes half a minute.
LONGEST, MOST = 10_000, 80

#: How many sentences count as one question in the rate limits.
_AS_ONE = 10


class DraftIn(Strict):
    """An editor's own text."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class SentenceOut(BaseModel):
    """The verdict on a sentence; if it is not ``supported``, ``quotes`` are the nearest ones."""

    text: str
    start_char_index: int
    end_char_index: int
    supported: bool
    why: str
    score: float
    quotes: list[CitationOut]


class DraftOut(BaseModel):
    """The sentences of the draft in order, without headings."""

    sentences: list[SentenceOut]


async def checked(
    given: DraftIn, assistant: Assistant, desk: Desk, request: Request
) -> dict[str, Any]:
    """Check a draft; the response body. Raises ``PullquoteError``.

    Each sentence is queued separately, so that questions do not wait for the whole draft.
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
    count_questions(request.scope, ceil(len(own) / _AS_ONE))

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
