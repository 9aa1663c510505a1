"""Question sets in CSV, with the column names that other evaluators use."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from pullquote.errors import QuestionSetError
from pullquote.evaluate.question import Record

#: Ours first, then by how surely another tool means the same. Ragas once called the model's own
#: answer "answer" and what it had retrieved "contexts", beside "ground_truth".
_COLUMNS = {
    "user_input": ("user_input", "question", "input"),
    "reference": ("reference", "ground_truth", "expected_output", "answer"),
    "evidence": ("evidence", "reference_contexts", "contexts"),
}
_LISTS = ("evidence", "also_ok", "history", "tags")
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def csv_records(text: str, name: str) -> Iterator[Record]:
    """A record for each row. Raises :class:`QuestionSetError` when no column holds questions."""
    header, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    line = 1
    while True:
        # A row may go over several lines; it is known by the one it begins in.
        where = f"{name}, line {line}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise QuestionSetError(f"{where}: not CSV ({error}).") from error
        if not columns:
            columns = [cell.strip().lower() for cell in row]
            if not any(it in columns for it in _COLUMNS["user_input"]):
                raise QuestionSetError(
                    f"{where}: no column is named 'user_input', 'question' or 'input'."
                )
        elif any(cell.strip() for cell in row):
            yield Record(where, f"line-{line}", _content(columns, row, where))
        line = rows.line_num + 1


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
    """A list as JSON or as Python prints it; anything else is a list of one."""
    if not cell:
        return []
    if cell.startswith("["):
        try:
            value = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return [cell]
        if isinstance(value, list):
            return value
    return [cell]


def _boolean(cell: str) -> object:
    if cell.lower() in _TRUE:
        return True
    return False if cell.lower() in _FALSE else cell
