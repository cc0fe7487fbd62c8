"""Each alert of deploy/ is explained."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.support.processes import ROOT

DEPLOY = ROOT / "deploy"


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_is_explained() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert re.findall(r"^### (Lectern\w+)", page, re.MULTILINE) == [rule["alert"] for rule in rules()]
