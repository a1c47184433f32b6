"""A connection that uvloop has closed counts as an outage of Redis, not as a fault of ours."""

import pytest
from redis.asyncio import Redis

from events_service.quick_redis import QuickRedis, RedisDown


async def test_a_closed_connection_is_an_outage() -> None:
    async def command(_redis: Redis) -> str:
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")

    with pytest.raises(RedisDown):
        await QuickRedis(Redis()).ask(command)
