"""How the value of an environment variable is read. Each raises ValueError, which says what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn
from redis.connection import parse_url

Parser = Callable[[str], Any]

# int() and float() take more spellings than anybody means, such as 1_000 and ١٢.
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]*)?|\.[0-9]+", re.ASCII)
# Letters, digits and a few marks: nothing that a browser, a cookie or a header could take for something else.
_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
# A URL of a server that is read alike by all who read it: in user name and password, what parts it is encoded.
_AS_WRITTEN = r"(?:[^@/?#\[\]%]|%[0-9A-Fa-f]{2})*"
_SERVER = r"(?:\[[0-9A-Fa-f:.]*\]|[^@/?#:\[\]]*)(?::\d*)?"
_SERVER_URL = re.compile(rf"[a-z0-9+]+://(?:{_AS_WRITTEN}@)?{_SERVER}(?:/[^@?#]*)?(?:\?(?:[^=&@#]+=[^#]*)?)?")
_TO_ENCODE = re.compile(r"[@/?#\[\]]|%(?![0-9A-Fa-f]{2})")
_DATABASE = re.compile(r"/?[0-9]{0,9}")
# AWS's rules for the names of buckets, and what stands in an address as it is.
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?", re.ASCII)
_HOST = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:\d+)?")


def number(kind: type[int] | type[float], low: float, high: float) -> Parser:
    noun = "a whole number" if kind is int else "a number"

    def parse(text: str) -> int | float:
        expected = f"expected {noun} from {low:g} to {high:g}"
        try:
            if not _NUMBER.fullmatch(text):
                raise ValueError
            value = kind(text)
        except ValueError:
            raise ValueError(expected) from None
        if not low <= value <= high:
            raise ValueError(expected)
        return value

    return parse


def choice(*words: str) -> Parser:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"expected one of {', '.join(words)}")
        return text

    return parse


def flag(text: str) -> bool:
    return bool(choice("0", "1")(text) == "1")


def url(*schemes: str) -> Parser:
    def parse(text: str) -> str:
        expected = f"expected a URL that starts with {' or '.join(s + '://' for s in schemes)}"
        try:
            parts = urlsplit(text)
        except ValueError:
            raise ValueError(expected) from None
        if parts.scheme not in schemes or not (parts.netloc or parts.path.strip("/")):
            raise ValueError(expected)
        _check_port(parts)
        return text

    return parse


def _check_port(parts: SplitResult) -> None:
    try:
        is_port = parts.port != 0
    except ValueError:
        is_port = False
    if not is_port:
        raise ValueError("expected its port to be a whole number from 1 to 65535")


def _check_encoding(text: str) -> None:
    """Raises ValueError when a password in a URL of a server has a character that would end it.

    The last @ is taken for the one that ends user name and password, since such a password may hold any.
    """
    if _SERVER_URL.fullmatch(text):
        return
    signed_in = text.partition("://")[2].rpartition("@")[0]
    found = dict.fromkeys(_TO_ENCODE.findall(signed_in))
    if found:
        encoded = " and ".join(f"{one} as {quote(one, safe='')}" for one in found)
        raise ValueError(f"expected its user name and password to be encoded: write {encoded} in them")


def database_url(text: str) -> str:
    _check_encoding(text)
    url("postgresql", "postgres", "postgresql+psycopg2")(text)
    try:
        parse_dsn(text.replace("+psycopg2", "", 1))
    except ProgrammingError:
        raise ValueError("expected a URL with no other parameters than libpq's") from None
    return text


def redis_url(text: str) -> str:
    _check_encoding(text)
    url("redis", "rediss", "unix")(text)
    try:
        parse_url(text)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ValueError("expected a URL with no other parameters than redis-py's") from None
    parts = urlsplit(text)
    # redis-py leaves out what it cannot read.
    if parts.scheme != "unix" and not _DATABASE.fullmatch(parts.path):
        raise ValueError("expected the number of its database after the /, such as redis://127.0.0.1:6379/0")
    return text


def header_value(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError("expected printable ASCII characters")
    return text


def web_url(text: str) -> str:
    url("http", "https")(text)
    parts = urlsplit(text)
    if not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected a URL such as http://presenton.example:5000")
    if parts.username or parts.password:
        raise ValueError("expected a URL without a user name and password in it")
    return text.rstrip("/")


def path_prefix(text: str) -> str:
    """A path that pages may stand under, such as /slides."""
    if not _PREFIX.fullmatch(text):
        raise ValueError("expected a path such as /slides")
    return text


def claim(text: str) -> tuple[str, str]:
    name, is_there, value = (part.strip() for part in text.partition("="))
    if not (name and is_there and value):
        raise ValueError("expected a claim and its value, such as groups=lectern-admins")
    return name, value


def address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("expected an IP address such as 127.0.0.1 or 0.0.0.0") from None


def hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in text.split(",") if host.strip())
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("expected names such as lectern.example, with commas between")
    return hosts


def path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def files_url(text: str) -> str:
    """A folder, by its whole path, or a bucket with what its keys begin with: s3://bucket/prefix."""
    if "://" not in text:
        return str(path(text))
    if not _BUCKET.fullmatch(text):
        raise ValueError("expected a folder such as /srv/lectern/files, or a bucket such as s3://lectern/files")
    return text.rstrip("/")


def seconds(low: float, high: float) -> Parser:
    return number(float, low, high)
