"""All errors. Each message says what is wrong, where, and what to do about it.

The outer layers handle them: the command line prints the message and exits 2, the chat shows it.
"""

from __future__ import annotations

from typing import Self


class PullquoteError(Exception):
    """Anything that Pullquote can explain to the person using it."""


class SettingsError(PullquoteError):
    """A setting is unknown or has a value that cannot be used."""


class CorpusError(PullquoteError):
    """An article or a corpus folder cannot be read."""


class AddingError(PullquoteError):
    """An article cannot be added or removed."""


class IndexUnusableError(PullquoteError):
    """The index is missing, damaged, or does not fit this version or these settings."""


class ModelError(PullquoteError):
    """A model cannot be loaded."""


class QuestionError(PullquoteError):
    """The question cannot be asked: empty, or too long."""


class UnknownArticleError(QuestionError):
    """The question is about an article that is not in the index."""

    @classmethod
    def of(cls, article_id: str) -> Self:
        return cls(f"There is no article {article_id!r} in the index.")


class BusyError(PullquoteError):
    """The queue is full: one more question would wait too long."""


class GateError(PullquoteError):
    """A quote is not what the article says. The answer must not be shown."""


class AnswerFileError(PullquoteError):
    """A saved answer cannot be read."""


class QuestionSetError(PullquoteError):
    """A question set cannot be used: a line is broken, or its evidence is in no article."""


class FeedbackError(PullquoteError):
    """Readers' feedback cannot be saved or read."""


class EvaluationError(PullquoteError):
    """An evaluation cannot be run, compared or written."""


class FilterError(QuestionError):
    """A date or another filter is not valid, so that no article could match it."""


class WriterError(PullquoteError):
    """The language model cannot be reached, or its reply cannot be used."""
