"""Which Presenton is there, and what it offers: seen by the calls that it has, for it names its release nowhere."""

from __future__ import annotations

from collections.abc import Callable

from presentations.presenton.answers import Answer
from presentations.presenton.calls import outlines_path
from presentations.presenton.errors import NotPresenton
from presentations.presenton.templates import Template, TemplatePage, read_templates

Get = Callable[[str], Answer]

_VERIFY = "/api/v1/auth/verify"
_NO_TASK = "/api/v1/async-tasks/status/probe"
_NO_TASK_OF_0_5_15 = "/api/v1/ppt/presentation/status/probe"
_OUTLINES_OF_NOBODY = outlines_path("00000000-0000-0000-0000-000000000000")
_TEMPLATES = "/api/v1/ppt/template/all"
_TEMPLATES_OF_0_9_0 = "/api/v1/ppt/templates"

_PAGE_SIZE = 100
_MOST_PAGES = 20
_QUOTED = 200


def probe(get: Get) -> None:
    """Whether a Presenton is there and lets us in. Raises NotPresenton, Passing or Refused."""
    answer = get(_VERIFY)
    is_old = answer.is_unknown_call  # before 0.8
    if (answer.status == 404 and not is_old) or (answer.status == 200 and not _is_verified(answer)):
        raise NotPresenton(f"A web server that is no Presenton answers there ({answer.words[:_QUOTED]})")
    if not is_old:
        answer.raise_for_status()


def release(get: Get) -> str:
    """About which release it is. Raises Passing."""
    if _lacks(get, _VERIFY):
        return "0.5.14 or older" if _lacks(get, _NO_TASK_OF_0_5_15) else "0.5.15 to 0.7"
    if _lacks(get, _NO_TASK):
        return "0.8"
    return "0.9.0 to 0.9.2" if _lacks(get, _TEMPLATES) else "0.9.3 or newer"


def has_outlines(get: Get) -> bool:
    """Whether it proposes outlines, and gives them out. Raises Passing or Refused."""
    answer = get(_OUTLINES_OF_NOBODY)
    if answer.status not in (404, 405):
        answer.raise_for_status()
    answer.json()  # a proxy's page says nothing about what Presenton has
    return answer.status != 405 and not answer.is_unknown_call


def templates(get: Get) -> list[Template]:
    """The templates that may be asked for, 2,000 at most; none where it has no list. Raises Passing or Refused."""
    found: list[Template] = []
    for number in range(1, _MOST_PAGES + 1):
        page = _templates_on(get, number)
        found += page.templates
        if number * _PAGE_SIZE >= page.total:
            break
    return found[: _MOST_PAGES * _PAGE_SIZE]


def _templates_on(get: Get, number: int) -> TemplatePage:
    """One page of them; releases without pages give all at once."""
    answer = get(f"{_TEMPLATES}?page={number}&page_size={_PAGE_SIZE}")
    if answer.is_unknown_call:
        answer = get(_TEMPLATES_OF_0_9_0)
    if answer.is_unknown_call:
        return TemplatePage([], 0)
    answer.raise_for_status()
    return read_templates(answer.json())


def _lacks(get: Get, path: str) -> bool:
    answer = get(path)
    answer.json()  # a proxy's page says nothing about what Presenton has
    return answer.is_unknown_call


def _is_verified(answer: Answer) -> bool:
    said = answer.json() if answer.is_json else None
    return isinstance(said, dict) and "authenticated" in said
