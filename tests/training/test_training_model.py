"""The judge's network, beside transformers' own encoders with the same weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import MPNetModel, PreTrainedModel

from pullquote.reading.judge_input import MAX_TOKENS, PassageText, batch
from tests.support.training import LIGHTHOUSE, encoder, published, save_backbone
from training.model import Judge, Shape, load, open_published, save

FAMILIES = ("bert", "mpnet")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A published encoder of each family."""
    folder = tmp_path_factory.mktemp("encoders")
    return {family: save_backbone(folder / family, family) for family in FAMILIES}


def opened(folder: Path, layers: int = 0) -> Judge:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return open_published(folder, layers).eval()


@pytest.fixture(scope="module")
def judges(folders: dict[str, Path]) -> dict[str, Judge]:
    return {family: opened(folder) for family, folder in folders.items()}


def ids_of(rows: int, length: int) -> Tensor:
    """Any words, none of them a special token."""
    chance = torch.Generator().manual_seed(length)
    return torch.randint(1000, 30000, (rows, length), generator=chance)


def theirs(model: PreTrainedModel, ids: Tensor, mask: Tensor) -> list[Tensor]:
    """The hidden states after each layer, that of the embeddings first."""
    with torch.inference_mode():
        return list(model(ids, attention_mask=mask, output_hidden_states=True).hidden_states)


def hidden(judge: Judge, ids: Tensor, mask: Tensor) -> Tensor:
    with torch.inference_mode():
        return judge.encode(ids, mask)


def arrays(*passages: PassageText) -> tuple[Tensor, Tensor, Tensor]:
    reads = encoder()
    windows = [reads.windows("When was it built?", passage)[0] for passage in passages]
    made = batch(windows, 16)
    return torch.from_numpy(made.ids), torch.from_numpy(made.mask), torch.from_numpy(made.pool)


SHORT = PassageText("", None, "No sun.", ((0, 7),))
LONG = PassageText("Velm", None, " ".join(LIGHTHOUSE[:2]), ((0, 83), (84, 168)))


# The encoder is the published one.


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("length", [1, 7, MAX_TOKENS])
def test_the_hidden_states_are_those_of_transformers(
    judges: dict[str, Judge], family: str, length: int
) -> None:
    ids = ids_of(2, length)
    mask = torch.ones_like(ids)
    expected = theirs(published(family), ids, mask)[-1]
    # They tell words and places apart.
    assert expected.std(dim=(0, 1)).mean() > 0.1
    assert torch.allclose(hidden(judges[family], ids, mask), expected, atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_padded_row_is_read_as_it_is_alone(judges: dict[str, Judge], family: str) -> None:
    ids = ids_of(2, 40)
    mask = torch.ones_like(ids)
    mask[0, 25:] = 0
    both = hidden(judges[family], ids, mask)
    alone = hidden(judges[family], ids[:1, :25], mask[:1, :25])
    assert torch.allclose(both[:1, :25], alone, atol=1e-5)
    expected = theirs(published(family), ids, mask)[-1]
    assert torch.allclose(both[:1, :25], expected[:1, :25], atol=1e-4)
    assert torch.allclose(both[1], expected[1], atol=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_first_layers_may_be_kept_alone(folders: dict[str, Path], family: str) -> None:
    ids = ids_of(2, 12)
    mask = torch.ones_like(ids)
    states = theirs(published(family), ids, mask)
    for layers, kept in ((1, 1), (2, 2), (9, 2), (0, 2)):
        judge = opened(folders[family], layers)
        assert len(judge.layers) == judge.shape.layers == kept
        assert torch.allclose(hidden(judge, ids, mask), states[kept], atol=1e-4)
    assert not torch.allclose(states[1], states[2], atol=0.1)


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_below_the_name_of_their_family_are_found(
    folders: dict[str, Path], tmp_path: Path, family: str
) -> None:
    weights = load_file(folders[family] / "model.safetensors")
    (tmp_path / "config.json").write_bytes((folders[family] / "config.json").read_bytes())
    # As a model with a head on top is published, and in 16 bits.
    named = {f"{family}.{name}": tensor.half() for name, tensor in weights.items()}
    save_file(named | {"head.weight": torch.ones(2)}, tmp_path / "model.safetensors")
    ids = ids_of(1, 9)
    mask = torch.ones_like(ids)
    found = hidden(opened(tmp_path), ids, mask)
    assert torch.allclose(found, theirs(published(family), ids, mask)[-1], atol=0.05)


def test_the_shape_is_what_the_config_says(folders: dict[str, Path]) -> None:
    assert Shape.of(folders["bert"], 1) == Shape(1, 16, 2, 24, 30522, 512, 0, 0, 1e-12)
    assert Shape.of(folders["mpnet"], 9) == Shape(2, 16, 2, 24, 30522, 514, 2, 32, 1e-12)


def test_the_table_of_distances_gives_mpnets_buckets(
    judges: dict[str, Judge], folders: dict[str, Path]
) -> None:
    distances = judges["mpnet"].distances
    table = load_file(folders["mpnet"] / "model.safetensors")[
        "encoder.relative_attention_bias.weight"
    ]
    # Of 32 buckets 16 are for what stands before, and 8 of these for one distance each; the last
    # is for 128 tokens and more, or nearly.
    by_hand = {0: 0, -1: 1, -7: 7, -8: 8, -320: 15, 1: 17, 7: 23, 8: 24, 320: 31, -128: 15, 128: 31}
    for distance, bucket in by_hand.items():
        assert torch.equal(distances[MAX_TOKENS + distance], table[bucket])
    model = published("mpnet")
    assert isinstance(model, MPNetModel)
    with torch.inference_mode():
        states = torch.zeros(1, MAX_TOKENS, 1)
        bias = model.encoder.compute_position_bias(states)[0]  # type: ignore[no-untyped-call]
    assert torch.equal(bias[:, 0], distances[MAX_TOKENS : 2 * MAX_TOKENS].T)
    assert torch.equal(bias[:, -1], distances[1 : MAX_TOKENS + 1].T)


def test_bert_has_no_distances(judges: dict[str, Judge]) -> None:
    assert not judges["bert"].distances.any()


# The heads.


@pytest.mark.parametrize("family", FAMILIES)
def test_a_window_has_the_same_logits_beside_a_longer_one(
    judges: dict[str, Judge], family: str
) -> None:
    judge = judges[family]
    with torch.inference_mode():
        sentences, spans, claims = judge(*arrays(SHORT, LONG))
        own_sentences, own_spans, own_claims = judge(*arrays(SHORT))
    assert sentences.shape == (2, 2, 3)
    assert spans.shape == (2, 64, 2)
    assert claims.shape == (2, 2)
    size = int(arrays(SHORT)[1].sum())
    assert torch.allclose(sentences[0, 0], own_sentences[0, 0], atol=1e-5)
    assert torch.allclose(spans[0, :size], own_spans[0, :size], atol=1e-5)
    # A sentence that is only in the other window has no part in the mean.
    assert torch.allclose(claims[0], own_claims[0], atol=1e-5)
    assert not torch.allclose(claims[0], claims[1], atol=1e-3)


def test_the_heads_read_the_mean_of_a_sentence_and_the_first_token(
    judges: dict[str, Judge],
) -> None:
    judge = judges["bert"]
    ids, mask, pool = arrays(LONG)
    states = hidden(judge, ids, mask)[0]
    places = [pool[0, number].nonzero()[:, 0] for number in (0, 1)]
    means = [states[own].mean(dim=0) for own in places]
    with torch.inference_mode():
        sentences, spans, claims = judge(ids, mask, pool)
        for number, mean in enumerate(means):
            expected = judge.sentence(torch.cat([mean, states[0]]))
            assert torch.allclose(sentences[0, number], expected, atol=1e-5)
        # Of a claim it is the mean of the sentences, each of which counts as much.
        expected = judge.claim(torch.cat([(means[0] + means[1]) / 2, states[0]]))
        assert torch.allclose(claims[0], expected, atol=1e-5)
        assert torch.allclose(spans[0], judge.span(states), atol=1e-5)


def test_reading_in_sixteen_bits_is_nearly_the_same(judges: dict[str, Judge]) -> None:
    made = arrays(SHORT, LONG)
    with torch.inference_mode():
        whole = judges["mpnet"](*made)
        with torch.autocast("cpu", torch.bfloat16):
            half = judges["mpnet"](*made)
    mask = made[1].bool()
    assert torch.allclose(half[0].float(), whole[0], atol=0.1)
    assert torch.allclose(half[1].float()[mask], whole[1][mask], atol=0.1)
    assert torch.allclose(half[2].float(), whole[2], atol=0.1)


# What learns.


@pytest.mark.parametrize("family", FAMILIES)
def test_the_encoder_learns_and_the_word_embeddings_stay(
    folders: dict[str, Path], family: str
) -> None:
    judge = opened(folders[family])
    sentences, spans, claims = judge(*arrays(SHORT, LONG))
    (sentences.square().sum() + spans.square().sum() + claims.square().sum()).backward()
    fixed = {name for name, own in judge.named_parameters() if not own.requires_grad}
    assert fixed == {"words.weight", "places.weight"}
    for name, own in judge.named_parameters():
        if name in fixed:
            assert own.grad is None
        else:
            assert own.grad is not None
            assert own.grad.abs().max() > 0
    assert "distances" not in dict(judge.named_parameters())


def test_what_is_called_heads_is_all_that_is_new(judges: dict[str, Judge]) -> None:
    judge = judges["bert"]
    new = {id(own) for head in judge.heads for own in head.parameters()}
    names = {name for name, own in judge.named_parameters() if id(own) in new}
    assert {name.split(".")[0] for name in names} == {"sentence", "claim", "span"}
    assert len(names) == 10


# Files.


@pytest.mark.parametrize("family", FAMILIES)
def test_a_judge_that_was_saved_is_loaded_as_it_was(
    judges: dict[str, Judge], tmp_path: Path, family: str
) -> None:
    path = tmp_path / "model.pt"
    save(judges[family], path)
    loaded = load(path)
    assert loaded.shape == judges[family].shape
    before, after = judges[family].state_dict(), loaded.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert not loaded.words.weight.requires_grad
    made = arrays(SHORT, LONG)
    with torch.inference_mode():
        for one, other in zip(judges[family](*made), loaded(*made), strict=True):
            assert torch.equal(one, other)


def test_the_names_of_the_weights_are_those_of_files_that_exist(judges: dict[str, Judge]) -> None:
    parts = ("qkv", "out", "norm", "up", "down", "last_norm")
    names = [
        *("words", "places", "norm", "sentence.0", "sentence.2", "claim.0", "claim.2", "span"),
        *(f"layers.{number}.{part}" for number in (0, 1) for part in parts),
    ]
    both = {f"{name}.{kind}" for name in names for kind in ("weight", "bias")}
    expected = both - {"words.bias", "places.bias"} | {"distances"}
    for judge in judges.values():
        assert set(judge.state_dict()) == expected


def test_a_missing_weight_of_the_encoder_is_not_made_up(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    weights = load_file(folders["bert"] / "model.safetensors")
    del weights["encoder.layer.1.output.dense.bias"]
    save_file(weights, tmp_path / "model.safetensors")
    config = json.loads((folders["bert"] / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(KeyError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        opened(tmp_path)
    # The layer that lacks it may be left out.
    assert len(opened(tmp_path, 1).layers) == 1
