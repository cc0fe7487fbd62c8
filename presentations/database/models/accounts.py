"""Users, the links that sign them in, their sessions, and the tokens of their programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base

TEACHER = "teacher"
ADMIN = "admin"


class User(Base):
    """Somebody who may sign in."""

    __tablename__ = "presentation_users"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(server_default=TEACHER)
    is_active: Mapped[bool] = mapped_column(server_default=true())
    session_key: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    signed_in_at: Mapped[datetime | None]
    form_choices: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    oidc_subject: Mapped[str | None] = mapped_column(unique=True)
    form_draft: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)

    @property
    def has_password(self) -> bool:
        """Whether a password signs this one in; if not, only a link does, or an identity provider."""
        return self.password_hash is not None


class SignInLink(Base):
    """A link that signs somebody in once."""

    __tablename__ = "presentation_sign_in_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    made_by: Mapped[str | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BrowserSession(Base):
    """Somebody who is signed in, in one browser."""

    __tablename__ = "presentation_sessions"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    session_key: Mapped[UUID]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Token(Base):
    """What a program shows instead of signing in."""

    __tablename__ = "presentation_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    user_id: Mapped[str]
    made_by: Mapped[str | None]
    name: Mapped[str]
    token_hash: Mapped[str]
    scopes: Mapped[str]
    acts_for_all: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]

    def allows(self, scope: str) -> bool:
        """Whether it is good for "read", or for "write"."""
        return scope in self.scopes.split()
