"""Who may add articles in the page: a person at this machine, or somebody with the password.

Connections from elsewhere, such as proxies, add something that a browser on this machine does not
send, or lack something that it sends. All these signs are checked, since none is certain by itself.
"""

from __future__ import annotations

from enum import StrEnum
from hmac import compare_digest
from secrets import token_urlsafe

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.config import Settings
from pullquote.origins import Origin
from pullquote.serve.api.access import FORWARDED, is_loopback, own_origin
from pullquote.serve.api.bodies import CLOSING, drop
from pullquote.serve.api.errors import error_response
from pullquote.serve.api.rates import network

PATH = "/api/added"
PASSWORD = f"{PATH}/password"

#: The header with the token, which proves that this server gave it to the page.
TOKEN = "X-Pullquote-Token"

#: How often a password may be tried from one address: the minutes, and the tries in that time.
_MINUTES, _TRIES = 15, 5

#: Headers of proxies that do not send ``X-Forwarded-*``.
_PROXY_HEADERS = ("via", "x-real-ip")


class Standing(StrEnum):
    """What a visitor may do about adding articles."""

    NOTHING = "nothing"
    GIVE_THE_PASSWORD = "password"
    ADD = "add"


class Doorkeeper:
    """Decides who may add articles, and gives them the token."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = settings.add_articles is not False
        self._token = token_urlsafe(32)
        self._tries = FixedWindowRateLimiter(MemoryStorage())

    def standing(self, scope: Scope) -> Standing:
        """What the sender of this request may do."""
        if not self._open or not _is_own_page(scope):
            return Standing.NOTHING
        if self._is_here(scope):
            return Standing.ADD
        if not self._settings.add_articles:
            return Standing.NOTHING
        return Standing.ADD if self._has_token(scope) else Standing.GIVE_THE_PASSWORD

    def token(self, scope: Scope) -> str | None:
        """The token, if the sender may add articles."""
        return self._token if self.standing(scope) is Standing.ADD else None

    def token_for(self, password: str) -> str | None:
        """The token if the password is right, else ``None``."""
        wanted = self._settings.add_password
        is_right = compare_digest(password.encode("utf-8", "replace"), wanted.encode())
        return self._token if wanted and is_right else None

    def may_try(self, scope: Scope) -> bool:
        """Count an attempt at the password; false when there were too many."""
        limit = RateLimitItemPerMinute(_TRIES, _MINUTES)
        return self._tries.hit(limit, network(scope))

    def refusal(self, scope: Scope) -> Response | None:
        """The refusal of a request that changes something; ``None`` if it is allowed."""
        standing = self.standing(scope)
        origin = Origin.parse(Headers(scope=scope).get("origin", ""))
        if standing is Standing.NOTHING or origin is None:
            told = "Articles cannot be added here: `pullquote index` adds them."
            return error_response(403, "not_allowed", told)
        if scope["path"] == PASSWORD:
            return None
        if standing is Standing.ADD and self._has_token(scope):
            return None
        told = "The server was started again after this page was loaded: load the page again."
        return error_response(403, "wrong_token", told)

    def _has_token(self, scope: Scope) -> bool:
        given = Headers(scope=scope).get(TOKEN, "")
        return compare_digest(given.encode("latin-1"), self._token.encode())

    def _is_here(self, scope: Scope) -> bool:
        """Whether the request comes directly from a browser on this machine."""
        headers, own, client = Headers(scope=scope), own_origin(scope), scope.get("client")
        return (
            not self._settings.origins
            and not self._settings.trusted_proxies
            and client is not None
            and is_loopback(client[0])
            # The name in ``Host``: other names may resolve to this machine too (DNS rebinding).
            and own is not None
            and is_loopback(own.host)
            and not scope.get(FORWARDED, True)
            and not any(name in headers for name in _PROXY_HEADERS)
            # These are a proxy's own, whatever its visitor sends: by default, nginx uses HTTP/1.0
            # and sends "close" or no header.
            and scope["http_version"] == "1.1"
            and headers.get("connection", "").lower() == "keep-alive"
        )


def _is_own_page(scope: Scope) -> bool:
    """Whether the request comes from a page of this server, according to the browser."""
    headers = Headers(scope=scope)
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or Origin.parse(origin) == own_origin(scope)


class AddingAccess:
    """Refuses requests that may not change the articles, before their bodies are stored."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{PATH}/"):
            response = self._doorkeeper.refusal(scope)
            if response is not None:
                await drop(receive)
                response.headers.update(CLOSING)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
