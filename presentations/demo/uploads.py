"""Files that decks are to be made from. They are kept until the next start, as Presenton does."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from werkzeug.datastructures import FileStorage

from presentations.demo.checks import Refused
from presentations.demo.failures import OUTLINES, Failure
from presentations.demo.reading import words_of

_OFFICE, _OPEN = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
_ENDINGS = (
    "pdf txt doc docx docm odt rtf ppt pptx pptm odp xls xlsx xlsm ods csv tsv jpg jpeg png gif bmp tiff tif webp"
)
TYPES = (
    *("application/pdf", "text/plain", "text/markdown", "application/msword"),
    *(f"{_OFFICE}wordprocessingml.document", "application/vnd.ms-word.document.macroenabled.12"),
    *(f"{_OPEN}text", "application/rtf", "text/rtf", "application/vnd.ms-powerpoint"),
    *(f"{_OFFICE}presentationml.presentation", "application/vnd.ms-powerpoint.presentation.macroenabled.12"),
    *(f"{_OPEN}presentation", "application/vnd.ms-excel"),
    *(f"{_OFFICE}spreadsheetml.sheet", "application/vnd.ms-excel.sheet.macroenabled.12"),
    *(f"{_OPEN}spreadsheet", "text/csv", "application/csv", "text/tab-separated-values", "text/tsv"),
    *(f"image/{kind}" for kind in ("jpeg", "png", "gif", "bmp", "tiff", "webp")),
    *(f".{ending}" for ending in _ENDINGS.split()),
)
"""As recorded, in Presenton's order; either the type or the ending has to be one of them.

Markdown is only known by its type: `.md` is none of the endings.
"""


class Uploads:
    def __init__(self, folder: Path, users_folder: str) -> None:
        self._root = folder / "uploads"
        self._folder = self._root / users_folder
        self.forget()

    def forget(self) -> None:
        """They are all gone, as after a restart."""
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

    @property
    def names(self) -> list[str]:
        """Of all files that are there."""
        return sorted(path.name for path in self._folder.glob("*/*"))

    def words_of(self, paths: Iterable[str]) -> list[str]:
        """The paragraphs of these files, which are there."""
        return [paragraph for path in paths for paragraph in words_of(Path(path))]

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
