"""What deploy/ has, read as text: settings that Lectern takes, and nothing open that need not be."""

from __future__ import annotations

import configparser
import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from presentations.settings import Settings, load
from tests.support.deployment import DEPLOY, instructions
from tests.support.keys import SECRET_KEY

UNITS = ["lectern-web.service", "lectern-worker@.service"]
VARIABLES = {field.metadata["variable"] for field in Settings.__dataclass_fields__.values()}


def test_the_image_runs_as_nobody_in_particular() -> None:
    assert ("USER", "10001") in instructions()
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied | {"requirements.txt"}


# compose.yaml


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """compose.yaml with the example's values for its variables."""
    values = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE))

    def value(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        assert name in values, name
        return values.get(name) or {"SECRET_KEY": SECRET_KEY}.get(name) or default or "filled-in-by-you"

    text = re.sub(r"\$\{(\w+):[-?]([^}]*)\}", value, (DEPLOY / "compose.yaml").read_text())
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.mark.parametrize("name", ["web", "worker"])
def test_compose_has_settings_that_lectern_takes(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["environment"].keys() <= VARIABLES
    settings = load({"APP_ENV": "production", "HOST": "0.0.0.0", **service["environment"]})
    assert settings.allowed_hosts == ("lectern.example.org",)
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


def test_compose_opens_nothing_to_the_network_and_waits_for_what_is_needed(compose: dict[str, Any]) -> None:
    services = compose["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert services["worker"]["depends_on"]["schema"]["condition"] == "service_completed_successfully"
    assert {"--appendonly", "noeviction"} <= set(services["valkey"]["command"])
    assert int(services["worker"]["stop_grace_period"].removesuffix("m")) * 60 > load({}).drain_timeout


# Who has business with whom.
EDGES = {
    *(frozenset({one, other}) for one in ("web", "worker") for other in ("postgres", "valkey", "presenton")),
    frozenset({"schema", "postgres"}),
}


def members(compose: dict[str, Any]) -> dict[str, set[str]]:
    """Which services are on a network."""
    services = compose["services"].items()
    assert all(service["networks"] for _, service in services)  # on none, they would be on one with all the others
    return {name: {one for one, service in services if name in service["networks"]} for name in compose["networks"]}


def test_compose_has_a_network_for_each_two_with_business_and_one_for_each_way_out(compose: dict[str, Any]) -> None:
    is_internal = {name: bool(network and network.get("internal")) for name, network in compose["networks"].items()}
    between = [frozenset(who) for name, who in members(compose).items() if is_internal[name]]
    outside = {name: who for name, who in members(compose).items() if not is_internal[name]}
    assert len(between) == len(EDGES)
    assert set(between) == EDGES
    assert outside == {"front": {"web"}, "webhooks": {"worker"}, "models": {"presenton"}}


def test_in_compose_only_the_proxy_reaches_the_web_and_nobody_the_workers_metrics(compose: dict[str, Any]) -> None:
    services = compose["services"]
    web, worker = (load({"APP_ENV": "production", **services[name]["environment"]}) for name in ("web", "worker"))
    assert web.trusted_proxies == 1
    assert web.host == services["web"]["networks"]["front"]["ipv4_address"]
    [subnet] = compose["networks"]["front"]["ipam"]["config"]
    assert ip_address(web.host) in list(ip_network(subnet["subnet"]).hosts())[1:]  # the first is this machine's
    assert not any(service.get("network_mode") or service.get("privileged") for service in services.values())
    assert not any(service.get("cap_add") for service in services.values())
    assert services["presenton"]["cap_drop"] == ["NET_RAW"]
    assert ip_address(worker.metrics_host).is_loopback


# systemd


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name)
    return parser["Service"]


def test_units_stop_what_they_start_without_a_kill() -> None:
    web, worker = (unit(name) for name in UNITS)
    assert web["KillMode"] == worker["KillMode"] == "mixed"
    assert int(worker["TimeoutStopSec"]) > load({}).drain_timeout
    for one in (web, worker):
        tail = one["ExecStart"].removeprefix(f"{one['WorkingDirectory']}/.venv/bin/")
        assert tail in ("gunicorn wsgi:app", "python worker.py")


def test_settings_for_systemd_are_those_that_lectern_takes() -> None:
    lines = re.findall(r"^(\w+)=(.*)$", (DEPLOY / "lectern.env.example").read_text(), re.MULTILINE)
    assert dict(lines).keys() <= VARIABLES
    load({**dict(lines), "SECRET_KEY": SECRET_KEY})
