"""Who may sign in, and what shows that it is them."""

from __future__ import annotations

import json
import logging
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from psycopg2.errors import UniqueViolation
from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from presentations.accounts.digests import digest_of
from presentations.accounts.emails import checked_email, has_email
from presentations.accounts.passwords import is_guessed_first
from presentations.accounts.powers import Ended, end_powers, is_admin
from presentations.database import Database
from presentations.database.models import ADMIN, TEACHER, SignInLink, User
from presentations.errors import InvalidRequest, NotFound, TooLarge, shown
from presentations.validation import checked_text, checked_user, shows_nothing

log = logging.getLogger(__name__)

ROLES = (TEACHER, ADMIN)
MIN_PASSWORD = 10
MAX_PASSWORD = 200
LINK_LIFE = timedelta(minutes=15)
# Bytes: as much as the form takes, in any script.
MAX_DRAFT = 300_000

# Each check takes 19 MB for a moment, and eight threads may check at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_MAX_CHOICE = 5000
_GUESSED = "this is one that is guessed first: choose several words that go together by chance"


class Changed(NamedTuple):
    """An account as it is now, and what was switched off by the change."""

    user: User
    ended: Ended


class Accounts:
    """The accounts in one database. Every verb raises Unavailable when that is away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, user_id: str, name: str, email: str, *, role: str = TEACHER, oidc_subject: str | None = None) -> User:
        """Make an account, as yet without a password. Raises InvalidRequest."""
        named = {"id": checked_user(user_id), "name": checked_text("name", name, 200), "email": checked_email(email)}
        values = {**named, "role": _checked_role(role), "oidc_subject": oidc_subject}
        try:
            with self.database.single() as session:
                added = session.scalars(insert(User).values(**values).returning(User)).one()
        except IntegrityError as error:
            if not isinstance(error.orig, UniqueViolation):
                raise
            field = "email" if error.orig.diag.constraint_name == "presentation_users_email" else "user_id"
            raise InvalidRequest(field, "another account has it: give another one") from None
        log.info("account %r: added as %s", added.id, role)
        return added

    def list(self) -> Sequence[User]:
        """All accounts, by id."""
        with self.database.single() as session:
            return session.scalars(select(User).order_by(User.id)).all()

    def get(self, user_id: str) -> User:
        """One account. Raises NotFound."""
        with self.database.single() as session:
            found = session.scalar(select(User).where(User.id == user_id))
        if found is None:
            raise _no_account(user_id)
        return found

    def check_password(self, email: str, password: str) -> User | None:
        """Sign in with a password: gives the user, or None, without a hint at what was wrong."""
        user = self._by_email(email)
        stored = user.password_hash if user and user.is_active else None
        # An e-mail that nobody has takes as long.
        is_right = _is_password(stored or _nobodys_hash(), password)
        if user is None or stored is None or not is_right:
            # Not what was typed: that may be a password, in the wrong field.
            whose = f"account {user.id!r}" if user else "an e-mail that no account has"
            log.warning("%s: nobody was let in by a password", whose)
            return None
        values: dict[str, Any] = {"signed_in_at": func.now()}
        if _HASHER.check_needs_rehash(stored):
            values["password_hash"] = _HASHER.hash(_normal(password))
        unchanged = (User.id == user.id, User.is_active, User.password_hash == stored)
        with self.database.single() as session:
            return session.scalar(update(User).where(*unchanged).values(**values).returning(User))

    def set_password(self, user_id: str, password: str) -> User:
        """Give a new password; all sessions and links of that user end. Raises InvalidRequest or NotFound."""
        hashed = _HASHER.hash(_normal(_checked_password(password, self.get(user_id))))
        changed = self._change(user_id, "new password", password_hash=hashed, session_key=func.gen_random_uuid())
        return changed.user

    def change_password(self, user_id: str, current: str, password: str) -> User:
        """set_password() for somebody who knows the current one, if there is one."""
        with self.database.single() as session:
            stored = session.scalar(select(User.password_hash).where(User.id == user_id))
        if stored is not None and not _is_password(stored, current):
            raise InvalidRequest("current", "this is not your current password: try again")
        return self.set_password(user_id, password)

    def remember_choices(self, user_id: str, choices: dict[str, str]) -> None:
        """Keep what a user last chose in the form, in place of what was kept before.

        Raises InvalidRequest for text that cannot be stored; one without an account has nothing kept.
        """
        kept = {
            field: "" if shows_nothing(value) else checked_text(field, value, _MAX_CHOICE)
            for field, value in choices.items()
        }
        with self.database.single() as session:
            session.execute(update(User).where(User.id == user_id).values(form_choices=kept))

    def keep_draft(self, user_id: str, fields: Mapping[str, str | Sequence[str]]) -> None:
        """Keep what a user has typed into the form and not sent, in place of what was kept before.

        What cannot be stored is left out. Raises TooLarge beyond MAX_DRAFT; one without an account has nothing kept.
        """
        kept = {name: _storable(value) for name, value in fields.items()}
        if len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_DRAFT:
            raise TooLarge(f"At most {MAX_DRAFT // 1000} KB of a draft are kept. Make its text shorter, or send it.")
        with self.database.single() as session:
            session.execute(update(User).where(User.id == user_id).values(form_draft=kept))

    def draft(self, user_id: str) -> dict[str, Any] | None:
        """What keep_draft() has kept; None when there is nothing."""
        with self.database.single() as session:
            return session.scalar(select(User.form_draft).where(User.id == user_id))

    def forget_draft(self, user_id: str) -> None:
        """Keep nothing of what was typed into the form."""
        with self.database.single() as session:
            session.execute(update(User).where(User.id == user_id).values(form_draft=None))

    def set_role(self, user_id: str, role: str) -> Changed:
        """Make somebody an admin, or a teacher: then what stood on their being an admin ends.

        Raises InvalidRequest or NotFound.
        """
        return self._change(user_id, f"now {_checked_role(role)}", role=role)

    def deactivate(self, user_id: str) -> Changed:
        """Let a user in no longer; all sessions and links end, the presentations stay. Raises NotFound.

        Webhooks are switched off, and what stood on their being an admin ends. Their other tokens rest.
        """
        return self._change(user_id, "deactivated", is_active=False, session_key=func.gen_random_uuid())

    def reactivate(self, user_id: str) -> User:
        """Undo a deactivation. Raises NotFound."""
        return self._change(user_id, "active again", is_active=True).user

    def end_sessions(self, user_id: str) -> User:
        """Sign somebody out everywhere; all sessions and links end. Raises NotFound."""
        return self._change(user_id, "signed out everywhere", session_key=func.gen_random_uuid()).user

    def make_link(self, user_id: str, made_by: str | None = None) -> str:
        """The token of a new link that signs a user in once, within 15 minutes. Raises NotFound.

        It works for as long as `made_by` is an admin; None is a trusted process.
        """
        token = secrets.token_urlsafe(32)
        with self.database.begin() as session:
            session.execute(delete(SignInLink).where(SignInLink.expires_at < func.now()))
            if session.scalar(select(User.id).where(User.id == user_id, User.is_active)) is None:
                raise NotFound(
                    f"There is no active account with the id {user_id!r}. Look for it in the list of accounts."
                )
            row = {"token_hash": digest_of(token), "user_id": user_id, "made_by": made_by}
            session.execute(insert(SignInLink).values(row | {"expires_at": func.now() + LINK_LIFE}))
        return token

    def link_holder(self, token: str) -> User:
        """Whom a link would sign in; does not use it. Raises NotFound."""
        with self.database.single() as session:
            user_id = select(SignInLink.user_id).where(*_good_link(token)).scalar_subquery()
            return _found(session.scalar(select(User).where(User.id == user_id, User.is_active)))

    def use_link(self, token: str) -> User:
        """Sign in with a link, which is used up. Raises NotFound."""
        with self.database.begin() as session:
            used = update(SignInLink).where(*_good_link(token)).values(used_at=func.now())
            user_id = session.scalar(used.returning(SignInLink.user_id))
            signed_in = update(User).where(User.id == user_id, User.is_active).values(signed_in_at=func.now())
            return _found(session.scalar(signed_in.returning(User)))

    def _by_email(self, email: str) -> User | None:
        try:
            is_theirs = has_email(email)
        except InvalidRequest:
            return None
        with self.database.single() as session:
            return session.scalar(select(User).where(is_theirs))

    def _change(self, user_id: str, what: str, **to: Any) -> Changed:
        with self.database.begin() as session:
            # Links first, as in use_link(): one that is just being used is waited for, and what it starts is ended.
            session.execute(delete(SignInLink).where(SignInLink.user_id == user_id))
            query = update(User).where(User.id == user_id).values(**to).returning(User)
            changed: User | None = session.scalar(query)
            if changed is None:
                raise _no_account(user_id)
            ended = end_powers(session)
        log.info("account %r: %s", user_id, what)
        return Changed(changed, ended)


def _storable(value: str | Sequence[str]) -> str | list[str]:
    if isinstance(value, str):
        return value.replace("\x00", "").encode(errors="ignore").decode()
    return [str(_storable(one)) for one in value]


def _no_account(user_id: str) -> NotFound:
    return NotFound(f"There is no account with the id {user_id!r}. Look for it in the list of accounts.")


def _found(user: User | None) -> User:
    if user is None:
        raise NotFound("This link has been used, or is older than 15 minutes. Ask for a new one.")
    return user


def _good_link(token: str) -> list[ColumnElement[bool]]:
    return [
        SignInLink.token_hash == digest_of(token),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > func.now(),
        or_(SignInLink.made_by.is_(None), is_admin(SignInLink.made_by)),
    ]


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise InvalidRequest("role", f"expected one of {', '.join(ROLES)}, got {shown(role)}")
    return role


def _checked_password(password: str, user: User) -> str:
    if len(password) < MIN_PASSWORD:
        raise InvalidRequest("password", f"expected at least {MIN_PASSWORD} characters, got {len(password)}")
    if len(password) > MAX_PASSWORD:
        raise InvalidRequest("password", f"expected at most {MAX_PASSWORD} characters, got {len(password)}")
    if is_guessed_first(password, (user.id, user.name, user.email)):
        raise InvalidRequest("password", _GUESSED)
    return password


@cache
def _nobodys_hash() -> str:
    """What a password is checked against where there is no account, so that the answer takes as long."""
    return _HASHER.hash(secrets.token_urlsafe())


def _is_password(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, _normal(password))
    except VerifyMismatchError:
        return False


def _normal(password: str) -> bytes:
    """The same for the same letters, however a keyboard composes them. A megabyte of accents would take very long."""
    return unicodedata.normalize("NFKC", password[: MAX_PASSWORD + 1]).encode(errors="surrogatepass")
