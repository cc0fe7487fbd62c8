"""What a file is called, wherever it is saved: that of a presentation, or somebody's own."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import regex

# File systems take 255 bytes; synchronising programs and archives put folders and marks of their own before or behind.
MOST_BYTES = 150
_MOST_PLAIN = 60
_NAMELESS = "Presentation"

# Of the characters that show nothing only those stay that join others to one: in emoji, and in Persian or Hindi.
_UNSEEN = regex.compile(
    r"(?V1)[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\p{Variation_Selector}\U000e0020-\U000e007f]]|\p{Bidi_Control}"
)
# What no file name on Windows, macOS or Linux may hold, and what is no character.
_NOT_IN_NAMES = regex.compile(r'[\p{Cc}\p{Cs}\p{Co}\p{Cn}<>:"/\\|?*]')
# At the end some of what is not seen belongs to the emoji before it.
_EDGES = regex.compile(r"^[\s.\u2800\p{Default_Ignorable_Code_Point}]+|[\s.\u2800\u200c\u200d]+$")
# Windows keeps these for devices, whatever follows the first dot.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = regex.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", regex.IGNORECASE)


@dataclass(frozen=True)
class FileNames:
    """`shown` is for people, at most 150 bytes of UTF-8; `plain` is ASCII, and no other presentation's."""

    shown: str
    plain: str

    @property
    def content_disposition(self) -> str:
        """The header of a download (RFC 6266): what reads no `filename*` takes the plain name."""
        return f"attachment; filename=\"{self.plain}\"; filename*=UTF-8''{quote(self.shown, safe='!#$&+^`|~')}"


def file_names(title: str, presentation_id: UUID, ending: str) -> FileNames:
    """What its file is called; `ending` is `.pptx`, `.pdf` or nothing."""
    shown = safe_name(title, nameless=_NAMELESS, most_bytes=MOST_BYTES - len(ending))
    return FileNames(shown + ending, f"{_plain(_clean(title))}-{presentation_id}{ending}")


def safe_name(text: str, *, nameless: str, most_bytes: int, most_characters: int = MOST_BYTES) -> str:
    """`text` as every file system takes it, with nothing in it that is not seen; `nameless` where nothing is left."""
    cut = _cut(_clean(text), most_bytes, most_characters)
    if _DEVICE.fullmatch(cut):
        return _cut(f"{nameless} {cut}", most_bytes, most_characters)
    return cut or nameless


def _clean(title: str) -> str:
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", title))
    return _stripped(" ".join(_NOT_IN_NAMES.sub(" ", text).split()))


def _cut(text: str, most_bytes: int, most_characters: int) -> str:
    """As much of it as fits, in whole characters as a reader counts them (grapheme clusters)."""
    while len(text.encode()) > most_bytes or len(text) > most_characters:
        # Each has a byte at least.
        clusters = regex.findall(r"\X", text)[: most_bytes + 1]
        text = _stripped("".join(clusters[:-1]))
    return text


def _stripped(text: str) -> str:
    """Without what hides a file, is not seen, or Windows drops at the edges of a name."""
    return str(_EDGES.sub("", text))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = regex.findall("[A-Za-z0-9]+", letters)
    return "-".join(words)[:_MOST_PLAIN].strip("-") or _NAMELESS
