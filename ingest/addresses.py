"""Which addresses may be fetched: of a URL as it is written, and of a host as it resolves.

A URL is parsed once, by httpx; what is checked here is the parsed value that the request is then made of. The table of
networks is ours and not `ipaddress.is_global`, whose answers change between versions of Python.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpx

from rag.errors import AddressRefusedError, SettingsError
from rag.settings import FetchSettings

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
# The last part of a name that some parsers and resolvers read as an IPv4 address: 2130706433, 0x7f.1, 127.1.
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\Z")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\]")
_MAX_URL_CHARS = 8000

# IANA's special-purpose registries, and what clouds answer on.
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform address, in public space
        "169.254.0.0/16",  # link-local, most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments, Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Everything outside is refused: ::1, ::, IPv4-mapped and -compatible, link-local, unique local, multicast, reserved.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo, benchmarking, ORCHID and the like
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3ffe::/16",  # the old 6bone
        "3fff::/20",  # documentation
    )
)
# On a network with IPv6 alone, every IPv4 site has such an address: the IPv4 address in it decides.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# ISATAP: an interface identifier that holds an IPv4 address, whatever the network before it.
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: str) -> bool:
    """Whether the address is one that a site on the public internet can have."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _REFUSED_V4)
    if parsed.scope_id is not None:
        return False
    if parsed in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    if (int(parsed) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return parsed in _GLOBAL_V6 and not any(parsed in network for network in _REFUSED_V6)


@dataclass(frozen=True, slots=True)
class AddressRules:
    """What may be fetched: any public address on `ports`, and the hosts listed whatever their address."""

    ports: frozenset[int]
    allowed: frozenset[tuple[str, int | None]]

    @classmethod
    def of(cls, settings: FetchSettings) -> AddressRules:
        """Raises SettingsError: an allowed host is not NAME or NAME:PORT."""
        return cls(frozenset(settings.ports), frozenset(_entries(settings.allowed_hosts)))

    def checked(self, written: str, *, base: httpx.URL | None = None) -> httpx.URL:
        """The URL as it will be requested, without its fragment; relative to `base` where that is given.

        Raises:
            AddressRefusedError: not http or https, credentials in it, a port or a host that may not be fetched.
        """
        url = self._parsed(written, base)
        host, port = host_of(url), port_of(url)
        if self.allows(host, port):
            return url
        if port not in self.ports:
            listed = "list it in ONRECORD_FETCH__PORTS, or the host with it in ONRECORD_FETCH__ALLOWED_HOSTS"
            raise AddressRefusedError(f"{shown(written)}: port {port} is not fetched from; {listed}")
        if (":" in host or _NUMBER.match(host.rpartition(".")[2])) and not is_public(host):
            raise AddressRefusedError(_private(host))
        return url

    def allows(self, host: str, port: int) -> bool:
        """Whether the host is listed: with this port, or without a port and this is one of the usual ones."""
        return (host, port) in self.allowed or ((host, None) in self.allowed and port in self.ports)

    def vetted(self, host: str, port: int, addresses: Sequence[str]) -> tuple[str, ...]:
        """The addresses of the host, all of which may be connected to.

        Raises:
            AddressRefusedError: one of them may not, and so none is.
        """
        if not self.allows(host, port) and not (port in self.ports and all(map(is_public, addresses))):
            raise AddressRefusedError(_private(host))
        return tuple(addresses)

    def _parsed(self, written: str, base: httpx.URL | None) -> httpx.URL:
        written = written.strip(" \t\r\n").replace(" ", "%20")
        if len(written) > _MAX_URL_CHARS or _UNSAFE.search(written):
            raise AddressRefusedError(f"{shown(written)} has backslashes or control characters in it, or is too long")
        try:
            url = base.join(written) if base is not None else httpx.URL(written)
            host = _canonical(url.raw_host)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise AddressRefusedError(f"{shown(written)} is not an address: {error}") from error
        if url.scheme not in _DEFAULT_PORTS or not host:
            raise AddressRefusedError(f"{shown(written)} is not an http or https address")
        if url.userinfo:
            raise AddressRefusedError(f"{shown(written)} has a user name in it, which is not sent: leave it out")
        if not _is_host(host):
            raise AddressRefusedError(f"{shown(written)}: its host is not a name or an address in its usual form")
        return url.copy_with(host=host, fragment=None)


def host_of(url: httpx.URL) -> str:
    """The host as it is resolved and listed: ASCII, without brackets. (`URL.host` is Unicode.)"""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    return url.port if url.port is not None else _DEFAULT_PORTS[url.scheme]


def shown(url: str | httpx.URL) -> str:
    """The URL as messages show it: at most 200 characters, without a user name and password."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(url))
    text = re.sub(r"^([^/?#]*//)[^/?#]*@", r"\1", text)
    return text if len(text) <= 200 else text[:199] + "…"


def _canonical(raw: bytes) -> str:
    """One spelling of each host: small letters, without the root's dot; IPv6 in its shortest form."""
    host = raw.decode("ascii").lower().removesuffix(".")
    return str(ipaddress.IPv6Address(host)) if ":" in host else host


def _is_host(host: str) -> bool:
    """A name, or an address as it is usually written; never 127.1, 0x7f.0.0.1 or 2130706433, nor a zone."""
    if ":" in host:
        return "%" not in host and is_address(host)
    if _NUMBER.match(host.rpartition(".")[2]):
        return is_address(host)
    return _NAME.fullmatch(host) is not None


def is_address(host: str) -> bool:
    """Whether the host is an IP address in its usual form, and so is not looked up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _entries(written: Iterable[str]) -> Iterable[tuple[str, int | None]]:
    for entry in written:
        bare = entry if entry.count(":") < 2 or entry.startswith("[") else f"[{entry}]"
        try:
            # Not http, where port 80 would be dropped as the usual one.
            url = httpx.URL(f"host://{bare}")
            host = _canonical(url.raw_host)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise SettingsError(f"ONRECORD_FETCH__ALLOWED_HOSTS: {entry!r} is not NAME or NAME:PORT") from error
        if not _is_host(host) or url.path not in ("", "/") or url.query or url.fragment:
            raise SettingsError(f"ONRECORD_FETCH__ALLOWED_HOSTS: {entry!r} is not NAME or NAME:PORT")
        yield host, url.port


def _private(host: str) -> str:
    return (
        f"{host} is not on the public internet; to fetch from it all the same, list it in ONRECORD_FETCH__ALLOWED_HOSTS"
    )
