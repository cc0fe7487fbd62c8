"""docs/agents.md leaves nothing out, and all pages name what there is."""

from __future__ import annotations

import json
import re
from typing import get_type_hints

import pytest

from presentations.agent import AsyncPresentationTool, Status
from presentations.agent.functions import FUNCTIONS
from tests.support.processes import ROOT

PAGE = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_pages_name_files_that_there_are(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / page).parent.joinpath(link).exists(), link
    for name in re.findall(r"`([\w/]+\.py)`", text):
        assert any((ROOT / folder / name).exists() for folder in (".", "presentations", "tests", "docs")), name


@pytest.mark.parametrize("code", blocks("python"))
def test_all_its_python_can_be_read(code: str) -> None:
    compile(code, "docs/agents.md", "exec")


@pytest.mark.parametrize("code", blocks("json"))
def test_its_configurations_are_json(code: str) -> None:
    assert json.loads(code)["mcpServers"]["lectern"]


def test_it_names_all_there_is() -> None:
    names = {name for name in vars(AsyncPresentationTool) if not name.startswith("_")}
    names |= get_type_hints(Status).keys() | {function.name for function in FUNCTIONS}
    names |= {"MCP_USER", "MCP_TOKEN", "PRESENTON_PUBLIC_URL", "idempotency_key"}
    assert {name for name in names if name not in PAGE} == set()
