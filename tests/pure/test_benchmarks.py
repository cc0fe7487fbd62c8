"""What is written of what the benchmarks have measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import page
from benchmarks.charts import chart
from benchmarks.measures import MEASURES
from benchmarks.profile import owned
from benchmarks.reach import LINES, Line
from benchmarks.result import Figure, Results, percentile
from benchmarks.serving import serving
from benchmarks.table import cell, spread, table

A, C, F, G, H = (next(line for line in LINES if line.letter == letter) for letter in "ACFGH")


def results(letter: str = "A", **systems: list[dict[str, Figure]]) -> Results:
    return Results(runs={letter: systems})


def cells(measured: Results, line: Line) -> list[str]:
    """What stands in a line's cells from Lectern's on."""
    (row,) = [row for row in table(measured).splitlines() if line.title in row]
    return row.strip("| ").split(" | ")[2:]


def test_a_line_has_medians_the_ratio_and_whether_the_reach_is_met() -> None:
    runs: list[dict[str, Figure]] = [{"p50_ms": p50, "p99_ms": 20.0} for p50 in (2.0, 9.0, 3.0)]
    measured = results(lectern=runs, plain_rq=[{"p50_ms": 1.2, "p99_ms": 4.0}], huey_threads=[{"p50_ms": 0.75}])
    assert cells(measured, A)[:6] == ["**3.00 (20.0)**", "1.20 (4.0)", "-", "-", "-", "0.75 (-)"]
    assert cells(measured, A)[-3:] == ["4 x", "<= 3 x plain RQ", "met"]


def test_more_is_better_where_it_is() -> None:
    measured = results("C", lectern=[{"per_second": 30.0, "cpu_ms": 7.0}], dramatiq_threads=[{"per_second": 750.0}])
    assert cells(measured, C)[-3:] == ["25 x", ">= 120; <= 8", "missed; met"]


def test_who_loses_some_of_it_is_no_best_peer() -> None:
    lost: dict[str, Figure] = {"gone_s": 0.1, "generations": 1.0, "said": "0 of 20 done"}
    kept: list[dict[str, Figure]] = [{"gone_s": seconds, "generations": 1.0} for seconds in (0.5, 5.0)]
    measured = results("H", lectern=kept[:1], huey_threads=[lost], plain_rq=kept[1:])
    assert cells(measured, H)[-3] == "0.1 x"
    assert cells(measured, H)[5] == "0.1; 1.00 (0 of 20 done)"


def test_what_was_lost_once_has_no_median() -> None:
    runs: list[dict[str, Figure]] = [{"first_s": 1.0, "last_s": 2.0}, {"said": "49 of 50"}]
    assert cell(results("G", lectern=runs), G, "lectern") == "49 of 50"
    assert cells(results("G", lectern=runs), G)[-1] == "missed; missed"


def test_the_word_stands_in_place_of_the_figure_that_is_missing() -> None:
    assert cell(results("F", huey_threads=[{"said": "never", "generations": 1.0}]), F, "huey_threads") == "never; 1.00"


def test_without_a_peer_there_is_no_verdict_on_what_is_measured_by_it() -> None:
    assert cells(results(lectern=[{"p50_ms": 1.0, "p99_ms": 2.0}]), A)[-3:] == ["-", "<= 3 x plain RQ", "-"]


def test_the_spread_names_least_median_and_most() -> None:
    measured = results(lectern=[{"p50_ms": 2.0}, {"p50_ms": 9.0}, {"p50_ms": 3.0}])
    assert spread(measured).splitlines()[-1] == "| A | Lectern | p50_ms | 3 | 2 | 3 | 9 |"


def test_a_chart_has_a_bar_for_each_figure_and_the_word_for_what_has_none() -> None:
    measured = results(
        "G", lectern=[{"last_s": 4.0}], procrastinate_threads=[{"last_s": 1.0}], huey_threads=[{"said": "lost"}]
    )
    _, ours, procrastinate, huey = chart(measured, G).splitlines()
    assert (ours.count("█"), procrastinate.count("█")) == (48, 12)
    assert huey.split() == ["Huey", "lost"]
    assert chart(results("G", lectern=[{"last_s": 4.0}]), G) == ""


def test_the_page_is_written_around_what_is_there_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    page.write(Results(), path)
    by_hand = path.read_text().replace("Nothing is known yet.", "Celery is quicker.")
    path.write_text(by_hand)
    page.write(results(lectern=[{"p50_ms": 2.0, "p99_ms": 3.0}]), path)
    assert page.kept(path.read_text()) == page.kept(by_hand)
    assert "**2.00 (3.0)**" in path.read_text()
    path.write_text("Somebody has rewritten it.")
    with pytest.raises(ValueError, match="lost its marks"):
        page.write(Results(), path)


def test_results_are_found_again_and_one_can_be_measured_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert Results.read(path) == Results()
    kept = results(lectern=[{"p50_ms": 2.0}])
    kept.write(path)
    kept.runs["G"] = {"huey_threads": [{"said": "lost"}]}
    kept.write(path)
    assert Results.read(path) == kept


def test_a_sample_is_put_down_to_the_innermost_that_is_known() -> None:
    stacks = """
main (gunicorn/arbiter.py:1);view (/x/flask/app.py:2);run (/x/sqlalchemy/engine/default.py:3);read (socket.py:4) 3
main (/x/gunicorn/arbiter.py:1);view (/x/flask/app.py:2);root (/x/templates/library.html:3) 1
""".strip()
    assert owned(stacks) == {"SQLAlchemy and psycopg2": 75, "templates": 25}


def test_where_the_time_of_a_request_goes_is_a_table() -> None:
    run: dict[str, Figure] = {"page": 50.0, "page_web_cpu_ms": 20.0, "page_percent_templates": 25.0}
    assert (
        serving(results("K", lectern=[run])).splitlines()[2]
        == "| the library of a teacher with 20 | 50 | 20 | - | 25 |"
    )


def test_every_measure_has_its_lines_and_what_should_be_reached_is_shown() -> None:
    assert {line.letter for line in LINES} == {measure.letter for measure in MEASURES}
    assert [goal for line in LINES for goal in line.goals if f"{{{goal.figure}:" not in line.shown] == []
    assert [line.title for line in LINES if f"{{{line.main}:" not in line.shown] == []


@pytest.mark.parametrize(("percent", "value"), [(50, 3), (99, 5), (20, 1), (0, 1)])
def test_a_percentile_is_one_of_the_values(percent: int, value: int) -> None:
    assert percentile([5, 1, 4, 2, 3], percent) == value
