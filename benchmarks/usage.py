"""What another process uses of the machine, as Linux tells in ``/proc``."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path


def processor_seconds(process: int) -> float:
    """The seconds of a processor that the process has used, to a hundredth."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def threads(process: int) -> dict[str, tuple[float, int]]:
    """For each thread by name and number: the seconds of a processor that it has used, and how
    often it has given up the processor by itself, to wait for something."""
    found = {}
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):  # the thread has just ended
            name = (task / "comm").read_text().strip()
            nanoseconds = int((task / "schedstat").read_text().split()[0])
            status = (task / "status").read_text().split()
            waits = int(status[status.index("voluntary_ctxt_switches:") + 1])
            found[f"{name} {task.name}"] = nanoseconds / 1e9, waits
    return found


def resident(process: int) -> float:
    """The MiB of memory that the process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def open_files(process: int) -> int:
    """How many file descriptors are open."""
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
