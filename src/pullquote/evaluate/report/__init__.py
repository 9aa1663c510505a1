"""``report.html``: an evaluation as one self-contained page for an editor."""

from pullquote.evaluate.report.page import report_html

__all__ = ["report_html"]
