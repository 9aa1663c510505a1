"""What an answer shows, in order, whatever it is shown in."""

from __future__ import annotations

from collections.abc import Iterator

from pullquote.types import Answer, Block, Citation


def parts(answer: Answer) -> Iterator[Block | Citation]:
    """Quotes as citations, all else as blocks.

    The quotes that written sentences name, and that no block shows, stand behind them.
    """
    cited = {citation.number: citation for citation in answer.citations}
    shown = {number for it in answer.blocks if not it.written for number in it.citations}
    behind = [it for it in answer.citations if it.number not in shown]
    last = max((n for n, it in enumerate(answer.blocks) if it.citations), default=-1)
    for n, block in enumerate(answer.blocks):
        if block.citations and not block.written:
            yield from (cited[number] for number in block.citations)
        else:
            yield block
        if n == last:
            yield from behind
