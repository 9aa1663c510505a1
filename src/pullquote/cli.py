"""The ``pullquote`` command. Results go to standard output, everything else to standard error.

Heavy modules are imported by the command that needs them, so that ``--help`` is immediate.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote import __version__
from pullquote.config import Settings
from pullquote.errors import PullquoteError, QuestionError

if TYPE_CHECKING:
    from pullquote.assistant import Assistant

OK, LEFT_OUT, FAILED, ERROR, NOT_FOUND, INTERRUPTED = 0, 1, 1, 2, 3, 130

_HELP = """\
Answers questions about a set of articles. Every sentence that it shows as evidence is cut
from the article that it names, character for character. No network, no API key.

  pullquote index                                  read the articles in corpus/
  pullquote ask "why did Amazon pause Rekognition?"
  pullquote serve                                  the same as a page in the browser
"""

_SETTINGS = """\
Settings come from pullquote.toml in this folder, then from PULLQUOTE_* variables, then from
the options above. They are listed in the README.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except PullquoteError as error:
        print(f"pullquote: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what is still buffered must not raise at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pullquote",
        description=_HELP,
        epilog=_SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pullquote {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    index = _command(
        commands,
        "index",
        _index,
        "build or update the index of the articles",
        "Reads .txt and .md files below the corpus folders. Articles that did not change are not\n"
        "embedded again. The old index stays in use until the new one is complete.\n\n"
        "exit: 0 done; 1 some files were left out, each is named; 2 nothing could be indexed",
    )
    index.add_argument(
        "--corpus",
        metavar="DIR_OR_FILE",
        action="append",
        type=Path,
        help="folder or file with articles; may be given several times (default: corpus)",
    )
    _index_option(index)
    index.add_argument("--rebuild", action="store_true", help="embed every article again")

    ask = _command(
        commands,
        "ask",
        _ask,
        "answer one question",
        'example:\n  pullquote ask "How long is the ban?" --format json > answer.json\n'
        "  pullquote verify answer.json\n\n"
        "exit: 0 answered, or the article says that it is not known; 3 the articles don't say;\n"
        "      2 error",
    )
    ask.add_argument("question", metavar="QUESTION")
    _index_option(ask)
    ask.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="how the answer is printed (default: text)",
    )
    ask.add_argument(
        "--top", metavar="N", type=int, dest="citations", help="cite at most N sentences"
    )

    chat = _command(
        commands,
        "chat",
        _chat,
        "ask question after question in the terminal",
        'Type a question and press Enter; "why?" and "who said that?" refer to the one before.\n'
        "An empty line, Ctrl-D or Ctrl-C ends the chat.",
    )
    _index_option(chat)

    serve = _command(
        commands,
        "serve",
        _serve,
        "open the chat as a page in the browser",
        "Listens on this machine alone unless --host says otherwise. Ctrl-C ends it.",
    )
    _index_option(serve)
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: 7860; 0: a free one)")

    evaluate = _command(
        commands,
        "eval",
        _eval,
        "ask a set of questions, and judge the answers",
        "Reads JSON Lines, CSV, and SQuAD 2.0 JSON, which brings its own articles. Writes\n"
        "report.html to look at, and results.jsonl, summary.json and junit.xml for programs.\n\n"
        "examples:\n"
        "  pullquote eval questions.jsonl --min end_to_end=0.6 --min citations.f1=0.5\n"
        "  pullquote eval questions.jsonl --baseline published/summary.json\n"
        "  pullquote eval questions.jsonl --sweep --min abstention.precision=0.85\n\n"
        "exit: 0 done, and as good as asked for; 1 below a floor, or worse than the baseline;\n"
        "      2 error",
    )
    evaluate.add_argument("questions", metavar="QUESTIONS", type=Path)
    where = evaluate.add_mutually_exclusive_group()
    _index_option(where)
    where.add_argument(
        "--corpus",
        metavar="DIR",
        action="append",
        type=Path,
        help="folder or file with the articles, to be indexed in the --out folder first",
    )
    evaluate.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("evaluation"),
        help="folder for what is written (default: evaluation)",
    )
    evaluate.add_argument(
        "--min",
        metavar="FIGURE=VALUE",
        action="append",
        default=[],
        help="fail when a figure is lower; may be given several times",
    )
    evaluate.add_argument(
        "--baseline",
        metavar="SUMMARY.json",
        type=Path,
        help="fail when a figure is worse than in this earlier evaluation, beyond chance",
    )
    evaluate.add_argument(
        "--sweep",
        action="store_true",
        help="try every refusal threshold, and write the best that keeps each --min into the "
        "settings",
    )

    verify = _command(
        commands,
        "verify",
        _verify,
        "check every quote of a saved answer against the articles",
        "Needs neither an index nor a model.\n\n"
        "exit: 0 every quote is in its article; 1 one is not, and is named; 2 error",
    )
    verify.add_argument("answer", metavar="ANSWER.json", type=Path)
    verify.add_argument(
        "--corpus",
        metavar="DIR",
        action="append",
        type=Path,
        help="folder or file with the articles (default: corpus)",
    )
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
    more: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _index_option(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--index", metavar="DIR", type=Path, help="folder of the index (default: index)"
    )


def _settings(options: argparse.Namespace) -> Settings:
    names = ("index", "host", "port", "citations")
    flags = {name: getattr(options, name, None) for name in names}
    corpus = getattr(options, "corpus", None)
    flags["corpus"] = tuple(corpus) if corpus else None
    return Settings.load(Path.cwd(), os.environ, flags)


def _index(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.embed import SentenceTransformersEmbedder
    from pullquote.indexing import update
    from pullquote.progress import bar

    with bar("Indexing articles") as progress:
        report = update(
            settings.corpus,
            settings.index,
            settings.embedder,
            SentenceTransformersEmbedder.open,
            rebuild=options.rebuild,
            progress=progress,
        )
    for it in report.left_out:
        print(f"pullquote: left out {_shown(it.path)}: {it.reason}.", file=sys.stderr)
    print(
        f"{_count(report.articles, 'article')}, {_count(report.sentences, 'sentence')}, "
        f"{_count(report.passages, 'passage')} in {_shown(settings.index)}: "
        + (
            f"{report.embedded:,} new or changed, {report.removed:,} removed, "
            f"{len(report.left_out):,} left out."
            if report.written
            else f"up to date, {len(report.left_out):,} left out."
        )
    )
    return LEFT_OUT if report.left_out else OK


def _ask(options: argparse.Namespace) -> int:
    settings = _settings(options)
    # A question that cannot be asked is told at once, not after the models have loaded.
    from pullquote.limits import clean_question

    question = clean_question(options.question)
    assistant = _open(settings)
    from pullquote.render import to_json, to_markdown, to_text

    answer = assistant.ask(question)
    if options.format == "json":
        print(json.dumps(to_json(answer, assistant.index), ensure_ascii=False, indent=2))
    elif options.format == "markdown":
        print(to_markdown(answer, assistant.index), end="")
    else:
        print(to_text(answer, assistant.index))
    return NOT_FOUND if answer.status == "not_found" else OK


def _chat(options: argparse.Namespace) -> int:
    assistant = _open(_settings(options))
    from pullquote.render import to_text
    from pullquote.types import Turn

    if sys.stdin.isatty():
        print("Ask about the articles. An empty line ends the chat.", file=sys.stderr)
    turns: list[Turn] = []
    while question := _next_line():
        try:
            answer = assistant.ask(question, turns)
        except QuestionError as error:
            print(f"pullquote: {error}", file=sys.stderr)
            continue
        print(f"\n{to_text(answer, assistant.index)}\n", flush=True)
        turns.append(Turn("user", question))
    return OK


def _next_line() -> str:
    if sys.stdin.isatty():
        print("> ", end="", file=sys.stderr, flush=True)
    try:
        return sys.stdin.readline().strip()
    except KeyboardInterrupt:
        return ""


def _serve(options: argparse.Namespace) -> int:
    from pullquote.server import serve

    serve(_settings(options))
    return OK


def _eval(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.evaluate.command import evaluate

    return evaluate(options, settings)


def _verify(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.verify import verify

    count, failures = verify(options.answer, settings.corpus)
    for failure in failures:
        print(failure)
    if failures:
        return FAILED
    print(f"Checked {_count(count, 'quote')}: each is in its article, character for character.")
    return OK


def _open(settings: Settings) -> Assistant:
    from pullquote.progress import spinner

    # The libraries make a million objects that stay: looking through them for rubbish again and
    # again is a tenth of a cold start.
    gc.disable()
    with spinner("Loading the index and the models"):
        from pullquote.assistant import Assistant

        assistant = Assistant.open(settings)
    gc.freeze()
    gc.enable()
    if notice := assistant.notice:
        print(f"pullquote: {notice}", file=sys.stderr)
    return assistant


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _shown(path: Path) -> str:
    """A path as one line that any terminal can print, whatever bytes are in it."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return text if text.isprintable() else repr(text)
