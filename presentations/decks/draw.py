"""Draws the pages of a PDF; a script of its own, which `pictures.py` runs in the sandbox.

    python draw.py FILE FOLDER FIRST LAST SECONDS

Writes how many pages there are into `pages.json`, and of each page from FIRST to LAST its pictures, then the size of
the large one into `<page>.json`. A page that takes more than SECONDS ends it.
"""

from __future__ import annotations

import json
import math
import signal
import sys
from pathlib import Path

import pypdfium2
from PIL import Image

# Of the longer side, in pixels. Slides are wider than high, so it is their width.
LARGE, SMALL = 1600, 480
# A point is a pixel at 72 dpi: what is smaller than 400 points is drawn smaller than LARGE.
MOST_SCALE = 4.0


def main(file: Path, folder: Path, first: int, last: int, seconds: float) -> None:
    with pypdfium2.PdfDocument(file) as document:
        (folder / "pages.json").write_text(json.dumps(len(document)))
        for number in range(first, min(last, len(document)) + 1):
            # The signal ends it at once: Python would not be asked before the renderer comes back.
            signal.setitimer(signal.ITIMER_REAL, seconds)
            picture = draw(document, number)
            size = picture.size
            picture.save(folder / f"{number}-large.webp", quality=82)
            picture.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
            picture.save(folder / f"{number}-small.webp", quality=82)
            (folder / f"{number}.json").write_text(json.dumps(size))


def draw(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    """The page as a picture whose longer side has LARGE pixels, or fewer where the page is tiny."""
    page = document[number - 1]
    try:
        longer = max(page.get_size())
        if not (math.isfinite(longer) and longer > 0):
            raise ValueError(f"page {number} has no size")
        bitmap = page.render(scale=min(LARGE / longer, MOST_SCALE))
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return picture
    finally:
        page.close()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
    except pypdfium2.PdfiumError as error:
        sys.exit(str(error))
