"""A plugin for pytest that prints the matrix of the days that were played: `make releases`."""

from __future__ import annotations

import pytest

_outcomes: dict[str, dict[str, str]] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not isinstance(report, pytest.SubtestReport):
        return
    release, _, check = str(report.context.msg).partition(": ")
    outcomes = _outcomes.setdefault(release, {})
    # What is played in two modes has to hold in both.
    outcomes[check] = "yes" if report.passed and outcomes.get(check, "yes") == "yes" else "NO"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    from tests.presenton.table import table  # not before pytest has begun: it rewrites the asserts in there

    terminalreporter.write_line(table(_outcomes))
