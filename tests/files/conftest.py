"""A store of each kind: a folder, and a bucket of a real S3 server."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.files import Store
from presentations.settings import load
from tests.support.s3 import S3


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store.of(load({"VAR_DIR": str(tmp_path / "var")}))
    s3: S3 = request.getfixturevalue("s3")
    return Store.of(load(s3.environment()))
