"""Converts question sets of the evaluator into files to train on.

``python -m training.question_sets SET… --into DATA`` reads ``SET/corpus`` and
``SET/questions.jsonl`` as the evaluator does, and writes ``DATA/SET.jsonl.gz`` with one article a
line and the name of the folder as ``source``. It leaves out follow-ups and questions that name no
article. A question may have the field ``tempting``: the sentence of its article that a careless
reader would cite.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pullquote.errors import PullquoteError, QuestionSetError
from pullquote.evaluate.gold import Gold, Place, locate
from pullquote.evaluate.question import Question
from pullquote.evaluate.questionset import QuestionSet
from pullquote.ingest.corpus import list_sources, read_text
from pullquote.text.segment.sentences import split
from pullquote.types import Article, Status
from training.data import read_lines

#: A reference that is at least this share of a sentence does not show which of its words answer.
_WHOLE = 0.9


def lines(folder: Path, source: str) -> Iterator[dict[str, Any]]:
    """The articles that have questions, each as a line of a training file.

    Raises :class:`~pullquote.errors.PullquoteError` if the set cannot be read.
    """
    articles = {
        one.article_id: read_text(one.article_id, one.path)
        for one in list_sources([folder / "corpus"]).sources
    }
    path = folder / "questions.jsonl"
    questions = QuestionSet.read(path).questions
    tempting = {line["id"]: line["tempting"] for line in read_lines(path) if "tempting" in line}
    asked: dict[str, list[tuple[Question, Gold]]] = defaultdict(list)
    for question, gold in zip(questions, locate(questions, articles), strict=True):
        if question.document_id and not question.history:
            asked[question.document_id].append((question, gold))
    for article_id, own in asked.items():
        article = articles[article_id]
        sentences = [Place(article.id, one.start, one.end) for one in split(article)]
        yield {
            "id": article.id,
            "source": source,
            "title": article.title,
            "text": article.text,
            "sentences": [(place.start, place.end) for place in sentences],
            "questions": [
                _question(*pair, article, sentences, tempting.get(pair[0].id)) for pair in own
            ],
        }


def _question(
    question: Question,
    gold: Gold,
    article: Article,
    sentences: list[Place],
    tempting: str | None,
) -> dict[str, Any]:
    def numbers(places: tuple[Place, ...]) -> list[int]:
        return [
            number
            for number, sentence in enumerate(sentences)
            if any(sentence.meets(place) for place in places)
        ]

    evidence = numbers(gold.evidence)
    return {
        "id": question.id,
        "question": question.text,
        "kind": "unknown" if question.status is Status.STATED_UNKNOWN else "",
        "answerable": bool(gold.groups),
        "answers": [
            {"text": reference, "start": start}
            for reference in question.references
            for number in evidence
            if (start := article.text.find(reference, sentences[number].start)) >= 0
            and start + len(reference) <= sentences[number].end
            and len(reference) < _WHOLE * (sentences[number].end - sentences[number].start)
        ],
        "evidence": evidence,
        "evidence_any": numbers(gold.also_ok),
        "plausible": [{"text": tempting, "start": _start(tempting, article)}] if tempting else [],
    }


def _start(tempting: str, article: Article) -> int:
    start = article.text.find(tempting)
    if start < 0:
        raise QuestionSetError(f"{article.id}: what tempts is not in it: {tempting!r}.")
    return start


def main(arguments: list[str] | None = None) -> int:
    """Write the files."""
    parser = argparse.ArgumentParser(prog="python -m training.question_sets", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--into", type=Path, required=True)
    given = parser.parse_args(arguments)
    for folder in given.folders:
        try:
            made = list(lines(folder, folder.name))
        except PullquoteError as error:
            print(error, file=sys.stderr)
            return 2
        with gzip.open(given.into / f"{folder.name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in made)
        asked = sum(len(line["questions"]) for line in made)
        print(f"{folder.name}: {len(made)} articles, {asked} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
