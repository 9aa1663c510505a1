"""Reads a kind of file whose words are faults, and commits them, to test the sandbox."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pullquote.ingest.formats import Fault
from pullquote.ingest.formats.clean import extracted
from pullquote.types import Article


def read(article_id: str, path: Path, url: str | None = None) -> Iterator[Article | Fault]:
    for number, word in enumerate(path.read_text().split(), 1):
        if word == "hang":
            while True:
                time.sleep(1)
        elif word == "exit":
            os._exit(3)
        elif word == "segfault":
            ctypes.string_at(0)
        elif word == "swell":
            held = []
            while True:
                held.append(bytes(50_000_000))
        elif word == "raise":
            raise KeyError("a\nb")
        elif word == "print":
            print("noise", flush=True)  # noqa: T201
            print("noise", file=sys.stderr)  # noqa: T201
            os.write(1, b"noise")
            assert sys.stdin.read() == ""
        elif word == "forge":
            yield Article("another.html", "t", None, None, None, "text")
        elif word == "control":
            yield Article(article_id, "t", None, None, None, "te\x1bxt")
        elif word == "type":
            yield Article(article_id, "t", None, None, None, "text", body_start=True)
        elif word == "environment":
            yield extracted(f"{article_id}#{number}", " ".join(sorted(os.environ)))
        elif word == "fault":
            yield Fault(f"word {number}", "it is bad")
        elif word == "slow":
            time.sleep(0.4)
            yield extracted(f"{article_id}#{number}", "slow")
        else:
            yield extracted(f"{article_id}#{number}", f"{word} {os.getpid()}")
