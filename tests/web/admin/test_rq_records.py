"""Every page and JSON address of rq-dashboard, whatever Redis holds."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from presentations.jobs import quick_redis
from presentations.local import Backends
from tests.web.admin.jobs import QUEUE, STATES, list_it, new_id, put, unreadable

HERE = {"Origin": "http://localhost"}


@pytest.fixture
def redis(backends: Backends) -> Redis:
    return quick_redis(backends.redis_url)


def data(client: FlaskClient, path: str) -> Any:
    response = client.get(f"/admin/rq/0/data/{path}.json")
    assert response.status_code == 200, path
    return response.json


def listed(client: FlaskClient, state: str, per_page: int = 200, order: str = "asc", page: int = 1) -> list[str]:
    path = f"{QUEUE}/{state}/{per_page}/{order}/{page}"
    assert client.get(f"/admin/rq/0/view/jobs/{path}").status_code == 200
    return [job["id"] for job in data(client, f"jobs/{path}")["jobs"]]


def test_queues_are_listed_before_their_first_job(ann: FlaskClient, redis: Redis) -> None:
    redis.sadd("rq:queues", "rq:queue:stranger", b"rq:queue:\xff", "no key of a queue")
    assert [queue["name"] for queue in data(ann, "queues")["queues"]] == ["pictures", "presentations", "webhooks"]
    for path in ("", "0/view", "0/view/queues", "0/view/workers", "0/view/jobs"):
        assert ann.get(f"/admin/rq/{path}", follow_redirects=True).status_code == 200
    assert f'value="{QUEUE}"' in ann.get("/admin/rq/0/view/jobs").text


@pytest.mark.parametrize("state", sorted(STATES))
def test_a_job_in_any_state_has_its_page_and_one_that_cannot_be_read_is_said_to_be_there(
    state: str, ann: FlaskClient, redis: Redis
) -> None:
    first, (unread, missing), last = put(redis, state), unreadable(redis, state), put(redis, state)
    assert listed(ann, state) == [first, last]
    for job_id in (first, last):
        assert ann.get(f"/admin/rq/0/view/job/{job_id}").status_code == 200
        told = data(ann, f"job/{job_id}")
        assert (told["id"], told["status"], told["description"]) == (job_id, state, "A presentation")
        assert told["exc_info"] == ("A presentation" if state == "failed" else None)
        assert told["result"] == ("A presentation" if state == "finished" else None)
    for job_ids, status, said in ((unread, 409, "This job is in Redis, and cannot be read"), (missing, 404, "no")):
        for job_id in job_ids:
            page = ann.get(f"/admin/rq/0/view/job/{job_id}")
            assert (page.status_code, page.mimetype) == (status, "text/html")
            assert said in page.text
            problem = ann.get(f"/admin/rq/0/data/job/{job_id}.json")
            assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
            assert said in problem.json["detail"]  # type: ignore[index]
    assert ann.post(f"/admin/rq/job/{unread[0]}/delete", headers=HERE).json == {"status": "OK"}
    assert ann.get(f"/admin/rq/0/data/job/{unread[0]}.json").status_code == 404
    assert ann.post(f"/admin/rq/job/{first}/delete", headers=HERE).json == {"status": "OK"}
    assert not Job.exists(first, redis)
    assert ann.post(f"/admin/rq/queue/{QUEUE}/{state}/empty", headers=HERE).json == {"status": "OK"}
    assert not any(Job.exists(job_id, redis) for job_id in [last, *unread])
    counts = next(queue for queue in data(ann, "queues")["queues"] if queue["name"] == QUEUE)
    assert {value for name, value in counts.items() if name.endswith("count")} == {0}


def test_where_its_script_asks_errors_are_json(app: Flask, ann: FlaskClient, rosa: FlaskClient) -> None:
    for client, method, path, status in (
        (ann, "GET", f"0/data/job/{new_id()}.json", 404),
        (ann, "GET", "0/data/job/no-such-job.json", 404),
        (ann, "GET", "7/data/queues.json", 404),
        (ann, "GET", "0/data/nothing.json", 404),
        (ann, "GET", f"0/data/jobs/{QUEUE}/lost/8/asc/1.json", 404),
        (ann, "POST", f"job/{new_id()}/delete", 404),
        (ann, "PUT", "0/data/queues.json", 405),
        (rosa, "GET", "0/data/queues.json", 403),
    ):
        answer = client.open(f"/admin/rq/{path}", method=method, headers=HERE)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), path
        assert "openapi" not in answer.json["detail"]  # type: ignore[index]
    assert ann.post(f"/admin/rq/job/{new_id()}/delete").mimetype == "application/problem+json"
    for path in ("0/view/job/no-such-job", f"0/view/job/{new_id()}", "nothing"):
        assert (page := ann.get(f"/admin/rq/{path}")).mimetype == "text/html"
        assert page.status_code == 404


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_pages_of_jobs(state: str, ann: FlaskClient, redis: Redis) -> None:
    ids = [put(redis, state) for _ in range(5)]
    assert [listed(ann, state, 2, "asc", page) for page in (1, 2, 3, 4)] == [ids[:2], ids[2:4], ids[4:], []]
    assert [listed(ann, state, 2, "dsc", page) for page in (1, 2, 3, 4)] == [ids[:2:-1], ids[2:0:-1], ids[:1], []]
    pages = data(ann, f"jobs/{QUEUE}/{state}/2/asc/2")["pagination"]
    assert [page["number"] for page in pages["pages_in_window"]] == [1, 2, 3]


def test_it_asks_the_webs_own_client_which_never_waits_long(app: Flask, ann: FlaskClient) -> None:
    data(ann, "queues")
    assert vars(app)["redis_conn"] is app.extensions["quick_redis"]


def test_looking_at_a_queue_takes_nothing_out_of_it(ann: FlaskClient, redis: Redis) -> None:
    gone = new_id()
    list_it(redis, "queued", gone)
    assert listed(ann, "queued") == []
    assert redis.lrange("rq:queue:presentations", 0, -1) == [gone.encode()]


def test_compact_takes_out_what_is_gone(ann: FlaskClient, redis: Redis) -> None:
    compact = f"/admin/rq/queue/{QUEUE}/compact"
    assert ann.post(compact, headers=HERE).json == {"status": "OK"}
    ids = [put(redis, "queued"), new_id(), put(redis, "queued")]
    list_it(redis, "queued", b"\xff")
    redis.linsert("rq:queue:presentations", "AFTER", ids[0], ids[1])
    assert ann.post(compact, headers=HERE).json == {"status": "OK"}
    assert redis.lrange("rq:queue:presentations", 0, -1) == [ids[0].encode(), ids[2].encode()]


def test_a_vanished_job_empties_no_list_of_workers(ann: FlaskClient, redis: Redis, backends: Backends) -> None:
    jobs = [put(redis, "started"), new_id(), put(redis, "started", pickled=True), "<b>stranger</b>"]
    for n, job_id in enumerate([*jobs, None]):
        worker = Worker(
            [QUEUE], name=f"host.1.{n}", connection=Redis.from_url(backends.redis_url), serializer=JSONSerializer
        )
        worker.register_birth()  # type: ignore[no-untyped-call]
        if job_id:
            execution = Execution("e", job_id, redis, worker.name)
            execution.save(60)
            redis.sadd(execution.worker_executions_key, execution.composite_key)
    workers = sorted(data(ann, "workers")["workers"], key=lambda worker: worker["name"])
    assert [worker["name"] for worker in workers] == [f"host.1.{n}" for n in range(5)]
    at = [worker["current_job"] for worker in workers]
    assert [job["job_id"] for job in at[:4]] == jobs
    assert [job["description"] for job in at[:4]] == ["A presentation", *["no longer in Redis"] * 3]
    assert at[4] == "idle"
