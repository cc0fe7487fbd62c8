"""How many pages a PDF has, counted by pdfium in the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from presentations.decks import sandbox
from presentations.decks.errors import Crashed

_SECONDS = 30
_MEMORY_MB = 1024


def count_pages(pdf: Path) -> int | None:
    """The number of pages, at least 1; None where only a password opens the file.

    One that anybody may read, and only not print or change, is read. Raises Crashed for a file that cannot be read, and
    TooLong after 30 seconds.
    """
    with TemporaryDirectory() as folder:
        command = [*sandbox.script("count"), str(pdf.resolve())]
        done = sandbox.run(command, seconds=_SECONDS, memory_mb=_MEMORY_MB, folder=Path(folder), reads=[pdf])
    return _said(done.output)


def _said(output: bytes) -> int | None:
    """What the program printed. The file may have made it print anything."""
    try:
        pages: object = json.loads(output)
    except (ValueError, RecursionError) as error:
        raise Crashed(f"the counter of pages printed no JSON: {error}") from error
    if pages is None:
        return None
    if type(pages) is not int or pages < 1:
        raise Crashed("the counter of pages printed something else than a number of pages")
    return pages
