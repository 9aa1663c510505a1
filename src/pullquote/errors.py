"""One error tree. Each message says what is wrong, where, and what to do about it.

The edges map it: the command line prints the message and exits 2, the chat shows it.
"""

from __future__ import annotations


class PullquoteError(Exception):
    """Anything that Pullquote can explain to the person using it."""


class SettingsError(PullquoteError):
    """A setting is unknown or has a value that cannot be used."""


class CorpusError(PullquoteError):
    """An article or a corpus folder cannot be read."""


class AddingError(PullquoteError):
    """An article cannot be added, or not taken out."""


class IndexUnusableError(PullquoteError):
    """The index is missing, damaged, or was built by something else."""


class ModelError(PullquoteError):
    """A model cannot be loaded."""


class QuestionError(PullquoteError):
    """The question cannot be asked: empty, or too long."""


class UnknownArticleError(QuestionError):
    """The question is about an article that is not in the index."""


class BusyError(PullquoteError):
    """So many questions wait already that one more would wait too long."""


class GateError(PullquoteError):
    """A quote is not what the article says. Nothing is shown."""


class AnswerFileError(PullquoteError):
    """A saved answer cannot be read."""


class QuestionSetError(PullquoteError):
    """A question set cannot be used: a line is broken, or its evidence is in no article."""


class FeedbackError(PullquoteError):
    """What readers thought of the answers cannot be kept or read."""


class EvaluationError(PullquoteError):
    """An evaluation cannot be made, compared or written."""


class FilterError(QuestionError):
    """A date or another filter that nothing can pass."""


class WriterError(PullquoteError):
    """The language model cannot be reached, or sends nothing that can be used."""
