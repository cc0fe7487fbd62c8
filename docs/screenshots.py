"""Pictures of every page, in both themes, at three widths. `make screenshots` calls this.

They go to var/screenshots; those that the README and the documentation show go to docs/.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import COMPLETE, ERROR, PROCESSING, Presentation, Subject
from presentations.decks import draw_pictures
from presentations.demo.outline import write_slides
from presentations.demo.pdf import write_pdf
from presentations.files import Store
from presentations.local import Backends, embedded
from presentations.settings import load
from presentations.web import create_app
from tests.support.keeper import Keeper

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "var" / "screenshots"
WIDTHS = {"phone": (390, 844), "tablet": (900, 1100), "desktop": (1440, 1000)}
SHOWN = {
    "library-desktop-light": "library.png",
    "library-phone-dark": "phone.png",
    "presentation-desktop-light": "deck.png",
    "outline-desktop-light": "outline.png",
    "material-desktop-light": "material.png",
}
OUTLINED = "Rivers, from the spring to the sea"
OUTLINE = [
    ("Rivers, from the spring to the sea", "What you will know at the end"),
    ("Where rivers begin", "Rain and melting snow seep into the ground", "Springs give the water back"),
    ("The upper course", "Steep and fast", "Waterfalls, and valleys like a V"),
    ("The lower course", "Wide and slow", "Bends, flood plains and deltas"),
    ("Exit ticket", "Put the three courses in order", "Name one thing that a river carries"),
]
TEXT = """Rain and melting snow seep into the ground until rock stops them.

Where that rock comes to the surface, a spring gives the water back.

In its upper course a river is steep and fast. It cuts down into the land, and leaves valleys like a V."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

TITLES = {
    "default": [
        "Photosynthesis for the biology test",
        "How vaccines train the immune system",
        "A short history of zero",
    ],
    "biology": [
        "Cells under the microscope",
        "The human heart",
        "Collecting pond life",
        "Why leaves turn red",
        "Enzymes",
    ],
    "chemistry": ["Acids and bases", "The periodic table", "Why ice floats"],
    "history": ["The Silk Road", "Daily life in Pompeii", "1848: a year of revolutions", "The printing press"],
    "math": ["Fractions with pizza", "Probability in games"],
}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (app, address),
        sync_playwright() as playwright,
    ):
        path = next(found for name in CHROMIUM if (found := shutil.which(name)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for size in WIDTHS:
            for theme in ("light", "dark"):
                take(browser, app, address, size, theme)
        browser.close()
    for picture, name in SHOWN.items():
        shutil.copy(TARGET / f"{picture}.png", ROOT / "docs" / name)
    print(f"{len(list(TARGET.iterdir()))} pictures are in {TARGET}")


@contextmanager
def served(folder: Path) -> Iterator[tuple[Flask, str]]:
    """Lectern with some presentations in it."""
    postgres, valkey = embedded.postgres(folder), embedded.valkey(folder)
    try:
        database = Database.at(postgres.url)
        database.install_schema()
        fill(database)
        var = {"VAR_DIR": str(folder / "var")}
        settings = load({"SECRET_KEY": "for pictures", "PRESENTON_URL": "http://127.0.0.1:5000"} | var)
        for title in TITLES["default"] + TITLES["biology"]:
            keep(Keeper(database, Store.of(settings), folder), title)
        app = create_app(settings, Backends(postgres.url, valkey.url))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield app, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        database.engine.dispose()
    finally:
        postgres.stop()
        valkey.stop()


def fill(database: Database) -> None:
    accounts = Accounts(database)
    accounts.add("teacher", "Rosa Moss", "rosa@school.example")
    accounts.add("newcomer", "Noor", "noor@school.example")
    now = datetime.now(UTC)
    rows = [_row(subject, title, now - timedelta(hours=2 + 31 * n)) for n, (subject, title) in enumerate(_titles())]
    with database.begin() as session:
        session.add_all(Subject(user_id="teacher", key=key, name=key.title()) for key in TITLES if key != "default")
        session.add_all(rows)
        started = {"started_at": now - timedelta(minutes=7), "lease_owner": uuid4(), "message": "Generating slides"}
        session.add(_row("default", "The water cycle for grade 6", now, status=PROCESSING, slides_done=3, **started))
        session.add(_row("default", "Causes of the First World War", now, status="pending", queued_at=now))
        outline = ["\n".join((f"# {title}", *(f"- {point}" for point in points))) for title, *points in OUTLINE]
        waits = {"outline": outline, "outlined_at": now, "awaits_teacher_since": now, "outline_first": True}
        session.add(_row("default", OUTLINED, now, status="pending", **waits))
        why = "The slide generator gave up after 3 tries. This is not your fault; trying again usually helps."
        detail = {"error": why, "error_detail": "HTTP 500: the model returned no outline"}
        session.add(_row("default", "Quadratic equations, visually", now, status=ERROR, **detail))


def keep(keeper: Keeper, title: str) -> None:
    """Give the presentation of this title the demo's slides."""
    slides = write_slides(title, 8)
    pdf = keeper.folder / "deck.pdf"
    write_pdf(slides, pdf)
    drawn = {one.number: one for one in draw_pictures(pdf, keeper.folder).pictures}

    def picture(number: int, width: int) -> bytes:
        path = drawn[number].small if width < 480 else drawn[number].large
        return path.read_bytes() if path else b""

    words = [(slide.title, "\n".join(slide.points), slide.note) for slide in slides]
    keeper.keep(uuid5(UUID(int=0), title), words, picture=picture)


def _titles() -> list[tuple[str, str]]:
    return [(subject, title) for subject, titles in TITLES.items() for title in titles]


def _row(subject: str, title: str, time: datetime, **values: Any) -> Presentation:
    finished = {
        "status": COMPLETE,
        "started_at": time - timedelta(minutes=12),
        "completed_at": time,
        "opened_at": None if title.startswith("Photo") else time,
        "presenton_url": "/presentation?id=example",
        "presenton_path": "/app_data/exports/example.pptx",
    }
    return Presentation(
        id=uuid5(UUID(int=0), title),
        user_id="teacher",
        topic=title,
        subject=subject,
        n_slides=8,
        created_at=time,
        **(values or finished),
    )


def take(browser: Browser, app: Flask, address: str, size: str, theme: str) -> None:
    """Pictures of every page at one width and in one theme."""
    width, height = WIDTHS[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        timezone_id="Europe/Berlin",
    )
    page = context.new_page()

    def shoot(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET / f"{name}-{size}-{theme}.png")

    page.goto(f"{address}/sign-in")
    shoot("sign-in")
    sign_in(page, app, address, "newcomer")
    shoot("empty")
    sign_in(page, app, address, "teacher")
    shoot("library")
    some = uuid5(UUID(int=0), TITLES["default"][0])
    failed = uuid5(UUID(int=0), "Quadratic equations, visually")
    for name, path in {
        "new": "/new",
        "subject": "/shelf?subject=Biology",
        "search": "/search?q=the",
        "nothing": "/search?q=dinosaurs",
        "presentation": f"/presentations/{some}",
        "outline": f"/presentations/{uuid5(UUID(int=0), OUTLINED)}",
        "list": "/new/list",
        "failed": f"/presentations/{failed}",
        "show": f"/presentations/{some}/show#2",
        "speaker": f"/presentations/{some}/speaker",
        "handout": f"/presentations/{some}/handout",
        "account": "/account",
        "keys": "/keys",
        "not-found": "/nowhere",
    }.items():
        page.goto(f"{address}{path}")
        shoot(name)
    page.goto(f"{address}/new")
    page.locator("label").filter(has_text="My material").click()
    page.get_by_label("Your text").fill(TEXT)
    page.locator("details").filter(has_text="For whom").first.evaluate("one => one.open = true")
    page.get_by_label("Grade or age").fill("Grade 6")
    page.get_by_label("Minutes of the lesson").fill("45")
    shoot("material")
    page.goto(address)
    page.locator(f"#p-{some} [data-menu=move-menu]").click()
    shoot("move")
    page.keyboard.press("Escape")
    page.locator(f"#p-{some} [data-menu=more-menu]").click()
    shoot("more")
    page.keyboard.press("Escape")
    page.locator(".pick input").nth(0).check()
    page.locator(".pick input").nth(1).check()
    shoot("selected")
    context.close()


def sign_in(page: Page, app: Flask, address: str, user_id: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in/{app.extensions['accounts'].make_link(user_id)}")


if __name__ == "__main__":
    main()
