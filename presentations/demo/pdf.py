"""A deck as a PDF file, a page for each slide.

Its one font knows the letters of Western Europe. Others show as question marks: a demo needs no fonts of its own.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from presentations.demo.outline import Slide

_WIDTH, _HEIGHT, _MARGIN = 960, 540, 65
_TITLE_SIZE, _POINT_SIZE = 32, 20


def write_pdf(slides: list[Slide], file: Path) -> None:
    """Write the slides to `file`. Objects 1 to 3 are for all; each page is two more, itself and what is on it."""
    pages = [4 + 2 * number for number in range(len(slides))]
    kids = " ".join(f"{number} 0 R" for number in pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[0 0 {_WIDTH} {_HEIGHT}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, slide in zip(pages, slides, strict=True):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/Contents {number + 1} 0 R/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        shown = _show(slide)
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown))
    file.write_bytes(_file(objects))


def _show(slide: Slide) -> bytes:
    title = textwrap.wrap(slide.title, 48, max_lines=4) or [""]
    points = [line for point in slide.points for line in textwrap.wrap(f"- {point}", 78)]
    top = _HEIGHT - _MARGIN - _TITLE_SIZE
    below = top - len(title) * _TITLE_SIZE * 1.3 - _POINT_SIZE
    return _lines(title, _TITLE_SIZE, top) + _lines(points, _POINT_SIZE, below)


def _lines(lines: list[str], size: int, top: float) -> bytes:
    written = b"".join(b"(%b) Tj T*\n" % _text(line) for line in lines)
    return b"BT /F1 %d Tf %d TL %d %d Td\n%bET\n" % (size, size * 1.3, _MARGIN, top, written)


def _text(line: str) -> bytes:
    known = line.encode("cp1252", "replace")
    return known.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: list[bytes]) -> bytes:
    written = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table) + end
