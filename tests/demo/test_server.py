"""The demo as a server: its pages, connections, many calls at once, and the process of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from presentations.demo.connections import HOST
from presentations.demo.server import DemoPresenton
from tests.demo.caller import ALL, GENERATE, GENERATE_ASYNC, Caller, Start
from tests.support.processes import ROOT
from tests.support.waiting import eventually


def test_pages_say_that_this_is_a_demo_and_escape_what_they_show(teacher: Caller) -> None:
    result = teacher.made("<script>alert('hi')</script> & co", 4)
    for path in ("/", result["edit_path"], "/presentation?id=unknown", "/nowhere"):
        page = teacher.get(path)
        assert "This is a demo, not Presenton." in page.text
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    page = teacher.get(result["edit_path"])
    assert "&lt;script&gt;alert(&#39;hi&#39;)&lt;/script&gt; &amp; co" in page.text
    assert page.text.count("<article") == 4
    assert f'href="{result["path"]}" download' in page.text
    assert teacher.get("/demo/static/demo.css").ok


def test_only_its_own_computer_is_served(teacher: Caller) -> None:
    assert teacher.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert teacher.get("/", headers={"Host": "localhost:1"}).status_code == 200


def test_connections_are_kept_open(teacher: Caller) -> None:
    connection = http.client.HTTPConnection(teacher.demo.url.removeprefix("http://"), timeout=30)
    sockets = set()
    for method, path in (
        ("GET", ALL),
        ("POST", GENERATE_ASYNC),
        ("HEAD", "/"),
        ("DELETE", "/demo/faults"),
        ("GET", "/"),
    ):
        connection.request(method, path, body=b"x" * 100_000 if method == "POST" else None)
        sockets.add(connection.sock)
        connection.getresponse().read()
    assert len(sockets) == 1
    connection.close()


def test_who_connects_to_an_inherited_socket_before_it_starts_is_answered_then(tmp_path: Path) -> None:
    listening = socket.create_server((HOST, 0))
    with socket.create_connection(listening.getsockname()) as early:
        early.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        with DemoPresenton(tmp_path, fd=listening.detach()) as demo:
            assert demo.url.endswith(f":{early.getpeername()[1]}")
            assert early.recv(12).endswith(b" 200")


def test_200_generations_run_at_once(start: Start) -> None:
    teacher = start(seconds_per_slide=0.5)
    with ThreadPoolExecutor(20) as people:
        tasks = list(people.map(teacher.ask, [f"Topic {number}" for number in range(200)], [6] * 200))
        assert teacher.demo.most_at_once == 200
        ended = list(people.map(teacher.ended, tasks))
    assert {task["status"] for task in ended} == {"completed"}
    assert len({deck["content"] for deck in teacher.listed()}) == 200


def test_a_stop_ends_calls_that_wait(start: Start) -> None:
    teacher = start(seconds_per_slide=30)
    with ThreadPoolExecutor() as people:
        call = people.submit(teacher.post, GENERATE, {"content": "Long"})
        eventually(lambda: teacher.demo.requests_of("Long"))
        teacher.demo.stop()
        assert isinstance(call.exception(5), requests.ConnectionError)


def test_requests_are_counted(teacher: Caller) -> None:
    teacher.demo.faults.add("status", status=503, path="/generate", times=1)
    for _ in range(2):
        teacher.post(GENERATE, {"content": "Rome", "n_slides": 1})
    teacher.ask("Rome", 1)
    teacher.listed()
    counted = teacher.get("/demo/requests").json()
    assert counted["requests"] == {"generate": 2, "generate_async": 1, "all": 1}
    assert (counted["asked"], counted["accepted"]) == ({"Rome": 3}, {"Rome": 2})
    assert counted["most_at_once"] == teacher.demo.most_at_once == 1
    assert (teacher.demo.requests_of("Rome"), teacher.demo.generations_of("Rome")) == (3, 2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_is_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    process = launch("--port", "0", "--data", str(tmp_path), "--seconds-per-slide", "30")
    assert process.stdout
    line = process.stdout.readline()
    url = re.fullmatch(r"Demo Presenton is at (http://127\.0\.0\.1:\d+)\n", line)
    assert url, line
    answer = requests.post(url[1] + GENERATE_ASYNC, json={"content": "Long"}, timeout=30)
    assert answer.json()["status"] == "pending"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_named(teacher: Caller, tmp_path: Path) -> None:
    process = launch("--data", str(tmp_path), "--port", teacher.demo.url.rpartition(":")[2])
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert "cannot serve" in err


def launch(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "presentations.demo", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
