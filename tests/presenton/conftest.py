"""A Presenton that follows a script, and a working day with each release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presentations.accounts import Accounts
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import load
from presentations.web import create_app, db
from tests.presenton.scripted import Scripted
from tests.support.processes import Process
from tests.support.uploads import Give

pytest.register_assert_rewrite("tests.presenton.checks", "tests.presenton.day")

from tests.presenton.checks import CHECKS  # noqa: E402
from tests.presenton.day import Day, Family  # noqa: E402

IMPATIENCE = {"LOST_CALL_WAIT": "3", "RESTART_WAIT": "1"}


@pytest.fixture
def server() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def play(
    environment: dict[str, str],
    backends: Backends,
    library: Library,
    accounts: Accounts,
    give: Give,
    start_worker: Callable[..., Process],
    tmp_path: Path,
    subtests: pytest.Subtests,
) -> Callable[[Family, str], None]:
    """Plays the day of a family of releases, in a mode."""

    def play(family: Family, mode: str) -> None:
        with DemoPresenton(tmp_path / "presenton", 0.02, **family.demo_settings) as demo:
            changed = family.worker_settings | IMPATIENCE | {"PRESENTON_URL": demo.url, "PRESENTON_MODE": mode}
            app = create_app(load(environment | changed), backends)
            day = Day(family, demo, library, app, accounts, give, lambda: start_worker(**changed))
            for name, check in CHECKS.items():
                if check not in family.left_out:
                    with subtests.test(f"{family.name}: {name}"):
                        check(day)
                    demo.faults.clear()
                    demo.let_all_go()
            with app.app_context():
                db.engine.dispose()

    return play
