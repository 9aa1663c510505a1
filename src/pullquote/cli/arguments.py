"""The options of the ``pullquote`` command, and its help texts."""

from __future__ import annotations

import argparse
from pathlib import Path

from pullquote import __version__
from pullquote.cli.feedback_arguments import feedback_command
from pullquote.cli.options import command, filter_options, index_option, url_option

_HELP = """\
Answers questions about a set of articles. Every sentence that it shows as evidence is cut
from the article that it names, character for character. No network, no API key.

  pullquote index                                  read the articles in corpus/
  pullquote ask "why did Amazon pause Rekognition?"
  pullquote serve                                  the same as a page in the browser
"""

_SETTINGS = """\
Settings come from pullquote.toml in this folder, then from PULLQUOTE_* variables, then from
the options above. They are listed in docs/settings.md.
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line. The parsed ``command`` is the name of the subcommand."""
    root = argparse.ArgumentParser(
        prog="pullquote",
        description=_HELP,
        epilog=_SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"pullquote {__version__}")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", dest="command")

    index = command(
        commands,
        "index",
        "build or update the index of the articles",
        "Reads text, Markdown, HTML, PDF, DOCX, EPUB and JSON files below the corpus folders, and\n"
        "pages, feeds and sitemaps on the web. Articles that did not change are not embedded\n"
        "again. The old index stays in use until the new one is complete, and a run that was\n"
        "interrupted (Ctrl-C) is resumed by the next run.\n\n"
        "exit: 0 done; 1 some files were left out, each is named; 2 nothing could be indexed",
    )
    index.add_argument(
        "--corpus",
        metavar="DIR_OR_FILE",
        action="append",
        type=Path,
        help="folder or file with articles; may be given several times (default: corpus)",
    )
    url_option(index)
    index_option(index)
    index.add_argument(
        "--strict",
        action="store_true",
        help="keep the old index, and exit with 2, when anything is left out or may be missing",
    )
    index.add_argument("--rebuild", action="store_true", help="embed every article again")
    index.add_argument(
        "--dry-run", action="store_true", help="say what would change, and write nothing"
    )
    index.add_argument(
        "--backup",
        metavar="DIR",
        type=Path,
        help="copy the index as it is into DIR, while it is in use, and do nothing else",
    )

    ask = command(
        commands,
        "ask",
        "answer one question",
        'example:\n  pullquote ask "How long is the ban?" --format json > answer.json\n'
        "  pullquote verify answer.json\n\n"
        "exit: 0 answered, or the article says that it is not known; 3 the articles don't say;\n"
        "      2 error",
    )
    ask.add_argument("question", metavar="QUESTION")
    index_option(ask)
    ask.add_argument(
        "--format",
        choices=("text", "json", "markdown", "receipt"),
        default="text",
        help="how the answer is printed (default: text)",
    )
    ask.add_argument(
        "--top", metavar="N", type=int, dest="citations", help="cite at most N sentences"
    )
    ask.add_argument(
        "--explain", action="store_true", help="also say how the answer was found (text and json)"
    )
    filter_options(ask)

    chat = command(
        commands,
        "chat",
        "ask question after question in the terminal",
        'Type a question and press Enter; "why?" and "who said that?" refer to the one before.\n'
        "Ctrl-D or “exit” ends the chat; Ctrl-C drops the question that is being read.",
    )
    index_option(chat)
    filter_options(chat)

    articles = command(
        commands,
        "articles",
        "list, show, remove or restore the articles of an index",
        "examples:\n"
        "  pullquote articles list --since 2020-06-01 --section Business\n"
        "  pullquote articles show amazon-rekognition.txt\n"
        "  pullquote articles show page.html --compare\n"
        "  pullquote articles remove amazon-rekognition.txt\n\n"
        "What is removed is in no answer from then on, and stays out when the corpus is indexed\n"
        "again. `restore` lets it back in, with the next `pullquote index`.\n\n"
        "exit: 0 done; 2 error",
    )
    articles.add_argument(
        "action", choices=("list", "show", "remove", "restore"), metavar="list|show|remove|restore"
    )
    articles.add_argument("ids", metavar="ID", nargs="*", help="the ids of articles")
    index_option(articles)
    filter_options(articles)
    articles.add_argument(
        "--format", choices=("text", "json"), default="text", help="how they are printed"
    )
    articles.add_argument(
        "--compare",
        action="store_true",
        help="show, beside an article's text, what was left out of its page or file, and why",
    )

    watch = command(
        commands,
        "watch",
        "keep an index current with its folders, pages and feeds",
        "Indexes, and does so again whenever a file has changed. Pages and feeds are fetched now\n"
        "and then. A server takes up each new index without a pause. Ctrl-C ends it.",
    )
    watch.add_argument(
        "--corpus",
        metavar="DIR_OR_FILE",
        action="append",
        type=Path,
        help="folder or file with articles; may be given several times (default: corpus)",
    )
    url_option(watch)
    index_option(watch)
    watch.add_argument(
        "--every",
        metavar="SECONDS",
        type=float,
        default=5.0,
        help="seconds between two looks at the files (default: 5)",
    )
    watch.add_argument(
        "--fetch-every",
        metavar="SECONDS",
        type=float,
        default=900.0,
        help="seconds between two fetches from the web (default: 900)",
    )

    serve = command(
        commands,
        "serve",
        "open the chat as a page in the browser",
        "Listens only on this machine unless --host says otherwise. Ctrl-C ends it.",
    )
    index_option(serve)
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: 7860; 0: a free one)")

    agent = command(
        commands,
        "mcp",
        "give the articles to an agent as tools, over MCP",
        "Speaks the Model Context Protocol on standard input and output: an agent starts it. "
        "Needs\n`pip install 'pullquote[mcp]'`.",
    )
    index_option(agent)

    evaluate = command(
        commands,
        "eval",
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
    evaluate.add_argument(
        "questions",
        metavar="QUESTIONS",
        nargs="?",
        type=Path,
        help="file of questions: .jsonl, .csv or .json",
    )
    where = evaluate.add_mutually_exclusive_group()
    index_option(where)
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
        "--stress",
        action="store_true",
        help="ask again with typos, with other names, and without the answer in the articles; "
        "without QUESTIONS, use questions made from the articles",
    )
    evaluate.add_argument(
        "--sweep",
        action="store_true",
        help="try every refusal threshold, and write the best that keeps each --min into "
        "pullquote.toml, and no report",
    )
    evaluate.add_argument(
        "--writer",
        action="store_true",
        help="require a writer, and count how much of its prose is shown, right, and stopped",
    )

    feedback_command(commands)

    verify = command(
        commands,
        "verify",
        "check every quote of a saved answer against the articles",
        "A text file is read again itself; what came from another format or from the web is\n"
        "checked against the text that is kept with the index. Needs no model.\n\n"
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
    index_option(verify)

    claims = command(
        commands,
        "check-claims",
        "check whether the articles support your own sentences",
        'Each line of the file is {"id", "claim", "cites"?, "document_id"?}; without cites the\n'
        "quotes are looked for. Prints a line of JSON for each claim, with its quotes.\n\n"
        "exit: 0 all are supported; 1 one is not; 2 error",
    )
    claims.add_argument("claims", metavar="CLAIMS.jsonl", type=Path)
    where = claims.add_mutually_exclusive_group()
    index_option(where)
    where.add_argument(
        "--corpus", metavar="DIR", action="append", type=Path, help="articles, to be indexed first"
    )

    check = command(
        commands,
        "check",
        "check that the index is whole, and repair what can be made again",
        "Compares every article with its digest, and every file with what it was. An article\n"
        "that was altered is taken out; the next `pullquote index` reads it again.\n\n"
        "exit: 0 everything is as it was indexed; 1 something was not, and is named; 2 error",
    )
    index_option(check)
    return root
