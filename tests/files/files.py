"""Files to keep, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from presentations.files import Store, deck_key


@dataclass(frozen=True)
class Kept:
    """A file that a store was given."""

    key: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def told(self) -> tuple[str, str, int]:
        """What `read` and `fetch` are asked with."""
        return self.key, self.sha256, len(self.content)


def keep(store: Store, content: bytes, folder: Path, presentation: UUID | None = None) -> Kept:
    """Put a file with this content into the store."""
    source = folder / "source"
    source.write_bytes(content)
    kept = Kept(deck_key(presentation or uuid4(), sha256(content).hexdigest()), content)
    store.put(kept.key, source)
    return kept


def read(store: Store, kept: Kept, start: int = 0, end: int | None = None) -> bytes:
    with store.read(*kept.told) as content:
        return b"".join(content.chunks(start, end))
