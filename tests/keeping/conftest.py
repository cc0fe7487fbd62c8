"""A worker's parts in this process, so that a test decides what is done when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, update

from presentations.database import Database
from presentations.database.models import Deck, Presentation
from presentations.decks import Kind
from presentations.files import UPLOAD, Store, deck_key, put_file
from presentations.generation import make_presentation
from presentations.jobs import PRESENTATIONS, WorkerContext, current_context, quick_redis
from presentations.keeping import DECKS, prepare_deck
from presentations.library import Decks, DeckView, Library
from presentations.local import Backends
from presentations.presenton import Presenton
from presentations.settings import Settings
from tests.support.decks import a_pptx


@pytest.fixture
def decks(database: Database) -> Decks:
    return Decks(database, 1_000_000_000)


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store.of(settings)


class Hands:
    """What a worker does, one thing at a time."""

    def __init__(self, context: WorkerContext, library: Library, decks: Decks, folder: Path) -> None:
        self.context, self.library, self.decks, self.folder = context, library, decks, folder
        self._uploads = 0

    def make(self, topic: str = "Photosynthesis", slides: int = 2) -> Presentation:
        """Ask for a presentation of Alice's, and make it."""
        asked = self.library.create("alice", topic, slides)
        make_presentation(str(asked.id))
        return self.library.get(None, asked.id)

    def prepare(self, one: Presentation) -> DeckView:
        """See to its deck now, whenever that is due."""
        self.write(one, due_at=func.now())
        prepare_deck(str(one.id))
        return self.shown(one)

    def shown(self, one: Presentation) -> DeckView:
        return self.decks.shown(None, one.id)

    def deck(self, one: Presentation) -> Deck:
        found = self.shown(one).deck
        assert found
        return found

    def write(self, one: Presentation, **values: object) -> None:
        with self.context.database.begin() as session:
            session.execute(update(Deck).where(Deck.id == one.id).values(**values))

    def upload(self, one: Presentation, slides: int = 1) -> int:
        """Its teacher uploads another file than the last time."""
        self._uploads += 1
        file = a_pptx(self.folder / f"upload{self._uploads}.pptx", slides)
        return self.decks.upload("alice", one.id, put_file(self.context.store, one, file, Kind.PPTX, UPLOAD))

    def content(self, presentation_id: UUID, view: DeckView, kind: str = "pptx") -> bytes:
        file = view.files[kind]
        with self.context.store.read(deck_key(presentation_id, file.sha256), file.sha256, file.size) as kept:
            return b"".join(kept.chunks())


@pytest.fixture
def context(settings: Settings, database: Database, backends: Backends) -> Iterator[WorkerContext]:
    redis = quick_redis(backends.redis_url)
    context = WorkerContext(settings, database, redis, Presenton(settings), [PRESENTATIONS, DECKS])
    token = current_context.set(context)
    yield context
    current_context.reset(token)


@pytest.fixture
def hands(context: WorkerContext, library: Library, decks: Decks, tmp_path: Path) -> Hands:
    return Hands(context, library, decks, tmp_path)
