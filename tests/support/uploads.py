"""Material of teachers, as they have given it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from presentations.database import Database
from presentations.database.models import Upload
from presentations.files import Store
from presentations.library import Uploads
from presentations.material import check_material
from presentations.settings import Settings

QUOTA = 10_000

Give = Callable[..., Upload]


@pytest.fixture
def uploads(database: Database, settings: Settings) -> Uploads:
    """All material, of which nobody may have more than QUOTA bytes."""
    return Uploads(database, Store.of(settings), QUOTA)


@pytest.fixture
def give(uploads: Uploads, tmp_path: Path) -> Give:
    """Have a teacher give a text, or the file at a path."""

    def given(user_id: str, name: str = "cells.txt", content: str | bytes | Path = "Cells divide.") -> Upload:
        path = content if isinstance(content, Path) else tmp_path / "given"
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return uploads.add(user_id, check_material(path, name, most_bytes=1_000_000), path)

    return given
