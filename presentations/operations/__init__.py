"""Operations: is it well, why is it late, limits and pauses, purging, and all data of one person.

Imports the library, webhooks, accounts and what is below.
"""

from presentations.operations.checks import Check, Servers, essentials, everything
from presentations.operations.controls import MAX_NOTICE, MOST_WAITING, Controls
from presentations.operations.diagnosis import of_failures, of_line, of_one, of_servers, of_waiting, of_work
from presentations.operations.erasing import Erased, erase_user
from presentations.operations.overview import LISTED, Overview, overview_of, standing
from presentations.operations.personal_data import export_user, import_user
from presentations.operations.purge import purge_old
from presentations.operations.sweep import Swept, sweep_daily, sweep_store
from presentations.operations.workers import KnownWorker, Thread, unreadable_is_gone, workers_of

__all__ = [
    "LISTED",
    "MAX_NOTICE",
    "MOST_WAITING",
    "Check",
    "Controls",
    "Erased",
    "KnownWorker",
    "Overview",
    "Servers",
    "Swept",
    "Thread",
    "erase_user",
    "essentials",
    "everything",
    "export_user",
    "import_user",
    "of_failures",
    "of_line",
    "of_one",
    "of_servers",
    "of_waiting",
    "of_work",
    "overview_of",
    "purge_old",
    "standing",
    "sweep_daily",
    "sweep_store",
    "unreadable_is_gone",
    "workers_of",
]
