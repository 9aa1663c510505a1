"""With several pytest workers, each has one core: more threads would wait for one another."""

from __future__ import annotations

import os
from typing import Any


def worker() -> int | None:
    """The number of this pytest worker, from 0 on; ``None`` if there are no several."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) if name else None


def use_one_thread() -> None:
    """Let each network in this process use one thread: its results stay the same."""
    from pullquote.inference import openvino

    class OneThread(openvino.Core):  # type: ignore[misc]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.set_property("CPU", {"INFERENCE_NUM_THREADS": 1})

    openvino.Core = OneThread


def keep_to_one_core(process: int) -> None:
    """Do the same for another process, which must not have loaded its networks yet.

    They use as many threads as the process has cores.
    """
    number = worker()
    if number is not None and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(process, {cores[number % len(cores)]})
