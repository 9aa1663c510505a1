"""DESIGN.md: a module imports only what stands above it, and each heavy library has one home."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "src" / "pullquote"

#: From the leaves to the edges. ``evaluate.*`` stands for all modules below ``evaluate``.
ORDER = re.findall(
    r"\S+",
    """
    types errors faults filters limits origins addresses config options progress feedback
    formats.fault formats.dates formats.links formats.clean formats.files formats.plain
    formats.archive formats.prose formats.tree formats.encoding formats.pagemeta formats.html
    formats.pdflines formats.pdf formats.docx formats.epub formats.jsonstream formats.export
    formats formats.wire formats.worker sandbox corpus
    fetch.errors fetch.types fetch.urls fetch.guard fetch.packing fetch.media fetch.wire
    fetch.robots fetch.pace fetch.client fetch fetch.dates fetch.markup fetch.listing fetch.feeds
    fetch.sitemaps fetch.discover
    segment.abbreviations segment.characters segment.paragraphs segment.stops segment.rules
    segment.sentences segment.grouping segment duplicates embed manifest ledger journal catalog bm25
    vectors store build sources pages indexing shelf timeframe retrieve
    question terms cues notsaid messages templates rewrite followup condense mentions language
    calibration network onnx_network torch_network spans similarity reader readers unknown speaker
    attribution lastanswer figures disagreement drift.lexicon drift.words drift.literal drift.edits
    drift.polarity drift.roles drift.scope drift.speakers drift drift.support answer gate drafting
    writing openai_writer writers recent render.source render.parts render.as_json
    render.as_markdown render.as_text render.as_html render.receipt render verify
    assistant opening later watch workqueue asking conversation api.schema api.errors api.stream
    api.openai_schema api.openai_answer api.waiting api.access api.rates api.bodies api.routes
    api.openai_routes api widget ui server mcp_server llamaindex evaluate.* evaluate
    cli __main__
    """,
)

#: The modules that may import a library; nothing else may.
HOMES = {
    "torch": {"embed", "torch_network"},
    "sentence_transformers": {"embed"},
    "transformers": {"embed", "torch_network"},
    "safetensors": {"embed", "torch_network"},
    "onnxruntime": {"onnx_network"},
    "gradio": {"ui"},
    "mcp": {"mcp_server"},
    "llama_index": {"vectors", "openai_writer", "llamaindex"},
    "faiss": {"vectors"},
    "bm25s": {"bm25"},
    "limits": {"api"},
    "trafilatura": {"formats"},
    "lxml": {"formats"},
    "pypdf": {"formats"},
    "httpcore": {"fetch"},
    "protego": {"fetch"},
    "feedparser": {"fetch"},
    "idna": {"fetch"},
    "sqlite3": {"catalog", "journal", "ledger", "build", "indexing", "feedback"},
}


def modules() -> dict[str, Path]:
    """Every module by its name below ``pullquote``; the package itself is ``""``."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imports(name: str, path: Path) -> Iterator[str]:
    """The full names that a module imports, wherever in it the import stands."""
    package = ("pullquote." + name).rstrip(".").split(".")
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def own_imports(name: str, path: Path) -> set[str]:
    """Which of our modules a module imports."""
    known = modules()
    found = set()
    for full in imports(name, path):
        if full.partition(".")[0] != "pullquote":
            continue
        target = full.partition(".")[2]
        while target not in known:  # "types.Article" is in "types"
            target = target.rpartition(".")[0]
        found.add(target)
    return found - {""}


def place(name: str) -> int:
    """Where a module stands in ``ORDER``."""
    if name in ORDER:
        return ORDER.index(name)
    return ORDER.index(f"{name.partition('.')[0]}.*")


def test_every_module_has_its_place_in_the_order() -> None:
    wildcards = tuple(entry.removesuffix("*") for entry in ORDER if entry.endswith("*"))
    unplaced = [
        name for name in modules() if name and name not in ORDER and not name.startswith(wildcards)
    ]
    assert unplaced == [], "put the new module into ORDER above"
    assert len(set(ORDER)) == len(ORDER)


def test_a_module_imports_only_what_stands_above_it() -> None:
    below = [
        f"{name} imports {target}"
        for name, path in modules().items()
        if name
        for target in sorted(own_imports(name, path))
        if place(target) >= place(name)
        # Modules of one entry are ordered by the next test.
        and not ("." in name and place(target) == place(name))
    ]
    assert below == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    waiting = {name: own_imports(name, path) for name, path in modules().items()}
    while ready := [name for name, needs in waiting.items() if not needs & waiting.keys()]:
        for name in ready:
            del waiting[name]
    assert sorted(waiting) == []


def test_the_package_itself_imports_nothing() -> None:
    assert list(imports("", PACKAGE / "__init__.py")) == []


def test_leaves_use_the_standard_library_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"pullquote"}
    leaves = [
        "errors",
        "faults",
        "limits",
        "origins",
        "addresses",
        "workqueue",
        "config",
        "options",
        "feedback",
        "corpus",
        "manifest",
    ]
    leaves += [name for name in modules() if name.partition(".")[0] == "segment"]
    for name in leaves:
        used = {full.partition(".")[0] for full in imports(name, modules()[name])}
        assert used - allowed == set(), name
    # Only for the name of a type.
    used = {full.partition(".")[0] for full in imports("types", modules()["types"])}
    assert used - allowed == {"numpy"}


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_is_imported_at_home_only(library: str) -> None:
    importers = {
        name
        for name, path in modules().items()
        if any(full.partition(".")[0] == library for full in imports(name, path))
    }
    assert {name for name in importers if name.partition(".")[0] not in HOMES[library]} == set()


def loaded_after(code: str) -> set[str]:
    """Which heavy libraries a fresh interpreter has loaded after running ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint()\nprint(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "pullquote" in loaded
    return loaded & {*HOMES, "numpy", "fastapi"}


def test_importing_the_package_loads_no_heavy_library() -> None:
    assert loaded_after("import pullquote") == set()


@pytest.mark.skipif(find_spec("pullquote.cli") is None, reason="there is no cli yet")
def test_the_help_of_the_command_line_loads_no_heavy_library() -> None:
    code = """
import runpy, sys
sys.argv = ["pullquote", "--help"]
try:
    runpy.run_module("pullquote", run_name="__main__")
except SystemExit as error:
    assert error.code == 0, error.code
else:
    raise AssertionError("it did not exit")
"""
    assert loaded_after(code) == set()
