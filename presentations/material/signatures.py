"""What is no material, by its first bytes, and what to do with it.

Of what libraries such as puremagic know by their thousands only these are likely here, and each has its own advice. All
others are told by what they are not: no text.
"""

from __future__ import annotations

_PICTURE = (
    "This is a picture ({}), and slides are made of words. Put it into a Word file or save it as PDF: the words on it "
    "are read, where there are some."
)
_FILM = "This is a film or a recording, which cannot be read. Write down what is said in it, and use that as text."
_PROGRAM = "This is a program, and no document. Choose the document itself."
_ARCHIVE = "This is an archive ({}). Unpack it, and choose the documents in it."
_RTF = "This is Rich Text (RTF). Open it in Word, save it as .docx and try again."
_WEB_PAGE = "This is a web page. Open it, print it as PDF, and use that."

_BEGINNINGS = {
    b"\x89PNG": _PICTURE.format("PNG"),
    b"\xff\xd8\xff": _PICTURE.format("JPEG"),
    b"GIF8": _PICTURE.format("GIF"),
    b"II*\x00": _PICTURE.format("TIFF"),
    b"MM\x00*": _PICTURE.format("TIFF"),
    b"8BPS": _PICTURE.format("Photoshop"),
    b"ID3": _FILM,
    b"OggS": _FILM,
    b"\x1aE\xdf\xa3": _FILM,
    b"\x7fELF": _PROGRAM,
    b"\xcf\xfa\xed\xfe": _PROGRAM,
    b"\xca\xfe\xba\xbe": _PROGRAM,
    b"Rar!": _ARCHIVE.format("RAR"),
    b"7z\xbc\xaf": _ARCHIVE.format("7z"),
    b"\x1f\x8b": _ARCHIVE.format("gzip"),
    b"{\\rtf": _RTF,
}
# The kind stands after a length, or in an envelope: those of RIFF and of ISO 14496-12.
_WITHIN = {
    (b"RIFF", 8, b"WEBP"): _PICTURE.format("WebP"),
    (b"RIFF", 8, b""): _FILM,
    (b"", 4, b"ftyphei"): _PICTURE.format("HEIC"),
    (b"", 4, b"ftypmif1"): _PICTURE.format("HEIC"),
    (b"", 4, b"ftypavif"): _PICTURE.format("AVIF"),
    (b"", 4, b"ftyp"): _FILM,
    (b"BM", 6, b"\x00\x00\x00\x00"): _PICTURE.format("BMP"),
    (b"MZ", 2, b""): _PROGRAM,
    (b"", 257, b"ustar"): _ARCHIVE.format("tar"),
}
_UNSEEN = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<?xml", b"mime-version:")


def advice_on(head: bytes) -> str | None:
    """What to do with a file that begins so; None where it may be material."""
    for beginning, advice in _BEGINNINGS.items():
        if head.startswith(beginning):
            return advice
    for (beginning, place, kind), advice in _WITHIN.items():
        # What two letters say is only true of what is no text.
        is_sure = len(beginning) != 2 or b"\x00" in head
        if is_sure and head.startswith(beginning) and head.startswith(kind, place):
            return advice
    return _advice_on_markup(head)


def _advice_on_markup(head: bytes) -> str | None:
    words = head.lstrip(_UNSEEN).replace(b"\x00", b"").lower()
    if words.startswith(b"<svg") or (words.startswith(b"<?xml") and b"<svg" in words):
        return _PICTURE.format("SVG")
    return _WEB_PAGE if words.startswith(_PAGES) else None
