"""Runs lines of the page's and the widget's scripts in Node.js, without a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

needs_node = pytest.mark.skipif(
    not shutil.which("node"), reason="no Node.js to run the scripts' lines with"
)


def run(script: str) -> Any:
    """What a script writes, as JSON."""
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)
