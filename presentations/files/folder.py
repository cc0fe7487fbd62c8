"""Files in a folder of this machine, or of a network file system.

By the standard library, and not by obstore as in a bucket: obstore 0.12 follows links out of the folder, makes files
that all may read, does not wait for the disk (fsync), hides what a crash left behind, and hangs in a forked process.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from presentations.files.contents import Listed
from presentations.files.errors import Missing, StoreAway
from presentations.files.keys import INCOMING, is_key, passing_key

_PIECE = 256 * 1024
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# Whoever deletes a presentation's last file takes its folder away, perhaps just when another is on its way into it.
_TRIES = 5
_SAID = {
    errno.ENOENT: "it is not there",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "its disk quota is used up",
    errno.EROFS: "it can only be read",
    errno.EACCES: "Lectern's user may not read or write there",
    errno.EPERM: "Lectern's user may not read or write there",
    errno.ELOOP: "a link is in the way",
    errno.ENOTDIR: "what should be a folder is none",
}


@contextmanager
def _told(root: Path) -> Iterator[None]:
    """Turn what the system says into a sentence."""
    try:
        yield
    except OSError as error:
        said = _SAID.get(error.errno or 0, error.strerror or type(error).__name__)
        raise StoreAway(f"the folder {root}: {said}") from None


class Folder:
    """A folder as a store. `is_ours` says that it may be made where it is not there.

    Any other folder must be there: where it is on a disk that is not mounted just now, a new one would look like a
    store that lost everything.
    """

    def __init__(self, root: Path, *, is_ours: bool) -> None:
        self.root, self._is_ours = root, is_ours
        self.name = f"the folder {root}"

    def put(self, key: str, source: Path, disposition: str | None, media_type: str) -> None:
        """See Store.put. A folder keeps no name and no type beside the file."""
        with source.open("rb") as given, _told(self.root), self._folder([INCOMING], make=True) as incoming:
            part = passing_key(INCOMING).rpartition("/")[2]
            try:
                _write(given, part, incoming)
                self._bring_in(part, incoming, key)
            except BaseException:
                with suppress(OSError):
                    os.unlink(part, dir_fd=incoming)
                raise

    def _bring_in(self, part: str, incoming: int, key: str) -> None:
        *parts, name = key.split("/")
        for again in reversed(range(_TRIES)):
            try:
                with self._folder(parts, make=True) as there:
                    os.rename(part, name, src_dir_fd=incoming, dst_dir_fd=there)
                    os.fsync(there)
                return
            except FileNotFoundError:
                if not again:
                    raise

    def open(self, key: str) -> _File:
        """See Store.read."""
        *parts, name = key.split("/")
        self._check_root()
        with _told(self.root):
            try:
                with self._folder(parts) as there:
                    # Without O_NONBLOCK a pipe would be waited for.
                    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=there)
            except FileNotFoundError:
                raise Missing(f"{key} is not in {self.name}") from None
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise StoreAway(f"{self.name}: {key} is no file")
            return _File(open(descriptor, "rb", buffering=0), self.root)

    def delete(self, keys: Iterable[str]) -> None:
        """See Store.delete."""
        self._check_root()
        for key in keys:
            *parts, name = key.split("/")
            with _told(self.root), suppress(FileNotFoundError):
                with self._folder(parts) as there:
                    os.unlink(name, dir_fd=there)
                if len(parts) > 1:  # "incoming" stays: whoever writes there is in it
                    with suppress(OSError), self._folder(parts[:-1]) as above:
                        os.rmdir(parts[-1], dir_fd=above)

    def listed(self, prefix: str) -> Iterator[Listed]:
        """See Store.listed."""
        self._check_root()
        parts = [part for part in prefix.split("/") if part]
        with _told(self.root):
            yield from self._below(parts)

    def _below(self, parts: list[str]) -> Iterator[Listed]:
        """Folder by folder: no more than one of each depth is in memory. What goes away meanwhile is left out."""
        try:
            with self._folder(parts) as there, os.scandir(there) as entries:
                names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except FileNotFoundError:
            return
        for name, is_folder in names:
            if is_folder:
                yield from self._below([*parts, name])
            elif is_key(key := "/".join([*parts, name])) and (found := self._stat(parts, name)):
                yield Listed(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def _stat(self, parts: list[str], name: str) -> os.stat_result | None:
        with suppress(FileNotFoundError), self._folder(parts) as there:
            found = os.stat(name, dir_fd=there, follow_symlinks=False)
            return found if stat.S_ISREG(found.st_mode) else None
        return None

    def link(self, key: str, seconds: int) -> str | None:
        """None: nobody reaches a folder from outside."""
        return None

    def _check_root(self) -> None:
        """Raises StoreAway where the whole folder is away, which is not the same as a file that is missing."""
        with _told(self.root), self._folder([]):
            pass

    @contextmanager
    def _folder(self, parts: list[str], *, make: bool = False) -> Iterator[int]:
        """A descriptor of a folder in ours; no part of the way there may be a link."""
        if self._is_ours and not self.root.exists():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts:
                below = _enter(part, at, make=make)
                os.close(at)
                at = below
            yield at
        finally:
            os.close(at)


def _enter(part: str, at: int, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, 0o700, dir_fd=at)
            os.fsync(at)
    return os.open(part, _FOLDER, dir_fd=at)


def _write(given: BinaryIO, name: str, folder: int) -> None:
    """Copy into a new file, which is on the disk afterwards."""
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    with open(descriptor, "wb", buffering=0) as written:
        while piece := given.read(_PIECE):
            while piece:
                piece = piece[written.write(piece) :]
        os.fsync(descriptor)


class _File:
    """An open file of a folder: it can be read even when it is deleted meanwhile."""

    def __init__(self, file: BinaryIO, root: Path) -> None:
        self._file, self._root = file, root
        self.size = os.fstat(file.fileno()).st_size

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        at = start
        while at < end:
            with _told(self._root):
                piece = os.pread(self._file.fileno(), min(_PIECE, end - at), at)
            if not piece:
                return
            at += len(piece)
            yield piece

    def close(self) -> None:
        self._file.close()
