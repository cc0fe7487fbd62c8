"""The kinds of files that slides are made of."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The value is the ending of their names, by which Presenton decides how it reads them."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    TXT = "txt"
    MD = "md"
