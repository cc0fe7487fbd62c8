"""The one Lectern that a whole process uses: its library, and the addresses that people open."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from presentations.files import Store
    from presentations.library import Decks, Library, Organiser, Outlines, Uploads


class Lectern(NamedTuple):
    """A library, and where browsers reach Presenton (empty: there is none, or nobody may edit there) and Lectern."""

    library: Library
    presenton_url: str
    web_url: str

    @property
    def organiser(self) -> Organiser:
        """What files presentations, over the same library."""
        from presentations.library import Organiser

        return Organiser(self.library.database, self.library.engine)

    @property
    def decks(self) -> Decks:
        """What is kept of what was made, in the same database."""
        from presentations.library import Decks

        return Decks(self.library.database)

    @property
    def outlines(self) -> Outlines:
        """The outlines that wait for their teachers, in the same library."""
        from presentations.library import Outlines

        return Outlines(self.library)


_lectern: list[Lectern] = []
_lock = threading.Lock()


def lectern() -> Lectern:
    """The Lectern of this process, by its environment; made at the first call.

    Raises SettingsError, or EmbeddedError when an embedded server is needed and cannot be started.
    """
    with _lock:
        if not _lectern:
            _lectern.append(_by_environment())
        return _lectern[0]


def store() -> Store:
    """Where the files are kept, by the environment. Raises SettingsError."""
    from presentations.files import Store
    from presentations.local import load_beside_run

    return Store.of(load_beside_run())


class Shelf(NamedTuple):
    """Where material goes, and how large a file of it may be."""

    uploads: Uploads
    most_bytes: int


def shelf() -> Shelf:
    """Where users' material is kept, by the environment. Raises SettingsError."""
    from presentations.files import Store
    from presentations.library import Uploads
    from presentations.local import load_beside_run

    configured = load_beside_run()
    database = lectern().library.database
    uploads = Uploads(database, Store.of(configured), configured.upload_quota_bytes)
    return Shelf(uploads, configured.max_upload_bytes)


def _by_environment() -> Lectern:
    # Here and not above: an agent that may never ask for a presentation should not wait for SQLAlchemy and RQ.
    with _collecting_nothing():
        from presentations.database import Database
        from presentations.jobs import PRESENTATIONS, Engine, quick_redis
        from presentations.library import Library
        from presentations.local import Backends, load_beside_run

    configured = load_beside_run()
    backends = Backends.of(configured)
    database = Database.at(backends.database_url, configured.database_connections, configured.database_wait)
    engine = Engine(PRESENTATIONS, database, quick_redis(backends.redis_url))
    editor = configured.presenton_browser_url if configured.presenton_editor else ""
    return Lectern(Library(database, engine), editor, configured.web_url)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Reading in makes no garbage, but more and more for Python's collector to look through: a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# A thread that makes it does not exist in a child that is forked meanwhile, and would never let go there of this lock,
# nor of those of its imports: a fork waits until it is made.
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)
