"""The work that is the same for all of Lectern's peers."""

from __future__ import annotations

import os

import requests

DATABASE_URL = os.environ["BENCH_DATABASE_URL"]
REDIS_URL = os.environ["BENCH_REDIS_URL"]


def ask(topic: str) -> None:
    """Have the slide generator make one presentation, and wait for it."""
    url = os.environ["BENCH_PRESENTON_URL"] + "/api/v1/ppt/presentation/generate"
    requests.post(url, json={"content": topic, "n_slides": 8}, timeout=600).raise_for_status()
