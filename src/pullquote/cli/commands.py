"""The ``pullquote`` command. Results go to standard output, everything else to standard error.

Each command imports the heavy modules that it needs, so that ``--help`` is immediate.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pullquote.cli import filtering
from pullquote.cli.arguments import parser
from pullquote.config import Settings
from pullquote.errors import FilterError, PullquoteError, SettingsError
from pullquote.plurals import counted

if TYPE_CHECKING:
    from pullquote.assistant import Assistant

OK, FAILED, ERROR, NOT_FOUND = 0, 1, 2, 3
#: As a shell reports a program that SIGINT or SIGPIPE has ended.
INTERRUPTED, UNREAD = 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _set_encodings()
    options = parser().parse_args(arguments)
    if options.command is None:
        parser().print_help()
        return OK
    try:
        code = _COMMANDS[options.command](options)
        # At exit, nothing could handle a closed pipe. The library of `mcp` may close the stream.
        if not sys.stdout.closed:
            sys.stdout.flush()
        return code
    except PullquoteError as error:
        print(f"pullquote: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        if options.command == "index":
            told = "Interrupted. What was done is kept: the same command goes on from there."
            print(f"pullquote: {told}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads our output any more; flushing the buffer at exit must not raise. Not 0,
        # which would say that every claim is supported, or that every floor is kept.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except Exception:
        # Python itself would exit with 1, which means something else for most commands.
        traceback.print_exc()
        return ERROR


def _set_encodings() -> None:
    """Let any bytes be read and any text be printed; a file or a pipe holds UTF-8."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # In a program that calls us, they may be something else.
        if isinstance(stream, io.TextIOWrapper):
            # Windows shells may begin what they pipe with a byte order mark.
            encoding, errors = (
                ("utf-8-sig", "replace") if stream is sys.stdin else ("utf-8", "backslashreplace")
            )
            stream.reconfigure(encoding=None if stream.isatty() else encoding, errors=errors)


def _settings(options: argparse.Namespace) -> Settings:
    names = ("index", "host", "port", "citations")
    flags = {name: getattr(options, name, None) for name in names}
    for flag, name in (("corpus", "corpus"), ("url", "urls")):
        given = getattr(options, flag, None)
        flags[name] = tuple(given) if given else None
    return Settings.load(Path.cwd(), os.environ, flags)


def _index(options: argparse.Namespace) -> int:
    from pullquote.cli.index_command import index

    return index(options, _settings(options))


def _check(options: argparse.Namespace) -> int:
    from pullquote.cli.index_command import check_whole

    return check_whole(_settings(options).index)


def _ask(options: argparse.Namespace) -> int:
    settings = _settings(options)
    # Reject an invalid question before the models are loaded.
    from pullquote.asked import Asked

    if options.explain and options.format not in ("text", "json"):
        raise SettingsError("--explain goes only with --format text or json: leave it out.")
    filters = filtering.given(options)
    asked = Asked.of(options.question, filters=filters)
    assistant = _open(settings)
    from pullquote.answering.explain import explain, explain_text
    from pullquote.answering.refusal import help_text, help_with, json_with_help
    from pullquote.answering.render import to_json, to_markdown, to_receipt, to_text, with_date
    from pullquote.cli.chat import wrapped

    filtering.announce(filters, assistant.index.catalog)

    trace = assistant.trace(asked)
    answer = trace.answer
    if options.format == "json":
        told = json_with_help(answer, assistant.index, settings.contact)
        if options.explain:
            told["explain"] = explain(trace, assistant.index)
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif options.format == "markdown":
        print(to_markdown(answer, assistant.index), end="")
    elif options.format == "receipt":
        print(to_receipt(with_date(to_json(answer, assistant.index))), end="")
    else:
        lines = [wrapped(to_text(answer, assistant.index)), *answer.suggestions]
        if helped := help_with(answer, assistant.index, settings.contact):
            lines.append(help_text(helped))
        if options.explain:
            lines.append("\n" + explain_text(explain(trace, assistant.index)))
        print("\n".join(line for line in lines if line))
    return NOT_FOUND if answer.status == "not_found" else OK


def _chat(options: argparse.Namespace) -> int:
    settings, filters = _settings(options), filtering.given(options)
    assistant = _open(settings)
    from pullquote.cli.chat import chat

    filtering.announce(filters, assistant.index.catalog)
    chat(assistant, filters, settings.contact)
    return OK


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
    serve(lambda: Later(settings, tell), Desk(settings), settings.contact)
    return OK


def _eval(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.cli.evaluate_command import evaluate

    return evaluate(options, settings)


def _feedback(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.cli.feedback_command import feedback

    feedback(options, settings)
    return OK


def _verify(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.answering.verify import networks, verify

    count, failures = verify(options.answer, settings.corpus, settings.index)
    for failure in failures:
        print(failure)
    if failures:
        return FAILED
    print(f"Checked {counted(count, 'quote')}: each is in its article, character for character.")
    if by := networks(options.answer):
        print(
            f"What is written was checked by the network {', '.join(by)} when the answer was made; "
            "its figures, dates, names and quoted words were compared again now."
        )
    return OK


def _check_claims(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from pullquote.cli.claims_command import check

    return check(options, settings, _open)


def _articles(options: argparse.Namespace) -> int:
    settings, filters = _settings(options), filtering.given(options)
    if filters and options.action != "list":
        raise FilterError(
            "--since, --until, --section and --source go only with `pullquote articles list`: "
            f"name the articles to {options.action} by their ids."
        )
    if options.compare and options.action != "show":
        raise FilterError("--compare goes only with `pullquote articles show`: leave it out.")
    from pullquote.cli import articles_command

    if options.action == "list":
        if options.ids:
            raise FilterError("`pullquote articles list` takes no ids: `show` does.")
        from pullquote.index.opened import open_catalog

        filtering.announce(filters, open_catalog(settings.index))
        for line in articles_command.listing(settings.index, filters, options.format):
            print(line)
        return OK
    if not options.ids:
        raise FilterError(f"Name the articles to {options.action}: `pullquote articles list`.")
    if options.action == "show":
        show = articles_command.compared if options.compare else articles_command.shown
        for line in show(settings.index, options.ids, options.format):
            print(line)
        return OK
    change = articles_command.remove if options.action == "remove" else articles_command.restore
    print(change(settings.index, options.ids))
    return OK


def _watch(options: argparse.Namespace) -> int:
    for name, seconds, least, most in (
        ("--every", options.every, 0.1, 86_400),
        ("--fetch-every", options.fetch_every, 1, 31_536_000),
    ):
        if not least <= seconds <= most:
            raise SettingsError(f"{name} is {seconds:g}; it takes seconds, from {least} to {most}.")
    settings = _settings(options)
    from pullquote.cli.index_command import refuse_to_forget
    from pullquote.cli.watch import watch

    refuse_to_forget(options, settings)

    def told(line: str) -> None:
        print(line, flush=True)

    watch(settings, options.every, options.fetch_every, told)
    return OK


def _open(settings: Settings) -> Assistant:
    from pullquote.cli.progress import spinner

    # Imports create a million lasting objects; garbage collection over them would take a tenth of
    # a cold start.
    gc.disable()
    with spinner("Loading the index and the models"):
        from pullquote.assistant import Assistant

        assistant = Assistant.open(settings)
    gc.freeze()
    gc.enable()
    if notice := assistant.notice:
        print(f"pullquote: {notice}", file=sys.stderr)
    return assistant


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
    "check": _check,
    "check-claims": _check_claims,
}
