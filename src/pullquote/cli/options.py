"""Options that several commands share."""

from __future__ import annotations

import argparse


def command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    what: str,
    more: str,
) -> argparse.ArgumentParser:
    """Add a subcommand with its help texts."""
    return commands.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def index_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--index``."""
    parser.add_argument(
        "--index", metavar="DIR", help="folder of the index, or a Milvus database (default: index)"
    )


def url_option(parser: argparse._ActionsContainer) -> None:
    """Add ``--url``."""
    parser.add_argument(
        "--url",
        metavar="ADDRESS",
        action="append",
        help="page, feed or sitemap to read; may be given several times",
    )


def filter_options(parser: argparse._ActionsContainer) -> None:
    """Add ``--since``, ``--until``, ``--section`` and ``--source``."""
    parser.add_argument("--since", metavar="DATE", help="only articles from this day on")
    parser.add_argument("--until", metavar="DATE", help="only articles up to this day")
    parser.add_argument("--section", help="only articles of this section")
    parser.add_argument("--source", help="only articles of this source")
