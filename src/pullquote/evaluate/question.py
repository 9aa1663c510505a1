"""One question of a question set, as it was read and before its evidence was looked up."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pullquote.errors import QuestionError, QuestionSetError
from pullquote.limits import clean_question
from pullquote.types import Status


@dataclass(frozen=True, slots=True)
class Range:
    """A place in an article, as evidence that is given by its offsets."""

    document_id: str
    start: int
    end: int


#: An exact quote, or a place.
Item = str | Range

#: Met by any one of its items.
Group = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A question as a file has it: where it stands, its id if it names none, and its content.

    What could not even be read is a :class:`QuestionSetError` in the place of the content.
    """

    where: str
    default_id: str
    content: object


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what an editor knows about the right answer.

    ``status`` is ``None`` when the set does not say what is right: the question is then asked
    but not judged. ``where`` is its file and line, for messages.
    """

    id: str
    text: str
    where: str
    status: Status | None = None
    document_id: str | None = None
    evidence: tuple[Group, ...] = ()
    also_ok: Group = ()
    references: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


_KEYS = (
    "id",
    "user_input",
    "answerable",
    "status",
    "document_id",
    "evidence",
    "also_ok",
    "reference",
    "history",
    "tags",
)


def from_record(given: Record) -> Question:
    """The question in a record with the contract's keys.

    Other keys are passed over, for sets carry columns of their own; one that looks like a
    mistyped key of ours is an error. Raises :class:`QuestionSetError`.
    """
    record, where = given.content, given.where
    if isinstance(record, QuestionSetError):
        raise record
    if not isinstance(record, Mapping):
        raise QuestionSetError(f"{where}: a question must be an object with a 'user_input'.")
    id_ = _id(record.get("id"), given.default_id, where)
    where = f"{where}, question {id_!r}"
    _check_keys(record, where)
    evidence = _groups(record.get("evidence"), where)
    references = _references(record.get("reference"), where)
    return Question(
        id=id_,
        text=_text(record.get("user_input"), where),
        where=where,
        status=_status(record, bool(evidence), bool(references), where),
        document_id=_optional(record.get("document_id"), "document_id", where),
        evidence=evidence,
        also_ok=tuple(_item(it, "also_ok", where) for it in _list(record, "also_ok", where)),
        references=references,
        history=tuple(_text(it, f"{where}, 'history'") for it in _list(record, "history", where)),
        tags=tuple(_string(it, "tags", where) for it in _list(record, "tags", where)),
    )


def _id(value: object, default: str, where: str) -> str:
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise QuestionSetError(f"{where}: 'id' must be text, not {value!r}.")
    return _writable(str(value))


def _check_keys(record: Mapping[str, Any], where: str) -> None:
    missing = [key for key in _KEYS if key not in record]
    for key in record:
        near = difflib.get_close_matches(str(key), missing, n=1, cutoff=0.8)
        if key not in _KEYS and near:
            raise QuestionSetError(f"{where}: unknown key {key!r}. Did you mean {near[0]!r}?")


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise QuestionSetError(f"{where}: a question must be text, not {value!r}.")
    try:
        return clean_question(value)
    except QuestionError as error:
        raise QuestionSetError(f"{where}: {error}") from error


def _status(
    record: Mapping[str, Any], has_evidence: bool, has_reference: bool, where: str
) -> Status | None:
    answerable = record.get("answerable")
    if answerable is not None and not isinstance(answerable, bool):
        raise QuestionSetError(f"{where}: 'answerable' must be true or false, not {answerable!r}.")
    given = record.get("status")
    status: Status | None
    if given in (None, ""):
        if answerable is False:
            status = Status.NOT_FOUND
        else:
            # The contract leaves open what a reference alone means. Whoever wrote down the right
            # answer holds that there is one.
            known = answerable or has_evidence or has_reference
            status = Status.ANSWERED if known else None
    elif isinstance(given, str) and given in list(Status):
        status = Status(given)
        if answerable is not None and answerable is (status is Status.NOT_FOUND):
            raise QuestionSetError(
                f"{where}: 'answerable' is {str(answerable).lower()} but 'status' is {given!r}."
            )
    else:
        known_ones = ", ".join(Status)
        raise QuestionSetError(f"{where}: 'status' must be one of {known_ones}, not {given!r}.")
    if status is Status.NOT_FOUND and has_evidence:
        raise QuestionSetError(f"{where}: it has evidence, and yet is said to have no answer.")
    return status


def _groups(value: object, where: str) -> tuple[Group, ...]:
    groups: list[Group] = []
    for entry in _list({"evidence": value}, "evidence", where):
        if isinstance(entry, Mapping) and "any" in entry:
            items = _list(entry, "any", where)
            if not items:
                raise QuestionSetError(f"{where}: a group of 'evidence' has an empty 'any'.")
            groups.append(tuple(_item(it, "evidence", where) for it in items))
        else:
            groups.append((_item(entry, "evidence", where),))
    return tuple(groups)


def _item(value: object, key: str, where: str) -> Item:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, Mapping):
        document_id, start, end = (value.get(it) for it in ("document_id", "start", "end"))
        if isinstance(document_id, str) and type(start) is int and type(end) is int:
            return Range(document_id, start, end)
    raise QuestionSetError(
        f"{where}: an item of {key!r} must be a quote, or an object with 'document_id', 'start' "
        f"and 'end', not {value!r}."
    )


def _references(value: object, where: str) -> tuple[str, ...]:
    found = []
    for entry in value if isinstance(value, list) else [value]:
        if entry is not None and not isinstance(entry, str):
            raise QuestionSetError(f"{where}: 'reference' must be text, not {value!r}.")
        if entry and entry.strip():
            found.append(_writable(entry))
    return tuple(found)


def _list(record: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise QuestionSetError(f"{where}: {key!r} must be a list, not {value!r}.")
    return value


def _optional(value: object, key: str, where: str) -> str | None:
    return None if value in (None, "") else _string(value, key, where)


def _string(value: object, key: str, where: str) -> str:
    if not isinstance(value, str):
        raise QuestionSetError(f"{where}: {key!r} must be text, not {value!r}.")
    return _writable(value)


def _writable(text: str) -> str:
    """JSON may hold half of a surrogate pair, which no file can."""
    return text.encode("utf-8", "replace").decode()
