"""What somebody may do just now, and what is switched off when they may no longer.

Nothing here is kept: it is asked at each use, of what an account and its tokens are at that moment. The rules that rows
are asked for, too, stand in schema.sql: presentation_is_admin(), _token_reach(), _acts_for_all() and _may_be_told().
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Text, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import ADMIN, SignInLink, Token, User, Webhook
from presentations.errors import NotAllowed, shown

log = logging.getLogger(__name__)

Reach = Literal["own", "all"]

_DEACTIVATED = "The account was deactivated."
_GROUNDLESS = "Whoever had it made may no longer act for everybody."


@dataclass(frozen=True)
class Powers:
    """What an account may do in one request: by a session, or by a token that reaches its own or everybody's.

    The pages and the API ask nothing else about tokens, webhooks, users, and whom somebody acts for.
    """

    user_id: str
    role: str
    reach: Reach | None = None

    @property
    def acts_for_all(self) -> bool:
        """Whether it may name another user, and have everybody's told: by a token that acts for everybody."""
        return self.reach == "all"

    @property
    def is_admin(self) -> bool:
        """Whether the admins' pages are open: by a session only."""
        return self.reach is None and self.role == ADMIN

    def check_acting_for(self, user_id: str) -> None:
        """Raises NotAllowed unless it may act for this user."""
        if user_id != self.user_id and not self.acts_for_all:
            raise NotAllowed(
                f"Only a token that acts for everybody may act for another user, here {shown(user_id)}: use such a "
                "token, or name nobody."
            )

    def check_telling_all(self, user_id: str) -> None:
        """Raises NotAllowed unless it may make a webhook of this user that tells of everybody's."""
        if user_id != self.user_id or not self.acts_for_all:
            raise NotAllowed(
                "Only a token that acts for everybody may ask for everybody's, and for itself: use such a token, or "
                "leave all_users out."
            )

    def reaches(self, webhook: Webhook) -> bool:
        """Whether it may see and change this webhook of a user that it acts for."""
        return self.is_admin or self.acts_for_all or not webhook.all_users

    def check_reaching(self, webhook: Webhook) -> None:
        """Raises NotAllowed unless it may see and change this webhook of a user that it acts for."""
        if not self.reaches(webhook):
            raise NotAllowed(
                "This webhook is told of everybody's: ask an admin, or use a token that acts for everybody."
            )


@dataclass(frozen=True)
class Ended:
    """What was switched off since the power that it stood on has ended."""

    tokens: tuple[UUID, ...] = ()
    webhooks: tuple[UUID, ...] = ()

    def named(self) -> list[str]:
        """Kind and id of each, for the audit log."""
        return [*(f"token {one}" for one in self.tokens), *(f"webhook {one}" for one in self.webhooks)]


def is_admin(account: Any) -> ColumnElement[bool]:
    """Whether an account, as an id or a column, is an active admin's."""
    return func.presentation_is_admin(account, type_=Boolean)


def reach_of(token: Any) -> ColumnElement[Reach | None]:
    """For whom a token, as an id or a column, acts now; NULL: it does not work."""
    return func.presentation_token_reach(token, type_=Text)


def may_be_told(webhook: type[Webhook]) -> ColumnElement[bool]:
    """Whether a webhook may be told anything now, if it is on."""
    return func.presentation_may_be_told(webhook.user_id, webhook.made_by, webhook.all_users, type_=Boolean)


def check_active(database: Database, user_id: str) -> None:
    """Raises NotAllowed when this user's account is deactivated: nobody acts for them."""
    with database.single() as session:
        if session.scalar(select(User.id).where(User.id == user_id, User.is_active.is_(False))) is not None:
            raise NotAllowed(
                f"The account {user_id!r} is deactivated: nobody may act for it. "
                "Ask whoever runs Lectern to let it in again."
            )


def end_powers(session: Session) -> Ended:
    """Switch off for good what stands on what somebody may no longer do; in the transaction that took it from them.

    Their tokens that acted for everybody, what they made for others as an admin, and the webhooks of all those.
    """
    session.execute(delete(SignInLink).where(SignInLink.made_by.is_not(None), ~is_admin(SignInLink.made_by)))
    lapsed = or_(
        Token.acts_for_all & reach_of(Token.id).is_distinct_from("all"),
        (Token.made_by != Token.user_id) & ~is_admin(Token.made_by),
    )
    tokens = session.scalars(delete(Token).where(lapsed).returning(Token.id)).all()
    is_deactivated = Webhook.user_id.in_(select(User.id).where(User.is_active.is_(False)))
    off = {
        "is_active": False,
        "switched_off_at": func.now(),
        "switched_off_why": case((is_deactivated, _DEACTIVATED), else_=_GROUNDLESS),
    }
    groundless = update(Webhook).where(Webhook.is_active, ~may_be_told(Webhook)).values(off)
    ended = Ended(tuple(tokens), tuple(session.scalars(groundless.returning(Webhook.id)).all()))
    for one in ended.named():
        log.info("%s: switched off, since what it stood on has ended", one)
    return ended
