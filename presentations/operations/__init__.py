"""Operations: is it well, why is it late, limits and pauses, purging, and all data of one person.

Imports the library, webhooks, accounts and what is below.
"""

from presentations.operations.archive import export_with_files, import_with_files
from presentations.operations.checks import Check, Servers, essentials, everything, thoroughly
from presentations.operations.controls import MAX_NOTICE, MOST_WAITING, Controls
from presentations.operations.diagnosis import (
    Finding,
    of_decks,
    of_failures,
    of_line,
    of_one,
    of_servers,
    of_waiting,
    of_work,
)
from presentations.operations.erasing import Erased, NotErased, erase_user
from presentations.operations.overview import LISTED, Overview, overview_of, space_used, standing
from presentations.operations.personal_data import export_user, import_user
from presentations.operations.purge import purge_old
from presentations.operations.sweep import Swept, sweep_daily, sweep_store
from presentations.operations.workers import QUEUES, KnownWorker, Thread, unreadable_is_gone, workers_of

__all__ = [
    "LISTED",
    "MAX_NOTICE",
    "MOST_WAITING",
    "QUEUES",
    "Check",
    "Controls",
    "Erased",
    "Finding",
    "KnownWorker",
    "NotErased",
    "Overview",
    "Servers",
    "Swept",
    "Thread",
    "erase_user",
    "essentials",
    "everything",
    "export_user",
    "export_with_files",
    "import_user",
    "import_with_files",
    "of_decks",
    "of_failures",
    "of_line",
    "of_one",
    "of_servers",
    "of_waiting",
    "of_work",
    "overview_of",
    "purge_old",
    "space_used",
    "standing",
    "sweep_daily",
    "sweep_store",
    "thoroughly",
    "unreadable_is_gone",
    "workers_of",
]
