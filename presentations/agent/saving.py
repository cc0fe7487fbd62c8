"""A kept file written to a path of this machine: all of it or nothing, and over nothing that is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from presentations.errors import InvalidRequest, shown


def save(path: str | os.PathLike[str], fetch: Callable[[Path], None]) -> Path:
    """Have `fetch` write a file that is to be at `path`; gives that path.

    Raises InvalidRequest where it cannot be, or something is there already, and what `fetch` raises.
    """
    target = _checked(path)
    part = None
    try:
        # In a folder of its own beside it: so it can be put there at once, and nobody else's file is in the way.
        part = Path(mkdtemp(prefix=".lectern-", dir=target.parent)) / "part"
        fetch(part)
        _put(part, target)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InvalidRequest("path", f"expected where a file can be written, got {shown(str(path))} ({why})") from None
    finally:
        if part:
            with suppress(OSError):
                part.unlink(missing_ok=True)
                part.parent.rmdir()
    return target


def _checked(path: object) -> Path:
    if not isinstance(path, str | os.PathLike) or not str(path) or "\0" in str(path):
        raise InvalidRequest("path", f"expected the path of a file that is to be written, got {shown(path)}")
    target = Path(path)
    if os.path.lexists(target):
        raise _taken(path)
    return target


def _put(part: Path, target: Path) -> None:
    try:
        os.link(part, target)  # which, unlike renaming, never takes the place of another file
    except FileExistsError:
        raise
    except OSError:  # some file systems have no second names
        if os.path.lexists(target):
            raise FileExistsError from None
        part.rename(target)


def _taken(path: object) -> InvalidRequest:
    return InvalidRequest("path", f"expected a path where nothing is yet, got {shown(str(path))}")
