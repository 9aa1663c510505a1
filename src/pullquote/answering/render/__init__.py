"""Renders an answer as JSON, text, Markdown or HTML; escapes it for each format.

Each function that renders an answer passes it through the gate first.
"""

from pullquote.answering.render.as_html import answer_html, article_html, escape, question_html
from pullquote.answering.render.as_json import named, to_json
from pullquote.answering.render.as_markdown import to_markdown
from pullquote.answering.render.as_text import to_text
from pullquote.answering.render.receipt import to_receipt, with_date

__all__ = [
    "answer_html",
    "article_html",
    "escape",
    "named",
    "question_html",
    "to_json",
    "to_markdown",
    "to_receipt",
    "to_text",
    "with_date",
]
