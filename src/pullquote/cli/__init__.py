"""The ``pullquote`` command."""

from pullquote.cli.commands import main

__all__ = ["main"]
