"""Secrets in addresses, which no log may tell."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from presentations.telemetry import logs
from presentations.telemetry.masking import masked_path

SECRET = "oidc-aGVsbG8_d29ybGQ"


@pytest.mark.parametrize(
    "path",
    [
        f"/sign-in/{SECRET}",
        f"/sign-in/{SECRET}/",
        f"/sign-in//{SECRET}",
        f"/slides/sign-in/x/{SECRET}",
        f"/Sign-In/ \n{SECRET}",
        f"/sign-in/oidc/callback/{SECRET}",
        f"/sign-in/oidc/{SECRET}",
    ],
)
def test_whatever_follows_is_left_out(path: str) -> None:
    assert SECRET not in masked_path(path)
    assert masked_path(path).lower().endswith(("/sign-in/...", "/sign-in//..."))


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/", "/sign-in/oidc", "/sign-in/oidc/callback", "/subject/a"])
def test_other_paths_are_told(path: str) -> None:
    assert masked_path(path) == path


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_tells_a_link_whoever_logs_it(form: str) -> None:
    try:
        raise ValueError(f"http://x/sign-in/{SECRET}?a=1")
    except ValueError:
        record = logging.LogRecord(
            "flask", logging.ERROR, "", 1, "Exception on %s [POST]", (f"/sign-in/{SECRET}/",), sys.exc_info()
        )
    line = logs.formatter(form).format(record)
    assert SECRET not in line
    assert "Exception on /sign-in/... [POST]" in line
    assert "ValueError" in line
    if form == "json":
        assert json.loads(line)["level"] == "ERROR"
