"""What can be done with the decks that are kept: looked at, downloaded, changed, brought back.

Every verb takes the acting user first, as those of presentations/library/library.py do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, undefer

from presentations.database import Database, Lock, lock
from presentations.database.models import COMPLETE, Deck, KeptFile, Presentation, Slide, Version
from presentations.errors import Conflicting, NotFound, NotThere
from presentations.files import UPLOADED, Stored, add_version, bring_back
from presentations.library.queries import one_of
from presentations.library.quota import QuotaReached, bytes_used

# Presenton is asked whether a deck has changed there at most so often.
_LOOKED_AT_EVERY = timedelta(seconds=3)
# What failed is not tried sooner for being looked at, where it is tried within this anyway.
_TRIED_AGAIN_EVERY = timedelta(seconds=60)

_NOT_MADE = "This presentation is not made yet. Wait until it is complete."
_NO_SUCH_VERSION = "This presentation has no version {}. The newest ten are kept; look at its page for their numbers."
_NO_FILE = "There is no {} file of this presentation{}. Look at its page for why, and for what there is."


@dataclass(frozen=True)
class DeckView:
    """One presentation with what is kept of its deck, as its page and the API show it.

    `version` is the one that was asked for, or the one that is shown; `files` are by kind.
    """

    presentation: Presentation
    deck: Deck | None
    version: Version | None
    versions: Sequence[Version]
    files: Mapping[str, KeptFile]
    slides: Sequence[Slide]


@dataclass(frozen=True)
class KeptVersion:
    """A version and its files; `is_current`: it is the one that is shown."""

    version: Version
    files: Sequence[KeptFile]
    is_current: bool


@dataclass(frozen=True)
class Kept:
    """What is kept of the version that is shown: of which kinds there are files, and its slides (None: not counted)."""

    kinds: frozenset[str] = frozenset()
    slides: int | None = None


@dataclass(frozen=True)
class Picture:
    """A picture in the store: that of a slide of this presentation, `size` in bytes."""

    presentation_id: UUID
    sha256: str
    size: int


class Decks:
    """The decks of the presentations in one database. Of what their teachers upload as much counts as `quota_bytes`.

    Without that nothing can be uploaded.
    """

    def __init__(self, database: Database, quota_bytes: int = 0) -> None:
        self.database = database
        self._quota = quota_bytes

    def shown(self, user_id: str | None, presentation_id: str | UUID, version: int | None = None) -> DeckView:
        """A presentation, with its text and its outline, and its deck.

        Raises NotFound, also for a version that is not there.
        """
        with self.database.snapshot() as session:
            one = _found(session, user_id, presentation_id, is_whole=True)
            versions = _versions_of(session, one)
            number = version or one.version
            found = next((kept for kept in versions if kept.number == number), None)
            if version is not None and found is None:
                raise NotFound(_NO_SUCH_VERSION.format(version))
            of_version = {"presentation_id": one.id, "version": number}
            files = session.scalars(select(KeptFile).filter_by(**of_version))
            slides = session.scalars(select(Slide).filter_by(**of_version).order_by(Slide.number)).all()
            return DeckView(
                one, session.get(Deck, one.id), found, versions, {file.kind: file for file in files}, slides
            )

    def versions(self, user_id: str | None, presentation_id: str | UUID) -> list[KeptVersion]:
        """All versions that are kept, newest first. Raises NotFound."""
        with self.database.snapshot() as session:
            one = _found(session, user_id, presentation_id)
            versions = _versions_of(session, one)
            of_one = select(KeptFile).where(KeptFile.presentation_id == one.id)
            files = session.scalars(of_one.order_by(KeptFile.kind.desc())).all()
        return [
            KeptVersion(kept, [file for file in files if file.version == kept.number], kept.number == one.version)
            for kept in versions
        ]

    def kept(self, presentations: Sequence[Presentation]) -> Mapping[UUID, Kept]:
        """What is kept of each of these, which their user has been shown. Of what is not complete that is nothing."""
        shown = {one.id: one.version for one in presentations if one.status == COMPLETE and one.version}
        found: dict[UUID, Kept] = {one.id: Kept() for one in presentations}
        if not shown:
            return found
        of_version = and_(KeptFile.presentation_id == Version.presentation_id, KeptFile.version == Version.number)
        query = select(Version.presentation_id, Version.slides, KeptFile.kind).outerjoin(KeptFile, of_version)
        of_these = tuple_(Version.presentation_id, Version.number).in_(shown.items())
        with self.database.begin() as session:
            for one, slides, kind in session.execute(query.where(of_these)):
                found[one] = Kept(found[one].kinds | ({kind} if kind else set()), slides)
        return found

    def file(
        self, user_id: str | None, presentation_id: str | UUID, kind: str | None = None, version: int | None = None
    ) -> tuple[Presentation, KeptFile]:
        """A presentation and a file of it: of the kind that was asked for first, and the version that is shown.

        Raises NotFound, or NotThere where there is no such file, or not yet.
        """
        with self.database.snapshot() as session:
            one = _found(session, user_id, presentation_id)
            _require_made(one)
            number = version or one.version
            if version is not None and session.get(Version, (one.id, version)) is None:
                raise NotFound(_NO_SUCH_VERSION.format(version))
            wanted = kind or one.file_kind
            file = session.get(KeptFile, (one.id, number, wanted)) if number else None
        if file is None:
            raise NotThere(_NO_FILE.format(_NAMES[wanted], "" if version is None else f" in version {version}"))
        return one, file

    def picture(self, user_id: str | None, presentation_id: str | UUID, sha256: str) -> Picture:
        """The picture of a slide of this presentation, of whatever version. Raises NotFound."""
        with self.database.snapshot() as session:
            one = _found(session, user_id, presentation_id)
            of_one = select(Slide).where(
                Slide.presentation_id == one.id, or_(Slide.small_sha256 == sha256, Slide.large_sha256 == sha256)
            )
            slide = session.scalar(of_one.limit(1))
        size = slide and (slide.small_size if slide.small_sha256 == sha256 else slide.large_size)
        if not size:
            raise NotFound("This presentation has no such picture. Open its page again.")
        return Picture(one.id, sha256, size)

    def check_room(self, user_id: str | None, presentation_id: str | UUID, file: Stored) -> None:
        """Raises what upload() would: before the file is put in the store."""
        with self.database.begin() as session, session.begin_nested() as trial:
            self._upload(session, user_id, presentation_id, file)
            trial.rollback()

    def upload(self, user_id: str | None, presentation_id: str | UUID, file: Stored) -> int:
        """Show this file from now on, which is in the store already; gives the number of the version.

        Raises NotFound, NotThere where it is not made, or QuotaReached.
        """
        with self.database.begin() as session:
            return self._upload(session, user_id, presentation_id, file)

    def _upload(self, session: Session, user_id: str | None, presentation_id: str | UUID, file: Stored) -> int:
        one = _found(session, user_id, presentation_id)
        _require_made(one)
        lock(session, Lock.COUNT_UPLOADS, one.user_id)
        before = bytes_used(session, one.user_id)
        number = add_version(session, one.id, UPLOADED, file)
        if number is None:
            raise NotFound
        # The same file again takes no more room, nor one in place of an old version that is as large.
        if before < (after := bytes_used(session, one.user_id)) and after > self._quota:
            raise QuotaReached(one.shown_title, file.size, before, self._quota)
        _have_looked_at(session, one.id)
        return number

    def bring_back(self, user_id: str | None, presentation_id: str | UUID, version: int) -> int:
        """Show an older version again; gives the number that it has now. Raises NotFound, NotThere or Conflicting."""
        with self.database.begin() as session:
            one = _found(session, user_id, presentation_id)
            _require_made(one)
            if version == one.version:
                raise Conflicting(f"Version {version} is the one that is shown. Choose an older one to bring back.")
            number = bring_back(session, one.id, version)
            if number is None:
                raise NotFound(_NO_SUCH_VERSION.format(version))
            _have_looked_at(session, one.id)
        return number

    def want_current(self, user_id: str | None, presentation_id: str | UUID) -> None:
        """Have a worker ask Presenton soon whether the deck has changed there. Raises NotFound."""
        with self.database.begin() as session:
            one = _found(session, user_id, presentation_id)
            _have_looked_at(session, one.id, after=_LOOKED_AT_EVERY, unless_within=_TRIED_AGAIN_EVERY)


_NAMES = {"pptx": "PowerPoint", "pdf": "PDF"}


def _found(
    session: Session, user_id: str | None, presentation_id: str | UUID, *, is_whole: bool = False
) -> Presentation:
    query = select(Presentation).where(*one_of(user_id, presentation_id))
    found = session.scalar(query.options(undefer("*")) if is_whole else query)
    if found is None:
        raise NotFound
    return found


def _versions_of(session: Session, one: Presentation) -> Sequence[Version]:
    """Newest first."""
    of_one = select(Version).where(Version.presentation_id == one.id)
    return session.scalars(of_one.order_by(Version.number.desc())).all()


def _require_made(one: Presentation) -> None:
    if one.status != COMPLETE:
        raise NotThere(_NOT_MADE)


def _have_looked_at(
    session: Session, presentation_id: UUID, after: timedelta = timedelta(), unless_within: timedelta = timedelta()
) -> None:
    """Have a worker look at it at once, but not sooner than so long `after` the last look; what failed begins anew.

    A worker that is at it sees by `attempts` that it is to look once more.
    """
    due = func.greatest(func.now(), Deck.looked_at + after)
    is_later = or_(Deck.due_at.is_(None), Deck.due_at > due + unless_within, Deck.claimed_by.is_not(None))
    wish = update(Deck).where(Deck.id == presentation_id, is_later)
    session.execute(wish.values(due_at=due, attempts=0))
