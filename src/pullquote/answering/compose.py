"""Reading -> Answer: decides the status and which few sentences to cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pullquote.answering import disagreement, lastanswer
from pullquote.answering.trace import Material
from pullquote.messages import messages
from pullquote.protocols import Library
from pullquote.text import speaker
from pullquote.text.cut import cut
from pullquote.text.terms import terms
from pullquote.text.timeframe import Timeframe
from pullquote.types import (
    Answer,
    Block,
    Citation,
    Provenance,
    Reading,
    ScoredSentence,
    Status,
    Timings,
)

#: Only articles of the time that a question names are cited when their best sentence has at least
#: this share of the best score of all.
TIME_SHARE = 0.9

#: How many of the closest sentences a refusal shows.
CLOSEST = 3

#: How many sentences of background follow a sentence that says something is not known.
BACKGROUND = 2

#: How many sentences a language model may use at most, and which share of the best score each
#: needs.
_WRITE_OF, _WRITE_SHARE = 5, 0.5


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """How much an answer says, and how sure it must be.

    ``refuse_below``: a question with a lower answerability is refused. ``cite_above``: the score
    from which sentences after the best one are cited too.
    """

    citations: int
    refuse_below: float
    cite_above: float = 1.0


def compose(
    question: str,
    standalone: str,
    reading: Reading,
    library: Library,
    cutoffs: Cutoffs,
    provenance: Provenance,
    timings: Timings,
    frame: Timeframe | None = None,
) -> Answer:
    """Compose the answer to ``question`` from a reading. It has not passed the gate yet.

    ``standalone`` is the question that was looked up: ``question`` itself or, for a follow-up, its
    rewritten form. ``frame`` is the time that the question names: articles of that time are used
    alone if they answer about as well as the others.
    """
    texts = messages()
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    if not reading.sentences or reading.answerability < cutoffs.refuse_below:
        status = Status.NOT_FOUND
        closest = cite(_closest(standalone, reading, library, cutoffs), library)
        blocks = (texts.block("not_found"),)
    elif _says_unknown((timely := _of_the_time(reading, frame, library)).sentences[0]):
        status = Status.STATED_UNKNOWN
        stated = timely.sentences[0]
        background = _background(stated, timely, cutoffs)
        citations = cite([stated, *background], library)
        blocks = (texts.block("stated_unknown"), *quote_blocks(citations[:1]))
        if background:
            blocks += (texts.block("background"), *quote_blocks(citations[1:]))
    else:
        status = Status.ANSWERED
        if cutoffs.citations > 1 and (
            other := disagreement.find(standalone, timely.sentences, library, frame)
        ):
            pair = disagreement.newest_first([timely.sentences[0], other], library)
            citations = cite(pair, library)
            blocks = (texts.block("differ"), *quote_blocks(citations))
        else:
            citations = cite(_best_first(_best(timely, cutoffs, library)), library)
            blocks = quote_blocks(citations)
    return Answer(
        question=question,
        status=status,
        blocks=(*blocks, *map(texts.block, reading.notes)),
        citations=citations,
        closest=closest,
        provenance=provenance,
        timings=timings,
        answerability=reading.answerability,
        understood=standalone if standalone != question else None,
    )


def compose_who_said(
    question: str,
    last: Answer,
    library: Library,
    provenance: Provenance,
    timings: Timings,
) -> Answer:
    """Who said what ``last`` cites: the sentence that names the speaker, and the cited one."""
    spoken = lastanswer.who_said(last, library)
    if spoken is None:
        return _nothing(question, "not_found", provenance, timings)
    citations = cite(_in_order(spoken.sentences), library)
    notes = () if spoken.named else (messages().block("said_by_article"),)
    return Answer(
        question=question,
        status=Status.ANSWERED,
        blocks=(*quote_blocks(citations), *notes),
        citations=citations,
        closest=(),
        provenance=provenance,
        timings=timings,
        answerability=1.0,
    )


def compose_more(
    question: str,
    last: Answer,
    library: Library,
    cutoffs: Cutoffs,
    provenance: Provenance,
    timings: Timings,
) -> Answer:
    """The sentences that follow the citations of ``last`` in their article."""
    citations = cite(lastanswer.more(last, library, cutoffs.citations), library)
    if not citations:
        return _nothing(question, "no_more", provenance, timings)
    return Answer(
        question=question,
        status=Status.ANSWERED,
        blocks=(messages().block("more"), *quote_blocks(citations)),
        citations=citations,
        closest=(),
        provenance=provenance,
        timings=timings,
        answerability=1.0,
    )


def further(
    answer: Answer,
    question: str,
    reading: Reading,
    library: Library,
    frame: Timeframe | None = None,
) -> Material:
    """What a writer may use: the citations of ``answer``, then the next best sentences."""
    if answer.status is not Status.ANSWERED or not reading.sentences:
        return Material(answer.citations)
    places = {(one.sentence.article_id, one.sentence.index): one for one in reading.sentences}
    cited = [places.pop((one.article_id, one.sentence_index)) for one in answer.citations]
    least = _WRITE_SHARE * reading.sentences[0].score
    others = [one for one in places.values() if one.score >= least]
    others = others[: max(0, _WRITE_OF - len(cited))]
    start = len(cited)
    return Material(
        (
            *answer.citations,
            *(replace(other, number=start + other.number) for other in cite(others, library)),
        ),
        tuple(disagreement.both_sides(question, [*cited, *others], library, frame)),
    )


def _nothing(question: str, key: str, provenance: Provenance, timings: Timings) -> Answer:
    """An answer that consists of the message ``key`` and cites nothing."""
    blocks = (messages().block(key),)
    return Answer(question, Status.NOT_FOUND, blocks, (), (), provenance, timings, 0.0)


def _of_the_time(reading: Reading, frame: Timeframe | None, library: Library) -> Reading:
    """Drop articles of other times, if articles of ``frame`` answer about as well."""
    if frame is None:
        return reading
    own = tuple(
        sentence
        for sentence in reading.sentences
        if frame.holds(library.article(sentence.sentence.article_id).published)
    )
    if not own or own[0].score < TIME_SHARE * reading.sentences[0].score:
        return reading
    return replace(reading, sentences=own)


def _closest(
    question: str, reading: Reading, library: Library, cutoffs: Cutoffs
) -> list[ScoredSentence]:
    """The sentences to show under a refusal: on the question's subject, or nearly an answer.

    Among sentences that do not answer, the reader's scores say little about the subject, so shared
    words count too. A score at the threshold counts as much as sharing all words of the question:
    a wrongly refused answer is then still shown.
    """
    asked = set(terms(question))

    def nearness(one: ScoredSentence) -> float:
        shared = len(asked & set(terms(cut(one.sentence, library))))
        return shared / max(1, len(asked)) + one.score / cutoffs.refuse_below

    # Of 39 sentences under 13 refusals, 34 were about the subject; by the scores alone only 8. No
    # division by zero: with a threshold of 0 a question is refused only if there are no sentences.
    return sorted(reading.sentences, key=nearness, reverse=True)[:CLOSEST]


def _says_unknown(scored: ScoredSentence) -> bool:
    """Whether the sentence more likely says that this is not known than that it answers."""
    return scored.not_said > scored.score / 2


def _best(reading: Reading, cutoffs: Cutoffs, library: Library) -> list[ScoredSentence]:
    """The best sentence, and others that also answer and add something new."""
    chosen = [reading.sentences[0]]
    said = cut(chosen[0].sentence, library).casefold()
    for one in reading.sentences[1:]:
        if len(chosen) == cutoffs.citations or one.score < cutoffs.cite_above:
            break
        # Do not cite the same answer twice in different words.
        text = library.article(one.sentence.article_id).text
        words = text[slice(*one.span)].casefold() if one.span else ""
        # Whole words: "2012" does not say "12".
        repeats = words and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", said)
        if not repeats and not _says_unknown(one):
            chosen.append(one)
            said += "\n" + cut(one.sentence, library).casefold()
    return chosen


def _best_first(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The best sentence, then the others in the order of their articles."""
    return [sentences[0], *_in_order(sentences[1:])]


def _background(stated: ScoredSentence, reading: Reading, cutoffs: Cutoffs) -> list[ScoredSentence]:
    """The sentences just before and after ``stated`` in its paragraph, which tell of the event."""
    own = stated.sentence
    # They do not answer, so none of their words are marked as the answer.
    beside = [
        replace(sentence, span=None)
        for sentence in reading.sentences
        if sentence.sentence.article_id == own.article_id
        and sentence.sentence.paragraph == own.paragraph
        and abs(sentence.sentence.index - own.index) == 1
    ]
    return _in_order(beside[: min(BACKGROUND, cutoffs.citations - 1)])


def _in_order(sentences: Iterable[ScoredSentence]) -> list[ScoredSentence]:
    """In the order of the article; with several articles, the one listed first comes first."""
    listed = list(sentences)
    first = {listing.sentence.article_id: n for n, listing in reversed(list(enumerate(listed)))}
    return sorted(listed, key=lambda one: (first[one.sentence.article_id], one.sentence.index))


def quote_blocks(citations: Iterable[Citation]) -> tuple[Block, ...]:
    """One block per quote."""
    return tuple(Block(citation.quote, (citation.number,)) for citation in citations)


def cite(sentences: Sequence[ScoredSentence], library: Library) -> tuple[Citation, ...]:
    """Number the sentences from 1 and cut their quotes out of the articles."""
    cited = {(sentence.sentence.article_id, sentence.sentence.index) for sentence in sentences}
    return tuple(
        Citation(
            number=number,
            article_id=sentence.sentence.article_id,
            sentence_index=sentence.sentence.index,
            start=sentence.sentence.start,
            end=sentence.sentence.end,
            quote=cut(sentence.sentence, library),
            score=sentence.score,
            span=sentence.span,
            context=speaker.context(sentence.sentence, library, cited),
        )
        for number, sentence in enumerate(sentences, start=1)
    )
