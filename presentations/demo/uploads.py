"""Files that decks are to be made from. They are kept until the next start, as Presenton does."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from werkzeug.datastructures import FileStorage

from presentations.demo.asked import Refused
from presentations.demo.failures import OUTLINES, Failure

TYPES = (
    *("application/pdf", "text/plain", "text/markdown", "application/msword"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    *("text/csv", "image/jpeg", "image/png"),
    *(".pdf", ".txt", ".doc", ".docx", ".ppt", ".pptx", ".xlsx", ".csv", ".jpg", ".jpeg", ".png"),
)
"""Fewer than Presenton takes; either the type or the ending has to be one of them."""


class Uploads:
    def __init__(self, folder: Path, users_folder: str) -> None:
        self._root = folder / "uploads"
        self._folder = self._root / users_folder
        shutil.rmtree(self._root, ignore_errors=True)

    def add(self, files: Iterable[FileStorage]) -> list[str]:
        """Keep the files of one request, and give their paths."""
        named = [(_name_of(file), file) for file in files]
        for name, file in named:
            if file.mimetype not in TYPES and Path(name).suffix.lower() not in TYPES:
                raise Refused(400, f"File '{name}' not accepted. Accepted types: {list(TYPES)}")
        folder = self._folder / str(uuid.uuid4())
        folder.mkdir(parents=True)
        for name, file in named:
            file.save(folder / name)
        return [str(folder / name) for name, _ in named]

    def failure_of(self, paths: Iterable[str]) -> Failure | None:
        """What comes of a generation from these files; None if they are there."""
        for path in paths:
            if not Path(os.path.abspath(path)).is_relative_to(self._root.absolute()):
                return Failure(OUTLINES, 400, "File path must stay within the temp directory")
            if not os.path.isfile(path):
                return Failure(OUTLINES, 404, "File not found")
        return None


def _name_of(file: FileStorage) -> str:
    return os.path.basename(file.filename or "") or "file"
