"""Reads question sets in CSV, with the column names of other evaluation tools too."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from pullquote.errors import QuestionSetError
from pullquote.evaluate.question import Record

#: Accepted column names: ours first, then those of other tools, the most reliable first. Older
#: versions of Ragas used "answer" for the model's answer and "contexts" for what was retrieved,
#: next to "ground_truth".
_COLUMNS = {
    "user_input": ("user_input", "question", "input"),
    "reference": ("reference", "ground_truth", "expected_output", "answer"),
    "evidence": ("evidence", "reference_contexts", "contexts"),
}
_LISTS = ("evidence", "also_ok", "history", "tags")
#: Excel's line before the header that names the separator.
_SEPARATOR = re.compile(r'"?sep=([^\r\n])"?[^\S\t\r\n]*(?:\r\n|\n|\r)', re.IGNORECASE)

#: A list of strings as Python or NumPy prints it; NumPy puts no commas between them.
_TEXT = r"""[uUrR]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_NOTHING = "None|nan|null"
_PRINTED = re.compile(
    rf"(?:(?:np\.|numpy\.)?array\()?\[\s*((?:(?:{_TEXT}|{_NOTHING})[\s,]*)*)\]"
    r"(?:\s*,\s*dtype=[^()]*)?\)?",
    re.DOTALL,
)
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def csv_records(text: str, name: str) -> Iterator[Record]:
    """A record for each row. Raises :class:`QuestionSetError` if no column holds questions."""
    named = _SEPARATOR.match(text)
    text = text[named.end() :] if named else text
    header, _, _ = text.partition("\n")
    delimiter = named[1] if named else max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    above = 1 if named else 0
    line = above + 1
    while True:
        # A row may span several lines; it is named after its first line.
        where = f"{name}, line {line}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise QuestionSetError(f"{where}: not CSV ({error}).") from error
        if not columns:
            columns = [cell.strip().lower() for cell in row]
            if not any(item in columns for item in _COLUMNS["user_input"]):
                raise QuestionSetError(
                    f"{where}: no column is named 'user_input', 'question' or 'input'."
                )
        elif any(cell.strip() for cell in row):
            yield Record(where, f"line-{line}", _content(columns, row, where))
        line = above + rows.line_num + 1


def _content(columns: Sequence[str], row: Sequence[str], where: str) -> object:
    if len(row) > len(columns):
        return QuestionSetError(f"{where}: it has more cells than the header has columns.")
    cells = {column: cell.strip() for column, cell in zip(columns, row, strict=False)}
    aliases = {alias for names in _COLUMNS.values() for alias in names}
    record: dict[str, object] = {k: v for k, v in cells.items() if k not in aliases and v}
    for key, names in _COLUMNS.items():
        record[key] = next((cells[name] for name in names if cells.get(name)), "")
    for key in _LISTS:
        if key in record:
            record[key] = _list(str(record[key]))
    if "answerable" in record:
        record["answerable"] = _boolean(str(record["answerable"]))
    return record


def _list(cell: str) -> list[Any]:
    """Parse a list in JSON, or as Python or NumPy prints it; other text is a list of one item.

    Empty entries (``null``, ``None``, ``nan``) are left out.
    """
    if not cell:
        return []
    with suppress(ValueError, RecursionError):
        value = json.loads(cell)
        if isinstance(value, list):
            return [entry for entry in value if entry is not None and entry == entry]
    with suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        if printed := _PRINTED.fullmatch(cell):
            # A printed string may contain raw line breaks, which literal_eval rejects.
            texts = (
                found.replace("\n", "\\n") for found in re.findall(_TEXT, printed[1], re.DOTALL)
            )
            return [ast.literal_eval(text) for text in texts]
        if cell.startswith("[") and isinstance(value := ast.literal_eval(cell), list):
            return [entry for entry in value if entry is not None]
    return [cell]


def _boolean(cell: str) -> object:
    if cell.lower() in _TRUE:
        return True
    return False if cell.lower() in _FALSE else cell
