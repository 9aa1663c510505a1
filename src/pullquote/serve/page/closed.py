"""Blocks the routes of Gradio that the chat does not use."""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pullquote.serve.api.errors import error_response

#: All paths that the page requests. Gradio has more: uploads, files, monitoring, its own docs.
_PATHS = re.compile(
    r"/(?:|config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json|(?:static|assets|svelte)/[\w./-]{1,200}"
    r"|gradio_api/(?:run/predict|reset|startup-events|app_id|heartbeat/[^/]*))"
)

#: The API, which handles unknown paths itself. Paths with control characters match no route and
#: would end up at Gradio.
_API = re.compile(r"/(?:api|v1)/[^\x00-\x1f]*")

#: The other paths of the server.
_OTHERS = re.compile(r"/(?:widget\.js|widget/[\w.-]*|embed|site(?:\.js|\.css)?|healthz)")


class OnlyTheChat:
    """Answers 404 to every path that is not one of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = _closed(scope) if scope["type"] == "http" else None
        await (response or self._app)(scope, receive, send)


def _closed(scope: Scope) -> Response | None:
    path = scope["path"]
    if _API.fullmatch(path) or _PATHS.fullmatch(path):
        return None
    if not _OTHERS.fullmatch(path):
        return error_response(404, "not_found", "There is nothing at this address.")
    if scope["method"] not in ("GET", "HEAD"):
        told = f"{scope['method']} is not possible at this address."
        return error_response(405, "method_not_allowed", told, {"Allow": "GET, HEAD"})
    return None
