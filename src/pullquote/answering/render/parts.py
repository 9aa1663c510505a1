"""The parts of an answer in the order of display, for every format."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.types import Answer, Block, Citation


def parts(answer: Answer) -> Iterator[Block | Citation]:
    """Quotes as citations, everything else as blocks.

    Quotes that only written sentences cite follow the last block with citations.
    """
    cited = {citation.number: citation for citation in answer.citations}
    shown = {number for item in answer.blocks if not item.written for number in item.citations}
    behind = [citation for citation in answer.citations if citation.number not in shown]
    last = max((n for n, item in enumerate(answer.blocks) if item.citations), default=-1)
    for n, block in enumerate(answer.blocks):
        if block.citations and not block.written:
            yield from (cited[number] for number in block.citations)
        else:
            yield block
        if n == last:
            yield from behind
