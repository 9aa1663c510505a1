"""Networks whose logits are given word by word, and tiny untrained ones of transformers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from pullquote.network import Network

if TYPE_CHECKING:
    from pullquote.network import Floats, Integers, Run
    from pullquote.types import Vectors

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = ["when", "did", "the", "ferry", "sink", "sank", "in", "1931", "rain", "fell", "?", "."]


def words_tokenizer(words: Iterable[str]) -> Tokenizer:
    """Each of ``words`` is a token, and so is each other word and mark: ``[UNK]``."""
    vocabulary = {it: place for place, it in enumerate([*SPECIAL, *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return _with_pairs(tokenizer)


def bytes_tokenizer() -> Tokenizer:
    """As RoBERTa's: byte pairs, two separators, and ranges without the space before a word."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([" ".join(WORDS)] * 3, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False
    )
    return tokenizer


def flat(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
    """A ``run`` that prefers no token."""
    return np.zeros(ids.shape, dtype=np.float32), np.zeros(ids.shape, dtype=np.float32)


def by_hand(
    starts: Mapping[str, float],
    ends: Mapping[str, float],
    nulls: Mapping[str, float] | None = None,
    *,
    tokens: int = 64,
    language: str | None = None,
) -> Network:
    """The logits of a word are those given, or 0.

    "No answer" has the sum of the ``nulls`` of the words in the window, the question's too.
    """
    nulls = nulls or {}
    words = sorted({*starts, *ends, *nulls})
    start, end, null = (
        np.array([0.0] * len(SPECIAL) + [given.get(it, 0.0) for it in words], dtype=np.float32)
        for given in (starts, ends, nulls)
    )

    def run(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
        first, last = start[ids], end[ids]
        first[:, 0] = null[ids].sum(axis=1)
        return first, last

    return Network("by-hand", "0123456789abcdef" * 4, words_tokenizer(words), tokens, run, language)


def recorded(run: Run, shapes: list[tuple[int, ...]]) -> Run:
    """The same ``run``, which writes down the shape of every batch."""

    def recording(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
        shapes.append(ids.shape)
        return run(ids, attention, types)

    return recording


class Axis:
    """Every text is the first axis, so a sentence's first coordinate is its cosine."""

    name, digest, dimension = "axis", "axis-1", 2

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (len(texts), 1))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


class Cosines:
    """The vectors of sentences whose cosines are given."""

    def __init__(self, **cosines: Sequence[float]) -> None:
        self._cosines = cosines

    def sentence_vectors(self, article_id: str) -> Vectors:
        cosines = np.array(self._cosines[article_id])
        return np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1).astype(np.float32)


def save_bert(folder: Path, *, positions: int = 66, head: bool = True, seed: int = 1) -> Path:
    """A BERT of two layers, with or without its question-answering head."""
    from transformers import BertConfig, BertForQuestionAnswering, BertModel

    vocabulary = {it: place for place, it in enumerate([*SPECIAL, *WORDS, "##s", "##ed"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
    )
    kind: Any = BertForQuestionAnswering if head else BertModel
    names = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    return _save(folder, kind, config, _with_pairs(tokenizer), names, seed, typed=True)


def save_roberta(folder: Path, *, positions: int = 66) -> Path:
    """A RoBERTa of two layers: no token types, and its positions begin behind the padding's."""
    from transformers import RobertaConfig, RobertaForQuestionAnswering

    tokenizer = bytes_tokenizer()
    config = RobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    names = {"pad": "<pad>", "unk": "<unk>", "cls": "<s>", "sep": "</s>"}
    return _save(folder, RobertaForQuestionAnswering, config, tokenizer, names, 1, typed=False)


def _with_pairs(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(it, SPECIAL.index(it)) for it in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def _save(
    folder: Path,
    kind: Any,
    config: Any,
    tokenizer: Tokenizer,
    names: Mapping[str, str],
    seed: int,
    *,
    typed: bool,
) -> Path:
    import torch
    from transformers import PreTrainedTokenizerFast

    wrapper: Any = PreTrainedTokenizerFast
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = kind(config)
    model.save_pretrained(folder)
    wrapper(
        tokenizer_object=tokenizer,
        model_input_names=["input_ids", *["token_type_ids"] * typed, "attention_mask"],
        **{f"{role}_token": name for role, name in names.items()},
    ).save_pretrained(folder)
    return folder
