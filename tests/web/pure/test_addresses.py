"""Addresses of ours in scripts and templates: none begins at the top of the host, where something else may stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.processes import ROOT

FILES = sorted([*ROOT.glob("static/*.js"), *ROOT.glob("static/*.css"), *ROOT.glob("templates/**/*.html")])
FROM_THE_TOP = re.compile(r"""(?:["'`]|url\(|path=)/(?:["'`;](?!\s*:)|\w)""")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_address_begins_at_the_top_of_the_host(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace('(["/"], "Search")', "")  # a key
    assert FROM_THE_TOP.findall(text) == []


@pytest.mark.parametrize("line", ['visit("/keys")', "`/search?${x}`", 'words ? a : "/";', "path=/; x", 'href="/new"'])
def test_those_that_did_are_found(line: str) -> None:
    assert FROM_THE_TOP.search(line)
