"""Fixtures for the tests of fetching."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.websites import OTHER, PUBLIC, Site, World, serving


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with serving(site):
        yield site


@pytest.fixture
def world(site: Site) -> World:
    return World(site, {"news.example": [PUBLIC], "other.example": [OTHER, PUBLIC]})
