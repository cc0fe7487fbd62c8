"""The agent's face, as a process beside Lectern meets it: the spec's snippets, run as they stand."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from presentations import agent
from presentations.errors import InvalidRequest, NotFound
from presentations.library import Library
from tests.support.presentations import ended
from tests.support.processes import ROOT, Process

SPEC = """
from async_presentation_tool import AsyncPresentationTool

tool = AsyncPresentationTool()

# Create job
result = tool.create_presentation_async(
    topic="Photosynthesis for Biology Test",
    user_id="user123",
    n_slides=5
)

print(result)
job_id = result['job_id']
status = tool.get_job_status(job_id)
presentations = tool.list_presentations(subject='default')
assert [p['job_id'] for p in presentations] == [job_id]
assert tool.list_presentations() == presentations
tool.update_subject(job_id, 'biology')
assert tool.list_presentations(subject='default') == []

import json, sys
assert not {"flask", "requests"} & sys.modules.keys()
print(json.dumps(status))

from async_presentation_tool import presentation_tool
print(presentation_tool("Cells", "user123"))
"""


def python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONWARNINGS": "error", **environment}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_specs_snippets_run_as_they_stand(environment: dict[str, str], library: Library) -> None:
    done = python(environment, "-c", SPEC)
    assert done.returncode == 0, done.stderr
    first, second, *sentence = done.stdout.splitlines()
    asked, cells = reversed(library.list(None).items)
    assert eval(first) == {
        "job_id": str(asked.id),
        "status": "pending",
        "message": "Started generating...",
        "check_status": f"/api/presentations/{asked.id}",
    }
    status = json.loads(second)
    assert (status["topic"], status["status"], status["presenton_url"]) == (asked.topic, "pending", None)
    assert asked.subject == "biology"
    assert "\n".join(sentence) == textwrap.dedent(
        f"""\
        Started creating presentation on "Cells"!

        Job ID: {cells.id}
        Status: pending

        The presentation will be ready in 10-20 minutes.
        You can check status or continue chatting - I'll let you know when it's done!

        Check progress: /api/presentations/{cells.id}"""
    )


def test_an_agent_sees_its_presentation_become_complete(
    environment: dict[str, str], library: Library, start_worker: Callable[..., Process]
) -> None:
    start_worker()
    asked = eval(python(environment, "async_presentation_tool.py", "Photosynthesis", "--slides", "2").stdout)
    ended(library, library.get("teacher", asked["job_id"]))
    script = (
        f"from async_presentation_tool import *; print(AsyncPresentationTool().get_job_status({asked['job_id']!r}))"
    )
    status = eval(python(environment, "-c", script).stdout)
    assert status["status"] == "complete"
    assert status["presenton_url"] == f"/presentation?id={status['presenton_id']}"


def test_the_command_prints_the_dict_at_once(environment: dict[str, str], library: Library) -> None:
    done = python(environment, "async_presentation_tool.py", "Photosynthesis")
    assert done.returncode == 0, done.stderr
    assert eval(done.stdout)["job_id"] == str(library.list("teacher").items[0].id)


@pytest.mark.parametrize(
    ("arguments", "changed", "said"),
    [
        (["x" * 501], {}, "topic: expected at most 500 characters, got 501"),
        (["Cells", "--slides", "51"], {}, "n_slides: expected a whole number from 1 to 50"),
        (["Cells", "--user", ""], {}, "user_id: expected some text, got nothing"),
        (
            ["Cells"],
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
            "The database cannot be reached just now",
        ),
        (["Cells"], {"WORKER_THREADS": "x"}, "WORKER_THREADS is 'x': expected"),
    ],
)
def test_a_command_that_fails_says_why_in_a_line(
    environment: dict[str, str], arguments: list[str], changed: dict[str, str], said: str
) -> None:
    done = python(environment | changed, "async_presentation_tool.py", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bound_tool_acts_as_its_user_and_nobody_else(own: Library) -> None:
    of_bob = agent.AsyncPresentationTool().create_presentation_async("Secret", "bob")["job_id"]
    alice = agent.AsyncPresentationTool(user_id="alice")
    of_alice = alice.create_presentation_async("Photosynthesis")["job_id"]
    assert [one["job_id"] for one in alice.list_presentations()] == [of_alice]
    with pytest.raises(NotFound):
        alice.get_job_status(of_bob)
    with pytest.raises(NotFound):
        alice.update_subject(of_bob, "biology")
    with pytest.raises(InvalidRequest, match="user_id"):
        alice.create_presentation_async("Cells", user_id="bob")
    assert own.get("alice", of_alice).user_id == "alice"


def test_an_unbound_tool_needs_to_be_told_for_whom(own: Library) -> None:
    with pytest.raises(InvalidRequest, match="user_id"):
        agent.AsyncPresentationTool().create_presentation_async("Cells")
    with pytest.raises(InvalidRequest, match="user_id"):
        agent.AsyncPresentationTool(user_id=" ")


def test_options_go_through(own: Library) -> None:
    options: dict[str, Any] = {"language": "German", "verbosity": "concise", "export_as": "pdf", "subject": "Biology"}
    tool = agent.AsyncPresentationTool(user_id="alice")
    asked = tool.create_presentation_async("Cells", n_slides=9, idempotency_key="k", **options)
    assert tool.create_presentation_async("Cells again", idempotency_key="k")["job_id"] == asked["job_id"]
    kept = own.get("alice", asked["job_id"])
    assert (kept.language, kept.verbosity, kept.export_as, kept.subject, kept.n_slides) == (
        "German",
        "concise",
        "pdf",
        "biology",
        9,
    )
