"""How a deck stands in Presenton, and its file fetched where it is another one than the newest that is kept."""

from __future__ import annotations

from sqlalchemy import func

from presentations.files import EDITED, GENERATED, Stored, add_version
from presentations.keeping.claimed import Claimed
from presentations.keeping.fetching import NotFetched, fetch
from presentations.presenton import Failed, NotLetIn, Passing, PresentonError, Refused, UnknownDeck

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
        _fetch_as_made(one)
        with one.writing(looked_at=func.now(), gone_at=func.coalesce(type(one.row).gone_at, func.now())):
            pass
    except PresentonError as error:
        raise NotFetched(_AWAY, may_pass=isinstance(error, Passing | NotLetIn)) from None


def export(one: Claimed, deck_id: str, kind: str) -> Stored:
    """The deck as it is now in Presenton, as a file. Raises NotFetched, UnknownDeck, Passing or NotLetIn."""
    try:
        path = one.context.presenton.export(deck_id, kind).path
    except NotLetIn:
        raise
    except (Failed, Refused):
        path = None
    if not path:
        raise NotFetched(_NOT_EXPORTED, may_pass=False)
    return fetch(one.context, one.presentation, path)


def _follow(one: Claimed, deck_id: str) -> None:
    presenton = one.context.presenton
    state = presenton.deck_updated_at(deck_id)
    if one.version is None or one.row.presenton_state not in (None, state):
        try:
            file = export(one, deck_id, one.presentation.export_as or "pptx")
        except NotFetched:
            if one.version:
                raise
            _fetch_as_made(one)
        else:
            state = presenton.deck_updated_at(deck_id)  # to export it may count as a change
            _keep(one, file, EDITED if one.version else GENERATED)
    with one.writing(looked_at=func.now(), gone_at=None, presenton_state=state):
        pass


def _fetch_as_made(one: Claimed) -> None:
    """The file that was made at first, if nothing is kept yet: it may be there for longer than its deck."""
    if one.version:
        return
    path = one.presentation.presenton_path
    if not path:
        raise NotFetched(_NOWHERE, may_pass=False)
    _keep(one, fetch(one.context, one.presentation, path), GENERATED)


def _keep(one: Claimed, file: Stored, origin: str) -> None:
    with one.writing() as session:
        add_version(session, one.id, origin, file)
    one.read()
