"""Texts: in which encoding one is, and the same in UTF-8, which is all that Presenton reads."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from presentations.validation import shows_nothing

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
UTF_8 = "utf-8"
_WINDOWS = "cp1252"
# In Western languages one letter of twenty has a mark; what another code page wrote, read as this one, has more.
_MOST_MARKED = 0.25
# Polish of Windows: ą and ł.
_OF_ANOTHER = re.compile(r"[\xb9\xb3][a-z]")
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\v\f\r\x1a")


class NotText(Exception):
    """What these bytes say in no encoding that is known here."""


class NoWords(Exception):
    """A text of nothing but space, or what else shows nothing."""


def encoding_of(path: Path) -> str:
    """The encoding of a text, by Python's name. Raises NotText and NoWords.

    Without a mark it is UTF-8, or Windows-1252 where that is what a Western language looks like in it.
    """
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if head.startswith(mark)), None)
    for encoding in (marked,) if marked else (UTF_8, _WINDOWS):
        try:
            _check(path, encoding)
        except UnicodeError:
            continue
        return encoding
    raise NotText


def in_utf8(path: Path, encoding: str | None, folder: Path) -> Path:
    """The file that Presenton can read: this one, or where it is a text in another encoding, a copy in `folder`."""
    if encoding in (None, UTF_8):
        return path
    copy = folder / "text.txt"
    with copy.open("w", encoding=UTF_8, newline="") as file:
        file.writelines(_pieces(path, encoding))
    return copy


def _pieces(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _check(path: Path, encoding: str) -> None:
    """Raises UnicodeError unless it is a text in this encoding; NotText, NoWords."""
    has_words, letters, marked = False, 0, 0
    for piece in _pieces(path, encoding):
        if "\x00" in piece:
            raise NotText
        has_words = has_words or not shows_nothing(piece)
        if encoding == _WINDOWS:
            if not _CONTROLS.isdisjoint(piece) or _OF_ANOTHER.search(piece):
                raise NotText
            letters += sum(map(str.isalpha, piece))
            marked += len(piece) - len(piece.encode("ascii", "ignore"))
    if marked > _MOST_MARKED * letters:
        raise NotText
    if not has_words:
        raise NoWords
