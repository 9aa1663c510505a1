"""Web pages of invented articles, as twenty-three publishing systems write them, with the true text."""

from __future__ import annotations

from tests.support.newspages.made import Made, pages

__all__ = ["Made", "pages"]
