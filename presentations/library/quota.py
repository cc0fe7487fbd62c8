"""How much of what a teacher gives is kept: material, and decks that they upload.

Decks that were made do not count, since nobody chose their size; nor does what was deleted, though it can be restored.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from presentations.database.models import DELETED, KeptFile, Presentation, Upload
from presentations.errors import InvalidRequest
from presentations.files import UPLOAD
from presentations.library.queries import owned_by, uploads_of
from presentations.material import megabytes


class QuotaReached(InvalidRequest):
    """A teacher has given as much as may be kept."""

    def __init__(self, name: str, size: int, used: int, quota: int) -> None:
        left = max(0, quota - used)
        super().__init__(
            "file",
            f"“{name}” has {megabytes(size)}, and of the {megabytes(quota)} for your files and the decks that you "
            f"upload only {megabytes(left)} are left: remove files that you no longer need, or delete presentations "
            "with such decks, and give it again",
        )


def bytes_used(session: Session, user_id: str | None) -> int:
    """How many bytes of a user's count; None: of everybody's. What several versions of a deck share counts once."""
    material = select(func.sum(Upload.size)).where(*uploads_of(user_id))
    files = (
        select(KeptFile.presentation_id, KeptFile.sha256, KeptFile.size)
        .join(Presentation, Presentation.id == KeptFile.presentation_id)
        .where(KeptFile.origin == UPLOAD, Presentation.status != DELETED, *owned_by(user_id))
        .distinct()
        .subquery()
    )
    decks = select(func.sum(files.c.size))
    total = func.coalesce(material.scalar_subquery(), 0) + func.coalesce(decks.scalar_subquery(), 0)
    return int(session.scalars(select(total)).one())
