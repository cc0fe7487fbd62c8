"""Which uploads a presentation may be made from, and that it names those it was asked with."""

from __future__ import annotations

from uuid import uuid4

import pytest

from presentations.database import Database
from presentations.errors import InvalidRequest
from presentations.library import Library, Uploads
from tests.support.presentations import failed
from tests.support.uploads import Give


def test_a_presentation_names_its_files_in_their_order(library: Library, uploads: Uploads, give: Give) -> None:
    files = [give("alice", f"{n}.txt").id for n in (2, 1, 3)]
    asked = library.create("alice", "Cells", file_ids=[str(files[0]), *files[1:]])
    assert [one.id for one in uploads.of("alice", asked.id)] == files


def test_without_a_topic_the_first_file_says_what_it_is_about(library: Library, give: Give) -> None:
    files = [give("alice", name).id for name in ("The living cell.txt", "more.txt")]
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
