"""The options of ``pullquote feedback``."""

from __future__ import annotations

import argparse
from pathlib import Path

from pullquote.cli.options import command


def feedback_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``feedback`` with its options."""
    feedback = command(
        commands,
        "feedback",
        "what readers thought of the answers: export it, report it",
        "`export` prints the thumbs and the wrong citations as drafts of questions, a JSON line\n"
        "each, for an editor to finish. `report` writes a page for you: what was rated, refused\n"
        "and disliked, by week. `forget` deletes the questions that nobody rated and that\n"
        "`keep_questions` keeps.\n\n"
        "  pullquote feedback export > drafts.jsonl\n"
        "  pullquote feedback report --out feedback.html\n"
        "  pullquote feedback report first.sqlite second.sqlite\n"
        "  pullquote feedback forget --older-than 7\n\n"
        "exit: 0 done; 2 error",
    )
    feedback.add_argument(
        "action", choices=("export", "report", "forget"), metavar="export|report|forget"
    )
    feedback.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        type=Path,
        help="files of feedback, one of each server (default: the setting 'feedback')",
    )
    feedback.add_argument(
        "--out", metavar="FILE", type=Path, help="where the report goes (default: feedback.html)"
    )
    feedback.add_argument(
        "--older-than", metavar="DAYS", type=int, help="forget only what is older than this"
    )
