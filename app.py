"""The chat on the articles in ``corpus/``: ``python app.py``, or ``make chat``."""

import sys

from pullquote.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
