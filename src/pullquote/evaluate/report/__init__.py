"""``report.html``: an evaluation as one page for an editor, with nothing to load from anywhere."""

from pullquote.evaluate.report.page import report_html

__all__ = ["report_html"]
