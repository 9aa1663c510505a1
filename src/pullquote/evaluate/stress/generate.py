"""Makes questions from the sentences of a corpus, so that it can be tested without labels.

A number, a sum, a date or a name in a sentence is replaced by a question phrase: "Amazon banned
police use of its technology for how long?" The sentence is then the evidence, by construction.
Lewis, Denoyer and Riedel used such cloze questions to train readers ("Unsupervised Question
Answering by Cloze Translation", ACL 2019).

They are easier than real questions, because they share their words with the article. Use them for
comparisons: of two settings, or of a corpus before and after a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from pullquote.asked import MAX_QUESTION
from pullquote.errors import EvaluationError
from pullquote.evaluate.question import Question, Range
from pullquote.evaluate.questionset import QuestionSet, digest
from pullquote.evaluate.stress.blanks import Blank, name_blank, quantity_blanks
from pullquote.evaluate.stress.names import Names
from pullquote.evaluate.stress.texts import Shelf, draw, text_of
from pullquote.text.terms import STOP_WORDS, terms
from pullquote.types import Sentence, Status

#: The most questions that are made.
LIMIT = 100

#: Length of a question in words: shorter ones are too vague to search for, longer ones unnatural.
_SHORTEST, _LONGEST = 6, 28

#: The least content words that must be left to search for: with a name among them, and without.
_CONTENT, _CONTENT_UNNAMED = 4, 8

#: Longer sentences, in characters, are skipped.
_FAR_TOO_LONG = 1000

#: Openings of sentences that depend on the sentence before.
_LEANS = re.compile(
    r"(?:but|and|or|yet|so|still|then|instead|however|also|in turn|meanwhile|he|she|it|they|we|i"
    r"|you|his|her|hers|its|their|our|my|this|that|these|those|both|neither|either|another|others?|some"
    r"|such|many|most|few|one|all|none|each|here|there)\b",
    re.IGNORECASE,
)
#: "The losses" and "the Boston-based company" refer to something mentioned before; "The number of
#: people killed" does not.
_DEFINITE = re.compile(r"The\s[a-z\d]|The\s\S+\s(?:company|firm|club|agency|group|team)\b")
_COMPLETED = re.compile(r"The\s(?:[\w’'-]+\s){1,2}of\s|The\s[\w’'-]+\s(?:in|for|between|on)\s")
#: Pronouns for people who are named elsewhere.
_PERSON = re.compile(r"\b(?:I|me|my|we|us|our|you|your|he|she|him|her|they|them)\b")
_IT = re.compile(r"\bit\b")
_QUOTE = re.compile(r"[\"“”„«»‹›]|(?<!\w)[‘'](?=\w)")
#: "BERGEN, May 4 (Wire) — A ferry sank …"
_DATELINE = re.compile(r"^.{2,50}\s[—–-]{1,2}\s")
#: Where a sentence can be cut off after the answer and stay complete.
_TAIL = re.compile(
    r"\s*(?:[;—–]\s|,\s(?:which|who|whose|where|when|while|although|though|but|as|because|since|after"
    r"|before|saying|noting|according|including|making|leaving|citing|\w+ing\b|with)\b)"
)
#: "…, she said."
_ATTRIBUTION = re.compile(r",\s(?:[\w’'-]+\s){1,4}(?:said|says|added|wrote)$")

#: The final full stop, but not the one of an abbreviation such as "U.S.".
_LAST_POINT = re.compile(r"(?<!\.\w)\.$")


def question_set(shelf: Shelf, limit: int = LIMIT) -> QuestionSet:
    """The generated questions as a set. Raises :class:`EvaluationError` if none can be made."""
    questions = generate(shelf, limit)
    if not questions:
        raise EvaluationError(
            "No question can be made from these articles: none of their sentences has a number, a "
            "date or a name that could be asked for. Name a file of questions."
        )
    return QuestionSet("generated questions", questions, digest(questions))


def generate(shelf: Shelf, limit: int = LIMIT) -> tuple[Question, ...]:
    """At most ``limit`` questions, at most one per sentence, spread evenly over the articles.

    The same corpus gives the same questions. None is limited to one article.
    """
    maker = _Maker(shelf)
    made = [maker.questions(article_id) for article_id in shelf.articles]
    # Take one question from each article in turn.
    rounds = zip_longest(*made)
    flat = [item for turn in rounds for item in turn if item is not None]
    return tuple(flat[:limit])


class _Maker:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._names = Names(shelf)
        self._copies: dict[str, list[Range]] = {}
        for article_id in shelf.articles:
            for sentence in shelf.sentences(article_id):
                self._copies.setdefault(text_of(sentence, shelf), []).append(_range(sentence))

    def questions(self, article_id: str) -> list[Question]:
        """The article's questions, in a pseudorandom but fixed order."""
        sentences = [
            sentence
            for sentence in self._shelf.sentences(article_id)
            if self._stands_alone(sentence)
        ]
        made = [question for sentence in sentences if (question := self._question(sentence))]
        return sorted(made, key=lambda question: draw(question.text, "order"))

    def _stands_alone(self, sentence: Sentence) -> bool:
        text = text_of(sentence, self._shelf)
        return not (
            sentence.heading
            or len(text) > _FAR_TOO_LONG
            or text[-1:] != "."
            or not text[:1].isupper()
            or text == text.upper()
            or _LEANS.match(text)
            or (_DEFINITE.match(text) and not _COMPLETED.match(text))
            or _DATELINE.match(text)
            or _PERSON.search(text)
            or self._says_it_of_nothing(text)
            or _QUOTE.search(text)
            or self._is_quoted(sentence)
            # A repeated sentence gives one question, with all copies as evidence.
            or self._copies[text][0] != _range(sentence)
        )

    def _says_it_of_nothing(self, text: str) -> bool:
        """Whether the sentence has an "it" without a name before it."""
        pronoun = _IT.search(text)
        return pronoun is not None and not any(
            name.end < pronoun.start() for name in self._names.names(text)
        )

    def _is_quoted(self, sentence: Sentence) -> bool:
        """Whether the sentence is in a quotation that began earlier in the paragraph."""
        sentences = self._shelf.sentences(sentence.article_id)
        first = sentence.index
        while first > 0 and sentences[first - 1].paragraph == sentence.paragraph:
            first -= 1
        before = "".join(text_of(item, self._shelf) for item in sentences[first : sentence.index])
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1

    def _question(self, sentence: Sentence) -> Question | None:
        text = text_of(sentence, self._shelf)
        blanks = sorted(
            self._blanks(text), key=lambda blank: draw(text, str(blank.start), blank.kind)
        )
        for blank in blanks:
            asked = self._asked(text, blank)
            if asked is not None:
                return Question(
                    id=f"{sentence.article_id}:{sentence.start}",
                    text=asked,
                    where=f"made from {sentence.article_id}",
                    status=Status.ANSWERED,
                    evidence=(tuple(self._copies[text]),),
                    references=(text[blank.start : blank.end],),
                    tags=("generated", blank.kind),
                )
        return None

    def _blanks(self, text: str) -> Iterator[Blank]:
        yield from quantity_blanks(text)
        for name in self._names.names(text):
            blank = name_blank(text, name, self._names.sort_of(name.words))
            if blank is not None:
                yield blank

    def _asked(self, text: str, blank: Blank) -> str | None:
        """The sentence as a question; ``None`` if too little or too much of it is left."""
        before, after = text[: blank.start], _LAST_POINT.sub("", text[blank.end :])
        tail = _TAIL.search(after)
        # After a comma, the tail may contain the verb: "Bell, who was there for a year, left".
        if tail and ", " not in before + after[: tail.start()]:
            after = after[: tail.start()]
        after = _ATTRIBUTION.sub("", after)
        asked = " ".join(f"{before}{blank.asked}{after}?".split())
        asked = asked[:1].upper() + asked[1:]
        rest = f"{before} {after}"
        sized = _SHORTEST <= len(asked.split()) <= _LONGEST and len(asked) <= MAX_QUESTION
        named = any(True for _ in self._names.names(rest))
        about = len(set(terms(rest))) >= (_CONTENT if named else _CONTENT_UNNAMED)
        whole = asked.count("(") == asked.count(")") and not _is_open(after)
        return asked if sized and about and whole else None


def _is_open(after: str) -> bool:
    """Whether the text after the answer ends with a function word, so it is incomplete."""
    return bool(after.split()) and after.split()[-1] in STOP_WORDS


def _range(sentence: Sentence) -> Range:
    return Range(sentence.article_id, sentence.start, sentence.end)
