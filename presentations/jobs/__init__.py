"""Jobs: the RQ queues, who is let into them, the leases of those who work, and how long things take.

Imports the database and Presenton's client. What a job does is in `generation` and `webhooks`.
"""

from presentations.jobs.admission import PLACES, admit, begun, check_room, enter
from presentations.jobs.context import Stopped, Workshop, current_workshop
from presentations.jobs.estimates import Outlook, outlook_for
from presentations.jobs.leases import WAITING_AGAIN, Lease, LeaseLost, Leases
from presentations.jobs.queue import PRESENTATIONS, WEBHOOKS, Entry, Line, Trade, quick_redis

__all__ = [
    "PLACES",
    "PRESENTATIONS",
    "WAITING_AGAIN",
    "WEBHOOKS",
    "Entry",
    "Lease",
    "LeaseLost",
    "Leases",
    "Line",
    "Outlook",
    "Stopped",
    "Trade",
    "Workshop",
    "admit",
    "begun",
    "check_room",
    "current_workshop",
    "enter",
    "outlook_for",
    "quick_redis",
]
