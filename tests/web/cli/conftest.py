"""Lectern's commands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Runs `flask --app wsgi`."""

    def run(*arguments: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=list(arguments), input=typed)

    return run
