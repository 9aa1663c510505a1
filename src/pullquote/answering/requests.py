"""Recognises requests that are not questions of fact: summaries, metadata, greetings, help.

A pattern must match the whole text: with anything more in it, the text is an ordinary question.
``benchmarks/README.md`` lists the question sets on which there are no false alarms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a request asks for."""

    SUMMARY = "summary"
    AUTHOR = "author"
    DATE = "date"
    SOURCE = "source"
    ARTICLES = "articles"
    HELLO = "hello"
    THANKS = "thanks"
    CAN_DO = "can_do"


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and the title of the article that it names, if it names one.

    ``leans``: it names only "it", which in a conversation may mean anything.
    """

    kind: Kind
    title: str | None = None
    leans: bool = False

    @property
    def is_of_an_article(self) -> bool:
        """Whether it is about one article, and not about all of them or a greeting."""
        return self.kind not in (Kind.ARTICLES, Kind.HELLO, Kind.THANKS, Kind.CAN_DO)


_ARTICLE = r"(?:article|story|text|page|piece)"
_TEXT = r"(?:article|story|text|page|piece|report|document|post|interview)"


def _this(the: str) -> str:
    """What a request may be about; ``the`` are the nouns that may follow a bare "the"."""
    return (
        rf"(?:(?:(?:this|that|your|these|those)(?: (?:whole|entire|full|news))? {_TEXT}"
        rf"|the(?: (?:whole|entire|full|news))? {the}|all(?: of)?(?: the| these| your)? {the})s?"
        rf"|this|all this"
        rf"|everything|(?P<it>it)|(?:(?:the|this) {_TEXT} )?[“\"«](?P<title>[^”\"»]+)[”\"»])"
    )


_ANY = _this(_TEXT)
#: An article may be about a report, whose author is not its own.
_THIS = _this(_ARTICLE)
_OF_ANY, _OF = (rf"(?: (?:of|from|in|for|about) {what})?" for what in (_ANY, _THIS))
_POLITE = r"(?:please |can you |could you |would you |i want |i would like |i'd like |let's )*"
_END = (
    r"(?:,? (?:for me|please|briefly|in short|quickly|in bullet points|as bullet points"
    r"|in (?:a few|a couple of|\w+) (?:short |bullet )?"
    r"(?:words|sentences?|lines|points|paragraphs?)"
    r"))*"
)
#: "Hi, who wrote this?"
_BEGIN = r"(?:(?:hi|hello|hey)(?: there)?,? )?"
_SHORT = r"(?:(?:short|brief|quick|concise|general) )?"
_PUBLISHED = r"(?:published|written|posted|released|printed|issued|dated|from)"
_POINTS = (
    r"(?:(?:key|main|most important|central|major) (?:point|takeaway|fact|idea|finding|message)"
    r"|highlight|takeaway)s?"
)
_SUMMARY = (
    rf"{_POLITE}(?:give me |write |make |show me |have )?(?:(?:a|the) )?{_SHORT}"
    r"(?:summary|overview|gist|synopsis|abstract|recap)"
)

_FORMS: tuple[tuple[Kind, str], ...] = (
    (Kind.SUMMARY, rf"{_SUMMARY}{_OF_ANY}"),
    (Kind.SUMMARY, rf"{_POLITE}(?:summari[sz]e|sum|recap)(?: up)?(?: {_ANY})?(?: up)?"),
    (Kind.SUMMARY, rf"what(?:'s| is| are| was) {_ANY} (?:all |mainly )?about"),
    (Kind.SUMMARY, rf"{_POLITE}(?:tell me about|explain) {_ANY}(?: to me)?"),
    (Kind.SUMMARY, rf"what (?:does|do) {_THIS} say"),
    (Kind.SUMMARY, rf"what(?:'s| is) (?:the|this) {_TEXT}'s {_POINTS}"),
    (
        Kind.SUMMARY,
        rf"{_POLITE}(?:what(?:'s| are| is) |list |give me |show me |tell me |summari[sz]e )?"
        rf"(?:(?:the|its) )?(?:(?:\d|two|three|four|five|ten|few) )?{_POINTS}{_OF_ANY}",
    ),
    (Kind.SUMMARY, rf"what(?:'s| is) the point of {_ANY}"),
    (Kind.SUMMARY, r"tl;? ?dr"),
    (Kind.AUTHOR, rf"who (?:wrote|authored|(?:is|was) the (?:author|writer) of) {_THIS}"),
    (Kind.AUTHOR, rf"who (?:reported|did) (?:this|the) {_ARTICLE}"),
    (Kind.AUTHOR, rf"(?:(?:who(?:'s| is| was) )?the )?(?:author|writer){_OF}"),
    (Kind.AUTHOR, rf"who (?:is|was) {_THIS} (?:written )?by"),
    (Kind.AUTHOR, rf"by whom (?:is|was) {_THIS}(?: written)?"),
    (Kind.DATE, rf"when (?:was|is|were|are) {_THIS} (?:last )?(?:{_PUBLISHED}|updated|changed)"),
    (Kind.DATE, rf"when did {_THIS} (?:come out|appear)"),
    (Kind.DATE, rf"(?:what(?:'s| is| was) )?the (?:publication |publishing )date{_OF}"),
    (Kind.DATE, rf"(?:what(?:'s| is| was) )?the date of {_THIS}"),
    (Kind.DATE, rf"how (?:old|recent) (?:is|are) {_THIS}"),
    (Kind.DATE, rf"(?:what|which|on what|on which) date (?:is|was) {_THIS}(?: {_PUBLISHED})?"),
    (Kind.SOURCE, rf"where (?:is|was|are) {_THIS} (?:from|published|taken from|printed)"),
    (Kind.SOURCE, rf"where (?:does|did) {_THIS} (?:come from|appear)"),
    (Kind.SOURCE, rf"who published {_THIS}"),
    (
        Kind.SOURCE,
        r"(?:(?:what(?:'s| is| was) )?the )?(?:source|publisher|url|link|web address)"
        rf"{_OF}",
    ),
    (
        Kind.SOURCE,
        r"(?:what|which) (?:site|website|newspaper|paper|source|publication|magazine)"
        rf" (?:is|was) {_THIS} (?:from|in|published in|published by)",
    ),
    (
        Kind.ARTICLES,
        rf"{_POLITE}(?:list|show|show me|give me)(?: all)?(?: of)?(?: the| your)?"
        r"(?: available| latest| newest| recent)? articles",
    ),
    (
        Kind.ARTICLES,
        r"(?:what|which|how many)(?: other)? articles (?:do you have|are there|are here|can i read"
        r"|can i ask about|are available|do you know)",
    ),
    (Kind.ARTICLES, r"(?:what's|what is|anything) new|any news|(?:the )?latest news"),
    (
        Kind.HELLO,
        r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))"
        r"(?: (?:there|all|everyone|pullquote|again))?(?:,? how are you(?: (?:today|doing))?)?",
    ),
    (Kind.HELLO, r"how are you(?: (?:today|doing))?"),
    (
        Kind.THANKS,
        r"(?:ok(?:ay)?,? |great,? |perfect,? )?(?:(?:many )?thanks|thank you|thx|cheers)"
        r"(?: (?:a lot|so much|very much|again|for (?:your|the) help|pullquote))*"
        r"(?:,? (?:that|this) helps?(?:ed)?|,? (?:good)?bye)?",
    ),
    (Kind.THANKS, r"ok(?:ay)?|great|perfect|got it|good ?bye|bye(?: bye)?"),
    (
        Kind.CAN_DO,
        r"(?:can|could) you help(?: me)?|i need help"
        r"|help(?: me)?|what can (?:you|i|this) (?:do|ask)(?: (?:here|you|for me|about))*"
        r"|what (?:do|can) you (?:do|know|offer|answer)|what should i ask(?: you)?"
        r"|how (?:does|do) (?:this|you|that)(?: (?:site|page|chat|tool|thing))? work"
        r"|(?:who|what) are you|how (?:do|can) i use (?:this|you)(?: (?:site|page|chat|tool))?"
        r"|are you (?:an? )?(?:ai|bot|robot|human|person|real|real person|chatgpt)"
        r"|what is (?:pullquote|this (?:site|page|chat|tool|thing))",
    ),
)

#: Requests that name an article without quotation marks. Only an article's title tells that it is
#: one: see :func:`find_titled`.
_TITLE = r"(?P<title>\S.*\S)"
_TITLED: tuple[tuple[Kind, str], ...] = (
    (
        Kind.SUMMARY,
        rf"(?:{_POLITE}(?:summari[sz]e|recap|explain)|{_SUMMARY} of|tell me about) {_TITLE}",
    ),
    (Kind.SUMMARY, rf"what(?:'s| is) {_TITLE} about"),
    (Kind.AUTHOR, rf"who wrote {_TITLE}"),
    (Kind.DATE, rf"when was {_TITLE} {_PUBLISHED}"),
)


def _compiled(forms: Sequence[tuple[Kind, str]]) -> list[tuple[Kind, re.Pattern[str]]]:
    return [(kind, re.compile(_BEGIN + form + _END, re.IGNORECASE)) for kind, form in forms]


_PATTERNS, _TITLED_PATTERNS = _compiled(_FORMS), _compiled(_TITLED)


def find(question: str) -> Request | None:
    """The request that the whole ``question`` makes; ``None`` when it is not a request."""
    return _find(question, _PATTERNS)


def find_titled(question: str) -> Request | None:
    """The request that ``question`` makes if its last words are the title of an article."""
    return _find(question, _TITLED_PATTERNS)


def _find(question: str, patterns: Sequence[tuple[Kind, re.Pattern[str]]]) -> Request | None:
    text = " ".join(question.split()).strip(" .!?…")
    for kind, pattern in patterns:
        if match := pattern.fullmatch(text.replace("’", "'")):
            found = match.groupdict()
            # As it was typed: an article's own title may have typographic apostrophes.
            title = text[slice(*match.span("title"))] if found.get("title") else None
            return Request(kind, title.strip() if title else None, bool(found.get("it")))
    return None
