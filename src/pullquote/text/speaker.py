"""The context that a quote needs: sentences around it that name the speaker or the subject.

"“We will now test every two weeks.”" says little without the sentence before it that ends in
"said Dr. Bell", and "He was treated for a broken wrist." little without a name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from pullquote.protocols import Library
from pullquote.text.attribution import QUOTED
from pullquote.types import Citation, Sentence

#: How many sentences may be added on either side.
REACH = 2

#: A first word, or a noun phrase without a name, that points back to an earlier sentence.
_REFERS_BACK = re.compile(
    r"[\"“‘'(\[]*(?:(?:But|And|Yet|So|Still|Then|Instead|However|In turn),?\s+)?"
    r"(?:(?:he|she|it|they|his|her|hers|its|their|theirs|these|those|both|neither)\b"
    r"|this\b(?!\s+(?:morning|afternoon|evening|week|weekend|month|year|spring|summer|autumn|fall"
    r"|winter|season|decade|century)\b)"
    r"|the\s+(?:[\w-]+\s+){0,2}?(?:company|firm|club|agency|group|organi[sz]ation|pair|couple|man"
    r"|woman|boy|girl|two|three|former|latter|same|others?|defendant|suspect|victim|team|author)\b)",
    re.IGNORECASE,
)
#: "It is not clear whether": this "it" does not refer to anything.
_EMPTY_IT = re.compile(
    r"it(?:\s+(?:is|was|remains)|['’]s)(?:\s+\w+)?\s+(?:not\b|un|too\b|clear|known|possible|impossible)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:sa(?:id|ys?)|t(?:old|ells?)|add(?:ed|s)|wr(?:ote|ites)|asked|asks|repl(?:ied|ies)"
    r"|argue[ds]|call(?:ed|s)|recall(?:ed|s)|explain(?:ed|s)|announce[ds]|warn(?:ed|s)"
    r"|insist(?:ed|s)|testified|tweeted|posted|continue[ds]|note[ds]|conclude[ds]|according to)\b",
    re.IGNORECASE,
)


def shown(citation: Citation, library: Library) -> str:
    """The text that is shown for a citation: its quote with its context."""
    first, last = citation.context or (citation.start, citation.end)
    return library.article(citation.article_id).text[first:last]


def context(
    sentence: Sentence, library: Library, cited: Container[tuple[str, int]] = ()
) -> tuple[int, int] | None:
    """The range to show around ``sentence``, as offsets into its article.

    ``None`` when the sentence needs no context, or when all of its context is ``cited`` anyway
    (pairs of article id and sentence index).
    """
    sentences = library.sentences(sentence.article_id)
    text = library.article(sentence.article_id).text
    first = last = sentence.index
    while sentence.index - first < REACH and _needs_before(sentences, first, text):
        first -= 1
    while last - sentence.index < REACH and _needs_after(sentences, last, text):
        last += 1
    added = (n for n in range(first, last + 1) if n != sentence.index)
    if all((sentence.article_id, n) in cited for n in added):
        return None
    return sentences[first].start, sentences[last].end


def _needs_before(sentences: Sequence[Sentence], index: int, text: str) -> bool:
    if index == 0 or sentences[index - 1].heading:
        return False
    own = sentences[index]
    words = text[own.start : own.end]
    if _REFERS_BACK.match(words) and not _EMPTY_IT.match(words):
        return True
    # A quotation that does not name its speaker: an earlier sentence did.
    return (
        sentences[index - 1].paragraph == own.paragraph
        and (words[0] in '“«"' or _is_open(sentences, index, own.start, text))
        and not _names_speaker(words)
    )


def _needs_after(sentences: Sequence[Sentence], index: int, text: str) -> bool:
    """Whether the sentence ends inside a quotation: its end may name the speaker."""
    own = sentences[index]
    return (
        index + 1 < len(sentences)
        and sentences[index + 1].paragraph == own.paragraph
        and _is_open(sentences, index, own.end, text)
        and not _names_speaker(text[own.start : own.end])
    )


def _is_open(sentences: Sequence[Sentence], index: int, position: int, text: str) -> bool:
    """Whether ``position`` lies inside a quotation that began in the same paragraph."""
    first = index
    while first > 0 and sentences[first - 1].paragraph == sentences[index].paragraph:
        first -= 1
    before = text[sentences[first].start : position]
    curly = sum(before.count(c) for c in "“«") - sum(before.count(c) for c in "”»")
    return curly > 0 or before.count('"') % 2 == 1


def _names_speaker(words: str) -> bool:
    return bool(_SAYS.search(QUOTED.sub(" ", words)))
