"""A folder with a quantised network, whole and damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_imports import loaded_after

from pullquote.errors import ModelError
from pullquote.onnx_network import CARD, MODEL, TOKENIZER, is_network, open_folder, open_onnx
from pullquote.readers import BUNDLED

MEND = "Make it again."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled network, whose large files are links until they are damaged."""
    made = tmp_path / "reader"
    made.mkdir()
    shutil.copy(BUNDLED / CARD, made)
    for name in (MODEL, TOKENIZER):
        (made / name).symlink_to(BUNDLED / name)
    return made


def card(folder: Path, **changes: Any) -> None:
    """Change entries of the card; ``None`` takes an entry away."""
    data = json.loads((folder / CARD).read_text(encoding="utf-8"))
    data = {name: it for name, it in {**data, **changes}.items() if it is not None}
    (folder / CARD).write_text(json.dumps(data), encoding="utf-8")


def promise(folder: Path) -> None:
    """Promise the files as they are now."""
    files = {it: sha256((folder / it).read_bytes()).hexdigest() for it in (MODEL, TOKENIZER)}
    card(folder, files=files)


def own(file: Path) -> None:
    """Put the file itself in the place of the link to it."""
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)


def truncate(file: Path) -> None:
    own(file)
    with file.open("rb+") as opened:
        opened.truncate(1000)


def change_a_byte(file: Path) -> None:
    own(file)
    with file.open("rb+") as opened:
        opened.seek(5000)
        byte = opened.read(1)
        opened.seek(5000)
        opened.write(bytes([byte[0] ^ 1]))


def refusal(folder: Path) -> str:
    """The reason given; the frame around it is checked here."""
    with pytest.raises(ModelError) as caught:
        open_folder(folder, MEND)
    message = str(caught.value)
    begin, end = f"The reader in {str(folder)!r} is damaged (", f"). {MEND}"
    assert message.startswith(begin)
    assert message.endswith(end)
    assert "\n" not in message
    return message.removeprefix(begin).removesuffix(end)


def test_a_copy_is_the_same_network(folder: Path) -> None:
    network, calibration = open_folder(folder, MEND)
    bundled, its_calibration = open_folder(BUNDLED, MEND)
    assert (network.name, network.digest) == (bundled.name, bundled.digest)
    assert calibration == its_calibration
    assert len(network.digest) == 64


def test_the_digest_tells_another_calibration(folder: Path) -> None:
    before, _ = open_folder(folder, MEND)
    weights = {"margin": 0.5, "offset": -1}
    card(folder, calibration={"sentence": weights, "answer": weights}, name="mine", tokens=64)
    network, calibration = open_folder(folder, MEND)
    assert network.name == "mine"
    assert network.digest != before.digest
    assert (calibration.answer.weights, calibration.answer.offset) == ({"margin": 0.5}, -1)
    # 64 tokens less five, and the next window 16 earlier than the end of the last.
    [windows] = network.read("when?", ["rain " * 100])
    assert [len(it.offsets) for it in windows] == [59, 57]


def test_a_network_need_not_tell_its_language(folder: Path) -> None:
    card(folder, language=None)
    assert open_folder(folder, MEND)[0].language is None


def test_the_logits_have_the_shape_of_the_ids() -> None:
    ids = np.array([[101, 2054, 102, 4542, 102], [101, 102, 102, 0, 0]], dtype=np.int64)
    start, end = open_onnx(BUNDLED / MODEL)(ids, (ids > 0).astype(np.int64), np.zeros_like(ids))
    assert start.shape == end.shape == ids.shape
    assert start.dtype == end.dtype == np.float32


def test_a_folder_is_a_network_when_it_has_a_card(tmp_path: Path) -> None:
    assert is_network(BUNDLED)
    assert not is_network(tmp_path)
    assert not is_network(tmp_path / "gone")
    assert not is_network(BUNDLED / MODEL)
    (tmp_path / CARD).mkdir()
    assert not is_network(tmp_path)


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
@pytest.mark.parametrize("damage", [truncate, change_a_byte, Path.unlink])
def test_a_damaged_file_is_named(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(folder / name)
    assert name in refusal(folder)


def test_a_folder_in_the_place_of_a_file_is_named(folder: Path) -> None:
    (folder / TOKENIZER).unlink()
    (folder / TOKENIZER).mkdir()
    assert TOKENIZER in refusal(folder)


def test_a_folder_without_a_card_is_refused(folder: Path) -> None:
    (folder / CARD).unlink()
    assert CARD in refusal(folder)


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_file_that_is_promised_but_is_no_such_file_is_refused(folder: Path, name: str) -> None:
    truncate(folder / name)
    promise(folder)
    assert refusal(folder)


#: Whole cards that are none.
NO_CARDS = [b"", b"{", b"not JSON", b"\xff\xfe", b"[]", b"null", b"3", b'"x"', b"{}"]
#: Entries that are none.
WRONG: list[dict[str, Any]] = [
    {"files": []},
    {"files": "model.onnx tokenizer.json"},
    {"files": {}},
    {"files": {MODEL: "0"}},
    {"files": {MODEL: 3, TOKENIZER: None}},
    {"files": None},
    {"tokens": "many"},
    {"tokens": []},
    {"tokens": None},
    {"name": None},
    {"calibration": None},
    {"calibration": []},
    {"calibration": {}},
    {"calibration": {"sentence": {"offset": 0}, "answer": {"offset": float("nan")}}},
    {"calibration": {"sentence": {"offset": 0}, "answer": {"offset": 0, "luck": 1}}},
]


@pytest.mark.parametrize("content", NO_CARDS)
def test_a_card_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    (folder / CARD).write_bytes(content)
    assert refusal(folder)


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_a_card_with_an_entry_that_is_none_is_refused(
    folder: Path, changes: dict[str, Any]
) -> None:
    card(folder, **changes)
    assert refusal(folder)


def test_a_damaged_card_is_named(folder: Path) -> None:
    reasons = []
    for content in NO_CARDS:
        (folder / CARD).write_bytes(content)
        reasons.append(refusal(folder))
    for changes in WRONG:
        shutil.copy(BUNDLED / CARD, folder / CARD)
        card(folder, **changes)
        reasons.append(refusal(folder))
    assert [it for it in reasons if CARD not in it] == []


@pytest.mark.parametrize("tokens", [-5, 0, 3, 10**30])
def test_a_number_of_tokens_that_cannot_be_is_refused(folder: Path, tokens: int) -> None:
    card(folder, tokens=tokens)
    assert refusal(folder)


def test_opening_and_reading_loads_no_torch() -> None:
    loaded = loaded_after(
        "from pathlib import Path\n"
        "from pullquote.onnx_network import open_folder\n"
        f"network, _ = open_folder(Path({str(BUNDLED)!r}), 'Mend it.')\n"
        "network.read('When?', ['It rained.'])"
    )
    assert "onnxruntime" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers"})
