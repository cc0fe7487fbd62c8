"""Lists of topics, as they are typed or copied out of spreadsheets."""

from __future__ import annotations

import pytest

from presentations.web.pages.rows import Listed, Row, read_list, rows_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Photosynthesis\n\n  Cell division \r\nFood webs\n",
            [("Photosynthesis",), ("Cell division",), ("Food webs",)],
        ),
        ("Romeo; Juliet, and others\n", [("Romeo; Juliet, and others",)]),
        ("Photosynthesis\t8\tBiology\nRome\t\tHistory", [("Photosynthesis", "8", "Biology"), ("Rome", "", "History")]),
        ("Photosynthesis\t8\nRome\tHistory", [("Photosynthesis", "8"), ("Rome", "", "History")]),
        ("Photosynthesis\tmany\tBiology", [("Photosynthesis", "many", "Biology")]),
        ("\t8\tBiology", [("", "8", "Biology")]),
        ("=1+1\t@SUM(A1)\t+cmd|' /C calc'!A0", [("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0")]),
        ("Topic\nRome", [("Rome",)]),
        ("Subject\tTOPIC\tSlides\nHistory\tRome\t5", [("Rome", "5", "History")]),
        ('Topic;Slides;Subject\n"Rome; the city";5;History', [("Rome; the city", "5", "History")]),
        ('title,class\n"Rome, the city",History', [("Rome, the city", "", "History")]),
        ("Topic\tSlides", []),
        ("", []),
        ("\u200b\n\u2028\t\n", []),
    ],
)
def test_each_line_is_a_presentation(text: str, rows: list[tuple[str, ...]]) -> None:
    assert read_list(text) == Listed([Row(*row) for row in rows])


def test_what_is_not_used_is_named() -> None:
    assert read_list("Rome\t5\tHistory\tRoom 7").unused == ("column 4",)
    assert read_list("Date\tTopic\tRoom\n1 May\tRome\t\n").unused == ("Date",)
    assert read_list("Topic\tSlides\nRome\t5\tmore").unused == ("column 3",)
    assert read_list("Rome\t5\tHistory\t\nAthens\t\t\t ").unused == ()


def test_ten_thousand_lines_are_read() -> None:
    assert len(read_list("Rome\t5\tHistory\n" * 10_000).rows) == 10_000


def test_rows_come_back_from_the_table_in_their_order() -> None:
    sent = {"topic-2": "Rome", "slides-2": "5", "topic-1": "Athens", "subject-1": "History", "topic-99": "no"}
    assert rows_of(sent, 50) == [Row("Athens", "", "History"), Row("Rome", "5", "")]
