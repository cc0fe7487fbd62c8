"""The program that counts the pages of a PDF for `pages.py`, in the sandbox.

    python count.py FILE

It prints how many there are, as JSON; null where only a password opens the file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


def count(file: Path) -> int | None:
    """The number of pages, as the document says it."""
    try:
        with pypdfium2.PdfDocument(file) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY):
            return None
        raise


if __name__ == "__main__":
    try:
        print(json.dumps(count(Path(sys.argv[1]))))  # noqa: T201
    except pypdfium2.PdfiumError as error:
        sys.exit(str(error))
