"""``python -m pullquote`` is the ``pullquote`` command."""

import sys

from pullquote.cli import main

sys.exit(main())
