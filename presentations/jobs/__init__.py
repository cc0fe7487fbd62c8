"""Jobs: the queue engine (kinds of work, RQ's queues, leases, the dispatcher), whose turn it is, and how long it takes.

Imports lifecycle.py, the database and Presenton's client. What a job does is in `generation` and `webhooks`.
"""

from presentations.jobs.admission import MOST_OF_ONE, PRESENTATIONS, Asked, admit, ask, ask_in, check_room, no_room
from presentations.jobs.context import Stopped, WorkerContext, current_context
from presentations.jobs.dispatcher import Dispatcher
from presentations.jobs.engine import Engine
from presentations.jobs.estimates import Outlook, outlook_for
from presentations.jobs.foreign import Foreign, foreign_keys
from presentations.jobs.gate import open_again, shut
from presentations.jobs.leases import Claim, Lease, LeaseLost, Leases
from presentations.jobs.queue import quick_redis
from presentations.jobs.work import JOB_ID, Entry, Work

__all__ = [
    "JOB_ID",
    "MOST_OF_ONE",
    "PRESENTATIONS",
    "Asked",
    "Claim",
    "Dispatcher",
    "Engine",
    "Entry",
    "Foreign",
    "Lease",
    "LeaseLost",
    "Leases",
    "Outlook",
    "Stopped",
    "Work",
    "WorkerContext",
    "admit",
    "ask",
    "ask_in",
    "check_room",
    "current_context",
    "foreign_keys",
    "no_room",
    "open_again",
    "outlook_for",
    "quick_redis",
    "shut",
]
