"""Texts that come from outside."""

from __future__ import annotations

import pytest

from presentations.validation import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-12", -12), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("²", None), ("١٢", None), ("1_0", None)]
    + [(text, None) for text in ("", " 1", "+1", "1.0", "1e3", "9" * 5000)],
)
def test_whole_numbers_are_written_in_plain_digits(text: str, number: int | None) -> None:
    assert whole_number(text) == number
