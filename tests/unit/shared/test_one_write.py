"""What is written in one turn of the event loop leaves in one call, in order, and before the connection closes."""

import asyncio
from typing import Any, cast

from shared.chassis.one_write import CoalescingTransport


class Wire:
    """A transport that remembers its calls."""

    def __init__(self) -> None:
        self.calls: list[bytes | str] = []
        self._is_closing = False

    def write(self, data: bytes) -> None:
        """See asyncio."""
        self.calls.append(data)

    def close(self) -> None:
        """See asyncio."""
        self._is_closing = True
        self.calls.append("close")

    def is_closing(self) -> bool:
        """See asyncio."""
        return self._is_closing


def _coalescing(wire: Wire) -> Any:
    return CoalescingTransport(cast(asyncio.Transport, wire), asyncio.get_running_loop())


async def test_head_and_body_leave_together_and_the_next_answer_for_itself() -> None:
    wire = Wire()
    transport = _coalescing(wire)

    transport.write(b"head ")
    transport.write(b"body")
    await asyncio.sleep(0)
    transport.write(b"next")
    await asyncio.sleep(0)

    assert wire.calls == [b"head body", b"next"]


async def test_what_was_written_is_sent_before_the_connection_closes() -> None:
    wire = Wire()
    transport = _coalescing(wire)

    transport.write(b"last words")
    transport.close()
    await asyncio.sleep(0)

    assert wire.calls == [b"last words", "close"]


async def test_nothing_is_written_to_a_connection_that_is_gone() -> None:
    wire = Wire()
    transport = _coalescing(wire)

    transport.write(b"too late")
    wire.close()
    await asyncio.sleep(0)

    assert wire.calls == ["close"]
