"""Vectors on disk: all are compared, or, if there are many, those in the nearest clusters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pullquote.errors import IndexUnusableError
from pullquote.index import update as indexing
from pullquote.index import vectors
from pullquote.index.store import Index
from pullquote.index.vectors import PassageVectors
from tests.support.indexes import HashingEmbedder, make_index, write_corpus

if TYPE_CHECKING:
    from pullquote.protocols import Vectors


def written(folder: Path, count: int = 3000, dimension: int = 32) -> Vectors:
    """Write unit vectors around forty centres, like those of articles on forty subjects."""
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((40, dimension))
    rows = centres[rng.integers(40, size=count)] + 0.6 * rng.standard_normal((count, dimension))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    np.save(folder / vectors.VECTORS, rows)
    single: Vectors = rows.astype(np.float32)
    return single


def opened(folder: Path) -> PassageVectors:
    return PassageVectors(folder, np.empty((0, 32), dtype=np.float16))


def test_few_are_all_compared_and_nothing_more_is_written(tmp_path: Path) -> None:
    rows = written(tmp_path)
    assert vectors.build(tmp_path) is None
    assert not (tmp_path / vectors.CLUSTERS).exists()
    found = opened(tmp_path).nearest(rows[7], 10)
    assert [number for number, _ in found] == list(np.argsort(-(rows @ rows[7]))[:10])
    assert found[0][1] == pytest.approx(1, abs=1e-3)


def test_many_are_put_into_clusters_that_find_nearly_what_comparing_all_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = written(tmp_path)
    monkeypatch.setattr(vectors, "FLAT_UP_TO", 1000)
    recall = vectors.build(tmp_path)
    assert recall is not None
    assert recall >= vectors.RECALL
    clustered = opened(tmp_path)
    assert len(clustered) == 3000
    found = [{number for number, _ in clustered.nearest(row, 10)} for row in rows[:100]]
    wanted = [set(np.argsort(-(rows @ row))[:10].tolist()) for row in rows[:100]]
    share = np.mean([len(a & b) / 10 for a, b in zip(found, wanted, strict=True)])
    assert share > 0.9
    # The same vectors give the same clusters.
    once = (tmp_path / vectors.CLUSTERS).read_bytes()
    vectors.build(tmp_path)
    assert (tmp_path / vectors.CLUSTERS).read_bytes() == once


@pytest.mark.parametrize("clusters", [False, True])
@pytest.mark.parametrize("few", [False, True])
def test_among_some_only_those_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clusters: bool, few: bool
) -> None:
    rows = written(tmp_path)
    monkeypatch.setattr(vectors, "FLAT_UP_TO", 1000 if clusters else 10_000)
    monkeypatch.setattr(vectors, "_FEW", 5000 if few else 0)
    vectors.build(tmp_path)
    among = np.arange(1, 3000, 3)
    found = opened(tmp_path).nearest(rows[7], 10, among)
    wanted = among[np.argsort(-(rows[among] @ rows[7]))[:10]]
    assert [number for number, _ in found] == wanted.tolist()
    assert opened(tmp_path).nearest(rows[7], 10, among[:0]) == []


def test_an_index_with_clusters_is_searched_updated_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "FLAT_UP_TO", 50)
    texts = {f"{n:03}.txt": f"Word{n} stands here with other{n % 7} words." for n in range(80)}
    index = make_index(tmp_path, texts)
    assert index.manifest.recall is not None
    vector = HashingEmbedder().encode(["Word5 stands here with other5 words."])[0]
    assert index.nearest(vector, 1)[0][0].article_id == "005.txt"
    write_corpus(tmp_path / "corpus", {"005.txt": "Something else is written there."})
    folder = tmp_path / "index"
    indexing.update([tmp_path / "corpus"], folder, "hashing", lambda _: HashingEmbedder())
    vector = HashingEmbedder().encode(["Something else is written there."])[0]
    assert Index.open(folder).nearest(vector, 1)[0][0].article_id == "005.txt"
    file = folder / Index.open(folder).manifest.search / vectors.CLUSTERS
    cut = file.read_bytes()[:-1]
    file.unlink()  # and not written over: an index that is open has it mapped into memory
    file.write_bytes(cut)
    with pytest.raises(IndexUnusableError, match=r"passage_vectors\.faiss has another length"):
        Index.open(folder)


def test_what_came_later_is_found_beside_what_is_in_the_file(tmp_path: Path) -> None:
    rows = written(tmp_path)
    np.save(tmp_path / vectors.VECTORS, rows[:2000].astype(np.float16))
    parts = PassageVectors(tmp_path, rows[2000:].astype(np.float16))
    assert len(parts) == 3000
    for among in (None, np.arange(1, 3000, 3)):
        places = np.arange(3000) if among is None else among
        wanted = places[np.argsort(-(rows[places] @ rows[2500]))[:10]]
        found = parts.nearest(rows[2500], 10, among)
        assert [place for place, _ in found] == wanted.tolist()
