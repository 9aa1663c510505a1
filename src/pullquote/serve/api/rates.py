"""Rate limits, per address and per site that embeds the widget or uses the API."""

from __future__ import annotations

import math
from ipaddress import IPv6Address, ip_address
from time import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.config import Settings
from pullquote.origins import Origin
from pullquote.serve.api.access import own_origin
from pullquote.serve.api.errors import error_response

#: How many cheap requests, such as for the list of articles, count as one question.
_CHEAP = 10

#: The paths that count as questions.
_ASKING = ("/api/ask", "/api/check-draft", "/api/feedback", "/v1/chat/", "/gradio_api/queue/join")

_COUNTED = ("/api/", "/v1/", "/gradio_api/queue/join", "/gradio_api/run/")


class Rates:
    """Answers 429 with ``Retry-After`` to too many requests within a minute."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._of_address = settings.rate_limit
        self._of_origin = settings.rate_limit_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_COUNTED):
            wait = self._wait(scope)
            if wait:
                response = error_response(
                    429,
                    "too_many_requests",
                    f"Too many questions. Ask again in {wait} second{'' if wait == 1 else 's'}.",
                    {"Retry-After": str(wait)},
                    scope,
                )
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _wait(self, scope: Scope) -> int:
        """Seconds until the request is allowed; 0 if it is allowed now, and then it is counted."""
        asks = scope["method"] == "POST" and scope["path"].startswith(_ASKING)
        kind, times = ("asks", 1) if asks else ("looks", _CHEAP)

        def limit(most: int, of: str, who: str) -> tuple[RateLimitItem, str, str, str]:
            return RateLimitItemPerMinute(most * times), kind, of, who

        limits = [limit(self._of_address, "address", network(scope))]
        origin = Origin.parse(Headers(scope=scope).get("origin", ""))
        if origin is not None and origin != own_origin(scope):
            limits.append(limit(self._of_origin, "origin", str(origin)))
        for item in limits:
            if not self._window.test(*item):
                return max(1, math.ceil(self._window.get_window_stats(*item).reset_time - time()))
        for one in limits:
            self._window.hit(*one)
        return 0


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
