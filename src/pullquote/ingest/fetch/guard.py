"""Which machines may be asked: those on the public internet, and those the owner names.

A name is looked up here and nowhere else, and the connection is made to the addresses that this
returns. So a name server that answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterable, Sequence

from pullquote.errors import SettingsError
from pullquote.ingest.fetch.errors import FetchError, RefusedError
from pullquote.ingest.fetch.urls import Target, ascii_host

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: All that IANA has given out for the public internet; what is outside is special.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

#: Special ranges that ``is_global`` of Python 3.11 takes for ordinary ones.
_SPECIAL = (
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments, RFC 6890
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("3fff::/20"),  # documentation, RFC 9637
)


def is_public(address: IPAddress) -> bool:
    """Whether ``address`` is one machine on the public internet.

    An IPv4 address that is mapped into IPv6 is as public as it is by itself. Those that are
    reached through a relay or a translator (6to4, Teredo, NAT64) never are: where they lead is up
    to the network that we are in, and nobody publishes there.
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
    """Whether ``address`` may be asked where the owner allows its name.

    Link-local addresses are left out even then: 169.254.169.254 gives cloud credentials away.
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
    """Looks hosts up and refuses those that are not for us.

    ``private_hosts`` are exact names (or addresses) that may be on a private network. Raises
    :class:`~pullquote.errors.SettingsError` when one of them is no host name.
    """

    def __init__(
        self, private_hosts: Iterable[str], resolve: Callable[[str, int], Sequence[str]]
    ) -> None:
        self._private = frozenset(map(_listed, private_hosts))
        self._resolve = resolve

    def allows_private(self, host: str) -> bool:
        """Whether ``host`` is one of the private hosts that the owner names."""
        return host in self._private

    def check_step(self, source: Target, target: Target) -> None:
        """Raise :class:`RefusedError` when a public page sends us to a private host.

        The owner may name one; a stranger's page must not choose what is asked of it.
        """
        if self.allows_private(target.host) and not self.allows_private(source.host):
            raise RefusedError(
                str(source),
                f"leads to {target.host}, a private host: give that address itself if you want it.",
            )

    def addresses(self, target: Target, seconds: float) -> tuple[str, ...]:
        """The IP addresses of the host of ``target``, all of them checked.

        Raises :class:`RefusedError` when a single one of them may not be asked, and
        :class:`FetchError` when there is none or the look-up takes longer than ``seconds``.
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
            except Exception as error:  # carried over to the thread that asked
                answers.append(error)

        # The system's look-up takes no time limit, so it is left behind when it is too slow.
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
