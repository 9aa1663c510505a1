"""A real server to which articles can be added, and requests to it as a browser sends them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pullquote.config import Settings
from tests.support.indexes import make_index
from tests.support.inprocess import serving


@dataclass
class Page:
    """Plays the server's own page in a browser. ``headers`` override the browser's usual ones."""

    address: str
    corpus: Path
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, body: bytes | None = None, version: int = 11, /, **more: str
    ) -> tuple[int, str]:
        """Send a request: the status and body of the response.

        ``more`` are headers with ``_`` for ``-``; a header with an empty value is not sent.
        """
        connection = HTTPConnection(self.address.removeprefix("http://"), timeout=120)
        connection._http_vsn = version  # type: ignore[attr-defined]
        connection._http_vsn_str = f"HTTP/1.{version % 10}"  # type: ignore[attr-defined]
        host = self.address.removeprefix("http://")
        headers = {"Host": host, "Connection": "keep-alive", **self.headers}
        if method == "POST":
            headers = {"Origin": self.address, "X-Pullquote-Token": self.token, **headers}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        sent = {name: value for name, value in headers.items() if value}
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def state(self, **more: str) -> dict[str, Any]:
        """What the server tells the page when it opens."""
        status, text = self.send("GET", "/api/added", X_Pullquote_Token=self.token, **more)
        assert status == 200, text
        found: dict[str, Any] = json.loads(text)
        return found

    def post(self, what: str, body: dict[str, Any], /, **more: str) -> tuple[int, dict[str, Any]]:
        """Post JSON: the status, and the last event or the error."""
        return self._ended(what, json.dumps(body).encode(), Content_Type="application/json", **more)

    def file(self, name: str, data: bytes, /, **more: str) -> tuple[int, dict[str, Any]]:
        """Like :meth:`post`, with a file."""
        return self._ended(f"file?name={quote(name, safe='')}", data, **more)

    def _ended(self, what: str, data: bytes, /, **more: str) -> tuple[int, dict[str, Any]]:
        status, text = self.send("POST", f"/api/added/{what}", data, **more)
        last = text.strip().split("\n\n")[-1].partition("data: ")[2] or text
        found: dict[str, Any] = json.loads(last)
        return status, found

    def listed(self) -> set[str]:
        """The ids of all articles in the server's list."""
        articles = json.loads(self.send("GET", "/api/articles")[1])["articles"]
        return {article["document_id"] for article in articles}


@contextmanager
def serving_page(tmp_path: Path, texts: Mapping[str, str], **options: Any) -> Iterator[Page]:
    """Serve an index of ``texts``; gives a page, with the server's token if it has one.

    ``options`` are settings. Without a ``port`` any free one is used.
    """
    index = make_index(tmp_path, texts).folder
    settings = Settings(
        index=index,
        reader="similarity-1",
        embedder="hashing",
        refuse_below=0.0,
        feedback=tmp_path / "feedback.sqlite",
        **options,
    )

    with serving(settings) as address:
        page = Page(address, tmp_path / "corpus")
        page.token = page.state().get("token", "")
        yield page
