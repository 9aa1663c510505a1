"""Reads saved answers of any version, as far as ``pullquote verify`` needs them.

Fields that earlier versions did not write may be missing. Values are not converted: ``true`` and
``1.0`` are not valid offsets.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from pullquote.answering.former_messages import key_of
from pullquote.answering.render.receipt import from_receipt
from pullquote.answering.schema import Context, Range, Selector
from pullquote.errors import AnswerFileError
from pullquote.types import Block, Checked, Citation

_MARKDOWN = (".md", ".markdown")


class SavedAnswer(BaseModel):
    """A saved answer whose parts are not parsed yet."""

    answer: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    closest: list[dict[str, Any]] = []
    status: Any = None

    @classmethod
    def read(cls, file: Path) -> SavedAnswer:
        """Read a JSON file or a Markdown receipt. Raises :class:`AnswerFileError`."""
        try:
            text = file.read_text(encoding="utf-8-sig")
            is_receipt = file.suffix.lower() in _MARKDOWN
            return cls.model_validate(from_receipt(text) if is_receipt else json.loads(text))
        except OSError as error:
            raise AnswerFileError(f"{str(file)!r} cannot be read ({error.strerror}).") from error
        except AnswerFileError as error:
            raise AnswerFileError(f"{str(file)!r} cannot be verified. {error}") from error
        except ValidationError:
            raise AnswerFileError(
                f"{str(file)!r} is not a saved answer: make one with "
                '`pullquote ask "QUESTION" --format json`, or `--format receipt`.'
            ) from None
        except (ValueError, RecursionError) as error:
            raise AnswerFileError(f"{str(file)!r} is not JSON ({error}).") from error


class SavedQuote(Range):
    """A quote, without fields that vary between versions, such as sentence numbers."""

    model_config = ConfigDict(strict=True)

    number: Any = None
    document_id: str
    document_title: str
    document_digest: str | None = None
    url: str | None = None
    published: str | None = None
    cited_text: str
    answer_span: Range | None = None
    context: Context | None = None
    selector: Selector | None = None

    def citation(self) -> Citation:
        """For the gate's rules for any version, which need no sentence number and no score."""
        return Citation(
            number=self.number,
            article_id=self.document_id,
            sentence_index=0,
            start=self.start_char_index,
            end=self.end_char_index,
            quote=self.cited_text,
            score=0.0,
            span=_offsets(self.answer_span),
            context=_offsets(self.context),
        )


class SavedCheck(BaseModel):
    """Which network checked a written part, and its score."""

    model_config = ConfigDict(strict=True)

    by: str
    score: float


class SavedBlock(BaseModel):
    """A part of the answer. If a message was saved without its key, the wording gives the key."""

    model_config = ConfigDict(strict=True)

    # Anything but a string counts as empty, which matches no quote and no message.
    text: Annotated[str, BeforeValidator(lambda text: text if isinstance(text, str) else "")] = ""
    citations: list[int] = []
    origin: Any = None
    message: Any = None
    checked: SavedCheck | None = None
    values: dict[str, str] | None = None
    document_id: str | None = None

    def block(self) -> Block:
        """The block of the answer that was saved."""
        cites = tuple(self.citations)
        message = self.message if cites else key_of(self.text, self.message, self.values)
        checked = Checked(self.checked.by, self.checked.score) if self.checked else None
        written = bool(cites) and self.origin == "written"
        values = tuple((self.values or {}).items())
        return Block(self.text, cites, written, message, checked, values, self.document_id)


def _offsets(range_: Range | None) -> tuple[int, int] | None:
    return (range_.start_char_index, range_.end_char_index) if range_ else None
