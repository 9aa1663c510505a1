"""A name says what it names: nothing is called ``it``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.places import ROOT

FOLDERS = ("src", "tests", "benchmarks", "training")


def called_it(text: str) -> Iterator[int]:
    """The lines that give something the name ``it``: a variable or a parameter."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id="it", ctx=ast.Store()) | ast.arg(arg="it"):
                yield node.lineno


def test_nothing_is_called_it() -> None:
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    assert len(files) > 100
    unnamed = {file: [*called_it(file.read_text(encoding="utf-8"))] for file in files}
    assert {file: lines for file, lines in unnamed.items() if lines} == {}


def test_every_way_of_calling_something_it_is_seen() -> None:
    text = (
        "for it in x: pass\n[it for it in x]\n{it: 1 for a, (b, it) in x}\nlambda it: it\n"
        "async def f():\n    async for it in x: pass\n    return (1 for y in x for it in y)\n"
        "with f() as it: pass\nif it := f(): pass\n"
    )
    assert sorted(called_it(text)) == [1, 2, 3, 4, 6, 7, 8, 9]
