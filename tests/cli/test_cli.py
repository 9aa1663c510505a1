"""The commands: what they print, where, and their exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pullquote import assistant as assistant_module
from pullquote.answering import compose as answer_module
from pullquote.cli import main
from pullquote.evaluate.questionset import QuestionSet
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.serve.feedback import Entry, Feedback, Verdict
from pullquote.types import Answer
from tests.support.indexes import write_corpus
from tests.support.places import CORPUS, ROOT

QUESTION = "why did Amazon pause Rekognition?"
NOT_SAID = "The Seattle-based company did not say why it took action now."


@pytest.fixture(autouse=True)
def one_model(monkeypatch: pytest.MonkeyPatch, real_embedder: SentenceTransformersEmbedder) -> None:
    """Every command of these tests uses the real model, loaded once."""
    monkeypatch.setattr(SentenceTransformersEmbedder, "open", lambda name: real_embedder)


@pytest.fixture
def project(folder: Path) -> Path:
    """A folder with the customer's corpus, indexed."""
    article = (CORPUS / "amazon-rekognition.txt").read_bytes()
    write_corpus(folder / "corpus", {"amazon-rekognition.txt": article})
    assert main(["index"]) == 0
    return folder


@pytest.fixture
def json_answer(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], dict[str, Any]]:
    def ask(question: str) -> dict[str, Any]:
        capsys.readouterr()
        main(["ask", question, "--format", "json"])
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return ask


def test_the_customers_question_is_answered_with_what_the_company_did_not_say(
    json_answer: Callable[[str], dict[str, Any]],
) -> None:
    answer = json_answer(QUESTION)
    assert answer["status"] == "stated_unknown"
    assert answer["citations"][0]["cited_text"] == NOT_SAID
    article = (CORPUS / "amazon-rekognition.txt").read_text(encoding="utf-8")
    for citation in answer["citations"]:
        start, end = citation["start_char_index"], citation["end_char_index"]
        assert article[start:end] == citation["cited_text"]
    assert [block["citations"] for block in answer["answer"]] == [[], [1], [], [2], [3]]


def test_asking_for_text_prints_the_quotes_and_their_source(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["ask", QUESTION]) == 0
    shown = capsys.readouterr()
    assert f"  [1] {NOT_SAID}\n      — Amazon rekognition, 2020-06-11" in shown.out
    assert shown.err == ""


def test_how_an_answer_was_found_is_told_when_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["ask", QUESTION, "--explain"]) == 0
    told = capsys.readouterr().out.partition("Decided by: reader. Answerability ")[2]
    assert "Passages read, best first:" in told
    assert "amazon-rekognition.txt, sentences 1 to " in told
    assert NOT_SAID in told.partition("Best sentences")[2]
    assert main(["ask", QUESTION, "--explain", "--format", "json"]) == 0
    explained = json.loads(capsys.readouterr().out)["explain"]
    assert explained["decided_by"] == "reader"
    assert any(NOT_SAID in one["text"] for one in explained["passages"])


def test_what_is_not_found_exits_3_and_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "Which vitamins are in a ripe banana?"]) == 3
    assert "The articles don’t say." in capsys.readouterr().out


def test_a_refusal_as_json_says_what_helps(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pullquote.toml").write_text('contact = "desk@post.example"', encoding="utf-8")
    capsys.readouterr()
    assert main(["ask", "Which vitamins are in a ripe banana?", "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["help"] == {
        "unknown_words": ["vitamins", "ripe", "banana"],
        "nearest": {
            "document_id": "amazon-rekognition.txt",
            "document_title": "Amazon rekognition",
            "url": None,
            "published": "2020-06-11",
        },
        "contact": "desk@post.example",
    }
    assert main(["ask", QUESTION, "--format", "json"]) == 0
    assert "help" not in json.loads(capsys.readouterr().out)


def test_top_limits_what_is_cited(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["ask", QUESTION, "--format", "json", "--top", "1"]) == 0
    assert len(json.loads(capsys.readouterr().out)["citations"]) == 1


def test_markdown_names_the_question_and_the_source(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["ask", "How long is Amazon’s ban?", "--format", "markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "**How long is Amazon’s ban?**"
    assert lines[2].startswith("> Amazon banned police use of its face\\-recognition technology")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "The question is empty"),
        (" \n\t ", "The question is empty"),
        ("???", "The question has no words"),
        ("😀🎉", "The question has no words"),
        ("\udcff", "The question has no words"),
        ("x" * 10_000, "The question has 10,000 characters; at most 500 are read."),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_before_anything_is_loaded(
    folder: Path, capsys: pytest.CaptureFixture[str], question: str, message: str
) -> None:
    # There is no index here, and no word of it.
    assert main(["ask", question]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"pullquote: {message}")


@pytest.mark.parametrize(
    "question", ["😀 why?", "<img src=x onerror=alert(1)>", "e\udcff", "why\x1b[31m?"]
)
def test_a_question_of_anything_is_answered_without_a_traceback(
    project: Path, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    for form in ("text", "json", "markdown"):
        assert main(["ask", question, "--format", form]) in (0, 3)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "\x1b" not in shown.out


def test_a_missing_index_names_the_command_that_builds_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["ask", "why?"], ["chat"], ["serve"], ["serve", "--index", "index"]):
        assert main(command) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err == (
            "pullquote: There is no index in 'index': build it with `pullquote index`.\n"
        )


def test_a_missing_corpus_and_one_without_articles_are_two_clear_sentences(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index"]) == 2
    assert "The corpus 'corpus' does not exist" in capsys.readouterr().err
    write_corpus(folder / "corpus", {"a.txt": b"\x00\x01", "b.txt": b"caf\xe9"})
    assert main(["index"]) == 2
    shown = capsys.readouterr().err
    assert "Nothing could be indexed" in shown
    assert "corpus/a.txt': it is binary, not text" in shown
    assert "corpus/b.txt': it is not UTF-8" in shown
    assert not list((folder / "index").glob("search-*"))


def test_an_empty_corpus_is_a_beginning_and_whoever_asks_is_told_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "corpus").mkdir()
    assert main(["index"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("0 articles, 0 sentences, 0 passages in index: ")
    assert shown.err.endswith(
        "pullquote: There is nothing to ask yet: put articles into corpus, or add one in the page "
        "that `pullquote serve` opens.\n"
    )
    assert main(["check"]) == 0
    assert main(["articles", "list"]) == 0
    capsys.readouterr()
    assert main(["ask", "why?"]) == 2
    assert capsys.readouterr().err.endswith(
        "pullquote: There are no articles to ask yet: add one in the page, or put files into the "
        "corpus folder and run `pullquote index`.\n"
    )


def test_files_that_are_left_out_are_named_and_the_exit_code_is_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(project / "corpus", {"broken.txt": b"\x00", "photo.jpg": b"\xff\xd8"})
    capsys.readouterr()
    assert main(["index"]) == 1
    shown = capsys.readouterr()
    assert "left out corpus/broken.txt: it is binary, not text" in shown.err
    assert "left out corpus/photo.jpg: it is not a text, Markdown, HTML, PDF" in shown.err
    assert shown.out.startswith("1 article, 35 sentences")
    assert main(["ask", QUESTION]) == 0


def test_an_index_older_than_its_corpus_answers_with_a_notice(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(project / "corpus", {"new.txt": "A new article came in today."})
    capsys.readouterr()
    assert main(["ask", QUESTION]) == 0
    shown = capsys.readouterr()
    assert NOT_SAID in shown.out
    assert shown.err == (
        "pullquote: The articles have changed since they were indexed: run `pullquote index`.\n"
    )


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ('indx = "x"', "Unknown setting 'indx' in"),
        ('port = "high"', "The setting 'port' in"),
        ("port = 70000", "The setting 'port' is 70000; it must be from 0 to 65535."),
        ("port =", "cannot be read as TOML"),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, message: str
) -> None:
    (folder / "pullquote.toml").write_text(file, encoding="utf-8")
    assert main(["ask", "why?"]) == 2
    assert message in capsys.readouterr().err


def test_the_chat_remembers_what_was_asked_before(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Who is Clare Garvie?\nWhere does she work?\n"))
    capsys.readouterr()
    assert main(["chat"]) == 0
    answers = capsys.readouterr().out
    assert answers.count("Georgetown University") == 2


def test_an_empty_line_does_not_end_the_chat(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"\n  \n{QUESTION}\n\n"))
    capsys.readouterr()
    assert main(["chat"]) == 0
    assert capsys.readouterr().out.count(NOT_SAID) == 1


@pytest.mark.parametrize("command", [["ask", "How many ships?"], ["chat"], ["articles", "list"]])
def test_a_section_or_a_source_that_no_article_has_names_those_there_are(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    head = "title: {0}\ndate: 2020-01-0{1}\nsection: {2}\n\nThe mill counted {1} ships."
    files = {f"{n}.txt": head.format(n, n, name) for n, name in ((1, "Town"), (2, "Sea"))}
    write_corpus(folder / "corpus", files)
    assert main(["index"]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    capsys.readouterr()
    assert main([*command, "--section", "Twon"]) == 2
    told = capsys.readouterr().err
    assert told == "pullquote: No article has the section 'Twon'. There are: 'Sea', 'Town'.\n"
    assert main([*command, "--source", "x.org"]) == 2
    assert capsys.readouterr().err == "pullquote: No article has a source: leave out --source.\n"
    main([*command, "--section", "town", "--since", "2019-01-01"])
    assert capsys.readouterr().err.startswith(
        "pullquote: only articles from 2019-01-01 on, of the section 'town': 1 of 2 articles\n"
    )


def test_without_a_command_the_help_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("usage: pullquote [-h]")
    assert "pullquote ask" in shown.out
    assert shown.err == ""


def test_ctrl_c_while_indexing_says_that_the_same_command_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(folder / "corpus", {"a.txt": "The mill burned down."})

    def ctrl_c(name: str) -> SentenceTransformersEmbedder:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SentenceTransformersEmbedder, "open", ctrl_c)
        assert main(["index"]) == 130
    assert capsys.readouterr().err == (
        "pullquote: Interrupted. What was done is kept: the same command goes on from there.\n"
    )
    assert main(["index"]) == 0


def test_the_chat_goes_on_after_a_question_that_cannot_be_asked(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("x" * 600 + "\n" + QUESTION + "\n"))
    capsys.readouterr()
    assert main(["chat"]) == 0
    shown = capsys.readouterr()
    assert "at most 500 are read" in shown.err
    assert NOT_SAID in shown.out


def test_a_saved_answer_verifies_and_an_altered_one_is_named(
    project: Path,
    json_answer: Callable[[str], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = json_answer(QUESTION)
    file = project / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    assert main(["verify", "answer.json"]) == 0
    assert "Checked 3 quotes: each is in its article" in capsys.readouterr().out
    answer["citations"][1]["cited_text"] = answer["citations"][1]["cited_text"].replace(
        "a year", "two years"
    )
    file.write_text(json.dumps(answer), encoding="utf-8")
    assert main(["verify", "answer.json"]) == 1
    assert "Quote 2 from 'amazon-rekognition.txt' is not what" in capsys.readouterr().out
    assert main(["verify", "missing.json"]) == 2


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_format_prints_a_quote_that_was_altered_after_it_was_made(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def altered(*arguments: Any, **options: Any) -> Answer:
        answer = answer_module.compose(*arguments, **options)
        quote = answer.citations[0].quote.replace("did not say", "explained")
        block = replace(answer.blocks[1], text=quote)
        return replace(
            answer,
            citations=(replace(answer.citations[0], quote=quote), *answer.citations[1:]),
            blocks=(answer.blocks[0], block, *answer.blocks[2:]),
        )

    monkeypatch.setattr(assistant_module, "compose", altered)
    capsys.readouterr()
    assert main(["ask", QUESTION, "--format", form]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Quote 1 from 'amazon-rekognition.txt' is not what the article says" in shown.err
    # And where the assistant's own check were missing, the exit's would still hold.
    monkeypatch.setattr("pullquote.assistant.gate", SimpleNamespace(check=lambda *_: None))
    assert main(["ask", QUESTION, "--format", form]) == 2
    assert capsys.readouterr().out == ""


def test_help_teaches_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["index"], ["ask"], ["chat"], ["serve"], ["verify"]):
        with pytest.raises(SystemExit) as exit_info:
            main([*command, "--help"])
        assert exit_info.value.code == 0
        assert f"usage: pullquote{' ' if command else ''}{''.join(command)}" in (
            capsys.readouterr().out
        )


def test_the_module_is_the_same_command_and_prints_utf8_whatever_the_locale(
    project: Path,
) -> None:
    command = [sys.executable, "-m", "pullquote", "ask", QUESTION, "--format", "json"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 0
    answer = json.loads(done.stdout.decode("utf-8"))
    assert answer["citations"][0]["cited_text"] == NOT_SAID
    assert done.stderr == b""


def test_an_index_inside_the_corpus_is_no_part_of_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(folder, {"mill.txt": "The mill opened in 1901."})
    for _ in range(2):
        assert main(["index", "--corpus", "."]) == 0
    assert capsys.readouterr().err == ""
    assert main(["ask", "When did the mill open?"]) == 0
    assert capsys.readouterr().err == ""


def test_a_model_that_changed_under_its_name_is_mended_by_the_command_that_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = SentenceTransformersEmbedder.open("")
    monkeypatch.setattr(changed, "digest", "another")
    capsys.readouterr()
    assert main(["ask", QUESTION]) == 2
    assert "build it again with `pullquote index --rebuild`" in capsys.readouterr().err
    assert main(["index", "--rebuild"]) == 0
    assert main(["ask", QUESTION]) == 0


def test_feedback_is_given_out_as_drafts_of_questions(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", "export"]) == 0
    assert capsys.readouterr().out == ""
    answer = {"status": "answered", "citations": [{"cited_text": "A “year”."}]}
    entry = Entry("c", 0, "2026-01-02T03:04:05", Verdict.UP, "How long?", (), None, answer)
    Feedback(folder / "feedback.sqlite").record(entry)
    assert main(["feedback", "export"]) == 0
    shown = capsys.readouterr()
    (folder / "drafts.jsonl").write_text(shown.out, encoding="utf-8")
    (question,) = QuestionSet.read(folder / "drafts.jsonl").questions
    assert question.evidence == (("A “year”.",),)
    assert "1 draft from feedback.sqlite" in shown.err


def test_damaged_feedback_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "feedback.sqlite").write_text("no database at all, but a text")
    assert main(["feedback", "export"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "is damaged" in shown.err
    assert shown.err.count("\n") == 1
