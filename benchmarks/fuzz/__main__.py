"""``python -m benchmarks.fuzz --out FOLDER``: fuzz every parser of untrusted input in turn.

Needs ``pip install atheris``. Prints, for each target, how many inputs were tried and how many
faults were found. The faults are written to ``FOLDER/faults``, and the inputs that reached new code
to ``FOLDER/corpus``, where a later run continues from them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

TARGETS = (
    "plain", "html", "encoding", "dates", "pdf", "pdf-page", "docx", "epub", "zip", "json",
    "ndjson", "http", "feed", "sitemap", "robots", "urls", "packing", "questions-jsonl",
    "questions-csv", "questions-squad",
)  # fmt: skip

_TRIED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


def main() -> None:
    """Run the targets one after another."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--out", type=Path, required=True, help="folder for faults and inputs")
    parser.add_argument("--seconds", type=float, default=180, help="for each target")
    parser.add_argument("--seeds", type=Path, help="folder of further inputs to begin with")
    options = parser.parse_args()
    (options.out / "faults").mkdir(parents=True, exist_ok=True)
    total = 0
    for name in options.targets or TARGETS:
        tried, died = fuzz(name, options.out, options.seconds, options.seeds)
        faults = len(list((options.out / "faults").glob(f"{name}-*.txt"))) + died
        print(f"{name}: {tried:,} inputs, {faults} faults", flush=True)
        total += tried
    print(f"{total:,} inputs in all")


def fuzz(name: str, out: Path, seconds: float, seeds: Path | None) -> tuple[int, int]:
    """Fuzz one target: how many inputs were tried, and how many of them killed the process."""
    corpus = out / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for file in sorted(seeds.rglob("*")) if seeds else ():
        if file.is_file() and file.stat().st_size <= 100_000:
            shutil.copyfile(file, corpus / f"seed-{file.name}")
    tried = died = 0
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 5:
        limits = [
            f"-max_total_time={left:.0f}",
            "-max_len=20000",
            # Long, because it is wall-clock time and the machine may be busy.
            "-timeout=120",
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
            f"-artifact_prefix={out}/faults/{name}-died-",
        ]
        command = [sys.executable, "-m", "benchmarks.fuzz.child", name, str(out), *limits]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        (out / f"{name}.log").write_text(done.stderr, encoding="utf-8")
        counts = _TRIED.findall(done.stderr)
        tried += int(counts[-1]) if counts else 0
        if done.returncode == 0:
            break
        if not counts:
            sys.exit(f"{name} cannot be fuzzed:\n{done.stderr[-2000:]}")
        died += 1
    return tried, died


if __name__ == "__main__":
    main()
