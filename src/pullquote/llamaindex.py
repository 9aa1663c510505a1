"""The public name of :mod:`pullquote.doors.llamaindex`, used in the documentation."""

from pullquote.doors.llamaindex import PullquoteQueryEngine, PullquoteRetriever

__all__ = ["PullquoteQueryEngine", "PullquoteRetriever"]
