"""The demo's command line."""

from __future__ import annotations

import pytest

from presentations.demo.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "--data"),
        (["--data", "x", "--release", "7"], "--release"),
        (["--data", "x", "--seconds-per-slide", "-1"], "--seconds-per-slide"),
        (["--data", "x", "--port", "70000"], "--port"),
        (["--data", "x", "--username", "admin"], "--password"),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert problem in capsys.readouterr().err
