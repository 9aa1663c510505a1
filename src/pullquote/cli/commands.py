"""The ``pullquote`` command. Results go to standard output, everything else to standard error.

Heavy modules are imported by the command that needs them, so that ``--help`` is immediate.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.cli.arguments import parser
from pullquote.config import Settings
from pullquote.errors import FilterError, PullquoteError, QuestionError
from pullquote.plurals import counted

if TYPE_CHECKING:
    from pullquote.assistant import Assistant
    from pullquote.types import Filters

OK, LEFT_OUT, FAILED, ERROR, NOT_FOUND, INTERRUPTED = 0, 1, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except PullquoteError as error:
        print(f"pullquote: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what is still buffered must not raise at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _settings(options: argparse.Namespace) -> Settings:
    names = ("index", "host", "port", "citations")
    flags = {name: getattr(options, name, None) for name in names}
    for flag, name in (("corpus", "corpus"), ("url", "urls")):
        given = getattr(options, flag, None)
        flags[name] = tuple(given) if given else None
    return Settings.load(Path.cwd(), os.environ, flags)


def _index(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.cli.progress import bar
    from pullquote.index.embed import SentenceTransformersEmbedder
    from pullquote.index.update import update

    with bar("Indexing articles", "Writing the index") as progress:
        report = update(
            settings.corpus,
            settings.index,
            settings.embedder,
            SentenceTransformersEmbedder.open,
            urls=settings.urls,
            private_hosts=settings.private_hosts,
            strict=options.strict,
            rebuild=options.rebuild,
            progress=progress,
        )
    for it in report.left_out:
        print(f"pullquote: left out {_shown(it.path)}: {it.reason}.", file=sys.stderr)
    print(
        f"{counted(report.articles, 'article')}, {counted(report.sentences, 'sentence')}, "
        f"{counted(report.passages, 'passage')} in {_shown(settings.index)}: "
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
    from pullquote.limits import Asked

    asked = Asked.of(options.question, filters=_filters(options))
    assistant = _open(settings)
    from pullquote.answering.render import to_json, to_markdown, to_receipt, to_text, with_date

    answer = assistant.trace(asked).answer
    if options.format == "json":
        print(json.dumps(to_json(answer, assistant.index), ensure_ascii=False, indent=2))
    elif options.format == "markdown":
        print(to_markdown(answer, assistant.index), end="")
    elif options.format == "receipt":
        print(to_receipt(with_date(to_json(answer, assistant.index))), end="")
    else:
        print(to_text(answer, assistant.index))
    return NOT_FOUND if answer.status == "not_found" else OK


def _chat(options: argparse.Namespace) -> int:
    filters = _filters(options)
    assistant = _open(_settings(options))
    from pullquote.answering.render import to_text
    from pullquote.limits import Asked
    from pullquote.types import Turn

    if sys.stdin.isatty():
        print("Ask about the articles. An empty line ends the chat.", file=sys.stderr)
    turns: list[Turn] = []
    while question := _next_line():
        try:
            answer = assistant.trace(Asked.of(question, turns, filters=filters)).answer
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
    from pullquote.serve.server import serve

    serve(_settings(options))
    return OK


def _mcp(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.doors.mcp_server import serve
    from pullquote.serve.desk import Desk
    from pullquote.serve.later import Later

    def tell(error: BaseException) -> None:
        print(f"pullquote: {error}", file=sys.stderr)

    if sys.stdin.isatty():
        print("This is for an agent to start, and speaks MCP. Ctrl-C ends it.", file=sys.stderr)
    serve(lambda: Later(settings, tell), Desk(settings))
    return OK


def _eval(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.cli.evaluate_command import evaluate

    return evaluate(options, settings)


def _feedback(options: argparse.Namespace) -> int:
    from pullquote.serve.feedback import Feedback, drafts

    settings = _settings(options)
    count = 0
    for draft in drafts(Feedback(settings.feedback).entries()):
        print(json.dumps(draft, ensure_ascii=False))
        count += 1
    print(f"pullquote: {counted(count, 'draft')} from {_shown(settings.feedback)}", file=sys.stderr)
    return OK


def _verify(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.answering.verify import verify

    count, failures = verify(options.answer, settings.corpus, settings.index)
    for failure in failures:
        print(failure)
    if failures:
        return FAILED
    print(f"Checked {counted(count, 'quote')}: each is in its article, character for character.")
    return OK


def _articles(options: argparse.Namespace) -> int:
    settings, filters = _settings(options), _filters(options)
    from pullquote.cli import articles_command

    if options.action == "list":
        if options.ids:
            raise FilterError("`pullquote articles list` takes no ids: `show` does.")
        for line in articles_command.listing(settings.index, filters, options.format):
            print(line)
        return OK
    if not options.ids:
        raise FilterError(f"Name the articles to {options.action}: `pullquote articles list`.")
    if options.action == "show":
        for line in articles_command.shown(settings.index, options.ids, options.format):
            print(line)
        return OK
    change = articles_command.remove if options.action == "remove" else articles_command.restore
    print(change(settings.index, options.ids))
    return OK


def _watch(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.cli.watch import watch

    def told(line: str) -> None:
        print(line, flush=True)

    watch(settings, options.every, options.fetch_every, told)
    return OK


def _filters(options: argparse.Namespace) -> Filters:
    from pullquote.filters import checked

    return checked(options.since, options.until, options.section, options.source)


def _open(settings: Settings) -> Assistant:
    from pullquote.cli.progress import spinner

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


def _shown(path: Path | str) -> str:
    """A path or an address as one line that any terminal can print, whatever bytes are in it."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    return text if text.isprintable() else repr(text)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "index": _index,
    "ask": _ask,
    "chat": _chat,
    "articles": _articles,
    "watch": _watch,
    "serve": _serve,
    "mcp": _mcp,
    "eval": _eval,
    "feedback": _feedback,
    "verify": _verify,
}
