"""One tool in many threads and over forks, and what an import of it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from presentations.agent import AsyncPresentationTool
from presentations.library import Library
from tests.support.processes import ROOT


def test_one_tool_serves_many_threads(own: Library) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    start = threading.Barrier(16)

    def ask(n: int) -> str:
        start.wait(30)
        job_id = tool.create_presentation_async(f"Topic {n}")["job_id"]
        assert tool.get_job_status(job_id)["topic"] == f"Topic {n}"
        return job_id

    with ThreadPoolExecutor(16) as pool:
        asked = set(pool.map(ask, range(16)))
    assert len(asked) == 16
    assert {one["job_id"] for one in tool.list_presentations()} == asked


def python(environment: dict[str, str], script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PYTHONWARNINGS": "error", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


FIRST_USE_BY_MANY_THREADS = """
import threading
from async_presentation_tool import AsyncPresentationTool
tool, made = AsyncPresentationTool("alice"), []
threads = [threading.Thread(target=lambda: made.append(tool.create_presentation_async("Cells"))) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
from presentations.agent import runtime
print(len(made), len(runtime._lectern))
"""


def test_the_first_use_may_come_from_many_threads_at_once(environment: dict[str, str], library: Library) -> None:
    assert python(environment, FIRST_USE_BY_MANY_THREADS) == "12 1\n"
    assert len(library.list("alice").items) == 12


FIFTY_AT_ONCE = """
import threading
from async_presentation_tool import AsyncPresentationTool
from presentations.agent import runtime
from sqlalchemy import text
tool, answered, start = AsyncPresentationTool(), [], threading.Barrier(50)
def use(n):
    start.wait()
    job_id = tool.create_presentation_async("Cells", f"teacher {n}")["job_id"]
    answered.append(tool.get_job_status(job_id)["status"])
threads = [threading.Thread(target=use, args=(n,)) for n in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
with runtime.lectern().library.database.begin() as session:
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lectern' AND datname = current_database()"
    print(len(answered), session.scalar(text(query)))
"""


def test_many_threads_wait_in_turn_for_the_connections_that_there_may_be(environment: dict[str, str]) -> None:
    assert python(environment | {"DATABASE_CONNECTIONS": "1"}, FIFTY_AT_ONCE) == "50 1\n"


FORKED_IN_MID_USE = """
import json, os, threading, warnings
from async_presentation_tool import AsyncPresentationTool
from presentations.agent import runtime

tool = AsyncPresentationTool("alice")
job_id = tool.create_presentation_async("Of the parent")["job_id"]
stop = threading.Event()
def use():
    while not stop.is_set():
        assert tool.get_job_status(job_id)["topic"] == "Of the parent"
threads = [threading.Thread(target=use) for _ in range(4)]
for thread in threads: thread.start()
pids = []
library = runtime.lectern().library
with library.database.begin() as session:
    session.connection().exec_driver_sql("SELECT 1")
    for n in range(4):
        with warnings.catch_warnings(action="ignore"):
            pid = os.fork()
        if pid == 0:
            status = 1
            try:
                made = tool.create_presentation_async(f"Of child {n}")["job_id"]
                assert tool.get_job_status(made)["topic"] == f"Of child {n}"
                assert tool.get_job_status(job_id)["topic"] == "Of the parent"
                status = 0
            finally:
                os._exit(status)
        pids.append(pid)
    ends = [os.waitpid(pid, 0)[1] for pid in pids]
    # The parent's open transaction goes on as if nothing had happened.
    assert session.connection().exec_driver_sql("SELECT 2").scalar() == 2
stop.set()
for thread in threads: thread.join()
print(json.dumps([ends, sorted(one["topic"] for one in tool.list_presentations())]))
"""


def test_a_fork_with_connections_in_use_harms_neither_side(environment: dict[str, str], library: Library) -> None:
    ends, topics = json.loads(python(environment, FORKED_IN_MID_USE))
    assert ends == [0, 0, 0, 0]
    assert topics == [*(f"Of child {n}" for n in range(4)), "Of the parent"]
    waiting = library.engine.queue.look().jobs
    assert len(waiting) == 2, "two places in line, each pushed once"


FORKED_WHILE_READING_IN = """
import os, sys, threading, warnings
from async_presentation_tool import AsyncPresentationTool

reading_in, forking = threading.Event(), threading.Event()
class Slow:
    def find_spec(name, *_):
        if name == "sqlalchemy.orm":
            reading_in.set()
            forking.wait(30)
sys.meta_path.insert(0, Slow)
os.register_at_fork(before=forking.set)
tool = AsyncPresentationTool("alice")
first = threading.Thread(target=tool.create_presentation_async, args=("Of the parent",))
first.start()
reading_in.wait(30)
with warnings.catch_warnings(action="ignore"):
    pid = os.fork()
if pid == 0:
    os._exit(0 if tool.create_presentation_async("Of the child")["job_id"] else 1)
first.join()
print(os.waitpid(pid, 0)[1], sorted(one["topic"] for one in tool.list_presentations()))
"""


def test_a_fork_waits_for_a_thread_whose_first_use_reads_in_libraries(
    environment: dict[str, str], library: Library
) -> None:
    assert python(environment, FORKED_WHILE_READING_IN) == "0 ['Of the child', 'Of the parent']\n"


FORKED_WHILE_MAPPING = """
import os, threading, warnings
from async_presentation_tool import AsyncPresentationTool
from sqlalchemy import event
from sqlalchemy.orm import Mapper

tool = AsyncPresentationTool("alice")
job_id = tool.create_presentation_async("Of the parent")["job_id"]
mapping, forking = threading.Event(), threading.Event()
def hold():
    mapping.set()
    forking.wait(30)
event.listen(Mapper, "before_configured", hold, once=True)
os.register_at_fork(before=forking.set)
first = threading.Thread(target=tool.get_job_status, args=(job_id,))
first.start()
mapping.wait(30)
with warnings.catch_warnings(action="ignore"):
    pid = os.fork()
if pid == 0:
    os._exit(0 if tool.get_job_status(job_id)["topic"] == "Of the parent" else 1)
first.join()
print(mapping.is_set(), os.waitpid(pid, 0)[1])
"""


def test_a_fork_waits_for_a_thread_that_is_mapping_rows(environment: dict[str, str], library: Library) -> None:
    assert python(environment, FORKED_WHILE_MAPPING) == "True 0\n"


LIGHT = """
import sys
import async_presentation_tool, presentations.agent as agent
agent.tool_definitions("openai"), agent.AsyncPresentationTool("alice")
heavy = {"sqlalchemy", "psycopg2", "redis", "rq", "flask", "requests", "mcp", "presentations.local.embedded", "asyncio"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_an_import_loads_nothing_heavy_and_looks_at_no_setting(environment: dict[str, str]) -> None:
    assert python(environment | {"PORT": "not looked at yet"}, LIGHT) == "[]\n"


FIRST = """
import sys
from presentations.agent import AsyncPresentationTool
AsyncPresentationTool("alice").create_presentation_async("Cells", n_slides=3)
from presentations.database.models import Base
heavy = {"flask", "requests", "obstore", "mcp", "presentations.presenton", "presentations.local.embedded"}
mapped = [mapper.class_.__name__ for mapper in Base.registry.mappers if mapper.configured]
print(mapped, sorted(heavy & sys.modules.keys()))
"""


def test_the_first_request_of_a_process_maps_no_rows_and_waits_for_no_client_of_others(
    environment: dict[str, str], library: Library
) -> None:
    assert python(environment, FIRST) == "[] []\n"
    assert [one.n_slides for one in library.list("alice").items] == [3]
