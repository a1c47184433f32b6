"""Gates that were left shut: a crash after COMMIT, before the gate was opened, leaves one that refuses a free seat."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import redis.asyncio as redis

from booking_service.gate.seat_gate import IN_FLIGHT
from shared.contracts.redis_keys import SEAT_LOCK_PREFIX

# A gate stays shut that long while its hold is on its way to the database, and for as long as the hold after COMMIT.
# More than this left means: it was committed, so the database can tell whether the hold still has the seat.
IN_FLIGHT_MS = int(IN_FLIGHT.total_seconds() * 1000) + 500
KEYS_PER_LOOK = 500

_GATE = re.compile(re.escape(SEAT_LOCK_PREFIX) + r"\{(\d{1,18})\}:(\d{1,18})")

STILL_HELD = "SELECT id, hold_id::text FROM seats WHERE id = ANY($1) AND status = 'held'"


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as it was found in Redis. `owner` is what is written in it: a hold id, or rubbish."""

    key: bytes | str
    event_id: int
    seat_id: int
    owner: bytes


class GateReconciler:
    """Opens gates whose hold has lost the seat."""

    def __init__(self, client: "redis.Redis", pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._redis = client
        self._pool = pool
        self._open = client.register_script((Path(__file__).parent / "open_gates.lua").read_text(encoding="utf-8"))
        self._cursor = 0

    async def reconcile(self, *, looks: int) -> int:
        """Look at some gates, opening those left shut; says how many. Raises what redis-py and asyncpg raise.

        Bounded: after `looks` steps of Redis' SCAN it stops, and goes on from there the next time.
        """
        opened = 0
        for _ in range(looks):
            self._cursor, keys = await self._redis.scan(self._cursor, match=f"{SEAT_LOCK_PREFIX}*", count=KEYS_PER_LOOK)
            opened += await self._open_left_shut(await self._read(keys))
            if not self._cursor:
                break
        return opened

    async def _read(self, keys: Sequence[bytes | str]) -> list[Gate]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.get(key)
                pipeline.pttl(key)
            answers = await pipeline.execute() if keys else []
        gates = []
        for key, owner, left_ms in zip(keys, answers[::2], answers[1::2], strict=True):
            name = _GATE.fullmatch(key.decode(errors="replace") if isinstance(key, bytes) else key)
            if name and owner is not None and (left_ms == -1 or left_ms > IN_FLIGHT_MS):
                gates.append(Gate(key, int(name[1]), int(name[2]), owner))
        return gates

    async def _open_left_shut(self, gates: Sequence[Gate]) -> int:
        if not gates:
            return 0
        # Asked after Redis: a gate that is past its flight was shut for a hold that had been committed by then.
        rows = await self._pool.fetch(STILL_HELD, [gate.seat_id for gate in gates])
        holds = {row["id"]: row["hold_id"].encode() for row in rows}
        events: dict[int, list[Gate]] = {}
        for gate in gates:
            if holds.get(gate.seat_id) != gate.owner:
                events.setdefault(gate.event_id, []).append(gate)
        opened = 0
        for left_shut in events.values():  # one script call per event: its keys share a cluster slot
            opened += await self._open(
                keys=[gate.key for gate in left_shut], args=[IN_FLIGHT_MS, *(gate.owner for gate in left_shut)]
            )
        return opened
