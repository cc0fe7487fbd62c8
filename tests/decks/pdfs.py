"""PDFs, written by hand: only so can they be bad in a given way."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

HELLO = b"BT /F1 60 Tf 60 300 Td (Photosynthesis) Tj ET"


@dataclass
class Page:
    """What is drawn on a page, its size in points, and other objects that it may draw, by name."""

    content: bytes = HELLO
    width: float = 960
    height: float = 540
    drawn: dict[str, bytes] = field(default_factory=dict)


def pdf(*pages: Page) -> bytes:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        drawn = b""
        for name, one in page.drawn.items():
            objects.append(one)
            drawn += b"/%s %d 0 R " % (name.encode(), len(objects))
        objects.append(stream(page.content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %f %f] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> /XObject << %s >> >> >>"
            % (page.width, page.height, len(objects), drawn)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return b"%PDF-1.7\n" + _numbered(objects) + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def stream(content: bytes, description: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (description, len(packed), packed)


def _numbered(objects: list[bytes]) -> bytes:
    return b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))


FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 960 540]"


def endless() -> Page:
    """Forms that draw the next one ten times each: the last one is drawn 10^25 times."""
    forms = {f"X{level}": stream(b"/X%d Do " % (level + 1) * 10, FORM) for level in range(25)}
    return Page(b"/X0 Do", drawn=forms | {"X25": stream(b"0 0 9 9 re f", FORM)})


def swelling() -> Page:
    """A page whose drawing takes gigabytes of memory: each `q` keeps all that the renderer is set to."""
    return Page(b"q " * 30_000_000)


def encrypted() -> bytes:
    """A PDF that opens with a password only."""
    by = b"/Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s>" % (b"00" * 32, b"11" * 32)
    return pdf(Page()).replace(b"/Root 1 0 R", b"/Root 1 0 R /ID [<00> <00>] /Encrypt << %s >>" % by)
