"""Access control: only the same origin, listed origins, and programs that are not browsers.

CORS alone only prevents a page from reading an answer; the work would be done anyway. So the origin
is checked before anything else. Both checks follow the Fetch standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.config import Settings
from pullquote.origins import Origin
from pullquote.serve.allowed_origins import Origins
from pullquote.serve.api.errors import OPENAI, error_response

#: The paths that listed origins may use.
_SHARED = ("/api/", OPENAI)

#: The headers that pages may send to ``_SHARED``, and to OpenAI's API: its browser client sends a
#: key and a dozen headers about itself, which are all ignored.
_SENT = ("Content-Type", "*, Authorization")

#: The paths that anybody may load: they contain nothing of the articles.
_PUBLIC = ("/widget.js", "/widget/")

#: The paths that compute or reveal something of the articles: other sites must not load them as an
#: image or post forms to them.
_OWN = (*_SHARED, "/gradio_api/")

#: The key in a request's scope that says whether it had headers of a proxy.
FORWARDED = "pullquote.forwarded"

#: Pages that contain the address under which they were requested.
_NAMED = ("/", "/config")

_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

#: For pages that do not set a policy of their own about framing.
_FRAMES: Mapping[str, str] = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
}


class Access:
    """Refuses foreign origins with 403, and sets the CORS and security headers.

    ``local``: the server can be reached only from this machine. Then ``Host`` must be ``localhost``
    or a loopback address, so that no site can point its own name here (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, origins: Origins, local: bool) -> None:
        self._app = app
        self._origins = origins
        self._local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # No part of the server uses WebSockets.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Headers of trusted proxies are in the scope already. Remove them: Gradio trusts anybody's.
        told = [item for item in scope["headers"] if not _is_hearsay(item[0])]
        scope = {**scope, "headers": told, FORWARDED: len(told) < len(scope["headers"])}
        headers = Headers(scope=scope)
        path = scope["path"]
        origin = headers.get("origin")
        shared = self._is_listed(origin) and path.startswith(_SHARED)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set(MutableHeaders(scope=message), origin if shared else None, path)
            await send(message)

        response = self._refusal(scope, headers, shared)
        if response is None and shared and _is_preflight(scope, headers):
            response = Response(status_code=204)
            response.headers.update(
                {
                    "Access-Control-Allow-Methods": "GET, POST",
                    "Access-Control-Allow-Headers": _SENT[path.startswith(OPENAI)],
                    "Access-Control-Max-Age": "600",
                }
            )
        await (response or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers, shared: bool) -> Response | None:
        own = own_origin(scope)
        if own is None or len(headers.getlist("host")) > 1:
            told = "The Host header is not a valid host."
            return error_response(400, "invalid_request", told, scope=scope)
        if self._local and not is_loopback(own.host):
            return error_response(
                403,
                "forbidden_host",
                f"This server listens only on its own machine, and {own.host} is another name. "
                "Behind a proxy, name the proxy in the setting 'trusted_proxies'.",
                scope=scope,
            )
        if shared or scope["path"].startswith(_PUBLIC):
            return None
        sent = headers.getlist("origin")
        if not sent:
            return None if _is_own_request(scope, headers) else _forbidden(scope, "Another site")
        if len(sent) == 1 and Origin.parse(sent[0]) == own:
            return None
        if self._is_listed(sent[0]):
            places = f"{', '.join(_SHARED)} and {_PUBLIC[0]}"
            return _forbidden(scope, f"{sent[0]} may only use {places}, and")
        told = self._origins.refusal(", ".join(sent)) or "Refused."
        return error_response(403, "forbidden_origin", told, scope=scope)

    def _is_listed(self, origin: str | None) -> bool:
        return origin is not None and self._origins.allow(Origin.parse(origin))

    def _set(self, headers: MutableHeaders, origin: str | None, path: str) -> None:
        for name in [header for header in headers if header.lower().startswith("access-control-")]:
            # Gradio allows every origin.
            if origin is None or "allow-origin" in name or "credentials" in name:
                del headers[name]
        if path.startswith(_PUBLIC):
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        else:
            headers.add_vary_header("Origin")
        if origin is not None:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        # What is told of the articles changes with them.
        if path in _NAMED or path.startswith(_SHARED):
            headers["Cache-Control"] = "no-store"
        if "Content-Security-Policy" not in headers:
            headers.update(_FRAMES)


def own_origin(scope: Scope) -> Origin | None:
    """The server's own origin, from the ``Host`` header; ``None`` if that is not a valid host."""
    return Origin.parse(f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}")


def is_foreign(request: Request) -> bool:
    """Whether the request comes from a page of another site."""
    origin = request.headers.get("origin")
    return origin is not None and Origin.parse(origin) != own_origin(request.scope)


def _is_hearsay(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name == b"forwarded"


def is_loopback(host: str) -> bool:
    """Whether ``host`` is ``localhost`` or a loopback address."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def is_local(settings: Settings) -> bool:
    """Whether only this machine can connect, and no proxy lets others in."""
    return is_loopback(settings.host) and not settings.trusted_proxies


def _is_own_request(scope: Scope, headers: Headers) -> bool:
    """Whether a request without an origin comes from our own page, a person or a program.

    With Fetch Metadata headers, browsers say which site an image or a form belongs to.
    """
    if not scope["path"].startswith(_OWN):
        return True
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return True
    return scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return scope["method"] == "OPTIONS" and "access-control-request-method" in headers


def _forbidden(scope: Scope, what: str) -> Response:
    return error_response(403, "forbidden_origin", f"{what} may not ask here.", scope=scope)
