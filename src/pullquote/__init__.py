"""Pullquote answers questions about a set of articles with sentences cut from them."""

__version__ = "0.2.0"
