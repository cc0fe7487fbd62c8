"""The pictures of Presenton's templates, fetched a few at a time beside the probe, which they must not hold up."""

from __future__ import annotations

import time
from collections.abc import Sequence

from presentations.database import Database
from presentations.library import keep_thumbnail, thumbnails_wanted
from presentations.presenton import Presenton, Template, picture_type

_MOST_AT_ONCE = 20
# Seconds until what is no picture, or cannot be had, is asked for once more.
_IN_VAIN = 3600.0


class Thumbnails:
    """Those of one Presenton, kept in one database."""

    def __init__(self, database: Database, presenton: Presenton) -> None:
        self._database, self._presenton = database, presenton
        self._in_vain: dict[str, float] = {}

    def fetch(self, offered: Sequence[Template]) -> None:
        """Fetch some of those that are wanted; those that follow, the next time.

        Raises Unavailable, and PresentonError at the first that cannot be had, which does not hold up the others then.
        """
        now = time.monotonic()
        self._in_vain = {path: since for path, since in self._in_vain.items() if now - since < _IN_VAIN}
        wanted = thumbnails_wanted(self._database, offered)
        for template_id, path in [one for one in wanted if one[1] not in self._in_vain][:_MOST_AT_ONCE]:
            self._fetch(template_id, path)

    def _fetch(self, template_id: str, path: str) -> None:
        self._in_vain[path] = time.monotonic()
        if content := self._presenton.picture(path):
            keep_thumbnail(self._database, template_id, path, str(picture_type(content)), content)
            del self._in_vain[path]
