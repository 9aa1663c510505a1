"""Exports a trained judge to folders that the product can read, in 32 and in 8 bits.

``python -m training.export RUN DATA`` reads ``RUN/model.pt`` (or the last checkpoint of a run that
has not ended) and writes ``RUN/fp32`` and ``RUN/int8``. The activations' scales are calibrated on
passages of DATA (static quantisation, with SmoothQuant: Xiao et al., 2023).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import torch
from tokenizers import Tokenizer

from pullquote.reading.judge_input import Batch, Encoder, batch
from pullquote.reading.judge_network import CARD, MODEL, TOKENIZER, WEIGHTS
from training.backbone import open_backbone
from training.data import read
from training.examples import whole
from training.model import Judge, Shape, load
from training.passages import TOGETHER, group
from training.train import CHECKPOINT
from training.train import MODEL as TRAINED

#: Passages used for calibration.
SAMPLE = 120


def write_float(judge: Judge, sample: Batch, path: Path) -> Any:
    """Write the network in 32 bits, and return it as an OpenVINO model."""
    import openvino

    example = tuple(torch.from_numpy(array) for array in (sample.ids, sample.mask, sample.pool))
    model = openvino.convert_model(judge.eval(), example_input=example)
    openvino.save_model(model, path, compress_to_fp16=False)
    return model


def write_integer(model: Any, samples: Sequence[Batch], path: Path) -> None:
    """Write the network with weights and activations in eight bits, calibrated on ``samples``."""
    import nncf
    import openvino

    dataset = nncf.Dataset(list(samples), lambda one: [one.ids, one.mask, one.pool])
    quantized = nncf.quantize(
        model,
        dataset,
        model_type=nncf.ModelType.TRANSFORMER,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(samples),
    )
    openvino.save_model(quantized, path)


def open_trained(run: Path) -> Judge:
    """The judge of a run, from its last checkpoint if the run has not ended."""
    if (run / TRAINED).is_file():
        return load(run / TRAINED).eval()
    state = torch.load(run / CHECKPOINT, weights_only=True, map_location="cpu")
    judge = Judge(Shape(**state["shape"]))
    judge.load_state_dict(state["model"])
    return judge.eval()


def samples(data: Path, encoder: Encoder, embedder: Any, count: int = SAMPLE) -> list[Batch]:
    """Windows of ``count`` random passages, each with a question about its article."""
    random = Random(7)
    documents = [one for one in read(data) if one.source in TOGETHER and one.questions]
    made = []
    for document in random.sample(documents, min(len(documents), count)):
        span = random.choice(group(document, embedder))
        question = random.choice(document.questions).text
        made.append(batch(encoder.windows(question, whole(span))[:1]))
    return made


def write_card(folder: Path, name: str) -> None:
    """Write ``folder/judge.json``: the files' digests, and thresholds that are not yet fitted."""
    files = (MODEL, WEIGHTS, TOKENIZER)
    card = {
        "name": name,
        "language": "en",
        "files": {one: sha256((folder / one).read_bytes()).hexdigest() for one in files},
        "refuse_below": 0.5,
        "cite_above": 1.0,
        "support_above": 0.5,
    }
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Write the folders, and print the sizes of the files."""
    from pullquote.config import BUNDLED_EMBEDDER
    from pullquote.index.embed import SentenceTransformersEmbedder

    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--name", default="pullquote-judge-1")
    given = parser.parse_args()
    run: Path = given.run
    vocabulary = open_backbone(run.parent) / TOKENIZER
    encoder = Encoder(Tokenizer.from_file(str(vocabulary)))
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    calibration = samples(given.data, encoder, embedder)
    for name in ("fp32", "int8"):
        (run / name).mkdir(exist_ok=True)
    model = write_float(open_trained(run), calibration[0], run / "fp32" / MODEL)
    write_integer(model, calibration, run / "int8" / MODEL)
    for name in ("fp32", "int8"):
        folder = run / name
        shutil.copy(vocabulary, folder / TOKENIZER)
        write_card(folder, given.name)
        for path in sorted(folder.iterdir()):
            print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
