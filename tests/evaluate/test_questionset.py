"""Reading question sets: three formats, and a clear error for each fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pullquote.errors import QuestionSetError
from pullquote.evaluate.question import Question, Range
from pullquote.evaluate.questionset import QuestionSet
from pullquote.evaluate.read_squad import squad_articles
from pullquote.types import Status


def read(tmp_path: Path, content: str | bytes, name: str = "set.jsonl") -> QuestionSet:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return QuestionSet.read(file)


def one(tmp_path: Path, **record: object) -> Question:
    return read(tmp_path, json.dumps({"user_input": "How long?", **record})).questions[0]


def fault(tmp_path: Path, content: str | bytes, name: str = "set.jsonl") -> str:
    with pytest.raises(QuestionSetError) as caught:
        read(tmp_path, content, name)
    return str(caught.value)


def test_a_full_line_is_read(tmp_path: Path) -> None:
    question = one(
        tmp_path,
        id="q1",
        answerable=True,
        status="answered",
        document_id="a.txt",
        evidence=["for a year", {"any": ["one", {"document_id": "a.txt", "start": 3, "end": 9}]}],
        also_ok=["besides"],
        reference="a year",
        history=["What was banned?"],
        tags=["number"],
    )
    assert question == Question(
        id="q1",
        text="How long?",
        where="set.jsonl, line 1, question 'q1'",
        status=Status.ANSWERED,
        document_id="a.txt",
        evidence=(("for a year",), ("one", Range("a.txt", 3, 9))),
        also_ok=("besides",),
        references=("a year",),
        history=("What was banned?",),
        tags=("number",),
    )


def test_only_the_question_is_required(tmp_path: Path) -> None:
    question = one(tmp_path)
    assert question.id == "line-1"
    assert question.status is None


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"answerable": True}, Status.ANSWERED),
        ({"answerable": False}, Status.NOT_FOUND),
        ({"evidence": ["x"]}, Status.ANSWERED),
        ({"reference": "a year"}, Status.ANSWERED),
        ({"reference": ""}, None),
        ({"status": "stated_unknown", "answerable": True}, Status.STATED_UNKNOWN),
        ({"status": "stated_unknown"}, Status.STATED_UNKNOWN),
        ({"status": "not_found", "answerable": False}, Status.NOT_FOUND),
        ({"status": None, "answerable": None, "evidence": None, "document_id": None}, None),
    ],
)
def test_the_status_that_is_left_out(
    tmp_path: Path, given: dict[str, object], status: Status | None
) -> None:
    assert one(tmp_path, **given).status is status


def test_blank_lines_and_marks_are_passed_over_and_lines_counted(tmp_path: Path) -> None:
    lines = '\ufeff{"user_input": "One?"}\r\n\r\n{"user_input": "Two\u2028?", "other": 1}\n'
    found = read(tmp_path, lines)
    assert [question.id for question in found.questions] == ["line-1", "line-3"]
    assert found.questions[1].text == "Two ?"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: a question must be an object"),
        ('{"id": "q2"}', "line 2, question 'q2': a question must be text, not None"),
        ('{"user_input": "  "}', "line 2, question 'line-2': The question is empty"),
        ('{"user_input": "' + "x" * 501 + '"}', "at most 500 are read"),
        ('{"user_input": "a?", "id": ["x"]}', "line 2: 'id' must be text"),
        ('{"user_input": "a?", "id": "one"}', "the id is used before, in set.jsonl, line 1"),
        ('{"user_input": "a?", "answerable": "yes"}', "'answerable' must be true or false"),
        ('{"user_input": "a?", "status": "maybe"}', "'status' must be one of answered, "),
        (
            '{"user_input": "a?", "status": "not_a_question"}',
            "'status' must be one of answered, stated_unknown, not_found, not 'not_a_question'.",
        ),
        (
            '{"user_input": "a?", "status": "not_found", "answerable": true}',
            "'answerable' is true but 'status' is 'not_found'",
        ),
        (
            '{"user_input": "a?", "status": "answered", "answerable": false}',
            "'answerable' is false but 'status' is 'answered'",
        ),
        ('{"user_input": "a?", "answerable": false, "evidence": ["x"]}', "it has evidence"),
        ('{"user_input": "a?", "evidence": "x"}', "'evidence' must be a list"),
        ('{"user_input": "a?", "evidence": [""]}', "an item of 'evidence' must be a quote"),
        ('{"user_input": "a?", "evidence": [{"any": []}]}', "has an empty 'any'"),
        ('{"user_input": "a?", "evidence": [{"start": 1}]}', "an item of 'evidence' must be"),
        ('{"user_input": "a?", "also_ok": [7]}', "an item of 'also_ok' must be a quote"),
        ('{"user_input": "a?", "reference": 7}', "'reference' must be text"),
        ('{"user_input": "a?", "history": [7]}', "'history': a question must be text"),
        ('{"user_input": "a?", "tags": [7]}', "'tags' must be text"),
        ('{"user_input": "a?", "evidance": ["x"]}', "unknown key 'evidance'. Did you mean"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    message = fault(tmp_path, '{"user_input": "First?", "id": "one"}\n' + line)
    assert message.startswith("set.jsonl, line 2")
    assert told in message
    assert "\n" not in message


def test_faults_are_told_together_but_not_all_of_a_thousand(tmp_path: Path) -> None:
    message = fault(tmp_path, "{\n" * 25)
    assert message.count("not JSON") == 10
    assert message.endswith("... and 15 more")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("set.jsonl", "", "it contains no questions"),
        ("set.jsonl", b"\xff\xfe", "is not UTF-8"),
        ("set.txt", "x", "use .jsonl, .csv, or .json"),
        ("set.json", "[]", "is not SQuAD 2.0"),
        ("set.json", "{", "not JSON"),
        ("set.csv", "a,b\n1,2", "no column is named"),
        ("set.csv", 'question\n"half', "line 2: not CSV"),
        ("set.csv", "question\na?,b", "line 2: it has more cells"),
    ],
)
def test_a_file_that_is_no_question_set(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    assert told in fault(tmp_path, content, name)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="There is no question set"):
        QuestionSet.read(tmp_path / "none.jsonl")
    with pytest.raises(QuestionSetError, match="is a folder"):
        QuestionSet.read(tmp_path)


def test_csv_with_the_usual_columns(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "\ufeffQuestion,ground_truth,contexts,tags\r\n"
        "\"How long,\nexactly?\",a year,\"['It’s “a year”.', 'Or so.']\",number\r\n"
        "\r\n"
        "Who?,,,\r\n",
        "set.csv",
    )
    first, second = found.questions
    assert first.text == "How long, exactly?"
    assert first.references == ("a year",)
    assert first.evidence == (("It’s “a year”.",), ("Or so.",))
    assert first.tags == ("number",)
    assert first.status is Status.ANSWERED
    # Line numbers are the file's, where a cell may span two lines.
    assert (first.id, second.id) == ("line-2", "line-5")
    assert second.status is None


@pytest.mark.parametrize(
    ("cell", "quotes"),
    [
        ("['One.'\n 'Two.']", ["One.", "Two."]),
        ("['One.' 'Two.']", ["One.", "Two."]),
        ("['One.', 'Two.']", ["One.", "Two."]),
        ("['One.'\n, 'Two.',\n]", ["One.", "Two."]),
        ("[ 'One.' ]", ["One."]),
        ("""["It's 'here'." 'She said "no".'\n 'It\\'s "both".']""",
         ["It's 'here'.", 'She said "no".', "It's \"both\"."]),
        ("['A, b' 'c, d']", ["A, b", "c, d"]),
        ("['a [1]' '] [']", ["a [1]", "] ["]),
        ("['over\ntwo lines' 'next']", ["over\ntwo lines", "next"]),
        ("['back\\\\slash\\n' 'é']", ["back\\slash\n", "é"]),
        ("array(['One.', 'Two.'], dtype=object)", ["One.", "Two."]),
        ("array(['One.',\n       'Two.'], dtype='<U4')", ["One.", "Two."]),
        ("['One.' None nan\n 'Two.']", ["One.", "Two."]),
        ("['One.', None]", ["One."]),
        (r'["\u201cTen years\u201d \/ he said", "Two."]', ["“Ten years” / he said", "Two."]),
        ('["One.", null, "Two."]', ["One.", "Two."]),
        ('["He said \\"no\\"."]', ['He said "no".']),
        ("[null]", []),
        ("[]", []),
        ("[ ]", []),
        ("['half", ["['half"]),
        ("[1] The board", ["[1] The board"]),
        ("[{[]: 1}]", ["[{[]: 1}]"]),
        ("[sic] 'so' it said", ["[sic] 'so' it said"]),
        ("'One.' 'Two.'", ["'One.' 'Two.'"]),
        ("null", ["null"]),
    ],
)  # fmt: skip
def test_a_list_in_a_cell_is_read_as_json_python_and_numpy_write_it(
    tmp_path: Path, cell: str, quotes: list[str]
) -> None:
    quoted = cell.replace('"', '""')
    found = read(tmp_path, f'question,contexts\nWho?,"{quoted}"\n', "set.csv")
    assert found.questions[0].evidence == tuple((quote,) for quote in quotes)


def test_a_list_of_what_is_no_text_is_a_fault(tmp_path: Path) -> None:
    told = "an item of 'evidence' must be a quote"
    for cell in ("[7]", "['a', 7]", "[True]", "[{'a': {}}]"):
        assert told in fault(tmp_path, f'question,contexts\nWho?,"{cell}"\n', "set.csv")


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=; "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_separator_that_excel_names_is_taken(tmp_path: Path, first: str, end: str) -> None:
    lines = [first, "question;ground_truth", "One, two, three?;yes", '"Half']
    found = read(tmp_path, end.join(lines[:3]), "set.csv")
    (question,) = found.questions
    assert (question.text, question.references) == ("One, two, three?", ("yes",))
    # Line numbers are still the file's.
    assert question.id == "line-3"
    assert "line 4: not CSV" in fault(tmp_path, end.join(lines), "set.csv")


def test_a_separator_of_its_own_is_taken(tmp_path: Path) -> None:
    for separator in ("\t", "|", ","):
        content = f"sep={separator}\nquestion{separator}reference\nWho?{separator}Ada; Bo\n"
        found = read(tmp_path, content, "set.csv")
        assert found.questions[0].references == ("Ada; Bo",)


@pytest.mark.parametrize("column", ["question", "user_input", "input"])
@pytest.mark.parametrize("reference", ["ground_truth", "reference", "expected_output", "answer"])
def test_every_usual_column_name(tmp_path: Path, column: str, reference: str) -> None:
    found = read(tmp_path, f"{column};{reference}\nHow long?;a year\n", "set.csv")
    assert found.questions[0].text == "How long?"
    assert found.questions[0].references == ("a year",)


def test_the_models_own_answer_is_not_taken_for_the_reference(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "question,answer,contexts,ground_truth,reference_contexts\nq?,made up,got,true,gold\n",
        "set.csv",
    )
    assert found.questions[0].references == ("true",)
    assert found.questions[0].evidence == (("gold",),)


def test_csv_knows_answerable(tmp_path: Path) -> None:
    found = read(tmp_path, "question,answerable\na?,yes\nb?,FALSE\nc?,\n", "set.csv")
    assert [question.status for question in found.questions] == [
        Status.ANSWERED,
        Status.NOT_FOUND,
        None,
    ]
    assert "'answerable' must be" in fault(tmp_path, "question,answerable\na?,so\n", "set.csv")


def squad(**changes: object) -> dict[str, object]:
    asked = {
        "id": "s1",
        "question": "Who?",
        "is_impossible": False,
        "answers": [{"text": "Ada", "answer_start": 3}, {"text": "is Ada", "answer_start": 0}],
        **changes,
    }
    no = {
        "id": "s2",
        "question": "Why?",
        "is_impossible": True,
        "answers": [],
        "plausible_answers": [{"text": "is", "answer_start": 0}],
    }
    paragraphs = [
        {"context": "title: not a header", "qas": []},
        {"context": "is Ada there", "qas": [asked, no]},
    ]
    return {"version": "v2.0", "data": [{"title": "Some_Person", "paragraphs": paragraphs}]}


def test_squad_brings_its_articles_and_its_offsets_are_theirs(tmp_path: Path) -> None:
    found = read(tmp_path, json.dumps(squad()), "dev.json")
    (id_, text), *_ = found.articles.items()
    assert id_ == "some_person.txt"
    who, why = found.questions
    assert who.document_id == why.document_id == id_
    assert who.references == ("Ada", "is Ada")
    (group,) = who.evidence
    assert [text[item.start : item.end] for item in group if isinstance(item, Range)] == [
        "Ada",
        "is Ada",
    ]
    assert (who.status, why.status) == (Status.ANSWERED, Status.NOT_FOUND)


def test_any_title_in_squad_becomes_a_name_of_its_own_that_a_file_can_have(tmp_path: Path) -> None:
    data = squad()
    titles = ["é" * 300, "é" * 301, "a-3", "a", "a", "a\ud800"]
    data["data"] = [{"title": title, "paragraphs": []} for title in titles]
    (tmp_path / "dev.json").write_text(json.dumps(data))
    articles = squad_articles(data, "dev.json")
    long = "é" * 50
    names = [f"{long}.txt", f"{long}-1.txt", "a-3.txt", "a.txt", "a-4.txt", "a-5.txt"]
    assert list(articles) == names
    assert articles["a-5.txt"] == "title: a?\n\n"


def test_what_utf_8_cannot_write_in_squad_is_a_question_mark_and_offsets_stay(
    tmp_path: Path,
) -> None:
    data = squad(answers=[{"text": "A\ud800a", "answer_start": 3}])
    data["data"][0]["paragraphs"][1]["context"] = "is A\ud800a there"  # type: ignore[index]
    found = read(tmp_path, json.dumps(data), "dev.json")
    ((place,),) = found.questions[0].evidence
    assert isinstance(place, Range)
    assert found.articles["some_person.txt"][place.start : place.end] == "A?a"
    assert found.questions[0].references == ("A?a",)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"answers": [{"text": "Ada", "answer_start": 4}]}, "'Ada' is not at its 'answer_start'"),
        ({"answers": [{"text": "Ada"}]}, "an answer lacks its 'text' or 'answer_start'"),
        ({"question": None}, "question 's1': a question must be text"),
        ({"id": "s2"}, "the id is used before"),
    ],
)
def test_a_fault_in_squad_names_its_place(
    tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    message = fault(tmp_path, json.dumps(squad(**changes)), "dev.json")
    assert "dev.json, 'Some_Person', paragraph 2, question" in message
    assert told in message


@pytest.mark.parametrize(
    "data",
    [
        {"data": 7},
        {"data": [7]},
        {"data": [{"title": "A"}]},
        {"data": [{"title": "A", "paragraphs": [{}]}]},
        {"data": [{"title": "A", "paragraphs": [{"context": "x"}]}]},
        {"data": [{"title": "A", "paragraphs": [{"context": "x", "qas": [7]}]}]},
    ],
)
def test_broken_squad_is_one_sentence(tmp_path: Path, data: object) -> None:
    assert fault(tmp_path, json.dumps(data), "dev.json").startswith("dev.json")


def test_a_paragraph_of_squad_without_questions_is_named(tmp_path: Path) -> None:
    data = {"data": [{"title": "A", "paragraphs": [{"context": "x"}]}]}
    told = "dev.json, 'A', paragraph 1: 'qas' must be a list."
    assert fault(tmp_path, json.dumps(data), "dev.json") == told


def test_two_articles_of_one_title_are_two(tmp_path: Path) -> None:
    paragraph = {"context": "Words.", "qas": [{"question": "a?", "answers": []}]}
    article = {"title": "Same", "paragraphs": [paragraph]}
    found = read(tmp_path, json.dumps({"data": [article, article]}), "dev.json")
    assert len(found.articles) == 2
    assert len({question.document_id for question in found.questions}) == 2


def test_half_a_surrogate_pair_can_be_written(tmp_path: Path) -> None:
    half = "\\ud83d"
    line = (
        f'{{"id": "a{half}", "user_input": "b{half}", "tags": ["c{half}"], "reference": "d{half}"}}'
    )
    (question,) = read(tmp_path, line).questions
    assert (question.id, question.text, question.tags) == ("a?", "b?", ("c?",))
    assert question.references == ("d?",)


def test_the_digest_is_that_of_what_is_asked_and_held_right(tmp_path: Path) -> None:
    lines = ['{"id": "a", "user_input": "One?"}', '{"id": "b", "user_input": "Two?"}']
    digest = read(tmp_path, "\n".join(lines)).digest
    assert read(tmp_path, "\n\n".join(reversed(lines))).digest == digest
    assert read(tmp_path, "id,question\na,One?\nb,Two?\n", "set.csv").digest == digest
    tagged = lines[0].replace("}", ', "tags": ["x"]}')
    assert read(tmp_path, "\n".join([tagged, lines[1]])).digest == digest
    for change in (', "answerable": false}', ', "evidence": ["x"]}', ', "history": ["x"]}'):
        changed = lines[0].replace("}", change)
        assert read(tmp_path, "\n".join([changed, lines[1]])).digest != digest
    assert read(tmp_path, lines[0]).digest != digest
