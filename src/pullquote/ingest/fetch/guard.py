"""Checks which hosts may be contacted: those on the public internet, and those the owner names.

Names are looked up only here, and connections are made to exactly the addresses returned here. This
prevents DNS rebinding, where a name server answers differently the second time.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterable, Sequence

from pullquote.errors import SettingsError
from pullquote.ingest.fetch.errors import FetchError, RefusedError
from pullquote.ingest.fetch.urls import Target, ascii_host

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: All IPv6 addresses that IANA has assigned to the public internet.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

#: Special ranges that ``is_global`` of Python 3.11 wrongly counts as public.
_SPECIAL = (
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments, RFC 6890
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("3fff::/20"),  # documentation, RFC 9637
)


def is_public(address: IPAddress) -> bool:
    """Whether ``address`` is a single host on the public internet.

    An IPv4-mapped IPv6 address is treated like its IPv4 address. Addresses behind a relay or
    translator (6to4, Teredo, NAT64) are never public: where they lead depends on our own network,
    and nobody publishes there.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _GLOBAL_UNICAST or address.scope_id:
            return False
        if address.sixtofour is not None or address.teredo is not None:
            return False
    if address.is_multicast or any(address in network for network in _SPECIAL):
        return False
    return address.is_global


def _is_private(address: IPAddress) -> bool:
    """Whether a non-public ``address`` may be contacted if the owner allows its host name.

    Link-local addresses are never allowed: 169.254.169.254 gives away cloud credentials.
    """
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return _is_private(address.ipv4_mapped)
    if address.is_loopback:
        return True
    return not (
        address.is_multicast
        or address.is_unspecified
        or address.is_link_local
        or address.is_reserved
        or address in ipaddress.ip_network("0.0.0.0/8")
    )


class Guard:
    """Looks up hosts, and refuses those that must not be contacted.

    ``private_hosts`` are exact names (or addresses) that may be on a private network. Raises
    :class:`~pullquote.errors.SettingsError` if one of them is not a host name.
    """

    def __init__(
        self, private_hosts: Iterable[str], resolve: Callable[[str, int], Sequence[str]]
    ) -> None:
        self._private = frozenset(map(_listed, private_hosts))
        self._resolve = resolve

    def allows_private(self, host: str) -> bool:
        """Whether ``host`` is one of the owner's private hosts."""
        return host in self._private

    def check_step(self, source: Target, target: Target) -> None:
        """Raise :class:`RefusedError` if a public page leads to a private host.

        Only the owner may choose addresses there, not a page from somebody else.
        """
        if self.allows_private(target.host) and not self.allows_private(source.host):
            raise RefusedError(
                str(source),
                f"leads to {target.host}, a private host: give that address itself if you want it.",
            )

    def addresses(self, target: Target, seconds: float) -> tuple[str, ...]:
        """The IP addresses of the host of ``target``, all of them checked.

        Raises :class:`RefusedError` if any of them must not be contacted, and :class:`FetchError`
        if there is none or the look-up takes longer than ``seconds``.
        """
        private = self.allows_private(target.host)
        found = self._look_up(target, seconds)
        for text, address in found.items():
            if private and _is_private(address):
                continue
            if not is_public(address):
                raise RefusedError(str(target), _why(target.host, text, private))
        return tuple(found)

    def _look_up(self, target: Target, seconds: float) -> dict[str, IPAddress]:
        try:
            return {target.host: ipaddress.ip_address(target.host)}
        except ValueError:
            pass
        answers: list[Sequence[str] | Exception] = []

        def ask() -> None:
            try:
                answers.append(self._resolve(target.host, target.port))
            except Exception as error:  # passed on to the calling thread
                answers.append(error)

        # The system's look-up has no time limit, so a slow one is abandoned in its thread.
        thread = threading.Thread(target=ask, name="look-up", daemon=True)
        thread.start()
        thread.join(seconds)
        if not answers:
            raise FetchError(
                str(target), f"cannot be found: looking {target.host} up took too long; try again."
            )
        answer = answers[0]
        if isinstance(answer, (OSError, UnicodeError)) or not answer:
            raise FetchError(
                str(target), f"cannot be found: there is no {target.host}; check its spelling."
            )
        if isinstance(answer, Exception):
            raise answer
        return {text: ipaddress.ip_address(text) for text in answer}


def _why(host: str, address: str, private: bool) -> str:
    where = "" if host == address else f", for {host} is at {address}"
    if private:
        return f"is not fetched{where}: no page is at such an address, even on a private network."
    return (
        f"is not on the public internet{where}: if it is your own, name {host} among the "
        "private hosts."
    )


def _listed(text: str) -> str:
    bare = text.strip()
    bracketed = ":" in bare
    host = ascii_host(bare.strip("[]") if bracketed else bare, bracketed)
    if host is None:
        raise SettingsError(
            f"The private hosts list {text!r}; they take a host's name alone, such as "
            "'intranet.example.org'."
        )
    return host
