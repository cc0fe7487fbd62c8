"""The card of a presentation, kept as it was last written: most of a library is as it was when somebody last looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from flask import current_app, url_for
from markupsafe import Markup

from presentations.database.models import COMPLETE, Presentation
from presentations.web.times import said, zone

# About 2 KB each.
_KEPT = 2000


class Card(NamedTuple):
    """All that stands in a card: templates/_card.html knows nothing else, so what is alike here is alike there."""

    home: str
    id: UUID
    status: str
    title: str
    subject: str
    cover: str | None
    n_slides: int
    time: datetime
    zone: tzinfo | None
    today: date
    is_opened: bool
    has_file: bool
    awaits_teacher: bool
    slide: int | None

    @property
    def when(self) -> Markup:
        """When it was finished, or else asked for."""
        return said(self.time, self.zone, self.today)


def cards() -> Callable[..., Markup]:
    """What gives the cards of one page. `slide` is where what somebody looks for is found, if not in the title."""
    home, here = url_for("pages.index"), zone()
    today = datetime.now(here).date()

    def card(p: Presentation, slide: int | None = None) -> Markup:
        return _written(
            Card(
                home=home,
                id=p.id,
                status=p.status,
                title=p.shown_title,
                subject=p.subject,
                cover=p.cover,
                n_slides=p.n_slides,
                time=(p.status == COMPLETE and p.completed_at) or p.created_at,
                zone=here,
                today=today,
                is_opened=p.opened_at is not None,
                has_file=bool(p.version),
                awaits_teacher=p.awaits_teacher,
                slide=slide,
            )
        )

    return card


@lru_cache(_KEPT)
def _written(card: Card) -> Markup:
    return Markup(current_app.jinja_env.get_template("_card.html").render(card=card))  # noqa: S704 (it escapes)
