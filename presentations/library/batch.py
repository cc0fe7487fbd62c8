"""Many presentations asked for at once: each on its own, so that one that cannot be made does not cost the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from presentations.database.models import Presentation
from presentations.errors import InvalidRequest
from presentations.library.defaults import Filled
from presentations.library.library import Library

MAX_ITEMS = 50

# The arguments of Library.create(), but for the user and the idempotency key.
Item = Mapping[str, Any]


@dataclass(frozen=True)
class Checked:
    """What would come of asking: for each item what would be asked for, or what is wrong with it.

    `room` is how many more may wait now, at most the number of items.
    """

    items: list[Filled | InvalidRequest]
    room: int


def check_many(library: Library, user_id: str | None, items: Sequence[Item]) -> Checked:
    """What would come of ask_many(); nothing is asked for. Raises InvalidRequest unless there are 1 to 50 items."""
    _check_number(items)
    checked = [_checked(library, user_id, item) for item in items]
    series = func.generate_series(1, len(items)).table_valued("more").render_derived()
    query = select(func.count()).select_from(series).where(func.presentation_has_room(user_id, series.c.more))
    with library.database.single() as session:
        return Checked(checked, session.scalars(query).one())


def ask_many(
    library: Library, user_id: str | None, items: Sequence[Item], idempotency_key: str | None = None
) -> list[Presentation | InvalidRequest]:
    """Ask for each item, in their order: the presentation, or why it cannot be asked for (also LimitReached).

    With an `idempotency_key`, what is sent again, in any order, gives the first presentations; of two items alike,
    each is asked for. Raises InvalidRequest unless there are 1 to 50 items; NotAllowed and Unavailable as
    Library.create() does: some may have been asked for, then, and sending all again with the same key asks for the
    rest.
    """
    _check_number(items)
    keys = _keys(idempotency_key, items)
    return [_asked(library, user_id, item, key) for item, key in zip(items, keys, strict=True)]


def _check_number(items: Sequence[Item]) -> None:
    if not 1 <= len(items) <= MAX_ITEMS:
        raise InvalidRequest("items", f"expected 1 to {MAX_ITEMS} presentations, got {len(items)}")


def _checked(library: Library, user_id: str | None, item: Item) -> Filled | InvalidRequest:
    try:
        return library.check(user_id, **item)
    except InvalidRequest as error:
        return error


def _asked(library: Library, user_id: str | None, item: Item, key: str | None) -> Presentation | InvalidRequest:
    try:
        return library.create(user_id, **item, idempotency_key=key)
    except InvalidRequest as error:
        return error


def _keys(key: str | None, items: Sequence[Item]) -> Iterator[str | None]:
    """A key for each item, by what it is and how many like it came before; None where there is no key for all."""
    alike: Counter[str] = Counter()
    for item in items:
        written = repr(sorted(item.items()))
        alike[written] += 1
        parts = repr((key, written, alike[written]))
        yield None if key is None else hashlib.sha256(parts.encode()).hexdigest()
