"""The pipelined connection to Redis: made again after each loss, given up when it hangs."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import redis.asyncio as redis
import uvloop
from redis.exceptions import ResponseError

from booking_service.redis_pipe import RedisPipe, Script
from devstack.ports import free_port
from shared.redis_failures import REDIS_FAILURES


@pytest.fixture
async def pipe(redis_url: str) -> AsyncIterator[RedisPipe]:
    """A pipe to the tests' Redis, which wants a password."""
    pipe = RedisPipe(redis_url, timeout_s=5)
    yield pipe
    await pipe.aclose()


async def test_replies_come_in_the_order_of_the_commands(pipe: RedisPipe) -> None:
    replies = await asyncio.gather(*(pipe.ask("ECHO", str(number)) for number in range(100)))

    assert replies == [str(number).encode() for number in range(100)]


def test_it_works_on_the_loop_of_production(redis_url: str) -> None:
    """It did not at first, nobody noticed, and every stampede went to PostgreSQL: a gate that fails is an open one."""

    async def asked() -> bytes:
        pipe = RedisPipe(redis_url, timeout_s=5)
        reply = await pipe.ask("ECHO", "uvloop")
        await pipe.aclose()
        return bytes(reply)

    assert uvloop.run(asked()) == b"uvloop"


async def test_all_who_come_at_once_share_one_connection(pipe: RedisPipe) -> None:
    ids = await asyncio.gather(*(pipe.ask("CLIENT", "ID") for _ in range(20)))

    assert len(set(ids)) == 1


async def test_an_error_is_raised_to_the_one_who_asked(pipe: RedisPipe) -> None:
    replies: list[object] = await asyncio.gather(
        pipe.ask("ECHO", "a"), pipe.ask("NO-SUCH-COMMAND"), pipe.ask("ECHO", "b"), return_exceptions=True
    )

    assert (replies[0], replies[2]) == (b"a", b"b")
    assert isinstance(replies[1], ResponseError)


async def test_a_lost_connection_is_made_again(pipe: RedisPipe, gate: "redis.Redis") -> None:
    lost = await pipe.ask("CLIENT", "ID")
    await gate.client_kill_filter(_id=lost)

    async def asked_again() -> bytes | None:
        try:
            return bytes(await pipe.ask("ECHO", "again"))
        except REDIS_FAILURES:
            return None

    assert b"again" in [await asked_again(), await asked_again()]  # the first may still meet the old connection
    assert await pipe.ask("CLIENT", "ID") != lost


async def test_a_redis_that_does_not_answer_is_given_up_and_asked_anew(redis_url: str, gate: "redis.Redis") -> None:
    pipe = RedisPipe(redis_url, timeout_s=0.05)
    await pipe.ask("PING")
    await gate.client_pause(300)

    with pytest.raises(TimeoutError):
        await pipe.ask("PING")

    await gate.client_unpause()
    patient = RedisPipe(redis_url, timeout_s=5)
    assert await patient.ask("PING") == b"PONG"
    await patient.aclose()
    await pipe.aclose()


async def test_who_gives_up_waiting_does_not_mix_up_the_replies_of_others(pipe: RedisPipe) -> None:
    await pipe.ask("PING")
    leaves = asyncio.create_task(pipe.ask("ECHO", "lost"))
    stays = asyncio.create_task(pipe.ask("ECHO", "kept"))
    await asyncio.sleep(0)

    leaves.cancel()

    assert await stays == b"kept"


async def test_no_redis_is_a_failure_of_redis() -> None:
    pipe = RedisPipe(f"redis://127.0.0.1:{free_port()}/0", timeout_s=5)

    with pytest.raises(REDIS_FAILURES):
        await pipe.ask("PING")


async def test_a_wrong_password_is_a_failure_of_redis(redis_url: str) -> None:
    scheme, _, rest = redis_url.partition("://")
    pipe = RedisPipe(f"{scheme}://:wrong@{rest.rpartition('@')[2]}", timeout_s=5)

    with pytest.raises(REDIS_FAILURES):
        await pipe.ask("PING")
    await pipe.aclose()


async def test_a_script_that_redis_has_forgotten_is_sent_again(pipe: RedisPipe, gate: "redis.Redis") -> None:
    script = Script(pipe, "return {KEYS[1], ARGV[1]}")
    assert await script([(["a"], [1]), (["b"], [2])]) == [[b"a", b"1"], [b"b", b"2"]]

    await gate.script_flush()

    assert await script([(["c"], [3])]) == [[b"c", b"3"]]
