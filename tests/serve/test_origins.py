"""Which sites may ask: exact origins, and nothing that merely looks like one."""

from __future__ import annotations

import re

import pytest

from pullquote.errors import SettingsError
from pullquote.origins import Origin
from pullquote.serve.allowed_origins import Origins


def allows(listed: str, sent: str) -> bool:
    return Origins.of([listed]).allow(Origin.parse(sent))


@pytest.mark.parametrize(
    ("listed", "sent"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org", "https://example.org:443"),
        ("https://EXAMPLE.org:443", "https://example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://*.example.org", "https://www.example.org"),
        ("https://*.example.org", "https://a.b.example.org"),
        ("*.example.org", "https://www.example.org"),
        ("https://*.example.org:8443", "https://www.example.org:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_a_listed_origin_may_ask(listed: str, sent: str) -> None:
    assert allows(listed, sent)


@pytest.mark.parametrize(
    ("listed", "sent"),
    [
        ("https://example.org", "http://example.org"),
        ("https://example.org", "https://example.org:8443"),
        ("https://example.org", "https://www.example.org"),
        ("https://example.org", "https://example.org.evil.example"),
        ("https://example.org", "https://evilexample.org"),
        ("https://example.org", "https://example.org@evil.example"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org", "https://example.org?"),
        ("https://example.org", "https://example.org https://evil.example"),
        ("https://*.example.org", "https://example.org"),
        ("https://*.example.org", "https://evilexample.org"),
        ("https://*.example.org", "http://www.example.org"),
        ("https://*.example.org", "https://www.example.org:8443"),
        ("https://*.example.org", "https://.example.org"),
        ("*.example.org", "http://www.example.org"),
        ("https://example.org", "null"),
        ("https://example.org", ""),
        ("https://example.org", "https://"),
        ("https://example.org", "https://example.org:99999"),
        ("https://example.org", "file://example.org"),
        ("https://example.org", "https://example.org#"),
        ("https://example.org", "https://example.org:"),
        ("https://example.org:8000", "https://example.org:08000"),
        ("https://example.org", "ht\ttps://example.org"),
        ("https://example.org", "https://example.org\n"),
    ],
)
def test_what_only_resembles_a_listed_origin_is_refused(listed: str, sent: str) -> None:
    assert not allows(listed, sent)


@pytest.mark.parametrize("sent", ["https://example.org", "http://localhost", "null", ""])
def test_an_empty_list_is_closed(sent: str) -> None:
    assert not Origins().allow(Origin.parse(sent))


@pytest.mark.parametrize(
    "listed",
    [
        "*",
        "https://*",
        "https://*.org",
        "null",
        "example.org",
        "https://example.org/",
        "https://example.org/blog",
        "https://a.*.example.org",
        "https://*.*.example.org",
        "https://*.0.0.1",
        "ftp://example.org",
        "https://user@example.org",
        "https://exa mple.org",
        "https://example.org; script-src *",
        "",
    ],
)
def test_a_wrong_entry_is_an_error_that_names_it(listed: str) -> None:
    with pytest.raises(SettingsError, match=r"'origins' lists .*it takes a scheme, a host"):
        Origins.of([listed])


@pytest.mark.parametrize(
    ("listed", "address", "reason"),
    [
        ([], "https://example.org", "which is empty"),
        (["https://other.example"], "https://example.org", r"not in the setting 'origins'\. Add"),
        (["https://example.org"], "http://example.org/page", "http is not https"),
        (["https://example.org"], "https://example.org:8443", r"its port is another \(443\)"),
        (["https://*.example.org"], "https://example.org", "means the hosts below example.org"),
        (["https://example.org"], "null", "without an origin"),
        (["https://example.org"], "not an address", "is not the address of a site"),
        (["https://example.org"], "http://[", "is not the address of a site"),
    ],
)
def test_a_refusal_says_why(listed: list[str], address: str, reason: str) -> None:
    assert re.search(reason, Origins.of(listed).refusal(address) or "")


@pytest.mark.parametrize("address", ["https://example.org/a/b?c#d", "example.org", " example.org "])
def test_the_address_of_any_page_of_a_listed_site_is_accepted(address: str) -> None:
    assert Origins.of(["https://example.org"]).refusal(address) is None


def test_an_origin_is_written_as_browsers_send_it() -> None:
    listed = ["https://example.org:443", "http://[::1]:80", "*.example.org", "http://a.example:81"]
    assert [str(listing) for listing in Origins.of(listed).listed] == [
        "https://example.org",
        "http://[::1]",
        "https://*.example.org",
        "http://a.example:81",
    ]
