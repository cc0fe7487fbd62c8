"""A file fetched from Presenton into the store: whole, of the right kind, and no larger than it may be."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations.database.models import Deck as DeckRow
from presentations.database.models import Presentation
from presentations.decks import BadFile, Kind, check_file
from presentations.errors import LecternError
from presentations.files import GENERATED, PRESENTON, StoreAway, Stored, add_version, put_file
from presentations.jobs import Stopped, WorkerContext
from presentations.presenton import Deck, File, FileGone, FileWithheld, PresentonError, Unreachable

log = logging.getLogger(__name__)

_AWAY = "The slide generator does not give the file just now. Lectern asks for it again."
_GONE = "The slide generator no longer has the file. Make another like it."
_STORE_AWAY = "The file cannot be kept just now. Lectern tries again."


class NotFetched(LecternError):
    """There is no file just now. The message is for its teacher; `may_pass`: asking again later may work."""

    def __init__(self, sentence: str, *, may_pass: bool) -> None:
        super().__init__(sentence)
        self.may_pass = may_pass


def keep_made(context: WorkerContext, one: Presentation, deck: Deck) -> None:
    """Keep the file of a deck that was just made, before its presentation is said to be complete.

    Where it cannot be had just now, prepare_deck() fetches it later. Raises Stopped.
    """
    if not deck.path:
        return
    try:
        state = context.presenton.deck_updated_at(deck.id) if deck.id else None
    except PresentonError:
        state = None
    try:
        file = fetch(context, one, deck.path)
    except NotFetched as error:
        log.warning("presentation %s: its file is fetched later: %s", one.id, error)
    else:
        context.when_database_answers(_keep, context, one.id, file, state)


def fetch(context: WorkerContext, one: Presentation, path: str) -> Stored:
    """Fetch an exported file, by its path in Presenton, into the store. Raises NotFetched or Stopped."""
    kind = Kind.PDF if path.lower().endswith(".pdf") else Kind.PPTX
    with TemporaryDirectory(prefix="lectern-") as folder:
        file = Path(folder, f"deck.{kind}")
        try:
            _save(context, context.presenton.file(path), file)
            check_file(file, kind, most_bytes=context.settings.max_file_bytes)
            return put_file(context.store, one, file, kind, PRESENTON)
        except BadFile as error:
            raise NotFetched(f"What the slide generator gave cannot be used: {error}", may_pass=True) from None
        except (FileGone, FileWithheld):
            raise NotFetched(_GONE, may_pass=False) from None
        except PresentonError as error:
            log.info("presentation %s: %s cannot be fetched: %s", one.id, kind, error)
            raise NotFetched(_AWAY, may_pass=True) from None
        except StoreAway:
            raise NotFetched(_STORE_AWAY, may_pass=True) from None


def _keep(context: WorkerContext, presentation_id: UUID, file: Stored, state: str | None) -> None:
    with context.database.begin() as session:
        if add_version(session, presentation_id, GENERATED, file) is not None:
            _remember(session, presentation_id, state)


def _remember(session: Session, presentation_id: UUID, state: str | None) -> None:
    """With which state of the deck in Presenton later ones are compared."""
    owner = select(Presentation.user_id).where(Presentation.id == presentation_id).scalar_subquery()
    row = insert(DeckRow).values(id=presentation_id, user_id=owner, due_at=None, presenton_state=state, gone_at=None)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"presenton_state": state, "gone_at": None}))


def _save(context: WorkerContext, source: File, file: Path) -> None:
    """Read it into `file`: up to a byte more than it may have, so that it is seen to be too large.

    Raises Unreachable or Stopped.
    """
    left, until = context.settings.max_file_bytes + 1, time.monotonic() + context.settings.download_timeout
    try:
        with file.open("wb") as written:
            for chunk in source.chunks():
                if context.stopping.is_set():
                    raise Stopped
                if time.monotonic() > until:
                    raise Unreachable("the file took too long")
                left -= written.write(chunk[:left])
                if not left:
                    return
    finally:
        source.close()
