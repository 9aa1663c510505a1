"""What counts as space, as a quotation mark, as a word: shared by the steps."""

from __future__ import annotations

import re

#: How far a rule looks for the word before or the run of marks after a terminator. Bounding it
#: keeps the whole linear; no English word comes near it.
REACH = 40

ZERO_WIDTH = "\u200b\u2060\ufeff"
SPACE = rf"[\s{ZERO_WIDTH}]"

QUOTES_CLOSE = "”’»›」』"
QUOTES_EITHER = "\"'“‘«‹*_"
QUOTES = QUOTES_CLOSE + QUOTES_EITHER + "„‚「『"
BRACKETS_CLOSE = ")]}）】》〉"

CJK_STOPS = "。！？｡"
OTHER_STOPS = "।॥؟۔።፧။។‼⁇⁈⁉‽"

WORD = re.compile(r"[^\W\d_]{1,40}(?:['’][^\W\d_]{1,10})?")


def is_space(char: str) -> bool:
    return char.isspace() or char in ZERO_WIDTH
