"""The routes of the widget: ``/widget.js``, ``/embed``, and ``/site``, which shows how to use it.

They serve static files only; everything about the articles comes from the API.
"""

from __future__ import annotations

import gzip
import html
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from pullquote.serve.allowed_origins import Origins
from pullquote.serve.api.errors import error_response

_YEAR = "public, max-age=31536000, immutable"

#: Short enough that a fixed widget is in use on every page within an hour.
_HOUR = "public, max-age=3600, stale-while-revalidate=86400"

#: Scripts, styles and connections only from this server, and no HTML made from strings.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)

#: The parameters of ``/embed`` and the attribute that each becomes.
_ATTRIBUTES = {
    name: f"data-{name}"
    for name in (
        *("title", "color", "theme", "suggestions", "lang", "scope", "article-url"),
        *("since", "until", "section", "source"),
    )
}

#: The script that a page loads, and the script that is loaded when the panel is opened.
FIRST, SECOND = "widget.js", "widget/more.js"

#: The longest value that a parameter may have.
_MAX_VALUE = 2000


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is sent. ``digest`` is the start of its SHA-256, in hexadecimal."""

    content: bytes
    media_type: str
    digest: str
    compressed: bytes

    def response(self, request: Request) -> Response:
        """The file; cached for a year if requested with its digest (``?v=``), else for an hour."""
        version = request.query_params.get("v")
        headers = {
            "ETag": f'"{self.digest}"',
            "Vary": "Accept-Encoding",
            "Cache-Control": _YEAR if version == self.digest else _HOUR,
        }
        if self.digest in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.compressed, media_type=self.media_type, headers=headers)
        return Response(self.content, media_type=self.media_type, headers=headers)


@cache
def asset(name: str) -> Asset:
    """A file of ``static/``; scripts of the widget without indentation and comments."""
    content = (files("pullquote") / "serve" / "static").joinpath(*name.split("/")).read_bytes()
    if name in (FIRST, SECOND):
        lines = (line.partition(b" // ")[0].strip() for line in content.splitlines())
        content = b"\n".join(line for line in lines if line and not line.startswith(b"//"))
    if name == FIRST:
        # Refer to the second script by its digest, so that both always fit together.
        content = content.replace(b"{more}", asset(SECOND).digest.encode())
    kind = {"js": "text/javascript", "css": "text/css", "json": "application/json"}
    return Asset(
        content,
        kind[name.rpartition(".")[2]],
        sha256(content).hexdigest()[:16],
        gzip.compress(content, 9, mtime=0),
    )


def router(origins: Origins) -> APIRouter:
    """The routes. Pages of ``origins`` may show ``/embed`` in a frame."""
    routes = APIRouter(include_in_schema=False)
    ancestors = " ".join(["'self'", *map(str, origins.listed)])

    @routes.api_route("/widget.js", methods=["GET", "HEAD"])
    async def widget(request: Request) -> Response:
        return asset(FIRST).response(request)

    @routes.get("/widget/{name}")
    async def part(name: str, request: Request) -> Response:
        if name not in _parts():
            return error_response(404, "not_found", "There is nothing at this address.")
        return asset(f"widget/{name}").response(request)

    @routes.api_route("/embed", methods=["GET", "HEAD"])
    async def embed(request: Request) -> Response:
        given = {
            attribute: request.query_params[name][:_MAX_VALUE]
            for name, attribute in _ATTRIBUTES.items()
            if name in request.query_params
        }
        attributes = "".join(f' {name}="{html.escape(item)}"' for name, item in given.items())
        title = html.escape(given.get("data-title", "Ask the articles"))
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title></head><body>"
            f'<script src="widget.js?v={asset(FIRST).digest}" data-embed{attributes}>'
            "</script></body></html>"
        )
        return _page(page, ancestors)

    @routes.api_route("/site", methods=["GET", "HEAD"])
    async def site() -> Response:
        page = (files("pullquote") / "serve" / "static" / "site.html").read_text(encoding="utf-8")
        return _page(page, "'self'")

    @routes.get("/site.js")
    async def site_script(request: Request) -> Response:
        return asset("site.js").response(request)

    @routes.get("/site.css")
    async def site_style(request: Request) -> Response:
        return asset("site.css").response(request)

    return routes


@cache
def _parts() -> frozenset[str]:
    return frozenset(
        path.name for path in (files("pullquote") / "serve" / "static" / "widget").iterdir()
    )


def _page(page: str, ancestors: str) -> Response:
    headers = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors {ancestors}"}
    return HTMLResponse(page, headers={**headers, "Cache-Control": "no-cache"})
