"""Nobody adds a regular expression without thinking of the worst that it may be given."""

from __future__ import annotations

from tests.support import patterns

_ADVICE = "Say in tests/support/patterns.py who writes what it is asked of, and what would take it longest"


def test_every_regular_expression_is_decided_on() -> None:
    found = {use.key for use in patterns.python_uses()} | patterns.script_patterns()
    assert found == patterns.OURS.keys() | patterns.FOREIGN.keys() | patterns.CUT, _ADVICE


def test_each_is_asked_in_some_way() -> None:
    assert [use for use in patterns.python_uses() if use.key in patterns.FOREIGN and not use.methods] == []
