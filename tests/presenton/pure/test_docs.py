"""docs/presenton.md has the matrix of the days that are played, and says why some checks are not."""

from __future__ import annotations

from presentations.demo.releases import RELEASES
from tests.presenton.table import all_held, families, table
from tests.support.processes import ROOT

PAGE = (ROOT / "docs" / "presenton.md").read_text(encoding="utf-8")


def test_its_table_is_the_matrix() -> None:
    assert table(all_held()) in PAGE


def test_it_says_why_a_check_is_left_out() -> None:
    assert [reason for family in families() for reason in family.left_out.values() if reason not in PAGE] == []


def test_each_release_that_the_demo_plays_has_its_day() -> None:
    assert {family.release for family in families()} == RELEASES.keys() - {"latest"}
