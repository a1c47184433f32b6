"""Tells running services that the catalogue has changed, as every write to it does."""

from __future__ import annotations

import time

from redis import Redis, RedisError

from shared.contracts.redis_keys import BROWSE_GENERATION

_TIMEOUT_S = 2


def forget_browse_pages(redis_url: str) -> bool:
    """End all kept answers of the catalogue. False when Redis could not be told: then they end by themselves, with
    their time to live.
    """
    redis = Redis.from_url(redis_url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S)
    try:
        # A generation begins at the present microsecond; see `events_service.catalog.cache`.
        redis.set(BROWSE_GENERATION, time.time_ns() // 1000, nx=True)
        redis.incr(BROWSE_GENERATION)
    except RedisError:
        return False
    finally:
        redis.close()
    return True
