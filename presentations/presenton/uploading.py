"""A teacher's file, given to Presenton, which keeps it until it is started again.

It is sent in pieces, and never held whole. Presenton reads files by the ending of their names, of which all releases
know these but for Markdown's, so that Markdown goes as the text that it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import BinaryIO

from urllib3.exceptions import TimeoutError as TimedOut
from urllib3.fields import RequestField
from urllib3.filepost import choose_boundary

from presentations.presenton.answers import Answer, storable
from presentations.presenton.calls import UPLOAD
from presentations.presenton.errors import BadAnswer, Failed, Refused
from presentations.presenton.failures import Cause, Failure
from presentations.presenton.sending import Sender
from presentations.presenton.transport import Streamed

# For 25 MB to be sent, and again for them to be taken: a school's line may be slow.
_SECONDS = 180.0
_PART = 64 * 1024
_MOST_BYTES_OF_NAME = 200
_LONGEST_PATH = 4096
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".txt": "text/plain",
}
_MARKDOWN = (".md", ".markdown")
# What ends a header or the name in it, and what parts the names of a path.
_UNFIT = dict.fromkeys([*range(32), 127, *map(ord, '"/\\')], "_")


def upload(sender: Sender, name: str, source: BinaryIO, size: int) -> str:
    """The path by which Presenton calls this file of `size` bytes. Asking once more is safe, of a source read anew.

    Raises Passing, Refused where it takes no files, Failed where it does not take this one, ValueError when the source
    has not so many bytes, and what `source` raises.
    """
    answer = sender.post_pieces(UPLOAD, _multipart(name, source, size), _SECONDS)
    if answer.status == 404 and not answer.is_json:
        raise BadAnswer(answer.words)  # a proxy's, that has lost its way
    if answer.is_unknown_call or answer.status == 405:
        raise Refused(f"It takes no files ({answer.words})")
    if answer.status in (400, 413, 415):
        raise Failed(Failure(Cause.FILE, answer.words))
    answer.raise_for_status()
    return _path_in(answer)


def _path_in(answer: Answer) -> str:
    paths = answer.json()
    path = paths[0] if isinstance(paths, list) and len(paths) == 1 else None
    if not isinstance(path, str) or not path or storable(path, _LONGEST_PATH) != path:
        raise BadAnswer(f"its answer is not the path of one file: {answer.words}")
    return path


def _multipart(name: str, source: BinaryIO, size: int) -> Streamed:
    """The body of a form with one file in it (RFC 7578)."""
    stem, ending = _named(name)
    field = RequestField("files", b"", filename=stem + ending)
    field.make_multipart(content_type=_TYPES.get(ending, "application/octet-stream"))
    boundary = choose_boundary()
    head = f"--{boundary}\r\n{field.render_headers()}".encode()
    end = f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(head) + size + len(end)),
    }
    return Streamed(headers, _pieces(head, source, size, end))


def _pieces(head: bytes, source: BinaryIO, size: int, end: bytes) -> Iterator[bytes]:
    deadline = time.monotonic() + _SECONDS
    yield head
    left = size
    while left and (piece := source.read(min(left, _PART))):
        if time.monotonic() > deadline:
            raise TimedOut(f"sending the file took longer than {_SECONDS:g} seconds")
        left -= len(piece)
        yield piece
    if left or source.read(1):
        raise ValueError(f"the file that is sent has not the {size} bytes that it was said to have")
    yield end


def _named(name: str) -> tuple[str, str]:
    """The stem and the ending of what it is called there: file systems take 255 bytes."""
    clean = storable(name.translate(_UNFIT))
    stem, dot, last = clean.rpartition(".")
    ending = f"{dot}{last}".lower()
    if ending in _MARKDOWN:
        ending = ".txt"
    elif ending not in _TYPES:
        stem, ending = clean, ""
    return stem.encode()[:_MOST_BYTES_OF_NAME].decode(errors="ignore") or "file", ending
