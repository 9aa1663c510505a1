"""Article text to sentences and passages, with exact offsets.

The text is cut once, here; everything after works with the offsets. Three steps, each one pass over
the text: :mod:`~pullquote.text.segment.paragraphs` finds blank lines, headings and list items;
:mod:`~pullquote.text.segment.sentences` walks the terminators of each piece of running text and
asks the table in :mod:`~pullquote.text.segment.rules` about each; and
:mod:`~pullquote.text.segment.grouping` groups whole sentences into passages.

The rules are ours, for English news first: ``tests/text/test_segment.py`` holds what they promise.
When in doubt they join, for a quote that is too long is still a quote.
"""

from __future__ import annotations

from pullquote.text.segment.grouping import passages
from pullquote.text.segment.sentences import split

__all__ = ["VERSION", "passages", "split"]

#: Raised whenever the same text may be cut differently, so that indexes are built anew.
VERSION = 2
