"""Reads SQuAD 2.0 JSON: questions by paragraph, and the articles that they are about.

The format is from Rajpurkar, Jia and Liang, "Know What You Don't Know: Unanswerable Questions for
SQuAD", ACL 2018.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from pullquote.errors import QuestionSetError
from pullquote.evaluate.question import Record, writable

_BETWEEN = "\n\n"
#: The longest name of an article without its ending, in bytes: file systems take 255.
_LONGEST = 100


def squad_articles(data: Mapping[str, Any], name: str) -> dict[str, str]:
    """The content of a corpus file for each article, by article id."""
    return {id_: text for id_, text, _, _ in _articles(data, name)}


def squad_questions(data: Mapping[str, Any], name: str) -> Iterator[Record]:
    """A record for each question, limited to its own article."""
    for id_, text, starts, article in _articles(data, name):
        paragraphs = zip(starts, article["paragraphs"], strict=True)
        for number, (start, paragraph) in enumerate(paragraphs, start=1):
            within = f"{name}, {article['title']!r}, paragraph {number}"
            for place, asked in enumerate(_list(paragraph, "qas", within), start=1):
                where = f"{within}, question {place}"
                content = _content(asked, id_, text, start, where)
                yield Record(where, f"{id_}-{number}-{place}", content)


def _articles(
    data: Mapping[str, Any], name: str
) -> Iterator[tuple[str, str, list[int], Mapping[str, Any]]]:
    """For each article: id, file content, each paragraph's start in it, and the original data."""
    taken: set[str] = set()
    for number, article in enumerate(_list(data, "data", name), start=1):
        where = f"{name}, article {number}"
        title = article.get("title") if isinstance(article, Mapping) else None
        if not isinstance(title, str) or not title.strip():
            raise QuestionSetError(f"{where}: it has no 'title'.")
        slug = re.sub(r"\W+", "-", title.lower()).strip("-") or "article"
        slug = slug.encode()[:_LONGEST].decode(errors="ignore")
        id_ = f"{slug}.txt"
        further = count(len(taken))
        while id_ in taken:
            id_ = f"{slug}-{next(further)}.txt"
        taken.add(id_)
        shown = " ".join(writable(title).replace("_", " ").split())
        text = f"title: {shown}\n\n"
        starts = []
        for paragraph in _list(article, "paragraphs", where):
            context = paragraph.get("context") if isinstance(paragraph, Mapping) else None
            if not isinstance(context, str):
                raise QuestionSetError(f"{where} ({title!r}): a paragraph has no 'context'.")
            starts.append(len(text))
            text += writable(context) + _BETWEEN
        yield id_, text, starts, article


def _content(asked: object, id_: str, text: str, start: int, where: str) -> object:
    if not isinstance(asked, Mapping):
        return QuestionSetError(f"{where}: a question must be a JSON object.")
    answers = [] if asked.get("is_impossible") else _list(asked, "answers", where)
    items = []
    for answer in answers:
        words = writable(answer.get("text")) if isinstance(answer, Mapping) else None
        offset = answer.get("answer_start") if isinstance(answer, Mapping) else None
        if not isinstance(words, str) or not words or type(offset) is not int:
            return QuestionSetError(f"{where}: an answer lacks its 'text' or 'answer_start'.")
        first = start + offset
        if text[first : first + len(words)] != words:
            return QuestionSetError(f"{where}: the answer {words!r} is not at its 'answer_start'.")
        items.append({"document_id": id_, "start": first, "end": first + len(words)})
    return {
        "id": asked.get("id"),
        "user_input": asked.get("question"),
        "document_id": id_,
        "answerable": bool(items),
        "evidence": [{"any": items}] if items else [],
        "reference": [answer["text"] for answer in answers],
    }


def _list(record: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = record.get(key)
    if not isinstance(value, list):
        raise QuestionSetError(f"{where}: {key!r} must be a list.")
    return value
