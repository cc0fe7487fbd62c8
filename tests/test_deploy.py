"""What deploy/ has is run as far as can be without Docker and systemd: the same files, commands and settings."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from presentations.settings import Settings, load
from tests.support.installed import program, run
from tests.support.processes import ROOT, Process, free_port
from tests.support.waiting import eventually

DEPLOY = ROOT / "deploy"
UNITS = ["lectern-web.service", "lectern-worker@.service"]
VARIABLES = {field.metadata["variable"] for field in Settings.__dataclass_fields__.values()}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's last stage, a pair for each instruction."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    pairs = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    last = max(n for n, (word, _) in enumerate(pairs) if word == "FROM")
    return [(word, rest) for word, rest in pairs[last:]]


@pytest.fixture
def start_in(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts Python in a folder; ends it after the test."""
    started: list[Process] = []

    def start(folder: Path, *arguments: str, environment: dict[str, str]) -> Process:
        started.append(Process(arguments, environment, tmp_path / f"started{len(started)}.log", folder))
        return started[-1]

    yield start
    for process in started:
        process.stop()
        print(process.log)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder that the image has."""
    folder = tmp_path / "image"
    folder.mkdir()
    for word, rest in instructions():
        *sources, target = rest.split()
        if word != "COPY" or rest.startswith("--from"):
            continue
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, folder / target)
    return folder


def test_hadolint_finds_nothing() -> None:
    run(program("hadolint"), DEPLOY / "Dockerfile")


def test_what_the_image_holds_serves_and_is_found_healthy(
    image: Path, environment: dict[str, str], tmp_path: Path, start_in: Callable[..., Process]
) -> None:
    given = dict(pair.split("=", 1) for word, rest in instructions() if word == "ENV" for pair in rest.split())
    own = {**given, **environment, "PATH": os.environ["PATH"], "PORT": str(free_port()), "HOST": "127.0.0.1"}
    own |= {"SECRET_KEY": "long enough for production", "ALLOWED_HOSTS": "lectern.example.org"}
    start_in(image, "-m", *_command("CMD"), environment=own)
    check = [word.replace(given["PORT"], own["PORT"]) for word in _command("HEALTHCHECK")]
    eventually(lambda: subprocess.run([sys.executable, *check[1:]], capture_output=True, check=False).returncode == 0)
    page = requests.get(f"http://127.0.0.1:{own['PORT']}/sign-in", headers={"Host": "lectern.example.org"}, timeout=5)
    assert "Sign in" in page.text


def _command(instruction: str) -> list[str]:
    [rest] = [rest for word, rest in instructions() if word == instruction]
    words: list[str] = yaml.safe_load(rest[rest.index("[") :])
    return words


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
        return values.get(name) or (default or "filled-in-by-you")

    text = re.sub(r"\$\{(\w+):[-?]([^}]*)\}", value, (DEPLOY / "compose.yaml").read_text())
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_compose_follows_the_specification() -> None:
    schema = [program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    assert "ok" in run(*schema, DEPLOY / "compose.yaml")


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
    assert compose["networks"]["inside"]["internal"]
    assert services["postgres"]["networks"] == services["valkey"]["networks"] == ["inside"]
    assert services["worker"]["depends_on"]["schema"]["condition"] == "service_completed_successfully"
    assert {"--appendonly", "noeviction"} <= set(services["valkey"]["command"])
    assert int(services["worker"]["stop_grace_period"].removesuffix("m")) * 60 > load({}).drain_timeout


# systemd


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name)
    return parser["Service"]


@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_its_units(name: str, tmp_path: Path) -> None:
    verify = program("systemd-analyze")
    here = (DEPLOY / name).read_text().replace("/opt/lectern/.venv/bin/", f"{Path(sys.executable).parent}/")
    file = tmp_path / name.replace("@", "@1")
    file.write_text(here)
    assert run(verify, "verify", "--man=no", file).strip() == ""
    run(verify, "security", "--offline=true", "--threshold=20", file)


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
    load({**dict(lines), "SECRET_KEY": "filled in"})
