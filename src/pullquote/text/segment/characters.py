"""Character classes shared by the steps: spaces, quotation marks, terminators, words."""

from __future__ import annotations

import re

#: How many characters a rule searches for the word before, or the marks after, a terminator. The
#: bound keeps the run time linear; no English word is nearly as long.
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
