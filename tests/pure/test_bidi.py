"""In which direction a text is written."""

from __future__ import annotations

import pytest

from presentations.bidi import is_right_to_left


@pytest.mark.parametrize(
    ("text", "is_from_right"),
    [
        ("", False),
        ("12. - ", False),
        ("Leaves", False),
        ("光合", False),
        ("3. ورقة", True),
        ("עלה green", True),
        ("C++ ورقة", False),
    ],
)
def test_the_first_letter_says_it(text: str, is_from_right: bool) -> None:
    assert is_right_to_left(text) is is_from_right
