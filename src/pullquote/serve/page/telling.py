"""What the page says of an error."""

from __future__ import annotations

import logging

from pullquote.config import Settings
from pullquote.errors import PullquoteError
from pullquote.serve.api.access import is_local
from pullquote.serve.api.errors import status_of

_LOG = logging.getLogger(__name__)


def told(error: PullquoteError, settings: Settings) -> str:
    """The whole message at this machine; elsewhere the API's, which names no path on the server."""
    _, _, message = status_of(error)
    if message == str(error) or is_local(settings):
        return str(error)
    _LOG.error("%s", error)
    return message
