"""The tables of routes in docs/security.md, by tests/web/decisions.py: `python -m docs.security` writes them anew."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from presentations.local import Backends
from presentations.settings import load
from presentations.web import create_app
from tests.web.decisions import Decision, decision_on

PAGE = Path(__file__).parent / "security.md"
BEGIN = "<!-- made by python -m docs.security -->\n"
END = "<!-- end -->\n"

# Which blueprints belong to what a reader knows as one thing.
AREAS = {
    "Signing in": ("signin", "oidc"),
    "Teachers' pages": (
        "pages",
        "drafts",
        "lists",
        "usual",
        "material",
        "outlines",
        "looks",
        "actions",
        "files",
        "viewer",
        "versions",
    ),
    "Your account": ("account", "tokens", "webhooks"),
    "The API": ("api", "docs"),
    "For admins": ("admin",),
    "rq-dashboard": ("rq_dashboard",),
    "For machines, and what all pages need": ("health", "metering", "static"),
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def main() -> None:
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(page: str) -> str:
    """The page with the tables that it should have."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return before + BEGIN + "\n" + "\n".join(_lines(_unserved())) + "\n\n" + END + after


def _unserved() -> Flask:
    """The web with every route that it can have. No server is asked."""
    nowhere = {
        "DATABASE_URL": "postgresql://127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1",
        "SECRET_KEY": "none",
    }
    settings = load(nowhere)
    return create_app(settings, Backends.of(settings))


def _lines(app: Flask) -> Iterator[str]:
    yield from ("| who | that is |", "|---|---|")
    yield from (f"| {decision.word} | {decision.sentence} |" for decision in Decision)
    areas = _areas(app)
    for area in AREAS:
        yield from ("", f"**{area}**", "", "| address | takes | who |", "|---|---|---|")
        for (address, word), methods in sorted(areas[area].items()):
            yield f"| `{address}` | {', '.join(method for method in METHODS if method in methods)} | {word} |"


def _areas(app: Flask) -> dict[str, dict[tuple[str, str], set[str]]]:
    """Of each area: which methods each address takes from whom."""
    area_of = {blueprint: area for area, blueprints in AREAS.items() for blueprint in blueprints}
    areas: dict[str, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for rule in app.url_map.iter_rules():
        decision = decision_on(rule.endpoint)
        if decision is None:
            raise LookupError(f"decide in tests/web/decisions.py who may come in by {rule}")
        areas[area_of[rule.endpoint.partition(".")[0]]][_shown(rule.rule), decision.word] |= rule.methods or set()
    return areas


def _shown(rule: str) -> str:
    """An address without how its parts are read: <uuid:token_id> is <token_id>."""
    return re.sub(r"<\w+(?:\([^)]*\))?:", "<", rule)


if __name__ == "__main__":
    main()
