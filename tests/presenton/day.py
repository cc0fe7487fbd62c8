"""One working day with a Presenton of some release: who asks, what goes wrong, and what must have become of it all."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pptx
import requests
from flask import Flask
from werkzeug.test import TestResponse

from presentations.accounts import Accounts, Tokens
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library, Outlines
from tests.demo.caller import DECK, Caller
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.programs import Program
from tests.support.signing import sign_in
from tests.support.uploads import Give
from tests.support.waiting import eventually

STAFF = ("ada", "bela", "chen", "dina", "emre", "faye")


@dataclass(frozen=True)
class Family:
    """Releases of Presenton that behave alike, and what their day looks like."""

    name: str
    release: str
    """What the demo calls it."""
    password: str | None = None
    """For HTTP Basic."""
    key: str | None = None
    """For Authorization: Bearer."""
    tells_causes: bool = True
    """What cannot be made is told apart from what may be tried again."""
    left_out: Mapping[Callable[[Day], None], str] = field(default_factory=dict)
    """The checks that do not apply, each with the reason."""

    @property
    def demo_settings(self) -> dict[str, Any]:
        user = {"username": "lectern", "password": self.password} if self.password else {}
        return {"release": self.release, **user, "api_key": self.key}

    @property
    def worker_settings(self) -> dict[str, str]:
        if self.key:
            return {"PRESENTON_API_KEY": self.key}
        return {"PRESENTON_USERNAME": "lectern", "PRESENTON_PASSWORD": self.password} if self.password else {}

    def caller(self, demo: DemoPresenton) -> Caller:
        return Caller(demo, ("lectern", self.password) if self.password else None, self.key)


class Day:
    """The school, its Lectern and its Presenton. What is asked for in here is looked at again when the day ends."""

    def __init__(
        self,
        family: Family,
        demo: DemoPresenton,
        library: Library,
        app: Flask,
        accounts: Accounts,
        give: Give,
        start_worker: Callable[[], Process],
    ) -> None:
        self.family, self.demo, self.library, self.outlines = family, demo, library, Outlines(library)
        self._give, self._start_worker = give, start_worker
        self.presenton = family.caller(demo)
        self.worker = start_worker()
        self.asked: list[Presentation] = []
        self.may_be_made: Counter[str] = Counter()
        """How often each topic may be generated at most."""
        for name in STAFF:
            accounts.add(name, name.title(), f"{name}@school.example")
        self._clients = {name: sign_in(app.test_client(), accounts, name) for name in STAFF}
        self._program = Program(app, Tokens(library.database).make(STAFF[0], "laptop", ["read"])[1])

    def ask(self, topic: str, n_slides: int = 2, **options: Any) -> Presentation:
        """One of the staff asks, each in turn."""
        asked = self.library.create(self._next, topic, n_slides, **{"language": "English", **options})
        self.asked.append(asked)
        self.may_be_made[topic] += 1
        return asked

    def ask_from(self, topic: str, n_slides: int, files: Mapping[str, str], **options: Any) -> Presentation:
        """The same, from files: each is a name and what is in it."""
        given = [self._give(self._next, name, content).id for name, content in files.items()]
        return self.ask(topic, n_slides, file_ids=given, **options)

    @property
    def _next(self) -> str:
        return STAFF[len(self.asked) % len(STAFF)]

    def now(self, one: Presentation) -> Presentation:
        """As it stands."""
        return self.library.get(None, one.id)

    def is_made(self, *asked: Presentation) -> list[Presentation]:
        """These, which have to be made in the end."""
        made = ended(self.library, *asked)
        assert {(one.status, one.error_detail) for one in made} == {("complete", None)}
        return made

    def times_made(self, topic: str) -> int:
        """How many generations Presenton has begun for this topic."""
        return sum(count for content, count in self._counts("accepted").items() if topic in content)

    def times_asked(self) -> int:
        """How often Presenton was asked for anything, whatever it said to that."""
        return sum(self._counts("asked").values())

    def _counts(self, kind: str) -> dict[str, int]:
        counts: dict[str, int] = requests.get(f"{self.demo.url}/demo/requests", timeout=30).json()[kind]
        return counts

    def is_begun(self, *asked: Presentation) -> None:
        """Wait until Presenton is at work on these."""
        for topic, count in Counter(one.topic for one in asked).items():
            eventually(lambda: self.times_made(topic) >= count)  # noqa: B023

    def in_other_hands(self) -> None:
        """Have a new worker take over from one that is gone."""
        self.worker = self._start_worker()

    def deck(self, one: Presentation) -> dict[str, Any]:
        """The deck that its teacher was given, as Presenton has it."""
        deck: dict[str, Any] = self.presenton.get(f"{DECK}{self.now(one).presenton_id}").json()
        return deck

    def slides(self, one: Presentation) -> list[tuple[str, list[str]]]:
        """The title and the points of each of its slides, as Presenton has them."""
        contents = [slide["content"] for slide in self.deck(one)["slides"]]
        return [(content["title"], content["bulletPoints"]) for content in contents]

    def says_all_of(self, words: Iterable[str], one: Presentation) -> None:
        """All these words stand on its slides."""
        shown = str(self.slides(one))
        assert [word for word in words if word not in shown] == []

    def templates(self) -> list[dict[str, Any]]:
        """What Lectern says there is to choose from, once it knows."""
        return eventually(lambda: self._program.items("/templates"))

    def template_pictures(self) -> list[TestResponse]:
        """What Lectern shows of them, once it has a picture of each."""
        eventually(lambda: all(item["picture_url"] for item in self.templates()))
        return [self._program("GET", item["picture_url"].removeprefix("/api")) for item in self.templates()]

    def is_its_own(self, one: Presentation) -> None:
        """Its deck was made for it: in its language, of its topic and length."""
        deck = self.deck(one)
        assert one.topic in deck["content"]
        asked = (one.language, one.tone or "default", one.n_slides)
        assert (deck["language"], deck["tone"], len(deck["slides"])) == asked

    def has_its_file(self, one: Presentation) -> None:
        """Its teacher can download it through Lectern, and it is this deck's."""
        answer = self._clients[one.user_id].get(f"/presentations/{one.id}/file", buffered=True)
        assert answer.status_code == 200, (one.topic, self.now(one).presenton_path)
        slides = pptx.Presentation(io.BytesIO(answer.data)).slides
        assert len(slides) == one.n_slides
        assert one.topic in slides[0].shapes.title.text_frame.text
