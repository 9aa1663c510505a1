"""Adding single articles: what is among the articles already."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from pullquote.errors import AddingError
from pullquote.index import update as indexing
from pullquote.index.additions import Additions
from pullquote.index.manifest import Manifest
from pullquote.index.store import Index
from pullquote.ingest.fetch import Fetcher, FetchLimits
from tests.support.indexes import HashingEmbedder, make_index
from tests.support.websites import Site, answer, serving

HTML = b"""<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1>
<p>The bridge over the Calder was built by Ada Moreau in 1887, and it has nine arches of brick.</p>
</article></body></html>"""


def test_another_spelling_of_a_known_address_is_the_same_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = partial(Fetcher, limits=FetchLimits(delay=0.0))
    monkeypatch.setattr("pullquote.ingest.fetch.Fetcher", patient)
    folder = make_index(tmp_path, {"mill.txt": "The mill opened in 1901."}).folder
    additions = Additions(folder, lambda _: HashingEmbedder(), ("127.0.0.1",))
    site = Site()
    for path in ("/a", "/a/", "/a/?utm_source=x"):
        site.put(path, answer(HTML))
    with serving(site):
        address = f"http://127.0.0.1:{site.port}/a"
        assert additions.add_address(address, lambda _: None) == [address]
        for other in (address, f"{address}/", f"{address}#top", f"{address}/?utm_source=x"):
            with pytest.raises(AddingError) as caught:
                additions.add_address(other, lambda _: None)
            assert str(caught.value) == f"{other} is among the articles already."
        # An article that was withdrawn comes back, under its own id.
        indexing.withdraw(folder, [address])
        assert additions.add_address(f"{address}/", lambda _: None) == [address]
    assert list(Index.open(folder).articles) == [address, "mill.txt"]
    assert Manifest.read(folder).added == (address,)
