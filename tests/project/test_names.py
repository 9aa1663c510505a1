"""A loop names what it goes through."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.places import ROOT

FOLDERS = ("src", "tests", "benchmarks", "training")


def loops_over_it(file: Path) -> Iterator[int]:
    """The lines of the loops and comprehensions whose variable is ``it``."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            bound = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
            if "it" in bound:
                yield node.target.lineno


def test_no_loop_goes_over_it(tmp_path: Path) -> None:
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    assert len(files) > 100
    unnamed = {str(file.relative_to(ROOT)): [*loops_over_it(file)] for file in files}
    assert {name: lines for name, lines in unnamed.items() if lines} == {}
    # Every kind of loop is seen.
    sample = tmp_path / "sample.py"
    sample.write_text(
        "for it in x: pass\n[it for it in x]\n{it: 1 for a, (b, it) in x}\nlambda it: it\n"
        "async def f():\n    async for it in x: pass\n    return (1 for y in x for it in y)\n"
    )
    assert sorted(loops_over_it(sample)) == [1, 2, 3, 6, 7]
