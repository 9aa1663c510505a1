"""Numbers, figures and statuses in plain words for an editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pullquote.evaluate.judge import Judgement
from pullquote.types import Status

#: The kinds of questions without a failure: handled right, or not judged.
RIGHT, UNJUDGED = "right", "unjudged"


@dataclass(frozen=True, slots=True)
class Wording:
    """A figure in plain words, and what ``Rate.over`` counts."""

    plain: str
    over: str = "questions"


#: By the names of ``rates.FIGURES``.
FIGURES: Mapping[str, Wording] = {
    "retrieval.hit@1": Wording("The first passage holds evidence"),
    "retrieval.hit@5": Wording("One of the first five passages does"),
    "retrieval.mrr": Wording("How far up the first such passage is (1 / its rank)"),
    "citations.precision": Wording("Of what is cited, the share that is right"),
    "citations.recall": Wording("Of the evidence, the share that is cited"),
    "citations.f1": Wording("Both of these (their harmonic mean)"),
    "citations.hit@1": Wording("The first citation is right"),
    "citations.verbatim_rate": Wording("Quotes that are in their article, to the letter", "quotes"),
    "answers.token_f1": Wording("Words shared by the answer and the reference"),
    "answers.contains": Wording("What is cited contains the reference"),
    "abstention.precision": Wording("Of the refusals, the share that is right", "refusals"),
    "abstention.recall": Wording("Of what the articles do not say, the share refused"),
    "abstention.f1": Wording("Both of these (their harmonic mean)", "refused, or should be"),
    "abstention.auroc": Wording("Answerability tells the two kinds apart (.5 is chance)"),
    "status_accuracy": Wording("The status is the expected one"),
    "end_to_end": Wording("Handled right: the first citation, or the refusal"),
}

#: The headings above the figures. Figures without a group are about the whole answer.
GROUPS: Mapping[str, str] = {
    "retrieval": "Retrieval",
    "citations": "Citations",
    "answers": "Answers",
    "abstention": "Abstention",
    "": "The whole",
}


def decimal(value: float, digits: int = 3) -> str:
    """A number such as ``.433``. Only exact 0 and 1 are shown as such, not values close to them."""
    least = 10.0**-digits
    if 1e-9 < value < 1 - 1e-9:
        value = min(max(value, least), 1 - least)
    return f"{value:.{digits}f}".removeprefix("0")


def status(value: Status | None) -> str:
    """A status in words. ``None``: the set does not say which status is right."""
    return value.value.replace("_", " ") if value else "not said"


def kind(judgement: Judgement) -> str:
    """The kind of a judged question: its failure, ``RIGHT`` or ``UNJUDGED``."""
    if judgement.failure:
        return judgement.failure.value
    return UNJUDGED if judgement.handled is None else RIGHT


def kind_words(name: str) -> str:
    """A kind in words."""
    return {RIGHT: "handled right", UNJUDGED: "not judged"}.get(name, name.replace("_", " "))


#: Why a sentence that a writer wrote is shown or not.
_OUTCOMES: Mapping[str, str] = {
    "shown": "shown",
    "copied": "a quote itself, which is shown",
    "uncited": "left out: it cites nothing",
    "repeated": "left out: it was written before",
    "no_such_quote": "stopped: it cites a number that there is not",
    "incomplete": "stopped: one of its words is the number of a quote",
    "quotation": "stopped: it quotes words that are in none of its quotes",
    "date": "stopped: it names a time that is in none of its quotes",
    "figure": "stopped: it has a figure that is in none of its quotes",
    "name": "stopped: it has a name that is in none of its quotes",
    "nothing": "stopped: it says nothing that could be checked",
    "length": "stopped: it is too long to be checked",
    "unsupported": "stopped: its quotes do not support it",
}


def outcome_words(outcome: str) -> str:
    """The outcome of a written sentence, in words."""
    return _OUTCOMES[outcome]


def anchor(question_id: str) -> str:
    """The HTML id of a question's row: unique for any question id, and safe in a link."""
    return "q-" + quote(question_id, safe="", errors="replace")
