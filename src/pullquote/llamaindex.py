"""The name that the README gives to :mod:`pullquote.doors.llamaindex`."""

from pullquote.doors.llamaindex import PullquoteQueryEngine, PullquoteRetriever

__all__ = ["PullquoteQueryEngine", "PullquoteRetriever"]
