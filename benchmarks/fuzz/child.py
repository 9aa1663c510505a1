"""Fuzzes one target in this process: ``python -m benchmarks.fuzz.child TARGET OUT [OPTION…]``.

A fault does not stop it. Each fault is written once for the place where it was raised. The options
are libFuzzer's.
"""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
import warnings
from pathlib import Path

import atheris

from benchmarks.fuzz.seeds import seeds

#: The packages whose coverage is counted: ours, and libraries in which counting is fast.
INSTRUMENTED = ["pullquote", "feedparser", "protego"]

#: Processor seconds; a slower input is a fault. The sandbox stops a parser after 30.
SLOW = 10.0


def main(name: str, out: Path, options: list[str]) -> None:
    """Fuzz until the time is up."""
    with atheris.instrument_imports(include=INSTRUMENTED):
        from benchmarks.fuzz.targets import TARGETS

        make, allowed = TARGETS[name]
        run = make()
    warnings.simplefilter("ignore")
    corpus = out / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds(name):
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    known: set[str] = set()

    def fault(place: str, data: bytes, report: str) -> None:
        if place in known:
            return
        known.add(place)
        file = out / "faults" / f"{name}-{hashlib.sha1(place.encode()).hexdigest()[:8]}"
        file.with_suffix(".bin").write_bytes(data)
        file.with_suffix(".txt").write_text(report, encoding="utf-8", errors="replace")

    def one(data: bytes) -> None:
        began = time.process_time()
        try:
            run(data)
        except allowed:
            pass
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} {frame.filename}:{frame.lineno}"
            fault(place, data, traceback.format_exc())
        taken = time.process_time() - began
        if taken > SLOW:
            fault(f"slow {len(known)}", data, f"{len(data)} bytes take {taken:.1f} s")

    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
