"""Articles and helpers for the tests of the HTTP API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

Serve = Callable[..., TestClient]


MILL = """title: The mill
date: 2024-02-03
url: https://www.example.org/mill

The mill opened in 1901. Its owner said that the roof leaked."""

TRAM = "The tram opened in 1923. It was painted green."

QUESTION = "When did the mill open?"


def error_of(response: Any) -> tuple[int, str, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return response.status_code, body["error"]["code"], body["error"]["message"]
