"""The name that the documents give to :mod:`pullquote.doors.llamaindex`."""

from pullquote.doors.llamaindex import PullquoteQueryEngine, PullquoteRetriever

__all__ = ["PullquoteQueryEngine", "PullquoteRetriever"]
