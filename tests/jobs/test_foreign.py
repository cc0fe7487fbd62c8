"""What others put where RQ keeps its own."""

from __future__ import annotations

import pytest

from presentations.jobs import foreign, quick_redis
from presentations.jobs.foreign import Foreign, set_aside


def test_of_two_dispatchers_that_see_a_foreign_key_the_slower_one_leaves_what_was_made_anew(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis = quick_redis(redis_url)
    redis.set("rq:workers", "x")
    seen = foreign.foreign_keys(redis, ["presentations"])
    assert seen == [Foreign("rq:workers", "string", "set")]
    set_aside(redis, "presentations")
    redis.sadd("rq:workers", "rq:worker:one")
    monkeypatch.setattr(foreign, "foreign_keys", lambda *_: seen)
    set_aside(redis, "webhooks")
    assert redis.smembers("rq:workers") == {b"rq:worker:one"}
    assert redis.get("lectern:set-aside:rq:workers") == b"x"
    assert 0 < redis.ttl("lectern:set-aside:rq:workers") <= 30 * 24 * 3600
