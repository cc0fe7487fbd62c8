"""A kept file on its way out, checked as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as sha256_of
from typing import Protocol, Self

from presentations.files.counting import counted
from presentations.files.errors import Damaged


@dataclass(frozen=True)
class Listed:
    """A file that is in the store; `size` in bytes."""

    key: str
    size: int
    modified: datetime


class Opened(Protocol):
    """A file as a folder or a bucket gives it: not checked yet."""

    @property
    def size(self) -> int: ...

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`. Raises Missing and StoreAway."""

    def close(self) -> None: ...


class Content:
    """What is in a kept file. Close it, or use it in a `with`.

    `length` is the size of the whole in bytes.
    """

    def __init__(self, key: str, opened: Opened, sha256: str, size: int) -> None:
        self._key, self._opened, self._sha256 = key, opened, sha256
        self.length = size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or the connection; as often as you like."""
        self._opened.close()

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, in pieces; all of them by default.

        Raises Damaged when they are not those that were kept: for the whole file before its last piece is given out, so
        that nobody takes a damaged file for a whole one. Of a part only the length can be told. Raises Missing and
        StoreAway when the file or the store went away meanwhile, ValueError for what is no part of the file.
        """
        end = self.length if end is None else end
        if not 0 <= start <= end <= self.length:
            raise ValueError(f"expected a part of {self.length} bytes, got {start} to {end}")
        with counted("read"):
            yield from self._checked(start, end)

    def _checked(self, start: int, end: int) -> Iterator[bytes]:
        is_whole = (start, end) == (0, self.length)
        digest, left, last = sha256_of(), end - start, b""
        for chunk in self._opened.chunks(start, end) if left else ():
            digest.update(chunk)
            left -= len(chunk)
            if left < 0:
                break
            if chunk:
                if last:
                    yield last
                last = chunk
        if left:
            raise Damaged(f"{self._key} has {abs(left)} bytes {'less' if left > 0 else 'more'} than it had")
        if is_whole and digest.hexdigest() != self._sha256:
            raise Damaged(f"{self._key} has the SHA-256 {digest.hexdigest()}")
        if last:
            yield last
