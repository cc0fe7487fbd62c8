"""A file fetched from Presenton into the store: whole, of the right kind, and no larger than it may be."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations.database.models import Deck as DeckRow
from presentations.database.models import Presentation, Version
from presentations.decks import BadFile, Kind, check_file
from presentations.errors import LecternError
from presentations.files import GENERATED, PRESENTON, StoreAway, Stored, add_version, put_file
from presentations.folders import passing_folder
from presentations.jobs import PRESENTATIONS, Lease, Stopped, WorkerContext
from presentations.presenton import Deck, File, FileGone, FileWithheld, PresentonError, Unreachable

log = logging.getLogger(__name__)

_AWAY = "The slide generator does not give the file just now. Lectern asks for it again."
_BAD = "What the slide generator gives cannot be used ({}). Lectern asks for it again."
_TOO_LARGE = "The file is larger than the {} MB that are kept. Ask whoever runs Lectern to allow more (MAX_FILE_MB)."
_GONE = "The slide generator no longer has the file. Make another like it."
_NOT_KEPT = "The file cannot be kept just now. Lectern tries again."


class NotFetched(LecternError):
    """There is no file just now. The message is for its teacher; `may_pass`: asking again later may work."""

    def __init__(self, sentence: str, *, may_pass: bool) -> None:
        super().__init__(sentence)
        self.may_pass = may_pass


def keep_made(context: WorkerContext, one: Presentation, lease: Lease, deck: Deck) -> None:
    """Keep the file of a deck that was just made, before its presentation is said to be complete.

    `lease` is the presentation's. Where the file cannot be had just now, prepare_deck() fetches it later. Raises
    Stopped or LeaseLost.
    """
    if not deck.path:
        return
    try:
        state = context.presenton.deck_updated_at(deck.id) if deck.id else None
    except PresentonError:
        state = None
    try:
        file = fetch(context, one, deck.path, kind_of(deck.path))
    except NotFetched as error:
        log.warning("presentation %s: its file is fetched later: %s", one.id, error)
    else:
        context.when_database_answers(_keep, context, lease, file, state)


def kind_of(path: str) -> Kind:
    """The kind of file that has this path in Presenton."""
    return Kind.PDF if path.lower().endswith(".pdf") else Kind.PPTX


def fetch(context: WorkerContext, one: Presentation, path: str, kind: Kind, *, is_new: bool = False) -> Stored:
    """Fetch an exported file, by its path in Presenton, into the store. Raises NotFetched or Stopped.

    One that `is_new` was made a moment ago: where it is not there, it is not there yet.
    """
    with passing_folder() as folder:
        file = Path(folder, f"deck.{kind}")
        try:
            _save(context, context.presenton.file(path), file)
            check_file(file, kind, most_bytes=context.settings.max_file_bytes)
            return put_file(context.store, one, file, kind, PRESENTON)
        except BadFile as error:
            # Its first sentence says what it is; the others, what to do with a file of one's own.
            raise NotFetched(_BAD.format(str(error).partition(". ")[0]), may_pass=True) from None
        except PresentonError as error:
            log.info("presentation %s: its %s cannot be fetched: %s", one.id, kind, error)
            is_gone = isinstance(error, FileGone | FileWithheld) and not is_new
            raise NotFetched(_GONE if is_gone else _AWAY, may_pass=not is_gone) from None
        except (StoreAway, OSError) as error:
            reason = error.reason if isinstance(error, StoreAway) else error
            log.warning("presentation %s: its %s cannot be kept: %s", one.id, kind, reason)
            raise NotFetched(_NOT_KEPT, may_pass=True) from None


def _keep(context: WorkerContext, lease: Lease, file: Stored, state: str | None) -> None:
    with context.database.begin() as session:
        context.engine(PRESENTATIONS).leases.write(session, lease, lease_owner=lease.owner)
        # What was kept of an attempt that did not come to its end is nobody's.
        session.execute(delete(Version).filter_by(presentation_id=lease.row_id))
        add_version(session, lease.row_id, GENERATED, file)
        _remember(session, lease.row_id, state)


def _remember(session: Session, presentation_id: UUID, state: str | None) -> None:
    """With which state of the deck in Presenton later ones are compared."""
    owner = select(Presentation.user_id).where(Presentation.id == presentation_id).scalar_subquery()
    row = insert(DeckRow).values(id=presentation_id, user_id=owner, due_at=None, presenton_state=state, gone_at=None)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"presenton_state": state, "gone_at": None}))


def _save(context: WorkerContext, source: File, file: Path) -> None:
    """Read it into `file`. Raises Unreachable, Stopped, or NotFetched where it is too large."""
    left, until = context.settings.max_file_bytes, time.monotonic() + context.settings.download_timeout
    try:
        with file.open("wb") as written:
            for chunk in source.chunks():
                if context.stopping.is_set():
                    raise Stopped
                if time.monotonic() > until:
                    raise Unreachable("the file took too long")
                left -= len(chunk)
                if left < 0:
                    raise NotFetched(_TOO_LARGE.format(context.settings.max_file_mb), may_pass=False)
                written.write(chunk)
    finally:
        source.close()
