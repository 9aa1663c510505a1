"""What the README and the documents say is what the code does."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, cast

import pytest

from pullquote import __version__
from pullquote.answering import schema
from pullquote.answering.render import to_text
from pullquote.assistant import Assistant
from pullquote.cli import main
from pullquote.cli.arguments import parser
from pullquote.config import ENV_PREFIX, Settings
from pullquote.evaluate.judge import Failure
from pullquote.evaluate.rates import FIGURES
from pullquote.evaluate.stress import Stress
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.serve.api import routes
from tests.support.places import ROOT

PACKAGE = ROOT / "src" / "pullquote"
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = {field.name: field for field in fields(Settings)}

#: All that is written for people who use the product or work on it, by its path.
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "examples" / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
}

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The language and the content of each block of code."""
    for match in _FENCE.finditer(text):
        yield match[1], match[2]


def prose(text: str) -> str:
    """The text without its blocks of code."""
    return _FENCE.sub("", text)


def section(name: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    level, text = heading.split(" ")[0], TEXTS[name]
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"{name} has no {heading!r}"
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """What stands as code in the first cells of all tables, in order."""
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [code for row in rows for code in _CODE.findall(row)]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings."""
    found: dict[str, int] = {}
    made = set()
    for heading in re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        made.add(f"{slug}-{found[slug]}" if slug in found else slug)
        found[slug] = found.get(slug, 0) + 1
    return made


def commands(text: str) -> Iterator[list[str]]:
    """The arguments of every ``pullquote`` command, with ``[]`` where only its name stands."""
    typed = []
    for language, block in blocks(text):
        if language == "json":
            started = re.findall(r'"command": "[^"]*pullquote", "args": (\[.*?\])', block)
            yield from map(json.loads, started)
        else:
            typed += re.findall(r"^\s*(?:\$|- run:) (.+)", block, re.MULTILINE)
    for command in [*typed, *_CODE.findall(prose(text))]:
        if "pullquote" not in command:
            continue
        words = shlex.split(command)
        while words and re.match(r"[A-Z_]+=", words[0]):
            words.pop(0)
        if words[:1] == ["pullquote"]:
            ends = [words.index(item) for item in (">", "|", "&&") if item in words]
            yield words[1 : min(ends, default=len(words))]


def subcommands() -> dict[str, Any]:
    """The parser of each command."""
    actions: list[Any] = parser()._actions
    return next(dict(action.choices) for action in actions if action.dest == "command")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"  # as it is set
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{text}`" if text and value is not None else "none"


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_the_settings_table_is_the_code() -> None:
    rows = section("docs/settings.md", "## All settings").splitlines()
    assert [line for line in rows if line.startswith("| `")] == [
        f"| `{f.name}` | {_shown(f.default)} | {f.metadata['help']} |" for f in fields(Settings)
    ]


def test_the_command_table_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    named = re.findall(
        r"^\| `pullquote ([\w-]+)", section("README.md", "## Commands"), re.MULTILINE
    )
    with pytest.raises(SystemExit):
        main(["--help"])
    assert named == re.findall(r"^    ([\w-]+)(?: |$)", capsys.readouterr().out, re.MULTILINE)


def test_the_command_table_has_the_exit_codes_of_the_help() -> None:
    rows = re.findall(
        r"^\| `pullquote ([\w-]+).* \| (.*) \|$", section("README.md", "## Commands"), re.MULTILINE
    )
    for name, codes in rows:
        told = subcommands()[name].epilog or ""
        if "exit:" in told:
            wanted = re.findall(r"\b\d\b(?= )", told.split("exit:")[1])
            assert re.findall(r"\b\d+\b", codes) == list(dict.fromkeys(wanted)), name


def test_the_example_answer_is_what_the_command_prints(
    customer_index: Index, real_embedder: SentenceTransformersEmbedder
) -> None:
    example = README.split('$ pullquote ask "')[1].split("\n```")[0]
    question, printed = example.split('"\n', 1)
    assistant = Assistant.with_parts(customer_index, real_embedder, Settings())
    assert to_text(assistant.ask(question), customer_index) == printed


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in _LINK.findall(prose(TEXTS[name])):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), target


def test_every_document_is_linked_to_from_the_readme() -> None:
    linked = set(_LINK.findall(README))
    assert {text for text in TEXTS if text.startswith("docs/")} <= linked


@pytest.mark.parametrize("name", TEXTS)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in {*re.findall(r"[`$=\d] ?make (\w[\w-]*)", TEXTS[name]), "chat", "test"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_make_target_is_told_of() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {*re.findall(r"^([\w-]+):.*## ", makefile, re.MULTILINE)} - {"help"}
    assert set(first_cells(section("docs/development.md", "## Commands"))) == {
        f"make {target}" for target in targets
    }


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_that_is_named_can_be_given(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in commands(TEXTS[name]):
        if len(words) < 2 and words != ["--help"]:
            assert set(words) <= subcommands().keys(), words
            continue
        code: object = 0
        try:
            parser().parse_args(words)
        except SystemExit as error:
            code = error.code
        assert code == 0, f"{words}: {capsys.readouterr().err}"


@pytest.mark.parametrize("name", TEXTS)
def test_every_option_that_is_named_exists(name: str) -> None:
    known = {action for own in subcommands().values() for action in own._option_string_actions}
    for code in _CODE.findall(prose(TEXTS[name])):
        # A property of the widget's is no option.
        if re.match(r"--(?!pullquote-)\w", code):
            assert re.split(r"[ =]", code)[0] in known, code


@pytest.mark.parametrize("name", TEXTS)
def test_every_setting_that_is_named_exists(name: str) -> None:
    text = TEXTS[name]
    named = set(re.findall(r"\[`([^`]+)`\]\((?:docs/)?settings\.md\)", text))
    listed = re.findall(r"\b[Ss]ettings?:?\s((?:(?:,\s|\sand\s)?`\w+`)+)", prose(text))
    named |= {code for codes in listed for code in _CODE.findall(codes)}
    named |= set(re.findall(r"`(\w+) = ", prose(text)))
    named |= {character.lower() for character in re.findall(rf"\b{ENV_PREFIX}([A-Z_]+)\b", text)}
    for language, block in blocks(text):
        if language == "toml":
            given = tomllib.loads(re.sub(r"^ +", "", block, flags=re.MULTILINE))
            Settings(**Settings._values(given, name))
    # The password of Milvus is no setting, so that no file holds it.
    assert named <= {*SETTINGS, "index_token"}


@pytest.mark.parametrize("name", TEXTS)
def test_every_name_of_several_words_is_one_of_the_code(name: str) -> None:
    code = " ".join(item.read_text(encoding="utf-8") for item in PACKAGE.rglob("*.py"))
    named = {
        item
        for item in _CODE.findall(prose(TEXTS[name]))
        if re.fullmatch(r"[a-z]+(_[a-z]+)+", item)
    }
    assert named <= {*re.findall(r"\w+", code)}


@pytest.mark.parametrize("name", TEXTS)
def test_every_default_that_stands_behind_a_setting_is_the_code(name: str) -> None:
    told = re.findall(r"\[`(\w+)`\]\((?:docs/)?settings\.md\), (\d+)", TEXTS[name])
    assert [(item, str(SETTINGS[item].default)) for item, _ in told] == told


def test_every_module_that_is_named_in_code_can_be_imported() -> None:
    for name, text in TEXTS.items():
        for language, block in blocks(text):
            if language == "python":
                for module, what in re.findall(r"^from (pullquote\S*) import (.+)$", block, re.M):
                    known = __import__(module, fromlist=["_"])
                    assert all(hasattr(known, part.strip()) for part in what.split(",")), (
                        name,
                        module,
                    )


def test_the_answer_is_described_field_by_field() -> None:
    tables = first_cells(section("docs/api.md", "## The answer"))
    wanted = [
        *schema.AnswerOut.model_fields,
        *schema.BlockOut.model_fields,
        *schema.CitationOut.model_fields,
    ]
    assert sorted(tables) == sorted(wanted)


def test_the_routes_are_those_of_the_api() -> None:
    nobody = cast(Any, None)
    api = routes.create_api(nobody, nobody, Settings())
    own: list[Any] = list(api.routes)
    known = {
        f"{method} /api{route.path.replace(':path', '')}"
        for route in own
        for method in route.methods - {"HEAD"}
    }
    told = set(first_cells(section("docs/api.md", "## Routes")))
    assert known | {"GET /healthz"} == told


def test_the_codes_of_errors_are_those_of_the_server() -> None:
    told = set(re.findall(r"^\| \d{3} \| `(\w+)`", TEXTS["docs/api.md"], re.MULTILINE))
    code = "\n".join(item.read_text(encoding="utf-8") for item in (PACKAGE / "serve").rglob("*.py"))
    given = set(re.findall(r"\b[45]\d\d[,:]\s*\"([a-z_]+)\"", code))
    assert told == given


def test_the_attributes_are_those_of_the_widget() -> None:
    parts = ("widget.js", "widget/more.js")
    static = PACKAGE / "serve" / "static"
    script = "".join((static / part).read_text(encoding="utf-8") for part in parts)
    told = first_cells(section("docs/site.md", "## Attributes"))
    for name in [text for text in told if text.startswith("data-")]:
        head, *rest = name.removeprefix("data-").split("-")
        key = head + "".join(map(str.capitalize, rest))
        assert f"data.{key}" in script or f'"{key}"' in script, name
    styled = set(re.findall(r"--pullquote-[a-z]+", TEXTS["docs/site.md"]))
    assert styled == set(re.findall(r"--pullquote-[a-z]+", script))


def test_the_failures_and_figures_are_those_of_the_evaluation() -> None:
    report = first_cells(section("docs/evaluate.md", "## The report"))
    assert report == [*Failure, *FIGURES]
    stressed = first_cells(section("docs/evaluate.md", "## Stress tests"))
    assert stressed == [item.figure for item in Stress]


def test_the_rooms_are_the_folders() -> None:
    told = first_cells(section("docs/architecture.md", "## The rooms"))
    folders = {item.name for item in PACKAGE.iterdir() if (item / "__init__.py").is_file()}
    assert folders | {"leaves", "assistant", "claims", "llamaindex"} == set(told)


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## (\S+)", TEXTS["CHANGELOG.md"], re.MULTILINE)
    assert versions[0] == __version__


@pytest.mark.parametrize("name", TEXTS)
def test_every_figure_has_its_leading_zero(name: str) -> None:
    assert re.findall(r"(?<![\w.*/\d])\.\d+", prose(TEXTS[name])) == []
