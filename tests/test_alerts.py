"""deploy/'s rules for Prometheus: that it takes them, and when each fires."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

from presentations.library import Library
from presentations.web.metering import Standing
from tests.support.installed import program, run
from tests.support.processes import ROOT

DEPLOY = ROOT / "deploy"


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_prometheus_takes_configuration_and_rules(tmp_path: Path) -> None:
    promtool = program("promtool")
    shutil.copy(DEPLOY / "alerts.yaml", tmp_path)
    token = tmp_path / "token"
    token.write_text("secret")
    text = (DEPLOY / "prometheus.yaml").read_text()
    (tmp_path / "prometheus.yaml").write_text(text.replace("/etc/prometheus/lectern-metrics-token", str(token)))
    run(promtool, "check", "config", tmp_path / "prometheus.yaml")


def test_every_alert_fires_when_it_should_and_not_otherwise() -> None:
    assert "SUCCESS" in run(program("promtool"), "test", "rules", ROOT / "tests" / "alerts.yaml")
    tested = yaml.safe_load((ROOT / "tests" / "alerts.yaml").read_text())["tests"]
    fired = {case["alertname"] for test in tested for case in test["alert_rule_test"] if case.get("exp_alerts")}
    assert fired == {rule["alert"] for rule in rules()}


def test_alerts_look_at_metrics_that_there_are(library: Library) -> None:
    known = {"up"}
    for family in [*REGISTRY.collect(), *Standing(library.database, library.engine.queue.redis).collect()]:
        known |= {family.name, f"{family.name}_total", f"{family.name}_count"}
    for rule in rules():
        assert set(re.findall(r"\b(lectern_\w+|up)\b", rule["expr"])) <= known, rule["alert"]
