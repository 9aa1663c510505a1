"""From a data folder to a packaged reader in one command.

``python -m training.make DATA --out RUN --name NAME [--package FOLDER] [-- FLAGS OF python -m
training]`` trains, exports, collects, calibrates, and writes ``RUN/int8`` as a reader of that name,
or copies it to FOLDER. What is done already is not done again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from pullquote.onnx_network import CARD, MODEL, TOKENIZER
from training.card import write_card


def main() -> int:
    """Run the steps; the first that fails ends it, with its own message."""
    parser = argparse.ArgumentParser(prog="python -m training.make", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--package", type=Path, help="such as src/pullquote/models/reader")
    given, flags = parser.parse_known_args()
    run: Path = given.out
    rows, weights = run / "rows.jsonl", run / "calibration.json"
    steps = (
        (run / "model", ["training", str(given.data), "--out", str(run), *flags]),
        (run / "int8" / CARD, ["training.export", str(run)]),
        (rows, ["training.collect", str(given.data), str(run / "int8"), "--out", str(rows)]),
        (weights, ["training.calibrate", "--fit", str(rows), "--out", str(weights)]),
    )
    for made, (module, *arguments) in steps:
        if not made.exists():
            code = subprocess.run([sys.executable, "-m", module, *arguments]).returncode
            if code:
                return code
    write_card(run / "int8", given.name, json.loads(weights.read_text(encoding="utf-8")))
    if given.package:
        for name in (MODEL, TOKENIZER, CARD):
            shutil.copy(run / "int8" / name, given.package / name)
    print(f"{given.name}: {given.package or run / 'int8'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
