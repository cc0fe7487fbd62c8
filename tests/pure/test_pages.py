"""README and docs/ are complete, and name nothing that there is not."""

from __future__ import annotations

import itertools
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from presentations.cli import main
from tests.support.processes import ROOT

DOCS, PACKAGE = ROOT / "docs", ROOT / "presentations"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.glob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def test_the_readme_can_be_read_at_once() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_the_index_has_a_line_for_each_page() -> None:
    rows = re.findall(r"^\| \[([^]]+)\]\(\1\) \| .+ \| .+ \|$", (DOCS / "index.md").read_text(), re.MULTILINE)
    assert {row for row in rows if "/" not in row} == {page.name for page in DOCS.glob("*.md")} - {"index.md"}


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")):
        target = page.parent / link if link else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), f"{link}#{anchor}"


def anchors(page: Path) -> list[str]:
    """What GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]


def test_recipes_name_files_that_there_are() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:[\w-]+/)*(?:[\w.-]+\.(?:py|sql|md|html|css|js|yaml|toml|example)|[\w-]+/))`", page)
    assert len(names) > 40
    assert [name for name in names if not any((folder / name).exists() for folder in (ROOT, PACKAGE))] == []


def test_files_that_try_what_lectern_needs_are_there() -> None:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    table = page.partition("## What it needs of what stands around it\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    for what, *_, tried in rows:
        named = re.findall(r"`([^`]+)`", tried)
        assert named, what
        assert [name for name in named if not (ROOT / name).exists()] == [], what


# The map


def test_the_map_has_every_module_and_none_that_there_is_not() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    mapped = re.findall(r"^\| `([\w/]+\.py)` \| .+ \|$", page, re.MULTILINE)
    modules = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    assert sorted(mapped) == sorted(module for module in modules if not module.startswith("demo/"))
    assert set(re.findall(r"^### `(\w+)/`: ", page, re.MULTILINE)) == rooms()


def rooms() -> set[str]:
    return {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_the_readmes_floors_are_those_that_are_held() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == ["presentations"])
    floor_of = {name: n for n, layer in enumerate(layers) for name in layer.split(" | ")}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawing = re.search(r"in rooms on floors.*?\n\n(.*?)\n\n", readme, re.DOTALL)
    assert drawing
    floors = [line[4:48].split() for line in drawing[1].splitlines()]
    assert {name for floor in floors for name in floor} >= rooms()
    for above, below in itertools.pairwise(floors):
        assert max(floor_of[name] for name in above) <= min(floor_of[name] for name in below), (above, below)


# The shell


def commands(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Every command, such as `user add`, and its options."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from commands(found, (*path, name))
    else:
        said = CliRunner().invoke(main, [*path, "--help"]).output
        yield " ".join(path), set(re.findall(r"--[a-z-]+", said))


ALL = dict(commands())


@pytest.mark.parametrize("command", ALL)
def test_the_page_about_the_shell_has_every_command_and_option(command: str) -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    [row] = [line for line in page.splitlines() if re.match(rf"\| `lectern {command}\b", line)]
    assert {option for option in ALL[command] - {"--help"} if f"`{option}" not in row} == set()


@pytest.mark.parametrize("name", NAMES)
def test_pages_name_commands_and_options_that_there_are(name: str) -> None:
    for said in shell_lines((ROOT / name).read_text(encoding="utf-8")):
        words = shlex.split(said, comments=True)
        known = [command for command in ALL if words[: command.count(" ") + 1] == command.split()]
        assert known, said
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= {"--help"}.union(*(ALL[command] for command in known)), said


def shell_lines(page: str) -> Iterator[str]:
    """What pages have after `lectern`, in code."""
    code = re.findall(r"`([^`\n]+)`", page) + re.findall(r"^ {4,}(\S.*)$", page, re.MULTILINE)
    for line in code + [
        line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()
    ]:
        for said in re.findall(r"(?:^|[/( ])(?:lectern|python -m presentations) ([a-z].*)$", line):
            yield said.partition(")")[0].replace("<", "").replace(">", "")
