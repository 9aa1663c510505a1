"""Web pages of invented articles, as sixteen publishing systems write them, with their true text."""

from __future__ import annotations

from tests.support.newspages.made import Made, pages

__all__ = ["Made", "pages"]
