"""The thumbnails of Presenton's templates, as workers fetched them: nobody who chooses has to wait for Presenton."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from presentations.database import Database
from presentations.database.models import TemplatePicture
from presentations.errors import NotFound

if TYPE_CHECKING:
    from presentations.presenton import Template

_FRESH = timedelta(days=1)


class Thumbnail(NamedTuple):
    """A picture: its media type and its bytes."""

    media_type: str
    content: bytes


def thumbnails_wanted(database: Database, templates: Sequence[Template]) -> list[tuple[str, str]]:
    """Id and path of each that is to be fetched: it is new, has moved, or is a day old. Forgets those that are gone."""
    of = {one.id: one.thumbnail for one in templates if one.thumbnail}
    known = select(TemplatePicture.template_id, TemplatePicture.path).where(
        TemplatePicture.seen_at > func.now() - _FRESH
    )
    with database.begin() as session:
        session.execute(delete(TemplatePicture).where(TemplatePicture.template_id.not_in(of)))
        kept = dict(session.execute(known).all())
    return [(template_id, path) for template_id, path in of.items() if kept.get(template_id) != path]


def keep_thumbnail(database: Database, template_id: str, path: str, media_type: str, content: bytes) -> None:
    """Keep what was fetched. Raises Unavailable."""
    values = {
        "path": path,
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": media_type,
        "content": content,
        "seen_at": func.now(),
    }
    keeping = insert(TemplatePicture).values(template_id=template_id, **values)
    with database.single() as session:
        session.execute(keeping.on_conflict_do_update(index_elements=["template_id"], set_=values))


def thumbnails(database: Database) -> Mapping[str, str]:
    """The SHA-256 of each template's thumbnail, by the template's id. Raises Unavailable."""
    with database.single() as session:
        return dict(session.execute(select(TemplatePicture.template_id, TemplatePicture.sha256)).all())


def thumbnail(database: Database, sha256: str) -> Thumbnail:
    """The thumbnail with this hash. Raises NotFound or Unavailable."""
    query = select(TemplatePicture.media_type, TemplatePicture.content).where(TemplatePicture.sha256 == sha256)
    found = None
    if sha256.isalnum():  # no column takes a NUL
        with database.single() as session:
            found = session.execute(query.limit(1)).one_or_none()
    if found is None:
        raise NotFound("There is no such picture, or no longer. Look at the page once more.")
    return Thumbnail(*found)
