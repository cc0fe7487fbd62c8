"""Which uploads a presentation may be made from, and that it names those it was asked with."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func

from presentations.database import Database
from presentations.errors import InvalidRequest
from presentations.library import Library, MaterialGone, Uploads
from presentations.library.material import usable_uploads
from tests.support.presentations import failed, write
from tests.support.uploads import Give


def test_a_presentation_names_its_files_in_their_order(library: Library, uploads: Uploads, give: Give) -> None:
    files = [give("alice", f"{n}.txt").id for n in (2, 1, 3)]
    asked = library.create("alice", "Cells", file_ids=[str(files[0]), *files[1:]])
    assert [one.id for one in uploads.of("alice", asked.id)] == files


def test_without_a_topic_the_first_file_says_what_it_is_about(library: Library, give: Give) -> None:
    files = [give("alice", name).id for name in ("The_living_cell.txt", "more.txt")]
    assert library.create("alice", file_ids=files).topic == "The living cell"


def test_what_is_given_twice_is_used_once(library: Library, uploads: Uploads, give: Give) -> None:
    one = give("alice").id
    asked = library.create("alice", "Cells", file_ids=[one, str(one)])
    assert [each.id for each in uploads.of("alice", asked.id)] == [one]


def test_files_of_others_deleted_ones_and_none_at_all_are_refused_alike(
    library: Library, uploads: Uploads, give: Give
) -> None:
    mine, others, removed = give("alice").id, give("bob").id, give("alice").id
    uploads.remove("alice", removed)
    for bad in (others, removed, uuid4()):
        with pytest.raises(InvalidRequest, match=r"there is no file .*, or no longer: give it again") as refusal:
            library.create("alice", "Cells", file_ids=[mine, bad])
        assert refusal.value.field == "file_ids"
    with pytest.raises(InvalidRequest, match="expected ids of files, got 'x'"):
        library.create("alice", "Cells", file_ids=["x"])
    assert library.list("alice").items == []


def test_at_most_five_files(library: Library, uploads: Uploads, give: Give) -> None:
    files = [give("alice", f"{n}.txt").id for n in range(6)]
    with pytest.raises(InvalidRequest, match="at most 5 files, got 6"):
        library.create("alice", "Cells", file_ids=files)
    asked = library.create("alice", "Cells", file_ids=files[:5])
    assert len(uploads.of("alice", asked.id)) == 5


def test_what_lacks_a_file_is_not_tried_again_as_it_was(
    library: Library, database: Database, uploads: Uploads, give: Give
) -> None:
    there, gone, too = (give("alice", f"{name}.txt") for name in ("there", "gone", "too"))
    asked = library.create("alice", "Cells", file_ids=[there.id, gone.id, too.id])
    library.cancel("alice", asked.id)
    for one in (gone, too):
        uploads.remove("alice", one.id)
    with pytest.raises(
        MaterialGone, match=r"files that are no longer kept: “gone.txt”, “too.txt”. Edit it, or ask for"
    ):
        library.retry("alice", asked.id)
    assert library.get("alice", asked.id).status == "cancelled"
    assert library.edit("alice", asked.id, "Cells", file_ids=[there.id]).status == "pending"
    library.cancel("alice", asked.id)
    assert library.retry("alice", asked.id).status == "pending"


@pytest.mark.parametrize(
    "settled",
    [{"keep_wording": True, "text": "# Cells\n\n# Leaves"}, {"outline": ["# Cells"], "outlined_at": func.now()}],
)
def test_what_has_its_slides_is_tried_again_without_its_files(
    library: Library, database: Database, uploads: Uploads, give: Give, settled: dict[str, Any]
) -> None:
    one = give("alice")
    asked = library.create("alice", "Cells", file_ids=[one.id])
    library.cancel("alice", asked.id)
    write(database, asked, **settled)
    uploads.remove("alice", one.id)
    assert library.retry("alice", asked.id).status == "pending"


def test_asking_again_with_the_same_key_gives_the_first_with_its_files(
    library: Library, uploads: Uploads, give: Give
) -> None:
    first, second = give("alice", "1.txt").id, give("alice", "2.txt").id
    asked = library.create("alice", "Cells", file_ids=[first], idempotency_key="once")
    again = library.create("alice", "Cells", file_ids=[second], idempotency_key="once")
    assert again.id == asked.id
    assert [one.id for one in uploads.of("alice", asked.id)] == [first]


def test_another_may_be_made_from_the_same_files_as_long_as_they_are_there(
    library: Library, uploads: Uploads, give: Give, database: Database
) -> None:
    one = give("alice").id
    asked = [library.create("alice", topic, file_ids=[one]) for topic in ("Cells", "Leaves")]
    assert [[each.id for each in uploads.of("alice", other.id)] for other in asked] == [[one], [one]]
    for other in asked:
        library.cancel("alice", other.id)
    uploads.remove("alice", one)
    with pytest.raises(InvalidRequest, match="or no longer: give it again"):
        library.create("alice", "Roots", file_ids=[one])


def test_an_edit_says_anew_what_it_is_made_from(
    library: Library, uploads: Uploads, give: Give, database: Database
) -> None:
    first, second = give("alice", "1.txt").id, give("alice", "2.txt").id
    asked = failed(library, database, "alice", "Cells")
    for files in ([first], [second, first]):
        library.edit("alice", asked.id, "Cells", 3, file_ids=files)
        assert [one.id for one in uploads.of("alice", asked.id)] == files
        library.cancel("alice", asked.id)
    library.edit("alice", asked.id, "Cells", 3)
    assert uploads.of("alice", asked.id) == []


def test_an_edit_that_comes_too_late_leaves_its_files_to_what_is_being_made(
    library: Library, uploads: Uploads, database: Database, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = give("alice", "1.txt").id, give("alice", "2.txt").id
    asked = library.create("alice", "Cells", file_ids=[mine])
    library.cancel("alice", asked.id)

    def tried_again_meanwhile(*args: Any) -> Any:
        library.retry("alice", asked.id)
        return usable_uploads(*args)

    monkeypatch.setattr("presentations.library.library.usable_uploads", tried_again_meanwhile)
    late = library.edit("alice", asked.id, "Light", file_ids=[others, mine])
    assert (late.status, late.topic, late.file_count) == ("pending", "Cells", 1)
    assert [one.id for one in uploads.of("alice", asked.id)] == [mine]
