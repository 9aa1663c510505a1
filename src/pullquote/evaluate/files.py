"""Writes the output files of an evaluation, such as ``results.jsonl`` and ``junit.xml``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from xml.etree import ElementTree

from pullquote.answering.render import to_json
from pullquote.errors import EvaluationError
from pullquote.evaluate.judge import Failure, Judgement
from pullquote.evaluate.run import Result
from pullquote.protocols import Library
from pullquote.types import Status

SUMMARY, RESULTS, STRESS = "summary.json", "results.jsonl", "stress.jsonl"
JUNIT, REPORT = "junit.xml", "report.html"

#: Characters that XML 1.0 cannot contain, not even escaped.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_writable(folder: Path) -> None:
    """Create the folder, and try to write into it. Raises :class:`EvaluationError`."""
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()


def write(folder: Path, name: str, text: str) -> None:
    """Write a file into the folder atomically. Raises :class:`EvaluationError`."""
    temporary = folder / f".{name}.part"
    with _explained(folder / name):
        folder.mkdir(parents=True, exist_ok=True)
        # A language model's sentence may contain lone surrogates, which UTF-8 cannot encode.
        temporary.write_text(text, encoding="utf-8", errors="replace")
        temporary.replace(folder / name)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turns an ``OSError`` into an :class:`EvaluationError` about ``path``."""
    try:
        yield
    except OSError as error:
        raise EvaluationError(
            f"{str(path)!r} cannot be written ({error.strerror or error}): name another folder "
            "with --out."
        ) from error


def results_jsonl(results: Iterable[Result], library: Library) -> str:
    """``results.jsonl``: one JSON line per question, with its answer and judgement."""
    return "".join(
        json.dumps(_result(result, library), ensure_ascii=False) + "\n" for result in results
    )


def _result(result: Result, library: Library) -> dict[str, Any]:
    judged = asdict(result.judgement)
    failure = judged.pop("failure")
    return {
        "id": result.question.id,
        "user_input": result.question.text,
        "answer": to_json(result.answer, library),
        "retrieved": [[place.article_id, place.start, place.end] for place in result.retrieved],
        "answerability": round(judged.pop("answerability"), 6),
        "failure": failure,
        "judged": judged,
        **({"drafted": [asdict(one) for one in result.drafted]} if result.quoted else {}),
    }


def judgement_of(line: Mapping[str, Any]) -> Judgement:
    """The judgement in a line of ``results.jsonl``.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` if the line is invalid.
    """
    judged = dict(line["judged"])
    for name in ("expected", "status", "unrefused"):
        judged[name] = None if judged[name] is None else Status(judged[name])
    failure = line["failure"]
    return Judgement(
        **judged,
        answerability=float(line["answerability"]),
        failure=None if failure is None else Failure(failure),
    )


def junit_xml(name: str, results: Sequence[Result]) -> str:
    """The results as JUnit XML: one test case per question, with its failure."""
    failed = sum(item.judgement.failure is not None for item in results)
    unlabelled = sum(item.judgement.expected is None for item in results)
    seconds = sum(item.answer.timings.total for item in results) / 1000
    suite = ElementTree.Element(
        "testsuite",
        name=_xml(name),
        tests=str(len(results)),
        failures=str(failed),
        errors="0",
        skipped=str(unlabelled),
        time=f"{seconds:.3f}",
    )
    for result in results:
        judgement = result.judgement
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=_xml(name),
            name=_xml(f"{result.question.id}: {result.question.text}"),
            time=f"{result.answer.timings.total / 1000:.3f}",
        )
        if judgement.expected is None:
            message = "The set does not say what is right."
            ElementTree.SubElement(case, "skipped", message=message)
        elif judgement.failure:
            problem = ElementTree.SubElement(
                case, "failure", type=judgement.failure.value, message=judgement.failure.meaning
            )
            problem.text = _xml(_detail(result))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _detail(result: Result) -> str:
    answer = result.answer
    quotes = [f"  cited: {citation.quote}" for citation in answer.citations]
    expected = result.judgement.expected
    said = f"{result.question.where}\nexpected {expected}, got {answer.status}"
    return "\n".join([said, *quotes])


def _xml(text: str) -> str:
    return _NOT_XML.sub("�", text)
