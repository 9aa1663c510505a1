"""Tiny untrained networks of transformers, opened by folder; what cannot be opened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from helpers_network import save_bert, save_roberta
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from pullquote.errors import ModelError
from pullquote.torch_network import open_hub

QUESTION = "When did the ferry sink?"
TEXT = "The ferry sank in 1931. Rain fell."


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="module")
def roberta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_roberta(tmp_path_factory.mktemp("roberta"))


@pytest.fixture(params=["bert", "roberta"])
def folder(request: pytest.FixtureRequest) -> Path:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Path)
    return found


def refusal(name: str) -> str:
    """The reason given; the frame around it is checked here."""
    with pytest.raises(ModelError) as caught:
        open_hub(name)
    message = str(caught.value)
    begin = f"The reader {name!r} cannot be loaded ("
    end = (
        "). Leave 'reader' out for the bundled one, or set it to 'similarity-1', or to a "
        "question-answering model's id or folder."
    )
    assert message.startswith(begin)
    assert message.endswith(end)
    assert "\n" not in message
    return message.removeprefix(begin).removesuffix(end)


def test_the_logits_are_the_models_own(folder: Path) -> None:
    model = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    encoded = AutoTokenizer.from_pretrained(folder)(QUESTION, TEXT, return_tensors="pt")
    with torch.inference_mode():
        output = model(**encoded)
    places = [n for n, it in enumerate(encoded.sequence_ids(0)) if it == 1]
    start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
    # Read with a longer text beside it, so that there is padding.
    window = open_hub(str(folder)).read(QUESTION, [TEXT, TEXT * 2])[0][0]
    assert window.start == pytest.approx(start[places], abs=1e-5)
    assert window.end == pytest.approx(end[places], abs=1e-5)
    assert window.null == pytest.approx(float(start[0] + end[0]), abs=1e-5)


def test_ranges_are_those_of_the_words(bert: Path, roberta: Path) -> None:
    [[window]] = open_hub(str(bert)).read(QUESTION, [TEXT])
    words = ["The", "ferry", "sank", "in", "1931", ".", "Rain", "fell", "."]
    assert [TEXT[start:end] for start, end in window.offsets] == words
    # Byte pairs may be parts of words, and have no space before them.
    [[window]] = open_hub(str(roberta)).read(QUESTION, [TEXT])
    assert "".join(TEXT[start:end] for start, end in window.offsets) == TEXT.replace(" ", "")


def test_a_text_longer_than_the_model_takes_gives_several_windows(folder: Path) -> None:
    text = " ".join([TEXT] * 30)
    [windows] = open_hub(str(folder)).read(QUESTION, [text])
    assert len(windows) > 2
    covered = {place for it in windows for start, end in it.offsets for place in range(start, end)}
    assert covered == {place for place, it in enumerate(text) if it != " "}


def test_a_long_question_leaves_room_for_the_text(folder: Path) -> None:
    [[window]] = open_hub(str(folder)).read("why " * 100 + QUESTION, ["Rain fell."])
    assert window.offsets[-1].tolist() == [9, 10]


def test_the_name_is_the_setting_and_the_digest_that_of_the_weights(
    tmp_path: Path, bert: Path, roberta: Path
) -> None:
    networks = [open_hub(str(it)) for it in (bert, bert, roberta, save_bert(tmp_path, seed=2))]
    assert [it.name for it in networks] == [str(bert), str(bert), str(roberta), str(tmp_path)]
    one, again, *others = (it.digest for it in networks)
    assert one == again
    assert len({one, *others}) == 3
    assert len(one) == 64
    assert {it.language for it in networks} == {None}


def test_the_digest_is_of_the_tokenizer_too(tmp_path: Path, bert: Path) -> None:
    folder = tmp_path / "bert"
    shutil.copytree(bert, folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["normalizer"]["lowercase"] = False
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    assert open_hub(str(folder)).digest != open_hub(str(bert)).digest


def test_a_model_that_does_not_answer_questions_is_refused(tmp_path: Path) -> None:
    reason = refusal(str(save_bert(tmp_path, head=False)))
    assert reason == "it was not trained to answer questions: qa_outputs.bias is missing"


@pytest.mark.parametrize("name", ["nobody/no-such-model", "not a model!", "a/b/c", "\0", "x" * 500])
def test_an_id_that_does_not_exist_is_refused(name: str) -> None:
    assert refusal(name)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / "gone"))
    assert refusal(str(tmp_path))
    (tmp_path / "a.txt").write_text("Rain fell.", encoding="utf-8")
    assert refusal(str(tmp_path))
    assert refusal(str(tmp_path / "a.txt"))


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_model_with_a_damaged_file_is_refused(tmp_path: Path, bert: Path, name: str) -> None:
    folder = tmp_path / "bert"
    shutil.copytree(bert, folder)
    with (folder / name).open("rb+") as file:
        file.truncate(100)
    assert refusal(str(folder))
    (folder / name).unlink()
    assert refusal(str(folder))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "tokenizer_config.json"])
def test_a_model_with_json_that_is_no_object_is_refused(
    tmp_path: Path, bert: Path, name: str
) -> None:
    folder = tmp_path / "bert"
    shutil.copytree(bert, folder)
    (folder / name).write_text("[]", encoding="utf-8")
    assert refusal(str(folder))


@pytest.mark.parametrize("save", [save_bert, save_roberta])
def test_a_model_may_take_any_number_of_tokens(tmp_path: Path, save: type) -> None:
    network = open_hub(str(save(tmp_path, positions=60)))
    assert len(network.read(QUESTION, [TEXT * 30])[0]) > 2
