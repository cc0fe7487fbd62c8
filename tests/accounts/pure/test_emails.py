"""When two e-mail addresses are the same, and which are none."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import characters

from presentations.accounts import checked_email
from presentations.errors import InvalidRequest


@pytest.mark.parametrize(
    ("written", "is_meant"),
    [
        (" Rosa.Moss@School.EXAMPLE ", "rosa.moss@school.example"),
        ("rosa@XN--Schule-Mnchen-3OB.example", "rosa@schule-m\u00fcnchen.example"),
        ("rosa@schule-m\u00fcnchen.example", "rosa@schule-m\u00fcnchen.example"),
        ("R\u00d6SA@school.example", "r\u00d6sa@school.example"),
        ("\u212aim@school.example", "\u212aim@school.example"),
        ("a_b+c@my_school.example", "a_b+c@my_school.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_has_one_spelling(written: str, is_meant: str) -> None:
    assert checked_email(written) == checked_email(is_meant) == is_meant


@pytest.mark.parametrize(
    "written",
    [
        "rosa",
        "@school.example",
        "rosa@",
        "a@b@school.example",
        "a b@school.example",
        "rosa@school\u200b.example",
        "ro\u00adsa@school.example",
        "rosa@schoo\u212a.example",
        "rosa@school\u3002example",
        "rosa@M\u00dcNCHEN.example",
        "rosa@schule-mu\u0308nchen.example",
        "rosa@xn--a.example",
        "rosa@\u00fc..example",
        "rosa@school\x00.example",
    ],
)
def test_what_is_none_is_refused(written: str) -> None:
    with pytest.raises(InvalidRequest, match="email: "):
        checked_email(written)


@given(characters(min_codepoint=128))
def test_no_other_letter_becomes_one_of_ascii(letter: str) -> None:
    for written in (f"x{letter}im@school.example", f"kim@s{letter}hool.example"):
        with suppress(InvalidRequest):
            assert not checked_email(written).isascii()
