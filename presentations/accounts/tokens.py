"""Bearer tokens: what a program shows instead of signing in."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update

from presentations.accounts.digests import digest_of
from presentations.accounts.powers import Ended, Powers, Reach, end_powers, is_admin, reach_of
from presentations.database import Database
from presentations.database.models import ADMIN, Token, User
from presentations.errors import InvalidRequest, NotFound
from presentations.validation import checked_text

log = logging.getLogger(__name__)

READ = "read"
WRITE = "write"
SCOPES = (READ, WRITE)
MAX_NAME = 100

# What leaks can be searched for by its first letters.
_PREFIX = "lectern_"
_USE_NOTED_EVERY = timedelta(minutes=1)


class Revoked(NamedTuple):
    """A token that works no longer, and what was switched off with it."""

    token: Token
    ended: Ended


class Holder(NamedTuple):
    """A token, whose it is, and for whom it acts now."""

    token: Token
    user: User
    reach: Reach

    @property
    def powers(self) -> Powers:
        """What it may do now."""
        return Powers(self.user.id, self.user.role, self.reach)


class Tokens:
    """The tokens in one database. Every verb raises Unavailable when that is away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def make(
        self,
        user_id: str,
        name: str,
        scopes: Iterable[str],
        acts_for_all: bool = False,
        *,
        made_by: str | None = None,
        is_trusted: bool = False,
    ) -> tuple[Token, str]:
        """Make a token of an account, and give it with its secret, which is kept nowhere.

        `scopes` are "read", "write" or both. One that acts for everybody is only made by an admin, and works for as
        long as they are one: that is `made_by`, or else its holder. A trusted process, such as the command line, makes
        one for anybody, which ends with no admin but a holder that is one. Raises InvalidRequest, or NotFound when
        there is no such active account.
        """
        values = {"name": checked_text("name", name, MAX_NAME), "scopes": _checked_scopes(scopes)}
        secret = _PREFIX + secrets.token_urlsafe(32)
        with self.database.begin() as session:
            role = session.scalar(select(User.role).where(User.id == user_id, User.is_active))
            if role is None:
                raise NotFound(
                    f"There is no active account with the id {user_id!r}. Look for it in the list of accounts."
                )
            maker = None if is_trusted and role != ADMIN else made_by or user_id
            if acts_for_all and maker is not None and not session.scalar(select(is_admin(maker))):
                raise InvalidRequest("acts_for_all", "only an admin may grant this: ask one, or leave it out")
            row = {"user_id": user_id, "made_by": maker, "token_hash": digest_of(secret), "acts_for_all": acts_for_all}
            token = session.scalars(insert(Token).values(values | row).returning(Token)).one()
        log.info("token %s: made for %r (%s%s)", token.id, user_id, token.scopes, ", all" if acts_for_all else "")
        return token, secret

    def list(self, user_id: str | None) -> Sequence[Token]:
        """The tokens of an account, newest first; those of all accounts for None, a trusted process."""
        owned = [] if user_id is None else [Token.user_id == user_id]
        with self.database.single() as session:
            return session.scalars(select(Token).where(*owned).order_by(Token.created_at.desc(), Token.id)).all()

    def revoke(self, user_id: str | None, token_id: str | UUID) -> Revoked:
        """Have a token work no longer, nor what only it gave ground to. None is a trusted process.

        Raises NotFound for what is not theirs.
        """
        owned = [] if user_id is None else [Token.user_id == user_id]
        with self.database.begin() as session:
            query = delete(Token).where(Token.id == _id_of(token_id), *owned).returning(Token)
            revoked: Token | None = session.scalar(query)
            if revoked is None:
                raise NotFound("There is no such token, or no longer. Look in the list of tokens.")
            ended = end_powers(session)
        log.info("token %s: revoked", revoked.id)
        return Revoked(revoked, ended)

    def holder(self, secret: str) -> Holder | None:
        """The token that has this secret, and for whom it acts now; None when it does not work. Notes its use."""
        with self.database.begin() as session:
            same = (Token.token_hash == digest_of(secret), Token.user_id == User.id)
            found = session.execute(select(Token, User, reach_of(Token.id)).where(*same)).one_or_none()
            token, user, reach = found or (None, None, None)
            if token is None or user is None or reach is None:
                return None
            is_news = or_(Token.last_used_at.is_(None), Token.last_used_at < func.now() - _USE_NOTED_EVERY)
            session.execute(update(Token).where(Token.id == token.id, is_news).values(last_used_at=func.now()))
        return Holder(token, user, reach)


def _checked_scopes(scopes: Iterable[str]) -> str:
    asked = set(scopes)
    if not asked or not asked <= set(SCOPES):
        raise InvalidRequest(
            "scopes", f"expected one or more of {', '.join(SCOPES)}, got {', '.join(sorted(asked)) or 'none'}"
        )
    return " ".join(scope for scope in SCOPES if scope in asked)


def _id_of(token_id: str | UUID) -> UUID:
    try:
        return token_id if isinstance(token_id, UUID) else UUID(token_id)
    except ValueError:
        raise NotFound("There is no such token, or no longer. Look in the list of tokens.") from None
