"""When two addresses are one page."""

from __future__ import annotations

import pytest

from pullquote.addresses import same_page

PAGE = "https://www.example.org/2024/tram"


@pytest.mark.parametrize(
    "address",
    [
        "http://www.example.org/2024/tram",
        "https://example.org/2024/tram/",
        "https://EXAMPLE.org:443/2024/tram",
        "https://example.org/2024/tram#part-2",
        "https://example.org/2024/tram?utm_source=mail&utm_medium=x&fbclid=1&gclid=2",
        "  https://example.org/2024/tram ",
    ],
)
def test_what_says_how_one_came_is_left_aside(address: str) -> None:
    assert same_page(address) == same_page(PAGE)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/2024/Tram",
        "https://example.org/2024/tram?page=2",
        "https://example.org:8443/2024/tram",
        "https://blog.example.org/2024/tram",
        "https://example.org/2024/tram-2",
    ],
)
def test_another_page_stays_another(address: str) -> None:
    assert same_page(address) != same_page(PAGE)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://post.example/über/a b", "https://post.example/%C3%BCber/a%20b"),
        ("https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://post.example/p", "https://post.example/p?msclkid=abc&yclid=1"),
    ],
)
def test_an_address_is_the_same_as_people_write_it_and_as_browsers_send_it(
    written: str, sent: str
) -> None:
    assert same_page(written) == same_page(sent)


@pytest.mark.parametrize("address", ["tram.txt", "", "http://[", "javascript:alert(1)", "null"])
def test_what_is_no_address_stays_as_it_is(address: str) -> None:
    assert same_page(address) == address


def test_addresses_in_an_older_encoding_stay_apart() -> None:
    one, other = (f"https://example.org/caf%{byte}.html?q=%{byte}" for byte in ("E9", "E8"))
    assert same_page(one) != same_page(other)
    assert same_page("https://example.org/café") == same_page("https://example.org/caf%C3%A9")
