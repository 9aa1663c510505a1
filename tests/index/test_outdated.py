"""Whether the corpus has changed, as the visitors of a server are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pullquote.index import outdated
from pullquote.index.outdated import Changes
from tests.support.indexes import make_index, write_corpus


def test_an_open_index_is_asked_on_when_the_one_on_disk_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outdated, "_BELIEVED_FOR", 0.0)
    changes = Changes(make_index(tmp_path, {"a.txt": "Havana opened a school."}).folder)
    assert not changes.found()
    write_corpus(tmp_path / "corpus", {"b.txt": "Floyd died May 25."})
    assert changes.found()
    shutil.rmtree(tmp_path / "index")
    assert changes.found()
