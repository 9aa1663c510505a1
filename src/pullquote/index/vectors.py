"""Finds passages that are near a question in meaning: FAISS, through LlamaIndex's vector store.

The vectors are a plain array on disk, mapped into memory. Up to :data:`FLAT_UP_TO` vectors are
searched exhaustively. Beyond that, they are put into clusters (an inverted file; Sivic and
Zisserman 2003; Jegou, Douze and Schmid 2011), and only the nearest clusters are searched. How many
clusters that takes is measured when the file is built.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.vector_stores.faiss import FaissVectorStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.protocols import Vectors

VECTORS = "passage_vectors.npy"
CLUSTERS = "passage_vectors.faiss"

#: The most vectors searched exhaustively, which takes about 15 ms (``benchmarks/many.py``).
FLAT_UP_TO = 100_000

#: Recall@10 that the cluster search must reach, on average.
RECALL = 0.98

#: Training vectors per cluster: FAISS asks for 39 to 256.
_TRAIN_ON = 64

#: Number of queries with which recall is measured.
_PROBES = 200

#: Rows read at once: 150 MB at 384 dimensions.
_ROWS = 100_000

#: Up to this many allowed passages, their rows are compared directly, without the FAISS index.
_FEW = 20_000


def build(folder: Path) -> float | None:
    """Cluster the vectors of ``folder`` if there are many, and return recall@10; else ``None``.

    The same vectors give the same clusters. Raises ``RuntimeError`` if they cannot be written.
    """
    vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
    count, dimension = vectors.shape
    if count <= FLAT_UP_TO:
        return None
    lists = round(4 * math.sqrt(count))
    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, lists, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    rng = np.random.default_rng(0)
    sample = np.sort(rng.choice(count, min(count, lists * _TRAIN_ON), replace=False))
    index.train(vectors[sample].astype(np.float32))
    for first in range(0, count, _ROWS):
        index.add(vectors[first : first + _ROWS].astype(np.float32))
    recall = _calibrate(index, vectors, rng)
    faiss.write_index(index, str(folder / CLUSTERS))
    return recall


def _calibrate(
    index: faiss.IndexIVF, vectors: NDArray[np.float16], rng: np.random.Generator
) -> float:
    """Double the number of clusters to search until :data:`RECALL` is reached; return the recall.

    The probe queries lie between two passages, since a question resembles passages without being
    one.
    """
    pairs = rng.choice(len(vectors), (_PROBES, 2))
    probes = vectors[pairs].astype(np.float32).mean(axis=1)
    probes += 0.5 * vectors[pairs[:, 0]].astype(np.float32)
    probes /= np.linalg.norm(probes, axis=1, keepdims=True)
    nearest = _nearest_of_all(vectors, probes)
    recall = 0.0
    probing = 1
    while recall < RECALL and probing < index.nlist:
        probing = min(2 * probing, index.nlist)
        index.nprobe = probing
        _, found = index.search(probes, 10)
        hits = [len(set(a) & set(b)) for a, b in zip(found, nearest, strict=True)]
        recall = float(np.mean(hits) / 10)
    return recall


def _nearest_of_all(vectors: NDArray[np.float16], probes: Vectors) -> NDArray[np.int64]:
    """The ten rows nearest to each probe, shape ``(probes, 10)``."""
    heap = faiss.ResultHeap(len(probes), 10, keep_max=True)
    for first in range(0, len(vectors), _ROWS):
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(vectors[first : first + _ROWS].astype(np.float32))
        scores, ids = flat.search(probes, 10)
        heap.add_result(scores, np.where(ids < 0, ids, ids + first))
    heap.finalize()
    found: NDArray[np.int64] = heap.I
    return found


class PassageVectors:
    """The opened vectors, and the vectors of the passages added later (``added``).

    ``added`` has the shape ``(passages, dimension)``. Thread-safe.
    """

    def __init__(self, folder: Path, added: NDArray[np.float16]) -> None:
        self._vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
        self._added = added.astype(np.float32)
        if (folder / CLUSTERS).exists():
            index = faiss.read_index(str(folder / CLUSTERS), faiss.IO_FLAG_MMAP)
        else:
            index = faiss.IndexFlatIP(self._vectors.shape[1])
            for first in range(0, len(self._vectors), _ROWS):
                index.add(self._vectors[first : first + _ROWS].astype(np.float32))
        if index.ntotal != len(self._vectors) or added.shape[1] != self.dimension:
            raise ValueError("its vectors do not belong together")
        self._store = FaissVectorStore(faiss_index=index)

    def __len__(self) -> int:
        return len(self._vectors) + len(self._added)

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return int(self._vectors.shape[1])

    def rows(self, places: NDArray[np.int64]) -> Vectors:
        """Shape ``(len(places), dimension)``."""
        written = len(self._vectors)
        found = np.empty((len(places), self.dimension), dtype=np.float32)
        later = places >= written
        found[~later] = self._vectors[places[~later]]
        found[later] = self._added[places[later] - written]
        return found

    def nearest(
        self, vector: Vectors, top: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The places and cosines of the passages nearest to ``vector``, best first.

        With ``among`` (places, ascending), only those are searched.
        """
        if among is not None and len(among) <= _FEW:
            cosines = self.rows(among) @ vector
            pairs = list(zip(among.tolist(), cosines.tolist(), strict=True))
            return _ordered(pairs)[:top]
        written = len(self._vectors)
        found = self._nearest_written(vector, top, among)
        cosines = self._added @ vector
        later = range(len(cosines)) if among is None else among[among >= written] - written
        found += [(int(place) + written, float(cosines[place])) for place in later]
        return _ordered(found)[:top]

    def _nearest_written(
        self, vector: Vectors, top: int, among: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        if among is None:
            found = self._store.query(
                VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=top)
            )
            pairs = zip(found.ids or [], found.similarities or [], strict=True)
            return [(int(place), float(cosine)) for place, cosine in pairs]
        index = self._store.client
        parameters: Any = faiss.SearchParameters()
        if isinstance(index, faiss.IndexIVF):
            parameters = faiss.SearchParametersIVF()
            # Search more clusters: excluded passages may fill the nearest ones.
            parameters.nprobe = min(4 * index.nprobe, index.nlist)
        selector = faiss.IDSelectorBatch(among)
        parameters.sel = selector
        cosines, places = index.search(vector[np.newaxis], top, params=parameters)
        return [(int(n), float(s)) for n, s in zip(places[0], cosines[0], strict=True) if n >= 0]


def _ordered(pairs: list[tuple[int, float]]) -> list[tuple[int, float]]:
    # FAISS returns equal scores in arbitrary order.
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
