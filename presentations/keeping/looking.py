"""How a deck stands in Presenton, and its file fetched where it is another one than the newest that is kept."""

from __future__ import annotations

import logging
from pathlib import Path

from presentations.decks import Kind, is_same_deck
from presentations.files import EDITED, GENERATED, Damaged, Missing, Stored, add_version, deck_key
from presentations.folders import passing_folder
from presentations.keeping.claimed import NOW, SINCE_NOW, Claimed
from presentations.keeping.fetching import NotFetched, fetch, kind_of
from presentations.presenton import Failed, NotLetIn, PresentonError, Refused, UnknownDeck, has_same_slides

log = logging.getLogger(__name__)

_AWAY = "The slide generator does not answer just now, so this may not be the newest state of the slides."
_NOT_EXPORTED = "The slide generator cannot make a file of these slides. Make another like it."
_NOWHERE = "The slide generator did not say where its file is. Make another like it."


def look(one: Claimed) -> None:
    """Fetch the deck as it is in Presenton, if nothing is kept of it yet or it was changed there.

    Raises NotFetched, LeaseLost or Stopped.
    """
    deck_id = one.presentation.presenton_id
    if not deck_id:
        _fetch_as_made(one)
        return
    try:
        _follow(one, deck_id)
    except UnknownDeck:
        one.save(looked_at=NOW, gone_at=SINCE_NOW)
        _fetch_as_made(one)
    except PresentonError as error:
        log.info("presentation %s: Presenton does not say how its deck stands: %s", one.id, error)
        raise NotFetched(_AWAY, may_pass=True) from None


def export(one: Claimed, deck_id: str, kind: Kind) -> tuple[Stored, str]:
    """The deck as it is now in Presenton, as a file, and the state of which it is.

    Raises NotFetched, UnknownDeck, Passing, NotLetIn or Stopped.
    """
    presenton = one.context.presenton
    before = presenton.deck_updated_at(deck_id)
    try:
        path = presenton.export(deck_id, kind).path
    except NotLetIn:
        raise
    except (Failed, Refused) as error:
        log.info("presentation %s: Presenton exports no %s: %s", one.id, kind, error)
        raise NotFetched(_NOT_EXPORTED, may_pass=isinstance(error, Failed)) from None
    if not path:
        raise NotFetched(_NOT_EXPORTED, may_pass=False)
    file = fetch(one.context, one.presentation, path, kind, is_new=True)
    after = presenton.deck_updated_at(deck_id)
    return file, after if has_same_slides(before, after) else before


def _follow(one: Claimed, deck_id: str) -> None:
    state = one.context.presenton.deck_updated_at(deck_id)
    if one.version is None or one.row.presenton_state not in (None, state):
        try:
            file, state = export(one, deck_id, Kind(one.presentation.export_as or Kind.PPTX))
        except NotFetched as error:
            if one.version:
                raise
            _fetch_as_made(one, error)
        else:
            if not _is_as_kept(one, file):
                _keep(one, file, EDITED if one.version else GENERATED)
    one.save(looked_at=NOW, gone_at=None, presenton_state=state)


def _fetch_as_made(one: Claimed, not_exported: NotFetched | None = None) -> None:
    """The file that was made at first, if nothing is kept yet: it may be there for longer than its deck.

    Raises NotFetched: `not_exported`, if that may pass.
    """
    if one.version:
        return
    path = one.presentation.presenton_path
    try:
        if not path:
            raise NotFetched(_NOWHERE, may_pass=False)
        file = fetch(one.context, one.presentation, path, kind_of(path))
    except NotFetched:
        if not_exported and not_exported.may_pass:
            raise not_exported from None
        raise
    _keep(one, file, GENERATED)


def _is_as_kept(one: Claimed, file: Stored) -> bool:
    """Whether this is the version that is shown, saved once more: it would push out one that is another."""
    kept, store = one.files.get(file.kind), one.context.store
    if not kept or file.kind != Kind.PPTX:
        return False
    with passing_folder() as folder:
        decks = [Path(folder, name) for name in ("kept", "fetched")]
        try:
            for part, deck in zip((kept, file), decks, strict=True):
                store.fetch(deck_key(one.id, part.sha256), part.sha256, part.size, deck)
        except (Missing, Damaged) as error:
            log.error("presentation %s: what is kept of it cannot be used: %s", one.id, error.reason)
            return False
        return is_same_deck(*decks)


def _keep(one: Claimed, file: Stored, origin: str) -> None:
    with one.writing() as session:
        add_version(session, one.id, origin, file)
    one.read()
