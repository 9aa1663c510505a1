"""One question of a question set, parsed, but with its evidence not yet located."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    ValidationError,
    model_validator,
)

from pullquote.asked import clean_question
from pullquote.errors import QuestionError, QuestionSetError
from pullquote.evaluate.told import Line, fault, told
from pullquote.types import Status


@dataclass(frozen=True, slots=True)
class Range:
    """Evidence that is given by its offsets in an article."""

    document_id: str
    start: StrictInt
    end: StrictInt


#: A piece of evidence: an exact quote, or a range.
Item = str | Range

#: Alternative pieces of evidence: citing any one of them is enough.
Group = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A question as it is in a file: where it is, its id if it names none, and its content.

    If it could not be read at all, ``content`` is a :class:`QuestionSetError`.
    """

    where: str
    default_id: str
    content: object

    def fields(self, wanted: str) -> Mapping[str, Any]:
        """The content as an object. Raises :class:`QuestionSetError`, which says what is wanted."""
        if isinstance(self.content, QuestionSetError):
            raise self.content
        if not isinstance(self.content, Mapping):
            raise QuestionSetError(f"{self.where}: {wanted}.")
        return self.content


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what an editor knows about the right answer.

    ``status`` is ``None`` if the set does not say what is right: the question is then asked but
    not judged. ``where`` is its file and line, for messages.
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


def from_record(given: Record) -> Question:
    """Parse a record with the keys of docs/evaluate.md.

    Other keys are ignored, since sets may have columns of their own, but a key that looks like a
    mistyped one of ours is an error. Raises :class:`QuestionSetError`.
    """
    record, where = given.fields("a question must be an object with a 'user_input'"), given.where
    own_id = record.get("id")
    id_ = given.default_id if own_id in (None, "") else writable(str(own_id))
    try:
        found = _Record.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = first["loc"][0] if first["loc"] else ""
        named = "" if field == "id" else f", question {id_!r}"
        inside = ", 'history'" if "history" in first["loc"][:1] and len(first["loc"]) > 1 else ""
        raise QuestionSetError(f"{where}{named}{inside}: {first['msg']}") from None
    return Question(
        id=id_,
        text=found.user_input,
        where=f"{where}, question {id_!r}",
        status=found.expected,
        document_id=found.document_id or None,
        evidence=tuple(map(tuple, found.evidence)),
        also_ok=tuple(found.also_ok),
        references=tuple(match for match in found.reference if match and match.strip()),
        history=tuple(found.history),
        tags=tuple(found.tags),
    )


def writable(text: Any) -> Any:
    """``text`` without lone surrogates: JSON may contain them, but UTF-8 files cannot."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


def _clean(text: str) -> str:
    try:
        return clean_question(text)
    except QuestionError as error:
        raise fault(str(error)) from error


def _group(value: object) -> object:
    return value["any"] if isinstance(value, Mapping) and "any" in value else [value]


def _not_empty(group: list[Item]) -> list[Item]:
    if not group:
        raise fault("a group of 'evidence' has an empty 'any'.")
    return group


_T = TypeVar("_T")
#: What a set may expect: ``not_a_question`` is left out of an evaluation.
_Expected = Literal[Status.ANSWERED, Status.STATED_UNKNOWN, Status.NOT_FOUND]
_List = Annotated[
    list[_T],
    Strict(),
    told("{key} must be a list, not {value}."),
    BeforeValidator(lambda value: [] if value is None else value),
]
_Words = Annotated[str, BeforeValidator(writable)]
_Text = Annotated[_Words, told("{key} must be text, not {value}.")]
_Asked = Annotated[_Words, AfterValidator(_clean), told("a question must be text, not {value}.")]
_Item = Annotated[
    Annotated[_Words, Field(pattern=r"\S")] | Range,
    told(
        "an item of {key} must be a quote, or an object with 'document_id', 'start' and 'end', "
        "not {value}."
    ),
]
_Group = Annotated[
    list[_Item],
    Strict(),
    AfterValidator(_not_empty),
    told("'any' must be a list, not {value}."),
    BeforeValidator(_group),
]


class _Record(Line):
    """The keys of a question, each with its validation and its error message."""

    id: Annotated[StrictInt | _Text | None, told("{key} must be text, not {value}.")]
    user_input: _Asked
    answerable: Annotated[StrictBool | None, told("{key} must be true or false, not {value}.")]
    status: Annotated[
        _Expected | None,
        told(f"{{key}} must be one of {', '.join(get_args(_Expected))}, not {{value}}."),
        BeforeValidator(lambda value: None if value == "" else value),
    ]
    document_id: _Text | None
    evidence: _List[_Group]
    also_ok: _List[_Item]
    reference: Annotated[
        list[_Words | None],
        BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
        told("{key} must be text, not {value}."),
    ]
    history: _List[_Asked]
    tags: _List[_Text]

    @model_validator(mode="after")
    def _no_contradiction(self) -> _Record:
        status, answerable = self.status, self.answerable
        if status and answerable is (status is Status.NOT_FOUND):
            raise fault(f"'answerable' is {str(answerable).lower()} but 'status' is '{status}'.")
        if self.expected is Status.NOT_FOUND and self.evidence:
            raise fault("it has evidence, but is said to have no answer.")
        return self

    @property
    def expected(self) -> Status | None:
        """The right status, if known. Evidence or a reference implies that there is an answer."""
        if self.status:
            return self.status
        if self.answerable is False:
            return Status.NOT_FOUND
        known = (
            self.answerable or self.evidence or any((item or "").strip() for item in self.reference)
        )
        return Status.ANSWERED if known else None
