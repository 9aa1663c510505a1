"""Rate limits, per address and per site that embeds the widget or uses the API."""

from __future__ import annotations

import math
from ipaddress import IPv6Address, ip_address
from threading import Lock
from time import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.config import Settings
from pullquote.origins import Origin
from pullquote.serve.api.access import own_origin
from pullquote.serve.api.errors import TooManyError, error_response, status_of

#: How many cheap requests, such as for the list of articles, count as one question.
_CHEAP = 10

#: The paths whose requests count as questions. All that the chat page does is sent to one path, and
#: a draft is as long as it is: their questions count once accepted, by :func:`count_questions`.
_ASKING = ("/api/ask", "/api/feedback", "/v1/chat/")

_COUNTED = ("/api/", "/v1/", "/gradio_api/run/")

#: The key in a request's scope for the :class:`Rates` that it passed.
_RATES = "pullquote.rates"


class Rates:
    """Answers 429 with ``Retry-After`` to too many requests within a minute."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._lock = Lock()  # the chat page's questions are counted in other threads
        self._of_address = settings.rate_limit
        self._of_origin = settings.rate_limit_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, _RATES: self}
            asks = scope["method"] == "POST" and scope["path"].startswith(_ASKING)
            try:
                if scope["path"].startswith(_COUNTED):
                    self.count(scope, "asks" if asks else "looks")
            except TooManyError as error:
                wait = {"Retry-After": str(error.wait)}
                response = error_response(*status_of(error), wait, scope)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def count(self, scope: Scope, kind: str, number: int = 1) -> None:
        """Count a request as ``number`` of its kind, ``asks`` or ``looks``.

        Raises :class:`TooManyError` when these are too many; then none is counted.
        """
        times = 1 if kind == "asks" else _CHEAP

        def limit(most: int, of: str, who: str) -> tuple[RateLimitItem, str, str, str]:
            return RateLimitItemPerMinute(most * times), kind, of, who

        limits = [limit(self._of_address, "address", network(scope))]
        origin = Origin.parse(Headers(scope=scope).get("origin", ""))
        if origin is not None and origin != own_origin(scope):
            limits.append(limit(self._of_origin, "origin", str(origin)))
        # What counts as more than a whole minute's questions is allowed when there are no others.
        cost = min(number, *(item[0].amount for item in limits))
        with self._lock:
            for item in limits:
                if not self._window.test(*item, cost=cost):
                    reset = self._window.get_window_stats(*item).reset_time
                    raise TooManyError(max(1, math.ceil(reset - time())))
            for item in limits:
                self._window.hit(*item, cost=cost)


def count_questions(scope: Scope, number: int = 1) -> None:
    """Count questions that came with a request, beside the request itself.

    Raises :class:`TooManyError` when these are too many; then none is counted.
    """
    scope[_RATES].count(scope, "asks", number)


def network(scope: Scope) -> str:
    """The visitor's address; for IPv6 only the /64 network, which a household or firm shares."""
    text = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))
