"""Outlines: what a presentation is to be made of, slide by slide, while that waits for its teacher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database import Transition
from presentations.database.models import Presentation
from presentations.errors import Conflicting, InvalidRequest
from presentations.jobs import admit, check_room
from presentations.library.library import Library
from presentations.options import LEAST_WITH_CONTENTS, MAX_SLIDE, MAX_SLIDES
from presentations.validation import checked_text

_NOT_WAITING = (
    "This outline is not waiting for an answer: it was answered, put aside or never asked for. Look at how the "
    "presentation stands now."
)
_CHANGED = "This outline was changed meanwhile. Look at it as it is now, and answer that."


class Outlines:
    """The outlines of a library's presentations. Every verb takes the acting user first, as those of Library do."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def revise(
        self, user_id: str | None, presentation_id: str | UUID, slides: object, *, seen: datetime | None = None
    ) -> Presentation:
        """Keep an outline as its teacher has changed it, without having it made. Raises as accept() does."""
        with self._library.database.begin() as session:
            return self._answered(session, user_id, presentation_id, lifecycle.REVISE, slides, seen)

    def accept(
        self, user_id: str | None, presentation_id: str | UUID, slides: object = None, *, seen: datetime | None = None
    ) -> Presentation:
        """Have a presentation made of its outline: of these slides, each in Markdown, or as it was kept last.

        `seen` is `awaits_teacher_since` of what is answered: every change of an outline moves it. Raises NotFound,
        InvalidRequest (as LimitReached, too), or Conflicting when no outline waits, or not the one that was seen.
        """
        with self._library.database.begin() as session:
            presentation = self._answered(session, user_id, presentation_id, lifecycle.ACCEPT, slides, seen)
            _check_contents(presentation)
            check_room(session, presentation.user_id)
            entries = admit(session, presentation.user_id)
        self._library.engine.enter(entries)
        return presentation

    def _answered(
        self,
        session: Session,
        user_id: str | None,
        presentation_id: str | UUID,
        step: Transition,
        slides: object,
        seen: datetime | None,
    ) -> Presentation:
        presentation = self._library.found(session, user_id, presentation_id, is_whole=True)
        kept = presentation.outline if slides is None else checked_slides(slides)
        since = presentation.awaits_teacher_since
        if kept is None or not presentation.awaits_teacher:
            raise Conflicting(_NOT_WAITING)
        if seen not in (None, since):
            raise Conflicting(_CHANGED)
        # Somebody else may have answered since it was looked at.
        still = (Presentation.id == presentation.id, Presentation.awaits_teacher_since == since)
        answered = session.scalar(step.of(*still, outline=kept, n_slides=len(kept)).returning(Presentation.id))
        if answered is None:
            raise Conflicting(_CHANGED)
        return self._library.found(session, user_id, answered, is_whole=True)


def _check_contents(accepted: Presentation) -> None:
    if accepted.table_of_contents and accepted.n_slides < LEAST_WITH_CONTENTS:
        problem = f"with a slide of contents expected at least {LEAST_WITH_CONTENTS}, got {accepted.n_slides}: add some"
        raise InvalidRequest("slides", problem)


def checked_slides(value: object) -> list[str]:
    """The slides of an outline, each in Markdown. Raises InvalidRequest."""
    return [checked_text(f"slides.{number}", one, MAX_SLIDE) for number, one in enumerate(some_slides(value), 1)]


def some_slides(value: object) -> Sequence[object]:
    """As many slides as an outline can have, whatever they are. Raises InvalidRequest."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not 1 <= len(value) <= MAX_SLIDES:
        got: Any = len(value) if isinstance(value, Sequence) and not isinstance(value, str) else type(value).__name__
        raise InvalidRequest("slides", f"expected a list of 1 to {MAX_SLIDES} slides, got {got}")
    return value
