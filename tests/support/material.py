"""Files that somebody may want slides made of: good ones, and what is none."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path
from zipfile import ZipFile

from docx import Document

from tests.support.decks import CONTENT_TYPES, rewritten

DOCUMENT_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def a_docx(path: Path, text: str = "Light falls on a leaf.") -> Path:
    """A Word file of one paragraph."""
    document = Document()
    document.add_paragraph(text)
    document.save(str(path))
    return path


def with_document_type(docx: Path, content_type: str) -> Path:
    """The Word file, said to be something else."""
    return rewritten(
        docx,
        lambda name, content: (
            content.replace(DOCUMENT_TYPE, content_type.encode()) if name == CONTENT_TYPES else content
        ),
    )


def a_zip_of(path: Path, *names: str) -> Path:
    """A ZIP with these files in it, which are empty."""
    with ZipFile(path, "w") as package:
        for name in names:
            package.writestr(name, b"")
    return path


def a_pdf_of(path: Path, pages: int, *, said: int | None = None) -> Path:
    """A PDF of so many empty pages, which are one object; it may say that it has another number of them."""
    kids = b"3 0 R " * pages
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages if said is None else said),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    ]
    return _pdf(path, objects, b"")


def a_locked_pdf(path: Path, password: bytes, owner_password: bytes = b"owner") -> Path:
    """A PDF that `password` opens; without one anybody may read it, and only the owner change it.

    Of the oldest kind, 40 bits (ISO 32000-1, 7.6.3: algorithms 2, 3 and 4).
    """
    file_id, rights = b"0123456789abcdef", -44
    owner = _rc4(md5(_padded(owner_password)).digest()[:5], _padded(password))
    key = md5(_padded(password) + owner + rights.to_bytes(4, "little", signed=True) + file_id).digest()[:5]
    user = _rc4(key, _PAD)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>"
        % (owner.hex().encode(), user.hex().encode(), rights),
    ]
    return _pdf(path, objects, b"/Encrypt 4 0 R /ID [<%s> <%s>]" % ((file_id.hex().encode(),) * 2))


def _pdf(path: Path, objects: list[bytes], trailer: bytes) -> Path:
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, len(body))
    path.write_bytes(body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table + end)
    return path


_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def _padded(password: bytes) -> bytes:
    return (password + _PAD)[:32]


def _rc4(key: bytes, content: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i, j, out = 0, 0, bytearray()
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
