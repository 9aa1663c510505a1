"""Splits an article's text into sentences and passages, with exact offsets.

The text is split once, here; later steps use the offsets. There are three steps, each one pass over
the text: :mod:`~pullquote.text.segment.paragraphs` finds blank lines, headings and list items;
:mod:`~pullquote.text.segment.sentences` visits the terminators in each piece of running text and
applies the rules of :mod:`~pullquote.text.segment.rules` to each; and
:mod:`~pullquote.text.segment.grouping` groups whole sentences into passages.

The rules were written for this project, mainly for English news; ``tests/text/test_segment.py``
specifies them. When in doubt they do not split, since a quote that is too long is still a quote.
"""

from __future__ import annotations

from pullquote.text.segment.grouping import passages
from pullquote.text.segment.sentences import split

__all__ = ["VERSION", "passages", "split"]

#: Raised whenever the same text may be split differently, so that indexes are built again.
VERSION = 3
