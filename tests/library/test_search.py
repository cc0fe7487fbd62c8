"""Finding and sorting: search whatever the accents, lists by date and title, counts."""

# ruff: noqa: RUF001 (letters that look like others are the point)

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation, Slide, Version
from presentations.errors import InvalidRequest
from presentations.library import Library
from tests.support.presentations import delete, finished, rename, write


def keep_words(database: Database, one: Presentation, version: int, titles: list[str]) -> None:
    """Show a version of its deck with these slides."""
    with database.begin() as session:
        session.add(Version(presentation_id=one.id, number=version, origin="generated"))
        session.flush()
        session.add_all(
            Slide(presentation_id=one.id, version=version, number=number, title=title)
            for number, title in enumerate(titles, 1)
        )
    write(database, one, version=version)


@pytest.mark.parametrize(
    ("topic", "searched"),
    [
        ("The French Revolution", "revolution FRENCH"),
        ("École élémentaire", "ecole elementaire"),
        ("Ecole elementaire", "ÉCOLE"),
        ("Cafe\u0301", "café"),
        ("ÄRGER", "ärger"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "straße"),
        ("Łódź and Ørsted", "lodz orsted"),
        ("Đorđe, Æsir, Œuvre, Þór, Ħamrun", "dorde aesir oeuvre thor hamrun"),
        ("İstanbul ve ışık", "istanbul isik"),
        ("ВОЙНА и мир", "война МИР"),
        ("Ёлка", "елка"),
        ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
        ("Φυσική", "ΦΥΣΙΚΗ"),
        ("ＦＵＬＬ width №5", "full no5"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("100% of a_b\\c", "100% a_b \\c"),
        ("Two\u00a0 words", "two words"),
        ("한국", "한국"),
    ],
)
def test_what_is_meant_is_found(library: Library, topic: str, searched: str) -> None:
    asked = library.create("alice", topic)
    library.create("alice", "zzz")
    library.create("bob", topic)
    assert [p.id for p in library.list("alice", text=searched).items] == [asked.id]
    assert library.count_matching("alice", text=searched) == 1


def test_a_grade_is_found_as_well(library: Library) -> None:
    asked = library.create("alice", "Photosynthesis", grade="Größe 9")
    library.create("alice", "Cells", grade="Grade 8")
    for searched in ("grosse 9", "photosynthesis GRÖSSE"):
        found = library.list("alice", text=searched).items
        assert [one.id for one in found] == [asked.id]
        assert library.slides_with("alice", found, searched) == {}
    failed = library.cancel("alice", asked.id)
    library.edit("alice", failed.id, "Photosynthesis", grade="Klasse 7")
    assert library.list("alice", text="grosse").items == []
    assert [one.id for one in library.list("alice", text="klasse").items] == [asked.id]


@pytest.mark.parametrize("searched", ["100_", "%", "_", "\\", "cells plants", "cel ls x", "^", ".*"])
def test_what_is_not_there_is_not_found(library: Library, searched: str) -> None:
    library.create("alice", "100 Cells")
    assert library.list("alice", text=searched).items == []


def test_words_on_a_slide_are_found_and_where_they_stand(library: Library, database: Database) -> None:
    asked = finished(library, database, "alice", "Cells")
    theirs = finished(library, database, "bob", "Cells")
    other = finished(library, database, "alice", "Chloroplasts everywhere")
    for one in (asked, theirs):
        keep_words(database, one, 1, ["Mitochondria", "Plants make it", "Chloroplásts and light"])
    found = library.list("alice", text="light chloroplasts").items
    assert [p.id for p in found] == [asked.id]
    assert library.count_matching("alice", text="light chloroplasts") == 1
    assert library.slides_with("alice", found, "light chloroplasts") == {asked.id: 3}
    assert library.list("alice", text="light mitochondria").items == []  # each on another slide
    mixed = library.list("alice", text="cells light").items
    assert library.slides_with("alice", mixed, "cells light") == {asked.id: 3}
    both = library.list("alice", text="chloroplasts").items
    assert {p.id for p in both} == {asked.id, other.id}
    assert library.slides_with("alice", both, "chloroplasts") == {asked.id: 3}
    keep_words(database, asked, 2, ["Another state of it"])
    assert library.list("alice", text="light").items == []


def test_a_new_title_and_the_topic_are_both_found(library: Library) -> None:
    asked = library.create("alice", "Photosynthesis")
    rename(library, "alice", asked.id, "Grüne Blätter")
    for words in ("photo blatter", "GRUNE", "synthesis"):
        assert [p.id for p in library.list("alice", text=words).items] == [asked.id]
    rename(library, "alice", asked.id, "Leaves")
    assert library.list("alice", text="grune").items == []
    # Where the title ends the topic begins: no word goes from one to the other.
    assert library.list("alice", text="leavesphoto").items == []


def test_what_a_search_cannot_be_is_refused(library: Library) -> None:
    for wrong in ("a\x00b", "\ud800", "x" * 501):
        with pytest.raises(InvalidRequest, match="text"):
            library.list("alice", text=wrong)
        with pytest.raises(InvalidRequest, match="text"):
            library.count_matching("alice", text=wrong)
    library.create("alice", "Cells")
    assert library.count_matching("alice", text="  ") == 1
    assert library.count_matching("alice", text="\u0301") == 1


def test_rows_of_an_older_lectern_are_found_after_its_upgrade(library: Library, database: Database) -> None:
    asked = library.create("alice", "École")
    with database.begin() as session:
        session.execute(text("ALTER TABLE presentation_jobs DROP COLUMN search_text, DROP COLUMN opened_at"))
        session.execute(text("DROP TABLE presentation_events, presentation_schema_steps"))
        before = session.scalar(text("SELECT changed_at FROM presentation_jobs"))
    database.install_schema()
    (found,) = library.list("alice", text="ecole").items
    assert (found.id, found.changed_at) == (asked.id, before)


def test_counts_are_of_what_a_list_has(library: Library, database: Database) -> None:
    finished(library, database, "alice", "Cells", subject="Biology")
    finished(library, database, "alice", "Atoms")
    delete(library, "alice", library.create("alice", "Deleted").id)
    finished(library, database, "bob", "Not hers")
    assert library.count_matching("alice") == 2
    assert library.count_matching("alice", subject="biology", status="complete", text="cell") == 1
    assert library.count_matching("alice", subject="biology", status=["error"]) == 0
    assert library.count_matching(None) == 3


TITLES = ["Zebra", "ärger", "apple", "Éclair", "eclair", "éclair", "Zebra"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", TITLES[::-1]),
        ("oldest", TITLES),
        ("title", ["apple", "ärger", "eclair", "eclair", "eclair", "Zebra", "Zebra"]),
    ],
)
def test_every_order_comes_in_pages_without_a_gap(library: Library, sort: str, expected: list[str]) -> None:
    for title in TITLES:
        rename(library, "alice", library.create("alice", "A topic").id, title)
    seen: list[Any] = []
    cursor: str | None = None
    for _ in range(4):
        page = library.list("alice", sort=sort, limit=2, after=cursor)
        seen += page.items
        cursor = page.next
    assert cursor is None
    assert len({p.id for p in seen}) == len(TITLES)
    if sort == "title":
        assert [t.replace("É", "e").replace("é", "e") for t in (p.shown_title for p in seen)] == expected
        assert [p.id for p in seen[2:5]] == sorted(p.id for p in seen[2:5])
    else:
        assert [p.shown_title for p in seen] == expected


def test_a_cursor_of_a_long_title_is_short_and_works(library: Library) -> None:
    asked = {library.create("alice", "字\u0301 _%" * 99 + end).id for end in "ab"}
    first = library.list("alice", sort="title", limit=1)
    assert first.next is not None
    assert len(first.next) < 150
    second = library.list("alice", sort="title", limit=1, after=first.next)
    assert {p.id for p in first.items + second.items} == asked


def test_an_unknown_order_or_a_cursor_of_another_is_refused(library: Library) -> None:
    for _ in range(2):
        library.create("alice", "Cells")
    with pytest.raises(InvalidRequest) as error:
        library.list("alice", sort="colour")
    assert error.value.field == "sort"
    of_times, of_titles = (library.list("alice", sort=sort, limit=1).next for sort in ("newest", "title"))
    for sort, own, other in (
        ("newest", of_times, of_titles),
        ("oldest", of_times, of_titles),
        ("title", of_titles, of_times),
    ):
        for cursor in (other or "", "", "-", sort, "1-", f"{own}\x00", f"١{own}", "\ud800"):
            with pytest.raises(InvalidRequest) as error:
                library.list("alice", sort=sort, after=cursor)
            assert error.value.field == "after"


def test_a_grade_is_found_whatever_its_capitals(library: Library) -> None:
    for topic, grade in (("Cells", "Grade 9"), ("Mitosis", "grade 9"), ("Volcanoes", "Grade 10"), ("Rome", None)):
        library.create("alice", topic, grade=grade)
    library.create("bob", "Fractions", grade="Year 4")
    assert {one.topic for one in library.list("alice", grade=" GRADE 9 ").items} == {"Cells", "Mitosis"}
    assert [one.topic for one in library.list("alice", grade="grade 9", text="mitosis").items] == ["Mitosis"]
    assert library.count_matching("alice", grade="grade 9") == 2
    assert [grade.casefold() for grade in library.grades("alice")] == ["grade 10", "grade 9"]
    with pytest.raises(InvalidRequest, match="grade: expected at most 60"):
        library.list("alice", grade="x" * 61)
