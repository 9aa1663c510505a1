"""Readers' verdicts on answers and, if the site owner wants it, their questions, in one file."""

from pullquote.serve.feedback.drafts import drafts
from pullquote.serve.feedback.questions import AskedQuestion, KeptQuestions
from pullquote.serve.feedback.verdicts import (
    MAX_COMMENT,
    Entry,
    Feedback,
    Verdict,
    clean_comment,
    merged,
    with_filters,
)

__all__ = [
    "MAX_COMMENT",
    "AskedQuestion",
    "Entry",
    "Feedback",
    "KeptQuestions",
    "Verdict",
    "clean_comment",
    "drafts",
    "merged",
    "with_filters",
]
