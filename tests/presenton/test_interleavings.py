"""Up to four that are alike, asked for and done in any order: each teacher gets her own, and it has a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.demo.caller import DECK, Caller
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.waiting import eventually

LOOKS = st.sampled_from([("English", "default"), ("German", "default"), ("English", "funny")])
Looks = list[tuple[str, str]]
Events = list[int]
ASK = -1
"""The next one is asked for. Any other event is a number: of those at work, which one is done."""


@st.composite
def alike(draw: st.DrawFn) -> tuple[Looks, Events]:
    """What differs between some that are alike, and in which order they are asked for and done."""
    looks = draw(st.lists(LOOKS, min_size=2, max_size=4))
    events: Events = []
    at_work, to_ask = 0, len(looks)
    while at_work or to_ask:
        if to_ask and (not at_work or draw(st.booleans())):
            events, at_work, to_ask = [*events, ASK], at_work + 1, to_ask - 1
        else:
            events, at_work = [*events, draw(st.integers(0, at_work - 1))], at_work - 1
    return looks, events


@dataclass
class School:
    library: Library
    demo: DemoPresenton
    topics: int = 0

    def play(self, looks: Looks, events: Events) -> list[Presentation]:
        """Ask for presentations that differ in language and tone only, in this order of events; all that was asked."""
        self.topics += 1
        asked: list[Presentation] = []
        self.demo.hold()
        for event in events:
            if event == ASK:
                language, tone = looks[len(asked)]
                topic, user = f"Topic {self.topics}.", f"teacher{len(asked)}"
                at_work = len(self.demo.held)
                asked.append(self.library.create(user, topic, 2, language=language, tone=tone))
                eventually(lambda: len(self.demo.held) > at_work)  # noqa: B023
            else:
                self.demo.let_go(self.demo.held[event])
        return ended(self.library, *asked)


@pytest.fixture
def school(library: Library, tmp_path: Path) -> Iterator[School]:
    with DemoPresenton(tmp_path / "presenton", release="0.9.3") as demo:
        yield School(library, demo)


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_none_are_swapped(school: School, start_worker: Callable[..., Process], mode: str) -> None:
    start_worker(PRESENTON_MODE=mode, PRESENTON_URL=school.demo.url)
    if mode == "sync":
        school.demo.faults.add("lose_answer")
    presenton = Caller(school.demo)

    @settings(
        derandomize=True,
        max_examples=12,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(alike())
    @example(([("English", "default"), ("German", "default")], [ASK, ASK, 1, 0]))
    def play(order: tuple[Looks, Events]) -> None:
        made = school.play(*order)
        assert {one.status for one in made} == {"complete"}
        assert all(one.presenton_path for one in made)
        assert len({one.presenton_id for one in made}) == len(made)
        for one in made:
            deck = presenton.get(f"{DECK}{one.presenton_id}").json()
            assert (deck["language"], deck["tone"]) == (one.language, one.tone)
            assert one.topic in deck["content"]
        begun = Counter(one.asked.content for one in school.demo.generations)
        assert sum(count for content, count in begun.items() if made[0].topic in content) == len(made)

    play()
