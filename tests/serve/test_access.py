"""Who may ask, how often, and how much may be sent; and what of Gradio is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pullquote.serve import server
from pullquote.serve.api import bodies
from tests.support.api import QUESTION, Serve, error_of

SITE = "https://post.example"


def ask(client: TestClient, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/api/ask", json={"question": QUESTION}, headers=named)


def test_a_listed_site_may_ask_and_read_the_answer_without_credentials(serve: Serve) -> None:
    client = serve(origins=(SITE,))
    response = ask(client, Origin=SITE)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers


FOREIGN = [
    *("http://post.example", "https://post.example:8443", "https://www.post.example"),
    *("https://post.example.evil.example", "null", "", "https://post.example, https://b.org"),
    "http://localhost:9999",
]


@pytest.mark.parametrize("path", ["/api/ask", "/api/articles", "/gradio_api/queue/join", "/"])
def test_a_site_that_is_not_listed_is_refused_before_any_work(serve: Serve, path: str) -> None:
    client = serve(origins=(SITE,))
    for origin in FOREIGN:
        for method in ("GET", "POST", "OPTIONS"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            response = client.request(method, path, headers=headers)
            assert error_of(response)[:2] == (403, "forbidden_origin"), origin
            assert "Access-Control-Allow-Origin" not in response.headers


def test_without_a_list_the_servers_own_page_and_programs_may_ask(serve: Serve) -> None:
    client = serve()
    assert ask(client).status_code == 200
    assert ask(client, Origin="http://localhost:7860").status_code == 200
    assert error_of(ask(client, Origin=SITE))[0] == 403


def test_the_preflight_of_a_listed_site_allows_what_the_widget_sends(serve: Serve) -> None:
    client = serve(origins=(SITE,))
    wanted = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    response = client.options("/api/ask/stream", headers=wanted)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "Content-Type"


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/queue/join", "/healthz", "/site"])
def test_a_listed_site_may_use_the_api_alone(serve: Serve, path: str) -> None:
    client = serve(origins=(SITE,))
    response = client.get(path, headers={"Origin": SITE})
    assert error_of(response)[:2] == (403, "forbidden_origin")


def test_a_picture_or_a_form_of_another_site_does_no_work(serve: Serve) -> None:
    client = serve(origins=(SITE,))
    for site in ("cross-site", "same-site"):
        assert error_of(ask(client, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors"))[0] == 403
        assert error_of(ask(client, Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate"))[0] == 403
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200


def test_no_other_name_leads_to_a_server_of_this_machine_alone(serve: Serve) -> None:
    rebound = {"Host": "evil.example:7860", "Origin": "http://evil.example:7860"}
    assert error_of(serve().get("/", headers=rebound))[:2] == (403, "forbidden_host")
    for options in ({"host": "0.0.0.0"}, {"trusted_proxies": ("127.0.0.1",)}):
        assert serve(**options).get("/", headers=rebound).status_code == 200


def test_a_forwarded_host_is_believed_of_nobody(serve: Serve) -> None:
    client = serve()
    hearsay = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "a"}
    for path in ("/", "/config"):
        response = client.get(path, headers=hearsay)
        assert "evil.example" not in response.text
        assert response.headers["Cache-Control"] == "no-store"


def test_every_address_of_this_machine_is_its_own(serve: Serve) -> None:
    for host in ("127.0.0.2:7860", "[::1]:7860", "localhost"):
        assert serve().get("/healthz", headers={"Host": host}).status_code == 200


def test_a_proxys_address_is_known_to_a_listener_for_both_ips() -> None:
    assert server._with_mapped(("10.0.0.0/24", "::1")) == [
        *("10.0.0.0/24", "::1/128", "::ffff:10.0.0.0/120")
    ]


@pytest.mark.parametrize("path", ["/healthz", "/embed", "/site", "/widget.js"])
def test_a_monitor_may_ask_for_the_head_and_nothing_may_be_posted(serve: Serve, path: str) -> None:
    client = serve()
    assert client.head(path).status_code == 200
    response = client.post(path)
    assert error_of(response)[:2] == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("host", ["", "a b", "localhost@evil.example", "[::1", "localhost:x"])
def test_a_host_that_is_none_is_a_400(serve: Serve, host: str) -> None:
    response = serve().get("/healthz", headers={"Host": host})
    assert error_of(response)[:2] == (400, "invalid_request")


def test_too_many_questions_from_one_address_are_a_429(serve: Serve) -> None:
    client = serve(rate_limit=3)
    assert [ask(client).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    response = ask(client)
    status, code, message = error_of(response)
    wait = int(response.headers["Retry-After"])
    assert (status, code) == (429, "too_many_requests")
    assert 50 <= wait <= 60
    assert f"in {wait} second" in message
    # The rest of the server is still there.
    assert client.get("/healthz").status_code == 200


def test_the_readers_of_one_site_share_a_limit_and_can_read_that_they_met_it(
    serve: Serve,
) -> None:
    client = serve(origins=(SITE, "https://other.example"), rate_limit_origin=2)
    assert [ask(client, Origin=SITE).status_code for _ in range(3)] == [200, 200, 429]
    response = ask(client, Origin=SITE)
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert response.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert ask(client, Origin="https://other.example").status_code == 200


def test_a_forwarded_address_is_not_believed_of_just_anybody(serve: Serve) -> None:
    client = serve(rate_limit=2)
    statuses = [ask(client, X_Forwarded_For=f"203.0.113.{n}").status_code for n in range(4)]
    assert statuses == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_a_household_counts_as_one_visitor(first: str, second: str, same: bool) -> None:
    from pullquote.serve.api.rates import network

    assert (network({"client": (first, 1)}) == network({"client": (second, 1)})) is same


def test_a_body_that_is_too_big_is_a_413_announced_or_not(serve: Serve) -> None:
    client = serve()
    big = b'{"question": "' + b"x" * 17_000 + b'"}'
    kind = {"Content-Type": "application/json"}
    assert error_of(client.post("/api/ask", content=big, headers=kind))[:2] == (413, "too_large")

    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 1000

    response = client.post("/api/ask", content=pieces(), headers=kind)
    assert error_of(response)[:2] == (413, "too_large")


def test_a_body_that_comes_too_slowly_is_a_400_that_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "_PATIENCE", 0.01)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    async def app(*_: Any) -> None:
        raise AssertionError("It has no body.")

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": []}
    asyncio.run(bodies.Bodies(app)(scope, receive, send))
    assert sent[0]["status"] == 400
    assert (b"connection", b"close") in sent[0]["headers"]


CLOSED = [
    *("/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/gradio_api/info", "/monitoring"),
    *("/monitoring/summary", "/docs", "/redoc", "/openapi.json", "/gradio_api/openapi.json"),
    *("/gradio_api/deep_link", "/gradio_api/proxy=http://a.b", "/login", "/pwa_icon"),
    *("/gradio_api/stream/a/b/c", "/gradio_api/call/ask", "/gradio_api/mcp/", "/api"),
    *("/monitoring/", "//monitoring", "/gradio_api//upload", "/Monitoring", "/site/"),
    *("/assets/" + "a" * 300, "/static/%00", "/widget/a/b"),
    *("/api/articles/a%0Ab", "/api%0A"),
]


def test_what_gradio_brings_and_the_chat_does_not_use_is_closed(serve: Serve) -> None:
    client = serve()
    for path in CLOSED:
        for method in ("GET", "POST"):
            address = f"http://localhost:7860{path}"
            response = client.request(method, address, follow_redirects=False)
            assert error_of(response)[:2] == (404, "not_found"), path


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/articles", "/widget.js", "/site", "/none"])
def test_every_response_has_the_security_headers(serve: Serve, path: str) -> None:
    headers = serve().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Credentials" not in headers
    shared = path == "/widget.js"
    assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if shared else "same-origin")
    assert headers.get("Access-Control-Allow-Origin") == ("*" if shared else None)


def test_gradios_own_cors_lets_nobody_in(serve: Serve) -> None:
    client = serve(base_url="http://chat.example", host="0.0.0.0")
    response = client.get("/", headers={"Origin": "http://chat.example"})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control-")]
