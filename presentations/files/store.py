"""Where files are kept: written whole or not at all, and checked when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256 as sha256_of
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol, Self

from presentations.files.bucket import Bucket
from presentations.files.contents import Content, Listed, Opened
from presentations.files.counting import counted
from presentations.files.errors import Damaged
from presentations.files.folder import Folder
from presentations.files.keys import check_key, check_prefix, is_key, passing_key
from presentations.settings import Settings
from presentations.telemetry.metrics import FILE_CALLS

_WHAT_CHECK_WRITES = b"Lectern looked whether it can write here. This may be deleted."


class _Place(Protocol):
    """A folder or a bucket: see the methods of Store."""

    name: str

    def put(self, key: str, source: Path, disposition: str | None, media_type: str) -> None: ...
    def open(self, key: str) -> Opened: ...
    def delete(self, keys: Iterable[str]) -> None: ...
    def listed(self, prefix: str) -> Iterator[Listed]: ...
    def link(self, key: str, seconds: int) -> str | None: ...


@contextmanager
def _call(name: str) -> Iterator[None]:
    with FILE_CALLS.labels(name).time(), counted(name):
        yield


class Store:
    """The files of all presentations and uploads. Safe to use by many threads and processes at once.

    Every method may raise StoreAway, and ValueError for a key that is none of `deck_key` or `upload_key`.
    """

    def __init__(self, place: _Place) -> None:
        self._place = place
        self.name = place.name
        """Where it is, for people: no secret."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The store that FILES_URL names. Nothing is looked at yet, so this works while it is away."""
        if folder := settings.files_folder:
            return cls(Folder(folder, is_ours=settings.files_url is None))
        return cls(Bucket(settings))

    def put(
        self, key: str, source: Path, *, disposition: str | None = None, media_type: str = "application/octet-stream"
    ) -> None:
        """Keep the file at `source`: all of it or nothing, on the disk when this returns. Again is the same as once.

        `disposition` (a header Content-Disposition) and `media_type` are what a browser is told that follows `link()`.
        Raises OSError when `source` cannot be read.
        """
        check_key(key)
        with _call("put"):
            self._place.put(key, source, disposition, media_type)

    def read(self, key: str, sha256: str, size: int) -> Content:
        """What was kept there, which has this SHA-256 and size.

        Raises Missing when it is not there, Damaged when its size is another.
        """
        check_key(key)
        with _call("read"):
            opened = self._place.open(key)
            if opened.size == size:
                return Content(key, opened, sha256, size)
            opened.close()
            raise Damaged(f"{key} has {opened.size} bytes instead of {size}")

    def fetch(self, key: str, sha256: str, size: int, into: Path) -> None:
        """Write what was kept there to the file `into`: all of it, as it was, or nothing.

        Raises Missing and Damaged as `read` and `Content.chunks`, OSError when `into` cannot be written.
        """
        with self.read(key, sha256, size) as content:
            try:
                with into.open("wb") as file:
                    for chunk in content.chunks():
                        file.write(chunk)
            except BaseException:
                with suppress(OSError):
                    into.unlink()
                raise

    def delete(self, keys: Iterable[str]) -> None:
        """Delete these. What is not there is as good as deleted."""
        wanted = list(keys)
        for key in wanted:
            check_key(key)
        with _call("delete"):
            self._place.delete(wanted)

    def delete_all(self, prefix: str) -> None:
        """Delete all files of one presentation or upload, whose `deck_prefix` or `upload_prefix` this is."""
        check_prefix(prefix)
        self.delete(one.key for one in self.listed(prefix))

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """All files, or those of one presentation or upload (by its prefix), as they are come upon: it may be millions.

        Among all are files on their way in (`incoming/`, `checks/`): old ones were left by a crash and can be deleted.
        What is not called as Lectern calls files is left out. What is written or deleted meanwhile may be among them.
        """
        if prefix:
            check_prefix(prefix)
        with counted("list"):
            yield from (one for one in self._place.listed(prefix) if is_key(one.key))

    def link(self, key: str, seconds: int) -> str | None:
        """An address at which anybody can fetch the file for so long; None where a store has no such thing.

        Whether the file is there is not looked at.
        """
        check_key(key)
        with _call("link"):
            return self._place.link(key, seconds)

    def check(self) -> None:
        """Raises StoreError when a small file cannot be written, read and deleted now."""
        key, digest = passing_key("checks"), sha256_of(_WHAT_CHECK_WRITES).hexdigest()
        with NamedTemporaryFile() as file:
            file.write(_WHAT_CHECK_WRITES)
            file.flush()
            self.put(key, Path(file.name))
        with self.read(key, digest, len(_WHAT_CHECK_WRITES)) as content:
            for _ in content.chunks():
                pass
        self.delete([key])
