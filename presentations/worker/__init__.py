"""The worker: a process whose threads are RQ workers.

Imports generation and webhooks, whose jobs it runs.
"""

from presentations.worker.process import main

__all__ = ["main"]
