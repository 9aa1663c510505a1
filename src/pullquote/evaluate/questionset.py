"""Question sets: JSON Lines, CSV, and SQuAD 2.0 JSON, which includes its own articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from pullquote.errors import QuestionSetError
from pullquote.evaluate.question import Question, Record, from_record
from pullquote.evaluate.read_csv import csv_records
from pullquote.evaluate.read_squad import squad_articles, squad_questions

#: The most errors of a set that are reported at once.
_TOLD = 10


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions in order. ``articles`` are file contents by id, if a set includes its own.

    ``digest`` is the SHA-256 of the questions and of what counts as right. It does not depend on
    the file's format or on the order of the questions.
    """

    name: str
    questions: tuple[Question, ...]
    digest: str
    articles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> QuestionSet:
        """Read a set. Raises :class:`QuestionSetError`, which names file, line and question."""
        text = read_text(file, "question set")
        suffix = file.suffix.lower()
        if suffix == ".csv":
            return cls.of(file.name, csv_records(text, file.name))
        if suffix == ".json":
            data = _json(text, file.name)
            if isinstance(data, QuestionSetError):
                raise data
            if isinstance(data, dict) and "data" in data:
                articles = squad_articles(data, file.name)
                return cls.of(file.name, squad_questions(data, file.name), articles)
            raise QuestionSetError(
                f"{file.name} is not SQuAD 2.0 (it has no 'data'): a file with a question a line "
                "must be named .jsonl."
            )
        if suffix in (".jsonl", ".ndjson"):
            return cls.of(file.name, jsonl_records(text, file.name))
        raise QuestionSetError(
            f"{str(file)!r} is not known as a question set by its name: use .jsonl, .csv, or "
            ".json for SQuAD 2.0."
        )

    @classmethod
    def of(
        cls,
        name: str,
        records: Iterable[Record],
        articles: Mapping[str, str] | None = None,
    ) -> QuestionSet:
        """The set of ``records``. All errors are collected and reported together."""
        questions: dict[str, Question] = {}
        faults: list[str] = []
        for record in records:
            try:
                question = from_record(record)
            except QuestionSetError as error:
                faults.append(str(error))
                continue
            if question.id in questions:
                first = questions[question.id].where
                faults.append(f"{question.where}: the id is used before, in {first}.")
            questions.setdefault(question.id, question)
        raise_faults(faults)
        if not questions:
            raise QuestionSetError(f"{name}: it contains no questions.")
        return cls(name, tuple(questions.values()), digest(questions.values()), articles or {})


def raise_faults(faults: Sequence[str]) -> None:
    """If there are faults, raise one :class:`QuestionSetError` that lists the first ones."""
    if faults:
        more = [f"... and {len(faults) - _TOLD} more"] if len(faults) > _TOLD else []
        raise QuestionSetError("\n".join([*faults[:_TOLD], *more]))


def digest(questions: Iterable[Question]) -> str:
    """SHA-256 of the questions and their evidence, in hexadecimal. Order does not matter."""
    plain = [{k: v for k, v in asdict(q).items() if k not in ("where", "tags")} for q in questions]
    ordered = sorted(plain, key=lambda line: str(line["id"]))
    return sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()


def read_text(file: Path, what: str) -> str:
    """The text of a file. Raises :class:`QuestionSetError`, which calls it ``what``."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise QuestionSetError(f"There is no {what} {str(file)!r}.") from None
    except IsADirectoryError:
        raise QuestionSetError(f"{str(file)!r} is a folder: name the {what} in it.") from None
    except OSError as error:
        raise QuestionSetError(f"{str(file)!r} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(
            f"{str(file)!r} is not UTF-8 (byte {error.start}): save it as UTF-8."
        ) from error


def _json(text: str, where: str) -> object:
    """The parsed JSON, or the error, which is returned and not raised."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return QuestionSetError(f"{where}: not JSON ({error}).")


def jsonl_records(text: str, name: str) -> Iterator[Record]:
    """A record for each line of JSON; a line that is none is an error as its content."""
    # Not splitlines(): a Unicode line separator within a text does not end a line.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            where = f"{name}, line {number}"
            yield Record(where, f"line-{number}", _json(line, where))
