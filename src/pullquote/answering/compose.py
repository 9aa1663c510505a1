"""Reading -> Answer: which of the three statuses, and which few sentences to cite."""

from __future__ import annotations

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

#: Articles of the time that a question names go first when their best sentence scores this share
#: of the best of all.
TIME_SHARE = 0.9

#: How many of the closest sentences a refusal shows.
CLOSEST = 3

#: How many sentences of background follow a sentence that says that something is not known.
BACKGROUND = 2


#: A language model may write of so many sentences, if they score so much of the best one.
_WRITE_OF, _WRITE_SHARE = 5, 0.5


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """How much an answer says, and how sure it must be.

    ``refuse_below``: a question of less answerability is refused. ``cite_above``: a further
    sentence is cited from this score on.
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
    """The answer to ``question`` that a reading gives. It has not passed the gate yet.

    Of sentences that answer equally well those of ``frame``, the time it names, come first.

    ``standalone`` is what was read for: the question itself, or a follow-up made whole.
    """
    texts = messages()
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    if not reading.sentences or reading.answerability < cutoffs.refuse_below:
        status = Status.NOT_FOUND
        closest = cite(_closest(standalone, reading, library, cutoffs), library)
        blocks = (texts.block("not_found"),)
    elif _says_unknown(reading.sentences[0]):
        status = Status.STATED_UNKNOWN
        stated = reading.sentences[0]
        background = _background(stated, reading, cutoffs)
        citations = cite([stated, *background], library)
        blocks = (texts.block("stated_unknown"), *quote_blocks(citations[:1]))
        if background:
            blocks += (texts.block("background"), *quote_blocks(citations[1:]))
    else:
        status = Status.ANSWERED
        reading = _of_the_time(reading, frame, library)
        other = disagreement.find(standalone, reading.sentences, library, frame)
        if other and cutoffs.citations > 1:
            pair = disagreement.newest_first([reading.sentences[0], other], library)
            citations = cite(pair, library)
            blocks = (texts.block("differ"), *quote_blocks(citations))
        else:
            citations = cite(_best_first(_best(reading, cutoffs, library)), library)
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
    """Who says what ``last`` cites: the sentence that names the speaker, and the one cited."""
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
    """What the article says next to what ``last`` cites."""
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
    """What may be written of: the citations of ``answer``, and behind them the next best."""
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
    """What says with the message ``key`` alone that there is nothing to cite."""
    blocks = (messages().block(key),)
    return Answer(question, Status.NOT_FOUND, blocks, (), (), provenance, timings, 0.0)


def _of_the_time(reading: Reading, frame: Timeframe | None, library: Library) -> Reading:
    """The reading without articles of another time, when those of the time answer as well."""
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
    """What is about the question's subject, and what was nearly an answer.

    Of sentences that do not answer a reader's scores tell little: the words of the question say
    which are of its subject. One that falls just short of the threshold counts for as much as one
    with all these words, so that an answer that was refused wrongly is seen.
    """
    asked = set(terms(question))

    def nearness(one: ScoredSentence) -> float:
        shared = len(asked & set(terms(cut(one.sentence, library))))
        return shared / max(1, len(asked)) + one.score / cutoffs.refuse_below

    # Of 39 sentences of 13 refusals 34 were about the subject so, and 8 by the scores alone. With a
    # threshold of 0 nothing is refused but where nothing was read.
    return sorted(reading.sentences, key=nearness, reverse=True)[:CLOSEST]


def _says_unknown(scored: ScoredSentence) -> bool:
    """Whether the sentence rather says that just this is not known than answers."""
    return scored.not_said > scored.score / 2


def _best(reading: Reading, cutoffs: Cutoffs, library: Library) -> list[ScoredSentence]:
    """The best sentence, and the others that answer too and add to it."""
    chosen = [reading.sentences[0]]
    said = cut(chosen[0].sentence, library).casefold()
    for one in reading.sentences[1:]:
        if len(chosen) == cutoffs.citations or one.score < cutoffs.cite_above:
            break
        # The same answer in other words is no second one.
        text = library.article(one.sentence.article_id).text
        repeats = one.span is not None and text[slice(*one.span)].casefold() in said
        if not repeats and not _says_unknown(one):
            chosen.append(one)
            said += "\n" + cut(one.sentence, library).casefold()
    return chosen


def _best_first(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The best sentence, then the others in the order of their articles."""
    return [sentences[0], *_in_order(sentences[1:])]


def _background(stated: ScoredSentence, reading: Reading, cutoffs: Cutoffs) -> list[ScoredSentence]:
    """The sentences beside it in its paragraph: the event, and what is said of it next."""
    own = stated.sentence
    # What these say is not the answer: none of their words are marked as if it were.
    beside = [
        replace(sentence, span=None)
        for sentence in reading.sentences
        if sentence.sentence.article_id == own.article_id
        and sentence.sentence.paragraph == own.paragraph
        and abs(sentence.sentence.index - own.index) == 1
    ]
    return _in_order(beside[: min(BACKGROUND, cutoffs.citations - 1)])


def _in_order(sentences: Iterable[ScoredSentence]) -> list[ScoredSentence]:
    """The article's order; of several articles, the one with the best sentence first."""
    listed = list(sentences)
    first = {listing.sentence.article_id: n for n, listing in reversed(list(enumerate(listed)))}
    return sorted(listed, key=lambda one: (first[one.sentence.article_id], one.sentence.index))


def quote_blocks(citations: Iterable[Citation]) -> tuple[Block, ...]:
    """A block a quote."""
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
