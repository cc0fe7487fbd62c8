"""What is said of a file that is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.material import BadMaterial, check_material
from tests.support.refusals import says_what_to_do

NAME = "Cells\u202e 3.pdf"
MOST = 25_000_000


def refusal(file: Path, most_bytes: int = MOST) -> str:
    """The sentence, which names the file and says what to do."""
    with pytest.raises(BadMaterial) as raised:
        check_material(file, NAME, most_bytes=most_bytes)
    assert str(raised.value) == f"The file “\u2068Cells 3.pdf\u2069” cannot be used. {raised.value.problem}"
    assert says_what_to_do(raised.value.problem)
    return raised.value.problem
