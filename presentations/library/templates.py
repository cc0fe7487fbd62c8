"""The templates that Presenton offers, as workers and `check` saw them: nobody who asks has to wait for Presenton."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import Control, OfferedTemplates
from presentations.errors import InvalidRequest, shown
from presentations.options import GenerationRequest

if TYPE_CHECKING:
    from presentations.presenton import Template

# Workers look every half minute. When none has for so long, nobody knows what was added meanwhile.
FRESH = timedelta(minutes=10)
_IS_FRESH = OfferedTemplates.seen_at > func.now() - FRESH
_HAS_OUTLINES = select(OfferedTemplates.has_outlines).where(_IS_FRESH)
_MOST_NAMED = 20


def keep_templates(database: Database, templates: Sequence[Template], *, has_outlines: bool = False) -> None:
    """Note what Presenton offers just now. Raises Unavailable."""
    listed = [asdict(one) for one in templates]
    values = {"listed": listed, "has_outlines": has_outlines, "seen_at": func.now()}
    query = insert(OfferedTemplates).values(**values).on_conflict_do_update(index_elements=["is_only"], set_=values)
    with database.single() as session:
        session.execute(query)


def known_templates(session: Session) -> Sequence[Template]:
    """What Presenton offered when it was last asked, in its order; none where it never was, or does not say."""
    return _listed(session, select(OfferedTemplates.listed))


def has_outlines(session: Session) -> bool:
    """Whether Presenton proposes outlines; also where nobody has looked of late."""
    return session.scalar(_HAS_OUTLINES) is not False


def may_search(session: Session) -> bool:
    """Whether an admin says that the language model can search the web."""
    return bool(session.scalar(select(Control.web_search)))


def wants_offered(request: GenerationRequest) -> bool:
    """Whether it asks for what not every Presenton has."""
    return any(request.values[name] for name in ("template", "outline_first", "web_search"))


def check_offered(session: Session, request: GenerationRequest) -> None:
    """Raise InvalidRequest for what Presenton is known not to have, or its admin not to allow."""
    if request.values["template"] is not None:
        _check_template(session, request.values["template"])
    if request.values["outline_first"] and not has_outlines(session):
        raise InvalidRequest("outline_first", "the slide generator here proposes no outlines: leave it out")
    if request.values["web_search"] and not may_search(session):
        raise InvalidRequest("web_search", "the language model here cannot search the web: leave it out")


def _check_template(session: Session, given: str) -> None:
    offered = _listed(session, select(OfferedTemplates.listed).where(_IS_FRESH))
    if offered and not any(one.is_meant_by(given) for one in offered):
        raise InvalidRequest(
            "template", f"expected one of the templates that Presenton has: {_named(offered)}; got {shown(given)}"
        )


def _listed(session: Session, query: Select[Any]) -> list[Template]:
    # Here and not above: most who ask name no template, and need not wait for an HTTP client.
    from presentations.presenton import Template

    return [Template(**one) for one in session.scalar(query) or ()]


def _named(offered: Sequence[Template]) -> str:
    more = len(offered) - _MOST_NAMED
    return ", ".join(one.called for one in offered[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
