"""Which addresses may be called at all. Pure rules and one name lookup; nothing is sent from here."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from networks.addresses import in_ascii
from networks.errors import EgressRefused, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
ENCRYPTED = ("https", "wss")

# Only ordinary unicast space is public. IPv6 is an allow-list of 2000::/3, so that mapped (::ffff:0:0/96), NAT64
# (64:ff9b::/96), local and multicast forms need no line of their own; what lies inside it but leads elsewhere does.
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
        "3fff::/20",  # documentation
    )
)
NOT_PUBLIC_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that passed, with the addresses it was resolved to; the connection goes there and nowhere else."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def encrypted(self) -> bool:
        return self.scheme in ENCRYPTED

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def system_resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, in the system's order. OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in NOT_PUBLIC_V4)
    return address in PUBLIC_V6 and not any(address in block for block in NOT_PUBLIC_V6)


@dataclass(frozen=True, slots=True)
class Guard:
    """`allow` holds "host:port" pairs that may be called although private, unencrypted or on an odd port."""

    allow: frozenset[str]
    resolve: Resolve = system_resolve

    def check(self, url: str, *, credentials: bool = False) -> Target:
        """Resolve `url` once. `EgressRefused` by a rule, `Unavailable` where the name has no address.

        With `credentials` the call must be encrypted, or else allowed by name.
        """
        parts = _split(url)
        host = _host(parts)
        port = _port(parts)
        allowed = f"{host}:{port}" in self.allow
        if not allowed:
            if port != DEFAULT_PORTS[parts.scheme]:
                raise EgressRefused("port")
            if credentials and parts.scheme not in ENCRYPTED:
                raise EgressRefused("unencrypted")
        addresses = self._addresses(host, port)
        # One bad address among good ones is how a name is made to rebind: refuse them all.
        if not allowed and not all(is_public(address) for address in addresses):
            raise EgressRefused("private address")
        return Target(parts.scheme, host, port, tuple(map(str, addresses)))

    def is_exception(self, url: str) -> bool:
        """Whether `url` may be called only because it was named: a server of our own, not one that the public knows."""
        parts = _split(url)
        return f"{_host(parts)}:{_port(parts)}" in self.allow

    def check_form(self, url: str) -> None:
        """The rules that need no lookup, for a further call to an origin that was resolved before."""
        _host(_split(url))

    def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            found = [ipaddress.ip_address(text) for text in self.resolve(host, port)]
        except (OSError, ValueError):
            found = []
        if not found:
            raise Unavailable("name has no address")
        return found


def _split(url: str) -> SplitResult:
    if any(character <= " " or character in "\x7f\\" for character in url):
        raise EgressRefused("malformed")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise EgressRefused("malformed") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise EgressRefused("scheme")
    if "@" in parts.netloc:
        raise EgressRefused("userinfo")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        host = in_ascii(host)
    except UnicodeError:
        raise EgressRefused("host") from None
    if not host or "%" in host or not all(character.isalnum() or character in "-._:" for character in host):
        raise EgressRefused("host")
    return host.lower()


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise EgressRefused("port") from None
    return DEFAULT_PORTS[parts.scheme] if port is None else port
