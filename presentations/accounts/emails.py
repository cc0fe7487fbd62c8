"""When two e-mail addresses are the same."""

from __future__ import annotations

import string

import idna
from sqlalchemy import ColumnElement, collate, func

from presentations.database.models import User
from presentations.errors import InvalidRequest, shown
from presentations.validation import checked_id

_MAX_EMAIL = 254
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def checked_email(value: object) -> str:
    """An e-mail address in its one spelling: with small letters for A to Z, and the domain as IDNA2008 reads it.

    No other letter becomes a different one: with Unicode's rules the Kelvin sign is a k, and an address that somebody
    else can have would be taken for that of an account. Raises InvalidRequest.
    """
    written = checked_id("email", value.strip() if isinstance(value, str) else value, _MAX_EMAIL).translate(_SMALL)
    local, _, domain = written.rpartition("@")
    if not local or not domain or not written.isprintable() or " " in written or "@" in local:
        raise InvalidRequest("email", f"expected an e-mail address such as ada@school.example, got {shown(written)}")
    return f"{local}@{_domain(domain)}"


def has_email(value: object) -> ColumnElement[bool]:
    """Whether a user has this e-mail address. Raises InvalidRequest when it is none."""
    return func.lower(collate(User.email, "C")) == checked_email(value)


def _domain(written: str) -> str:
    """One that is not plain ASCII as people read it, whether it was given so or as xn--..."""
    if written.isascii() and "xn--" not in written:
        return written
    try:
        # Strict: other dots than "." are no dots.
        return idna.decode(idna.encode(written, strict=True), strict=True)
    except idna.IDNAError:
        raise InvalidRequest("email", f"{shown(written)} is no domain: check what stands after the @") from None
