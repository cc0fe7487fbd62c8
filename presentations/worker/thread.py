"""The threads of a worker process, each an RQ worker of its own."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any, cast

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution, ExecutionRegistry
from rq.job import Job
from rq.queue import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty
from rq.utils import now
from rq.worker.base import WorkerStatus
from rq.worker_registration import register, unregister

from presentations.generation import GenerationFailed
from presentations.jobs import PRESENTATIONS, Work, WorkerContext, current_context
from presentations.worker.line import Line, OwnJob, throw_away

log = logging.getLogger(__name__)

# A killed process is gone from rq-dashboard after this and the 60 seconds that RQ adds.
_WORKER_TTL = 60
_MAX_PAUSE = 2.0


def _is_unexpected(record: logging.LogRecord) -> bool:
    """Only what RQ stumbled over; outages and decisions are logged by us, once and not by every thread."""
    error = record.exc_info[1] if record.exc_info else None
    return error is not None and not isinstance(error, RedisError)


_rq_log = logging.getLogger("presentations.rq")
_rq_log.addFilter(_is_unexpected)
_rq_log.setLevel(logging.WARNING)  # below that, RQ tells what each job does: made for nothing


class _NoDeathPenalty(BaseDeathPenalty):
    """RQ's own interrupts the main thread or costs a thread a job; the job's own code keeps its deadlines."""

    def setup_death_penalty(self) -> None:
        pass

    def cancel_death_penalty(self) -> None:
        pass


class WorkerThread(SimpleWorker):
    """An RQ worker that lives in a thread."""

    queue_class = Line
    job_class = OwnJob
    death_penalty_class = _NoDeathPenalty
    max_connection_wait_time = _MAX_PAUSE
    log_result_lifespan = False

    def __init__(self, work: Work, name: str, context: WorkerContext, redis: Redis) -> None:
        self._context = context
        self._work = work
        self._beating = threading.Lock()
        super().__init__(
            [work.queue],
            name=name,
            connection=redis,
            worker_ttl=_WORKER_TTL,
            serializer=JSONSerializer,
            log_job_description=False,
        )
        self.log = _rq_log

    def beat(self, redis: Redis) -> None:
        """Tell rq-dashboard that this worker lives, and write anew what Redis may have lost. Raises RedisError."""
        with self._beating:
            if self._context.stopping.is_set():
                return
            # Not whether the key is there: RQ's own heartbeat may have made a stump of it.
            was_forgotten = not redis.hexists(self.key, "birth")
            with redis.pipeline() as pipeline:
                if self.birth_date:
                    if was_forgotten:
                        pipeline.hset(self.key, mapping=self.serialize() | {"state": self.get_state()})
                    register(self, pipeline)  # whoever saw the key gone may have struck it off since
                    pipeline.sadd(Queue.redis_queues_keys, *self.queue_keys())  # RQ does at the first job
                self.heartbeat(_WORKER_TTL + 60, pipeline=pipeline)
                for execution in list(self.executions.values()):
                    self._beat_job(execution, redis, pipeline)
                pipeline.execute()

    def deregister(self, redis: Redis) -> None:
        """Leave rq-dashboard's list of workers. Raises RedisError."""
        with self._beating, redis.pipeline() as pipeline:
            unregister(self, pipeline)
            pipeline.delete(self.key, f"{self.key}:executions")
            pipeline.execute()

    def _beat_job(self, execution: Execution, redis: Redis, pipeline: Any) -> None:
        job = execution.job
        if not redis.hexists(job.key, "data"):
            job.save(pipeline=pipeline)
            pipeline.persist(job.key)
        execution.save(_WORKER_TTL, pipeline=pipeline)
        pipeline.sadd(execution.worker_executions_key, execution.composite_key)
        pipeline.expire(execution.worker_executions_key, _WORKER_TTL + 60)
        ExecutionRegistry(job.id, redis).add(execution, _WORKER_TTL, pipeline)
        job.started_job_registry.add_execution(execution, pipeline=pipeline, ttl=_WORKER_TTL)

    def register_birth(self) -> None:
        # A worker of this name that Redis did not see go would be in the way.
        self.connection.delete(self.key)
        super().register_birth()  # type: ignore[no-untyped-call]

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        if pipeline is not None:
            super().heartbeat(timeout, pipeline)
        elif self._context.stopping.is_set():
            raise StopRequested
        # Else nothing: RQ's loop does so several times for each job, and beat() does it for good.

    def execute_job(self, job: Job, queue: Queue) -> None:
        if not cast(OwnJob, job).is_ours(self._work):
            throw_away(self.connection, queue.key, job.id.encode(), "it is not one of ours")
            return
        super().execute_job(job, queue)

    def set_state(self, state: str, pipeline: Any = None) -> None:
        if pipeline is not None or state != self.get_state():  # RQ's loop says twice that it is idle
            super().set_state(state, pipeline)

    def prepare_execution(self, job: Job) -> Execution:
        """RQ's, and its prepare_job_execution(), in one trip."""
        with self.connection.pipeline() as pipeline:
            execution = Execution.create(job, _WORKER_TTL, pipeline, self.name)
            self.executions[execution.id] = execution
            self.set_state(WorkerStatus.BUSY, pipeline)
            job.prepare_for_execution(self.name, pipeline)
            pipeline.persist(job.key)
            pipeline.lrem(self.queues[0].intermediate_queue_key, 1, job.id)
            pipeline.execute()
        return execution

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """Done by then."""

    def handle_execution_ended(self, job: Job, queue: Queue, heartbeat_ttl: int) -> None:
        with self._beating:  # a beat that comes later must not bring the execution back
            self.executions.clear()
        job.ended_at = now()

    def handle_job_success(
        self, job: Job, queue: Queue, started_job_registry: StartedJobRegistry, execution: Execution
    ) -> None:
        """RQ's, in one trip: no job of ours depends on another, is repeated, or has a limit to its rate."""
        ended_at = job.ended_at or now()
        with self.connection.pipeline() as pipeline:
            self.increment_successful_job_count(pipeline)
            self.increment_total_working_time(ended_at - (job.started_at or ended_at), pipeline)
            job._handle_success(
                self.default_result_ttl, pipeline, self.name, execution.id, execution.created_at, ended_at
            )
            job.cleanup(self.default_result_ttl, pipeline, remove_from_queue=False)
            self.cleanup_execution(job, pipeline, execution)
            self.set_state(WorkerStatus.IDLE, pipeline)
            pipeline.execute()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        if not isinstance(exc_info[1], GenerationFailed | RedisError):
            log.error("job %s: broke off", job.id, exc_info=exc_info[1])

    def handle_job_failure(
        self, job: Job, queue: Queue, started_job_registry: Any = None, exc_string: str = "", execution: Any = None
    ) -> None:
        # A traceback may hold what a teacher or Presenton wrote, which does not belong into Redis.
        super().handle_job_failure(job, queue, started_job_registry, self._work.failure, execution)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        return _WORKER_TTL

    def check_for_suspension(self, burst: bool) -> None:
        """A line is paused in the database (admins' controls), which costs no trip of its own before each job."""

    def run_maintenance_tasks(self) -> None:
        """The dispatcher's work: RQ's own marks jobs as failed by the clock of whoever looks."""

    def subscribe(self) -> None:
        """Commands over pub/sub would cost a thread and a connection each."""

    def unsubscribe(self) -> None:
        pass

    def _install_signal_handlers(self) -> None:
        """Signals are the main thread's."""

    def _set_ip_address(self, connection: Redis) -> None:
        self.ip_address = "unknown"


def do(work: Work, name: str, context: WorkerContext, redis: Redis, workers: dict[str, WorkerThread]) -> None:
    """Do this kind of work until the process stops: also over outages of Redis, which end RQ's own loop.

    Meanwhile it stands among `workers` by its name.
    """
    current_context.set(context)
    while not context.stopping.is_set():
        try:
            worker = WorkerThread(work, name, context, redis)
            workers[name] = worker
            worker.work()
        except RedisError as error:
            context.outages.note("Redis", error)
        finally:
            workers.pop(name, None)
        context.stopping.wait(_MAX_PAUSE / 2)


def names_of(work: Work, number: int) -> list[str]:
    """Names for so many threads that no other worker has: host, process, and what it is for."""
    process = f"{os.uname().nodename}.{os.getpid()}"
    return [f"{process}.{'' if work is PRESENTATIONS else work.queue}{n}" for n in range(1, number + 1)]
