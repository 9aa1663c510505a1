"""The index on disk: what is refused, and that nothing in it is ever run."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from pullquote.errors import IndexUnusableError
from pullquote.index import catalog, store
from pullquote.index import update as indexing
from pullquote.index.manifest import Manifest
from pullquote.index.store import Index
from pullquote.types import NO_FILTERS
from tests.support.indexes import HashingEmbedder, make_index, write_corpus
from tests.support.places import ROOT

TEXTS = {
    "a.txt": "Amazon banned police use. The company did not say why.",
    "b.txt": "Floyd died May 25. Protests followed.",
}

FILES = [
    "articles.sqlite",
    "passage_vectors.npy",
    "passages.npy",
    "sentences.npy",
    "terms/bounds.npy",
    "terms/data.csc.index.npy",
    "terms/indices.csc.index.npy",
    "terms/indptr.csc.index.npy",
    "terms/params.index.json",
    "terms/tokens.npy",
    "terms/vocab.index.json",
]

REBUILD = "build it again with `pullquote index --rebuild`."


def unusable(folder: Path) -> str:
    with pytest.raises(IndexUnusableError) as caught:
        Index.open(folder)
    message = str(caught.value)
    assert "`pullquote index" in message
    assert "\n" not in message
    return message


def build_of(index: Index) -> Path:
    return index.folder / index.manifest.build


def replace_knowingly(index: Index, name: str, data: bytes) -> None:
    """Put ``data`` in the place of a file, with the size and digest that the manifest promises."""
    (build_of(index) / name).write_bytes(data)
    file = index.folder / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["files"][name] = {"size": len(data), "digest": sha256(data).hexdigest()}
    file.write_text(json.dumps(manifest))


# --- what is there ----------------------------------------------------------------------------


def test_a_build_holds_these_files_and_no_others(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    assert sorted(index.manifest.files) == FILES
    written = [path for path in build_of(index).rglob("*") if path.is_file()]
    # What was read is kept besides: no answer depends on it, and it may be written again.
    kept = sorted(str(path.relative_to(build_of(index))) for path in written)
    assert kept == sorted([*FILES, "sources.sqlite"])


def test_an_unknown_article_is_a_key_error(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    lookups: list[Callable[[str], object]] = [
        index.article,
        index.sentences,
        index.passages,
        index.manifest_digest,
        index.passage_vectors,
        lambda name: index.matching("police", 5, index.among(name, NO_FILTERS)),
        lambda name: index.twins(name),
    ]
    for look_up in lookups:
        with pytest.raises(KeyError):
            look_up("c.txt")


# --- what is refused --------------------------------------------------------------------------


def test_a_missing_or_empty_folder_says_how_to_build_an_index(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone", tmp_path / "gone" / "further"):
        assert unusable(folder) == (
            f"There is no index in {str(folder)!r}: build it with `pullquote index`."
        )


def test_an_index_path_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("mine")
    assert unusable(tmp_path / "index") == (
        f"'{tmp_path}/index' is a file, not an index: name a folder with --index, and build it "
        "with `pullquote index`."
    )


@pytest.mark.parametrize("content", [b"", b"{", b"not json", b"\xff\xfe", b"\x00" * 100])
def test_a_manifest_that_is_not_json_is_refused(tmp_path: Path, content: bytes) -> None:
    make_index(tmp_path, TEXTS)
    (tmp_path / "index" / "manifest.json").write_bytes(content)
    assert unusable(tmp_path / "index") == (
        f"The index in '{tmp_path}/index' is damaged (manifest.json cannot be read): {REBUILD}"
    )


@pytest.mark.parametrize(
    ("content", "schema"),
    [("[]", None), ("null", None), ("3", None), ("{}", None), ('{"schema": 99}', 99)],
)
def test_a_manifest_of_another_schema_is_refused(
    tmp_path: Path, content: str, schema: int | None
) -> None:
    make_index(tmp_path, TEXTS)
    (tmp_path / "index" / "manifest.json").write_text(content)
    assert unusable(tmp_path / "index") == (
        f"The index in '{tmp_path}/index' has schema {schema}, this version reads 3: {REBUILD}"
    )


def test_a_manifest_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").mkdir()
    assert unusable(tmp_path).endswith(f"(manifest.json cannot be read): {REBUILD}")


def test_a_manifest_with_a_missing_or_unknown_key_is_refused(tmp_path: Path) -> None:
    make_index(tmp_path, TEXTS)
    file = tmp_path / "index" / "manifest.json"
    whole = json.loads(file.read_text())
    broken = [{k: v for k, v in whole.items() if k != key} for key in whole if key != "schema"]
    broken += [{**whole, "more": 1}, {**whole, "files": []}, {**whole, "corpus": None}]
    assert len(broken) == 17
    for content in broken:
        file.write_text(json.dumps(content))
        assert unusable(tmp_path / "index") == (
            f"The index in '{tmp_path}/index' is damaged (manifest.json is incomplete): {REBUILD}"
        )


@pytest.mark.slow
def test_a_manifest_with_any_byte_changed_opens_or_is_refused_clearly(tmp_path: Path) -> None:
    make_index(tmp_path, TEXTS)
    file = tmp_path / "index" / "manifest.json"
    whole = file.read_bytes()
    refused = 0
    for position in range(0, len(whole), 3):
        changed = bytearray(whole)
        changed[position] ^= 1 << position % 7
        file.write_bytes(changed)
        try:
            Index.open(tmp_path / "index")
        except IndexUnusableError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_truncated_altered_or_gone_is_named(tmp_path: Path, name: str) -> None:
    path = build_of(make_index(tmp_path, TEXTS)) / name
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1

    def message(what: str) -> str:
        return f"The index in '{tmp_path}/index' is damaged ({name} {what}): {REBUILD}"

    path.write_bytes(whole[:-1])
    assert unusable(tmp_path / "index") == message("is truncated")
    path.write_bytes(b"")
    assert unusable(tmp_path / "index") == message("is truncated")
    path.write_bytes(bytes(flipped))
    assert unusable(tmp_path / "index") == message("was altered")
    path.write_bytes(whole + b"\n")
    assert unusable(tmp_path / "index") == message("was altered")
    path.unlink()
    assert unusable(tmp_path / "index") == message("is missing")
    path.write_bytes(whole)
    assert list(Index.open(tmp_path / "index").articles) == ["a.txt", "b.txt"]


def test_a_build_folder_that_is_gone_is_refused(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    build_of(index).rename(tmp_path / "elsewhere")
    assert unusable(tmp_path / "index").endswith(f"(articles.sqlite is missing): {REBUILD}")


class Payload:
    """Unpickling one writes a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.write_text, (self.marker, "it ran")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["array", "pickle"])
def test_nothing_is_ever_unpickled(tmp_path: Path, name: str, kind: str) -> None:
    index = make_index(tmp_path, TEXTS)
    marker = tmp_path / "ran"
    source = tmp_path / "evil.npy"
    np.save(source, np.array([Payload(marker)], dtype=object), allow_pickle=True)
    data = source.read_bytes() if kind == "array" else pickle.dumps(Payload(marker))
    pickle.loads(pickle.dumps(Payload(marker)))  # noqa: S301 - that it would run, if it were
    marker.unlink()
    replace_knowingly(index, name, data)
    assert "is damaged (" in unusable(tmp_path / "index")
    assert not marker.exists()


def test_no_source_file_may_unpickle() -> None:
    sources = sorted((ROOT / "src").rglob("*.py"))
    words = ("pickle", "joblib", "dill", "marshal", "shelve")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sources
        for line in path.read_text().replace("allow_pickle=False", "").splitlines()
        if any(word in line for word in words) and "unpickled" not in line
    ]
    assert len(sources) > 20
    assert found == []


def test_parts_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    one = make_index(tmp_path / "one", TEXTS)
    two = make_index(tmp_path / "two", {**TEXTS, "b.txt": "One sentence now."})
    message = (
        f"The index in '{one.folder}' is damaged (its parts do not belong together): {REBUILD}"
    )
    for name in ("sentences.npy",):
        before = (build_of(one) / name).read_bytes()
        replace_knowingly(one, name, (build_of(two) / name).read_bytes())
        assert unusable(one.folder) == message
        replace_knowingly(one, name, before)
    assert list(Index.open(one.folder).articles) == ["a.txt", "b.txt"]
    replace(one.manifest, articles=3).write(one.folder)
    assert unusable(one.folder) == message


def test_an_index_replaced_while_it_is_opened_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_index(tmp_path, TEXTS)
    write_corpus(tmp_path / "corpus", {"c.txt": "Havana opened a school."})
    opened = catalog.Catalog
    replaced: list[Path] = []

    def replaced_meanwhile(path: Path, hidden: tuple[str, ...]) -> object:
        if not replaced:
            replaced.append(path)
            with monkeypatch.context() as patch:
                patch.setattr(store, "Catalog", opened)
                indexing.update(
                    [tmp_path / "corpus"],
                    tmp_path / "index",
                    "hashing",
                    lambda _: HashingEmbedder(),
                )
        return opened(path, hidden)

    monkeypatch.setattr(store, "Catalog", replaced_meanwhile)
    index = Index.open(tmp_path / "index")
    assert len(replaced) == 1
    assert not replaced[0].exists()
    assert list(index.articles) == ["a.txt", "b.txt", "c.txt"]
    assert index.manifest == Manifest.read(tmp_path / "index")


def test_an_open_index_outlives_its_replacement(tmp_path: Path) -> None:
    index = make_index(tmp_path, TEXTS)
    before = index.passage_vectors("a.txt").copy()
    make_index(tmp_path, {"a.txt": "All of it is new."})
    assert not build_of(index).exists()
    assert np.array_equal(index.passage_vectors("a.txt"), before)
    assert [it.article_id for it, _ in index.matching("police", 5)] == ["a.txt"]
