"""Checks of what decks need: the sandbox that reads them, LibreOffice, and kept files that are still there."""

from __future__ import annotations

from sqlalchemy import select

from presentations.database import Database
from presentations.database.models import KeptFile, Presentation, Upload
from presentations.decks import Crashed, describe_sandbox, find_office
from presentations.files import Damaged, Missing, Store, deck_key, upload_key

# The files of so many presentations, the newest, are looked at, and so many uploads.
SAMPLE = 20
# Those that have no more bytes are read whole.
_READ_WHOLE = 1_000_000


def sandbox_works() -> tuple[str | None, str]:
    """What is wrong with the sandbox for programs that read decks, if anything, and from what it keeps them."""
    try:
        return None, describe_sandbox()
    except Crashed as error:
        return str(error), ""


def office_found() -> str:
    """Whether LibreOffice makes PDFs where Presenton makes none."""
    office = find_office()
    if office is None:
        return "LibreOffice is not installed here: of uploaded decks, and where Presenton exports none, there is no PDF"
    return f"LibreOffice makes PDFs where Presenton makes none ({office})"


def lost_files(database: Database, store: Store) -> tuple[int, int, int]:
    """How many of the newest files were looked at, how many the store has lost, and how many it has damaged.

    A large one is only seen to be there, and to have its size. Raises StoreError and Unavailable.
    """
    with database.begin() as session:
        kept: list[tuple[str, KeptFile | Upload]]
        kept = [(deck_key(one.presentation_id, one.sha256), one) for one in session.scalars(_NEWEST)]
        kept += [(upload_key(one.id, one.sha256), one) for one in session.scalars(_NEWEST_UPLOADS)]
    missing = damaged = 0
    for key, file in kept:
        try:
            _look(store, key, file)
        except Missing:
            missing += 1
        except Damaged:
            damaged += 1
    return len(kept), missing, damaged


def _look(store: Store, key: str, file: KeptFile | Upload) -> None:
    with store.read(key, file.sha256, file.size) as content:
        for _ in content.chunks() if file.size <= _READ_WHOLE else ():
            pass


_SAMPLED = (
    select(Presentation.id, Presentation.version)
    .where(Presentation.version.is_not(None))
    .order_by(Presentation.prepared_at.desc())
    .limit(SAMPLE)
    .subquery()
)
_NEWEST = (
    select(KeptFile)
    .join(_SAMPLED, (KeptFile.presentation_id == _SAMPLED.c.id) & (KeptFile.version == _SAMPLED.c.version))
    .order_by(KeptFile.made_at.desc())
    .limit(SAMPLE)
)
_NEWEST_UPLOADS = select(Upload).where(Upload.deleted_at.is_(None)).order_by(Upload.created_at.desc()).limit(SAMPLE)
