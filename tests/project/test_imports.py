"""A room imports only the rooms above it, and each heavy library has one home."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.imports import HOMES, loaded_after
from tests.support.places import ROOT

PACKAGE = ROOT / "src" / "pullquote"

#: From the leaves to the edges: each imports itself and those above it.
ROOMS = (
    "leaves",
    "text",
    "ingest",
    "index",
    "retrieval",
    "reading",
    "answering",
    "followups",
    "writing",
    "assistant",
    "claims",
    "serve",
    "doors",
    "llamaindex",
    "evaluate",
    "cli",
    "__main__",
)

#: The modules at the top that everything may import.
LEAVES = {
    "addresses",
    "config",
    "digest",
    "errors",
    "faults",
    "filters",
    "inference",
    "index_place",
    "asked",
    "messages",
    "omissions",
    "openai_model",
    "origins",
    "plurals",
    "protocols",
    "setting_checks",
    "setting_values",
    "source_states",
    "templates",
    "thinking",
    "types",
}

#: Imports that run against the order, by module, until somebody turns them.
EXCEPTIONS: set[tuple[str, str]] = set()


@cache
def modules() -> Mapping[str, Path]:
    """Every module by its name below ``pullquote``; the package itself is ``""``."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def imports(name: str, path: Path) -> tuple[str, ...]:
    """The full names that a module imports, wherever in it the import stands."""
    return tuple(_imports(name, path))


def _imports(name: str, path: Path) -> Iterator[str]:
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


@cache
def own_imports(name: str, path: Path) -> frozenset[str]:
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
    return frozenset(found - {""})


def room(name: str) -> str:
    """The room that a module is in; raises :class:`ValueError` when it is in none."""
    top = name.partition(".")[0]
    found = "leaves" if name in LEAVES else top
    if found not in ROOMS:
        raise ValueError(f"{name} is in no room: move it into one, or put it into LEAVES")
    return found


def against_the_order() -> set[tuple[str, str]]:
    """The imports of rooms that stand below: who imports, and what."""
    return {
        (name, target)
        for name, path in modules().items()
        if name
        for target in own_imports(name, path)
        if ROOMS.index(room(target)) > ROOMS.index(room(name))
    }


def test_every_module_is_in_a_room() -> None:
    rooms = {room(name) for name in modules() if name}
    assert rooms == set(ROOMS), "a room that is gone has no place in ROOMS"
    assert modules().keys() >= LEAVES


def test_a_room_imports_only_rooms_above_it() -> None:
    below = sorted(f"{name} imports {target}" for name, target in against_the_order() - EXCEPTIONS)
    assert below == []


def test_every_exception_is_still_needed() -> None:
    assert against_the_order() >= EXCEPTIONS, "take what was turned out of EXCEPTIONS"


def loads(name: str) -> set[str]:
    """All of our modules that a module needs, and those that these need."""
    known, found, waiting = modules(), set(), {name}
    while waiting:
        found |= waiting
        waiting = {item for one in waiting for item in own_imports(one, known[one])} - found
    return found - {name}


def test_who_asks_needs_nothing_of_what_builds_an_index() -> None:
    building = {"index.commit", "index.pending", "index.run", "index.update"}
    assert loads("assistant") & building == set()
    assert loads("index.store") & building == set()


def test_no_modules_import_one_another_in_a_circle() -> None:
    waiting = {name: own_imports(name, path) for name, path in modules().items()}
    while ready := [name for name, needs in waiting.items() if not needs & waiting.keys()]:
        for name in ready:
            del waiting[name]
    assert sorted(waiting) == []


def test_a_package_that_is_a_room_imports_nothing_itself() -> None:
    for name, path in modules().items():
        # The command line's exposes what the installed command calls.
        if path.name == "__init__.py" and "." not in name and name != "cli":
            assert imports(name, path) == (), name


def test_leaves_use_the_standard_library_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"pullquote"}
    plain = {
        *LEAVES - {"protocols", "openai_model", "addresses", "inference"},
        "ingest.corpus",
        "index.manifest",
        "serve.workqueue",
        "serve.feedback",
        "cli.arguments",
        *(name for name in modules() if name.startswith("text.segment")),
    }
    for name in plain:
        used = {full.partition(".")[0] for full in imports(name, modules()[name])}
        assert used - allowed == set(), name
    # Only for the name of a type.
    used = {full.partition(".")[0] for full in imports("protocols", modules()["protocols"])}
    assert used - allowed == {"numpy"}


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_is_imported_at_home_only(library: str) -> None:
    importers = {
        name
        for name, path in modules().items()
        if any(full.partition(".")[0] == library for full in imports(name, path))
    }
    away = {
        name
        for name in importers
        if not any(f"{name}.".startswith(f"{home}.") for home in HOMES[library])
    }
    assert away == set()


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


def test_the_runtime_of_the_networks_does_not_report_that_it_was_imported() -> None:
    # In an interpreter of its own; the module that sends is never loaded.
    code = """
import sys
from pullquote.reading import judge_network
assert "openvino" in sys.modules
assert sys.modules["openvino_telemetry"] is None
"""
    assert "openvino" in loaded_after(code)


def test_no_test_file_imports_another() -> None:
    # What two of them need is in tests/support.
    importing = re.compile(r"^ *(?:from|import) tests\.(?:\w+\.)*test_\w+", re.MULTILINE)
    files = list((ROOT / "tests").rglob("*.py"))
    assert len(files) > 100
    assert [path.name for path in files if importing.search(path.read_text("utf-8"))] == []
