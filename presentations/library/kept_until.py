"""Until when a teacher's material is kept, unless its teacher keeps it for longer or removes it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, exists, func, select

from presentations.database.models import Material, Presentation, Upload

KEPT_UNUSED = timedelta(days=7)
"""Since it was given, what no presentation names."""
KEPT_USED = timedelta(days=30)
"""Since the end (complete, failed or cancelled) of the last presentation that names it."""

IS_NAMED = exists().where(Material.upload_id == Upload.id)
"""Whether a presentation names it, be that deleted as well, until it is purged."""

# One that waits or is being made has no end yet, and then there is no last one.
_LAST_END = (
    select(case((func.bool_and(Presentation.ended_at.is_not(None)), func.max(Presentation.ended_at))))
    .join(Material, Material.presentation_id == Presentation.id)
    .where(Material.upload_id == Upload.id)
    .scalar_subquery()
)

KEPT_UNTIL = case((~IS_NAMED, Upload.created_at + KEPT_UNUSED), (~Upload.is_kept, _LAST_END + KEPT_USED))
"""When an upload's time is over; NULL: while something is to be made from it, or as long as what was made."""
