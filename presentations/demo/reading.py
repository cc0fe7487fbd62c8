"""The words in an uploaded file, paragraph by paragraph."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

# PDFium must not be used by two threads at once.
_pdfium = threading.Lock()


def words_of(file: Path) -> list[str]:
    """None if it has none, or cannot be read: what Presenton makes of a broken file was not recorded."""
    read = _READERS.get(file.suffix.lower())
    if not read:
        return []
    try:
        return read(file)
    except Exception:
        log.warning("an uploaded file cannot be read: %s", file.name, exc_info=True)
        return []


# What reads each kind is imported when it is needed: together they take longer than all of the demo's start.
def _of_text(file: Path) -> list[str]:
    lines = file.read_text("utf-8", errors="replace").lstrip("\ufeff").splitlines()
    return [line.lstrip("#-*> ") for line in lines]


def _of_docx(file: Path) -> list[str]:
    from docx import Document

    return [paragraph.text for paragraph in Document(str(file)).paragraphs]


def _of_pptx(file: Path) -> list[str]:
    from pptx import Presentation

    shapes = [shape for slide in Presentation(str(file)).slides for shape in slide.shapes]
    return [paragraph.text for shape in shapes if shape.has_text_frame for paragraph in shape.text_frame.paragraphs]


def _of_pdf(file: Path) -> list[str]:
    """Each page is one paragraph: where a line ends means nothing."""
    from pypdfium2 import PdfDocument

    with _pdfium, PdfDocument(file) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


_READERS: dict[str, Callable[[Path], list[str]]] = {
    **dict.fromkeys((".txt", ".md", ".csv", ".tsv"), _of_text),
    ".docx": _of_docx,
    ".pptx": _of_pptx,
    ".pdf": _of_pdf,
}
