"""A gate that cannot be asked is open, however Redis shows that it is away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from redis.exceptions import ConnectionError as NoConnection

from booking_service.gate.seat_gate import RedisGate
from booking_service.redis_pipe import Command


class DyingPipe:
    """Every command fails with `error`."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def ask_all(self, _commands: Sequence[Command]) -> list[Any]:
        """See `Pipe`."""
        raise self._error


@pytest.mark.parametrize(
    "error",
    [
        NoConnection("refused"),
        ConnectionResetError(),
        TimeoutError(),
        # What uvloop says of a connection that it has closed already: chaos, seed 4, a killed Redis; it was a 500.
        RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_gate_that_fails_lets_everybody_through(error: Exception) -> None:
    def gate() -> RedisGate:
        return RedisGate(DyingPipe(error))

    assert await gate().enter(1, [7], "asker") == []
    await gate().keep(1, [7], "asker", hold_id=UUID(int=1), lasts=timedelta(seconds=300))
    await gate().leave(1, [7], "asker")
