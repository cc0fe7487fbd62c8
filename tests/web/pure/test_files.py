"""Names of files."""

from __future__ import annotations

import pytest

from presentations.database.models import Presentation
from presentations.web.files import file_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Cells", "Cells"),
        ("../../etc/passwd", "etc passwd"),
        ('a "b" <c>: d|e?', "a b c d e"),
        ("...", "Presentation"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 500, "x" * 100),
        ("مقدمة", "مقدمة"),
    ],
)
def test_files_have_names_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(Presentation(topic=title)) == name
