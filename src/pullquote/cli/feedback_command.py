"""``pullquote feedback``: exports question drafts, writes a report, or deletes kept questions."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pullquote.cli.shown import named, shown
from pullquote.config import Settings
from pullquote.errors import FeedbackError
from pullquote.plurals import counted
from pullquote.serve.feedback import KeptQuestions, drafts, merged

#: The default file for the report.
_REPORT = Path("feedback.html")


def feedback(options: argparse.Namespace, settings: Settings) -> None:
    """Run the command. Raises :class:`~pullquote.errors.FeedbackError`."""
    for given, name, action in (
        (options.out, "--out", "report"),
        (options.older_than, "--older-than", "forget"),
    ):
        if given is not None and options.action != action:
            raise FeedbackError(f"{name} goes only with `pullquote feedback {action}`.")
    for file in options.files:
        if not file.is_file():
            raise FeedbackError(f"There is no feedback file {str(file)!r}: correct its name.")
    # A file that is named twice must not count twice.
    files = [*dict.fromkeys(options.files)] or [settings.feedback]
    if options.action == "export":
        _export(files)
    elif options.action == "report":
        _report(files, settings.keep_questions_days, options.out or _REPORT)
    else:
        _forget(files, options.older_than)


def _export(files: Sequence[Path]) -> None:
    count = 0
    for draft in drafts(merged(files)):
        print(json.dumps(draft, ensure_ascii=False))
        count += 1
    print(f"pullquote: {counted(count, 'draft')} from {named(files)}", file=sys.stderr)


def _report(files: Sequence[Path], days: int, out: Path) -> None:
    entries = merged(files)
    questions = [one for file in files for one in KeptQuestions(file, days).questions()]
    if not entries and not questions:
        raise FeedbackError(
            f"There is nothing to report: {named(files)} holds no verdict and no question. "
            "Readers rate answers below each of them in the chat and in the widget."
        )
    # Imported late: only the report needs it.
    from pullquote.evaluate.report.feedback_page import feedback_html

    page = feedback_html(entries, questions)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise FeedbackError(
            f"{str(out)!r} cannot be written ({error.strerror or error}): name another file with "
            "--out."
        ) from error
    told = f"{counted(len(entries), 'verdict')} and {counted(len(questions), 'question')}"
    print(f"{told} from {named(files)}: see {shown(out)}.")


def _forget(files: Sequence[Path], older_than: int | None) -> None:
    if older_than is not None and not 0 <= older_than <= 36500:
        raise FeedbackError(f"--older-than is {older_than}; it takes days, from 0 to 36500.")
    count = 0
    for file in files:
        store = KeptQuestions(file, older_than or 0)
        count += store.forget() if older_than is None else store.forget_old()
    print(f"Deleted {counted(count, 'kept question')} from {named(files)}; verdicts stay.")
