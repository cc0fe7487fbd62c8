"""What admins set for everybody: how much one teacher may have waiting, whether the line goes on, what pages say."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import func, select, update

from presentations import lifecycle
from presentations.database import Database
from presentations.database.models import Control
from presentations.errors import InvalidRequest, shown
from presentations.jobs import Engine
from presentations.validation import checked_text, shows_nothing

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
MAX_NOTICE = 300


class Controls:
    """The one row of controls in a database. Every verb raises Unavailable when that is away."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine

    def now(self) -> Control:
        """How they are set."""
        with self._database.single() as session:
            return session.scalars(select(Control)).one()

    def set_max_waiting(self, number: object) -> Control:
        """How many presentations of one teacher may wait at a time. Raises InvalidRequest."""
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_WAITING:
            raise InvalidRequest(
                "max_waiting", f"expected a whole number from 1 to {MOST_WAITING}, got {shown(number)}"
            )
        return self._set(max_waiting=number)

    def announce(self, notice: str) -> Control:
        """Have every page say this; nothing, if that is empty. Raises InvalidRequest."""
        return self._set(notice=None if shows_nothing(notice) else checked_text("notice", notice, MAX_NOTICE))

    def pause(self, reason: str) -> Control:
        """Begin nothing new; `reason` is shown to teachers. What is being made is made. Raises InvalidRequest."""
        why = checked_text("pause_reason", reason, MAX_NOTICE)
        paused = self._set(pause_reason=why, paused_at=func.coalesce(Control.paused_at, func.now()))
        with self._database.begin() as session:
            left = self._engine.take_out(session, ~lifecycle.begun())
        self._engine.leave(left)
        log.info("the line is paused")
        return paused

    def resume(self) -> Control:
        """Undo pause(). Within seconds, the dispatcher lets those that wait into the line."""
        log.info("the line goes on")
        return self._set(pause_reason=None, paused_at=None)

    def allow_web_search(self, is_allowed: bool) -> Control:
        """Whether teachers may have the language model search the web: only where its provider can."""
        return self._set(web_search=is_allowed)

    def _set(self, **values: Any) -> Control:
        with self._database.single() as session:
            return session.scalars(update(Control).values(**values).returning(Control)).one()
