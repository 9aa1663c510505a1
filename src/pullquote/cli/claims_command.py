"""``pullquote check-claims``: checks an editor's own sentences against the articles."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from pullquote.assistant import Assistant
from pullquote.cli.own_index import index_first
from pullquote.config import Settings
from pullquote.evaluate.claims import check_claims, read_claims

SUPPORTED, NOT_SUPPORTED = 0, 1


def check(
    options: argparse.Namespace, settings: Settings, opened: Callable[[Settings], Assistant]
) -> int:
    """Print a line of JSON for each claim. Returns the exit code: 1 if any is not supported.

    Raises :class:`~pullquote.errors.PullquoteError`.
    """
    # Read the file first, to report errors in it before the models are loaded.
    claims = read_claims(options.claims)
    # The assistant keeps the index open, and some systems cannot delete open files.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        if options.corpus:
            settings = index_first(options.corpus, Path(temporary), settings)
        assistant = opened(settings)
        supported = True
        for name, checked in check_claims(assistant, claims):
            line = {"id": name, **checked.json(assistant.index)}
            print(json.dumps(line, ensure_ascii=False), flush=True)
            supported = supported and checked.supported
    return SUPPORTED if supported else NOT_SUPPORTED
