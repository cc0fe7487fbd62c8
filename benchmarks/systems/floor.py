"""What no system that keeps its requests in PostgreSQL and its queue in Redis can do better: one row and one push."""

from __future__ import annotations

import threading

import psycopg
from redis import Redis

from benchmarks.systems.job import DATABASE_URL, REDIS_URL

_mine = threading.local()


def prepare() -> None:
    with psycopg.connect(DATABASE_URL) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, topic text)")


def create(topic: str) -> None:
    if not hasattr(_mine, "connection"):
        _mine.connection, _mine.redis = psycopg.connect(DATABASE_URL), Redis.from_url(REDIS_URL)
    _mine.connection.execute("INSERT INTO floor (topic) VALUES (%s)", [topic])
    _mine.connection.commit()
    _mine.redis.lpush("floor", topic)
