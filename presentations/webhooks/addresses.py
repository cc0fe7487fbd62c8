"""Which addresses a webhook may have: none through which it would get into the network that Lectern runs in."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit

import idna

from presentations.errors import AddressRefused, InvalidRequest, shown

MAX_URL = 2000

_MOST_OF_A_NAME = 253
_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# What may stand in a path or query as it is; all else is percent-encoded.
_AS_IT_IS = "/?:@!$&'()*+,;=%~-._"

Network = IPv4Network | IPv6Network


def _networks(*texts: str) -> list[Network]:
    return [ip_network(text) for text in texts]


# Written out, since what `is_global` of the standard library says differs between its releases.
_NOT_PUBLIC = _networks(
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4"),
    # In IPv6 all that is public lies in 2000::/3; parts of that, such as 6to4 and Teredo, lead elsewhere.
    *("::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
)
_OF_A_SCHOOL = _networks(
    *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
# Where clouds tell a machine its own secrets, besides the link-local 169.254.169.254.
_METADATA = _networks(
    "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd20:ce::254/128"
)
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """A URL taken apart. `host` is a name in ASCII, or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: object) -> Target:
        """The parts of `url`. Raises InvalidRequest for what is not a plain http or https URL."""
        if not isinstance(url, str):
            raise _bad(f"expected text, got {type(url).__name__}")
        text = url.strip()
        if "\\" in text or any(one <= " " or one == "\x7f" or one.isspace() for one in text):
            raise _bad("holds characters that a URL cannot have: write them encoded, a space as %20")
        try:
            parts = urlsplit(text)
            port = parts.port
            query = f"?{parts.query}" if parts.query else ""
            path = quote(f"{parts.path or '/'}{query}", safe=_AS_IT_IS)
        except ValueError:
            raise _bad(f"expected a URL such as https://school.example/hook, got {shown(text)}") from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise _bad(f"expected a URL that starts with https:// or http://, got {shown(text)}")
        if "@" in parts.netloc:
            raise _bad("expected a URL without a user name and password in it")
        if port == 0:
            raise _bad("expected a port from 1 to 65535, got 0")
        target = cls(parts.scheme, _host(parts.hostname), port or _PORTS[parts.scheme], path)
        if len(target.url) > MAX_URL:
            raise _bad(f"expected at most {MAX_URL} characters, got {len(target.url)}")
        return target

    @property
    def is_numeric(self) -> bool:
        """Whether the host is an IP address, for which nobody need ask the DNS."""
        try:
            ip_address(self.host)
        except ValueError:
            return False
        return True

    @property
    def url(self) -> str:
        """The URL in its one spelling."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def addresses_of(target: Target, *, allow_private: bool) -> list[str]:
    """The IP addresses that a target's name stands for just now, all of which may be connected to.

    Asks the DNS, which may take long. Raises AddressRefused, with the same words for a name that nobody has and for one
    of our own network's, so that nobody learns which names that has.
    """
    try:
        found: list[Any] = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    if not addresses or not all(is_allowed(address, allow_private=allow_private) for address in addresses):
        raise AddressRefused
    return addresses


def is_allowed(address: str, *, allow_private: bool) -> bool:
    """Whether a webhook may go to this IP address. `allow_private` lets it into a school's own network."""
    try:
        ip = _meant(ip_address(address))
    except ValueError:
        return False
    if _is_in(ip, _METADATA):
        return False
    return not _is_in(ip, _NOT_PUBLIC) or (allow_private and _is_in(ip, _OF_A_SCHOOL))


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip.scope_id:
        return IPv6Address(int(ip))
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip


def _is_in(ip: IPv4Address | IPv6Address, networks: list[Network]) -> bool:
    return any(ip in network for network in networks if network.version == ip.version)


def _host(written: str) -> str:
    """A host name or IP address in its one spelling. Raises InvalidRequest."""
    try:
        return str(IPv6Address(written)) if ":" in written and "%" not in written else _name(written)
    except (ValueError, UnicodeError):
        raise _bad(f"expected a host name such as school.example, got {shown(written)}") from None


def _name(written: str) -> str:
    if len(written) > _MOST_OF_A_NAME:
        raise ValueError
    name = written if written.isascii() else idna.encode(written, uts46=True).decode()
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > _MOST_OF_A_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError
    # The C library reads 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1; we read numbers in one way only.
    if labels[-1].isdecimal() or re.fullmatch("0x[0-9a-f]*", labels[-1]):
        return str(IPv4Address(name))
    return name


def _bad(problem: str) -> InvalidRequest:
    return InvalidRequest("url", problem)
