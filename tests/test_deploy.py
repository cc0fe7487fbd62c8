"""What deploy/ has is run as far as can be without Docker and systemd: the same files, commands and settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import yaml

from tests.support.deployment import DEPLOY, instructions
from tests.support.installed import program, run
from tests.support.keys import SECRET_KEY
from tests.support.processes import ROOT, Process, free_port
from tests.support.waiting import eventually

UNITS = ["lectern-web.service", "lectern-worker@.service"]


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
    own |= {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "lectern.example.org"}
    start_in(image, "-m", *_command("CMD"), environment=own)
    check = [word.replace(given["PORT"], own["PORT"]) for word in _command("HEALTHCHECK")]
    eventually(lambda: subprocess.run([sys.executable, *check[1:]], capture_output=True, check=False).returncode == 0)
    check = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["web"]["healthcheck"]["test"]
    # An address that, like the one there, is none of the names by which Lectern goes.
    mended = [word.replace("172.31.255.2:8000", f"127.1:{own['PORT']}") for word in check]
    assert subprocess.run([sys.executable, *mended[2:]], capture_output=True, check=False).returncode == 0
    page = requests.get(f"http://127.0.0.1:{own['PORT']}/sign-in", headers={"Host": "lectern.example.org"}, timeout=30)
    assert "Sign in" in page.text


def _command(instruction: str) -> list[str]:
    [rest] = [rest for word, rest in instructions() if word == instruction]
    words: list[str] = yaml.safe_load(rest[rest.index("[") :])
    return words


def test_compose_follows_the_specification() -> None:
    schema = [program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    assert "ok" in run(*schema, DEPLOY / "compose.yaml")


# systemd


@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_its_units(name: str, tmp_path: Path) -> None:
    verify = program("systemd-analyze")
    here = (DEPLOY / name).read_text().replace("/opt/lectern/.venv/bin/", f"{Path(sys.executable).parent}/")
    file = tmp_path / name.replace("@", "@1")
    file.write_text(here)
    assert run(verify, "verify", "--man=no", file).strip() == ""
    run(verify, "security", "--offline=true", "--threshold=20", file)
