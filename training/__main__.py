"""Trains a judge on question-answering data: ``python -m training DATA_FOLDER --out FOLDER``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

from tokenizers import Tokenizer

from pullquote.config import BUNDLED_EMBEDDER
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.reading.judge_input import Encoder
from training.backbone import BackboneError, open_backbone
from training.believed import read_believed
from training.claims import read_claims
from training.data import read, split, without_copies
from training.examples import Maker
from training.exported import open_exported
from training.model import Judge, load, open_published
from training.passages import TOGETHER, Ranked
from training.plain_claims import plain_claims
from training.train import CHECKPOINT, LOG, STEADY, Run, Settings


def main() -> int:
    """Train a judge. The log, the checkpoints and the model are written to ``--out``."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of .jsonl.gz sets")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--resume", action="store_true", help="continue from its checkpoint")
    parser.add_argument(
        "--longer",
        action="store_true",
        help="continue from where its rate began to fall, with more --minutes or --rounds",
    )
    parser.add_argument(
        "--apart-from",
        type=Path,
        nargs="*",
        default=(),
        help="folders of test sets: a document that shares two sentences with one is left out",
    )
    parser.add_argument("--claims", type=Path, nargs="*", default=(), help="files of claims")
    parser.add_argument("--plain", type=int, default=0, help="claims that are made by rule")
    parser.add_argument(
        "--backbone",
        type=Path,
        help="folder of a BERT or MPNet encoder; left out: all-mpnet-base-v2, from its packages",
    )
    parser.add_argument(
        "--start",
        type=Path,
        help="a judge to begin with, instead of a backbone: a model.pt, or an exported folder",
    )
    parser.add_argument("--layers", type=int, default=9, help="how many of its layers are kept")
    parser.add_argument(
        "--believed", type=Path, help="wrong passages that a judge believes: training.believed"
    )
    for field in fields(Settings):
        flag = f"--{field.name.replace('_', '-')}"
        parser.add_argument(flag, type=type(field.default), default=field.default)
    given = vars(parser.parse_args())
    settings = Settings(**{field.name: given[field.name] for field in fields(Settings)})
    folder: Path = given["out"]
    resumed = given["resume"] or given["longer"]
    if not resumed and (folder / LOG).exists():
        print(f"{folder} holds a run: add --resume, or name another folder.", file=sys.stderr)
        return 2
    if given["longer"] and not (folder / STEADY).is_file():
        print(f"{folder} holds no {STEADY} that a longer run could go on from.", file=sys.stderr)
        return 2
    try:
        trained, held = split(read(given["data"]))
        backbone = given["backbone"] or open_backbone(folder.parent)
    except (FileNotFoundError, BackboneError) as error:
        print(error, file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    judge = (
        _open_start(given["start"]) if given["start"] else open_published(backbone, given["layers"])
    )
    encoder = Encoder(Tokenizer.from_file(str(backbone / "tokenizer.json")))
    run = Run(folder, judge, encoder, settings)
    if given["longer"]:
        # As the checkpoint, so that a longer run that is stopped at once also resumes from here.
        (folder / STEADY).replace(folder / CHECKPOINT)
    if resumed:
        run.resume()
    trained, copies = without_copies(trained, given["apart_from"])
    claims = [claim for path in given["claims"] for claim in read_claims(path)]
    news = [document for document in trained if document.source in TOGETHER]
    claims += plain_claims(news, given["plain"], settings.seed)
    run.note(
        "data",
        trained=dict(Counter(one.source for one in trained)),
        held_out=dict(Counter(one.source for one in held)),
        copies=[f"{one.source}: {one.title}" for one in copies],
    )
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    asked = [(document, ask) for document in trained for ask in document.questions]
    if settings.limit:
        asked = asked[:: max(1, len(asked) // settings.limit)]
    believed = read_believed(given["believed"]) if given["believed"] else None
    maker = Maker(trained, Ranked(trained, embedder), settings.seed, believed)
    run.train(maker, asked, claims)
    return 0


def _open_start(path: Path) -> Judge:
    return open_exported(path) if path.is_dir() else load(path)


if __name__ == "__main__":
    sys.exit(main())
