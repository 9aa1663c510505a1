"""The web application: the API, the widget, and the chat mounted beside them."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from pullquote.config import Settings
from pullquote.errors import FeedbackError, SettingsError
from pullquote.index.opened import read_manifest
from pullquote.serve import widget
from pullquote.serve.adding import Adding
from pullquote.serve.allowed_origins import Origins
from pullquote.serve.api import adding_routes, routes
from pullquote.serve.api.access import Access, is_local
from pullquote.serve.api.adding_access import AddingAccess, Doorkeeper
from pullquote.serve.api.bodies import Bodies
from pullquote.serve.api.errors import FAILED, error_response
from pullquote.serve.api.openai_routes import create_openai_api
from pullquote.serve.api.rates import Rates
from pullquote.serve.desk import Desk
from pullquote.serve.feedback import KeptQuestions
from pullquote.serve.opening import Opening
from pullquote.serve.page.closed import OnlyTheChat
from pullquote.serve.page.mount import mount

_LOG = logging.getLogger(__name__)

#: Seconds between two deletions of saved questions that are too old.
_FORGET_EVERY = 3600.0


def create_app(opening: Opening, settings: Settings) -> FastAPI:
    """Build the web application, with an assistant that may still be opening."""
    desk = Desk(settings)
    origins = Origins.of(settings.origins)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # A question of the page holds a thread while it waits; other requests need some too.
        current_default_thread_limiter().total_tokens += settings.queue
        # At once and then every hour, even if questions are not saved any more.
        await asyncio.to_thread(_forget_old, settings)
        forgetting = asyncio.create_task(_forget_on(settings))
        yield
        forgetting.cancel()
        desk.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    doorkeeper = Doorkeeper(settings)
    api = routes.create_api(opening, desk, settings)
    api.include_router(adding_routes.router(Adding(opening, settings), doorkeeper))
    app.mount("/api", api)
    app.mount("/v1", create_openai_api(opening, desk))
    app.include_router(widget.router(origins))

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    async def health() -> JSONResponse:
        if not opening.done:
            return JSONResponse({"status": "loading"}, status_code=503)
        if opening.error:
            return JSONResponse({"status": "failed"}, status_code=503)
        return JSONResponse({"status": "ok"})

    @app.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> JSONResponse:
        return error_response(503, "unavailable", FAILED)

    mount(app, opening, desk, settings)
    # The middleware that is added last runs first.
    app.add_middleware(OnlyTheChat)
    app.add_middleware(Bodies)
    app.add_middleware(AddingAccess, doorkeeper=doorkeeper)
    app.add_middleware(Rates, settings=settings)
    app.add_middleware(Access, origins=origins, local=is_local(settings))
    return app


def serve(settings: Settings) -> None:
    """Run the application until it is interrupted. Raises ``PullquoteError`` if it cannot start."""
    read_manifest(settings.index)  # report a missing index here, not on a page
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    opening = Opening(settings, lambda error: _tell(f"pullquote: {error}"))
    app = create_app(opening, settings)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        # By default, uvicorn trusts proxy headers of any connection from this machine.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=_with_mapped(settings.trusted_proxies),
        # A visitor who reads a stream slowly must not prevent the server from stopping.
        timeout_graceful_shutdown=5,
    )
    with listener:
        # For the person at the terminal: uvicorn's log does not show this.
        _tell(f"Pullquote is at http://{shown}:{port} (Ctrl-C ends it)")
        uvicorn.Server(config).run(sockets=[listener])


def _forget_old(settings: Settings) -> None:
    try:
        KeptQuestions(settings.feedback, settings.keep_questions_days).forget_old()
    except FeedbackError as error:
        _LOG.error("Kept questions that are too old could not be deleted: %s", error)


async def _forget_on(settings: Settings) -> None:
    while True:
        await asyncio.sleep(_FORGET_EVERY)
        await asyncio.to_thread(_forget_old, settings)


def _with_mapped(proxies: Sequence[str]) -> list[str]:
    """``proxies``, with IPv4 ones also as IPv4-mapped IPv6, as a dual-stack socket sees them."""
    networks = [ipaddress.ip_network(proxy) for proxy in proxies]
    mapped = [
        f"::ffff:{network.network_address}/{96 + network.prefixlen}"
        for network in networks
        if network.version == 4
    ]
    return [*map(str, networks), *mapped]


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Listen before the address is printed: somebody may connect at once.
        listener.listen(2048)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is not a host name"
        raise SettingsError(
            f"The server cannot listen on {host}:{port} ({reason or error}): "
            "name another with --port or --host."
        ) from error
    return listener
