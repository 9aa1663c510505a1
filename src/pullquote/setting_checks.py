"""Checks of the values of settings; each raises ``SettingsError``."""

from __future__ import annotations

import re
from ipaddress import ip_network

from pullquote.errors import SettingsError

#: The shortest password, in characters: anyone on the web can try to guess it.
_MIN_PASSWORD = 12


def check_server(name: str, address: str, model: str) -> None:
    """Check the address of a model server and the model's name: both or neither."""
    if address and not re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", address):
        raise SettingsError(
            f"The setting '{name}' is {address!r}; it takes an address such as "
            "'http://127.0.0.1:11434/v1'."
        )
    if bool(address) != bool(model):
        lacks, has = (f"{name}_model", name) if address else (name, f"{name}_model")
        raise SettingsError(f"The setting '{has}' needs '{lacks}' beside it.")


def check_adding(add_articles: bool | None, password: str) -> None:
    """Check that others may add articles only with a password that is long enough."""
    if add_articles and not password:
        raise SettingsError(
            "The setting 'add_articles' needs 'add_password' beside it: set PULLQUOTE_ADD_PASSWORD."
        )
    if password and add_articles is None:
        raise SettingsError("The setting 'add_password' needs 'add_articles = true' beside it.")
    if password and len(password) < _MIN_PASSWORD:
        raise SettingsError(
            f"The setting 'add_password' must have at least {_MIN_PASSWORD} characters."
        )


def check_networks(texts: tuple[str, ...]) -> None:
    """Check the addresses and networks of trusted proxies."""
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise SettingsError(
                f"The setting 'trusted_proxies' lists {text!r}; it takes addresses such as "
                "'10.0.0.7' and networks such as '10.0.0.0/24'."
            ) from None


def within(name: str, value: float, low: float, high: float) -> None:
    """Check that a number is within its bounds, both included."""
    if not low <= value <= high:
        raise SettingsError(f"The setting '{name}' is {value}; it must be from {low} to {high}.")
