"""What people do on Presenton's own pages, where each deck is a draft at first. Those made by the API never are."""

from __future__ import annotations

from dataclasses import replace

from presentations.demo.asked import Asked
from presentations.demo.decks import Deck, Decks, now
from presentations.demo.outline import title_of, write_slides


class People:
    def __init__(self, decks: Decks) -> None:
        self._decks = decks

    def begin(
        self,
        content: str,
        n_slides: int = 8,
        language: str = "",
        tone: str = "default",
        verbosity: str = "standard",
    ) -> str:
        """Begin a deck, and give its id. It has neither title nor slides."""
        asked = Asked(content=content, tone=tone, verbosity=verbosity, n_slides=n_slides, language=language)
        return self._decks.draft(asked).id

    def outline(self, deck_id: str) -> None:
        """Have its outline written: from then on it has a title, and still no slides."""
        deck = self._deck(deck_id)
        self._decks.add(replace(deck, title=title_of(deck.content), updated_at=now()))

    def write(self, deck_id: str, slides: int | None = None) -> None:
        """Have so many of its slides written, or all. It has no file: nobody has exported it."""
        self.outline(deck_id)
        deck = self._deck(deck_id)
        written = write_slides(deck.title or "", deck.n_slides)[:slides]
        self._decks.add(replace(deck, slides=written, updated_at=now()))

    def make(self, content: str, n_slides: int = 8, language: str = "") -> str:
        """A whole deck."""
        deck_id = self.begin(content, n_slides, language)
        self.write(deck_id)
        return deck_id

    def retitle(self, deck_id: str, index: int, title: str) -> None:
        """Give one of its slides another title, in the editor. Raises KeyError or IndexError if it is not there."""
        slides = list(self._deck(deck_id).slides)
        slides[index] = replace(slides[index], title=title)
        self._decks.change(deck_id, slides)

    def _deck(self, deck_id: str) -> Deck:
        deck = self._decks.get(deck_id)
        if not deck:
            raise KeyError(deck_id)
        return deck
