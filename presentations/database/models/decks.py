"""What is kept of each presentation's deck: its versions, their files, and what stands on their slides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from presentations.database.models.base import Base


class Deck(Base):
    """What is to be done for one presentation's deck. What the columns mean is said in schema.sql."""

    __tablename__ = "presentation_decks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    failing_since: Mapped[datetime | None]
    problem: Mapped[str | None]
    looked_at: Mapped[datetime | None]
    presenton_state: Mapped[str | None]
    gone_at: Mapped[datetime | None]

    queued_at: Mapped[datetime | None]
    line_entry: Mapped[int] = mapped_column(server_default=text("0"))
    claimed_by: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]


class Version(Base):
    """One state of a deck: as it was made, edited, uploaded, or brought back."""

    __tablename__ = "presentation_versions"

    presentation_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    origin: Mapped[str]
    restored_from: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    slides: Mapped[int | None]
    words_problem: Mapped[str | None]
    pdf_problem: Mapped[str | None]
    pictures_problem: Mapped[str | None]
    prepared_at: Mapped[datetime | None]


class KeptFile(Base):
    """A file of a version. It is in the store, by its presentation and hash."""

    __tablename__ = "presentation_files"

    presentation_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    origin: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Slide(Base):
    """What stands on one slide of a version, and its pictures, once they are made."""

    __tablename__ = "presentation_slides"

    presentation_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str] = mapped_column(server_default="")
    notes: Mapped[str] = mapped_column(server_default="")
    search_text: Mapped[str] = mapped_column(server_default="")
    small_sha256: Mapped[str | None]
    small_size: Mapped[int | None]
    large_sha256: Mapped[str | None]
    large_size: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
