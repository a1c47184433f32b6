"""The same facts from the other side: the seat and its ledger, read from PostgreSQL itself."""

from types import TracebackType
from typing import Self

import asyncpg

from loadtest.model import CannotRun, DatabaseEvidence, LedgerRow, Person, SeatRow

_SEAT = "SELECT status, version, hold_id, held_by FROM seats WHERE id = $1"
_LEDGER = """
    SELECT version, old_status, new_status, hold_id, user_id
    FROM seat_log WHERE seat_id = $1 AND version > $2 ORDER BY version, at
"""


class Database:
    """A read-only connection. Every method raises CannotRun when the database cannot be asked."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._url = url
        self._timeout_s = timeout_s

    async def __aenter__(self) -> Self:
        try:
            self._connection = await asyncpg.connect(
                self._url,
                timeout=self._timeout_s,
                command_timeout=self._timeout_s,
                server_settings={"default_transaction_read_only": "on"},
            )
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # The URL has a password in it: the message must do without.
            raise CannotRun(f"the database cannot be reached: {error}") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()

    async def seat(self, seat_id: int) -> SeatRow | None:
        for row in await self._fetch(_SEAT, seat_id):
            return SeatRow(row["status"], row["version"], _text(row["hold_id"]), row["held_by"])
        return None

    async def knows(self, person: Person) -> bool:
        """Whether the person was signed up in this database: two copies have the same seats, not the same people."""
        return bool(await self._fetch("SELECT 1 FROM users WHERE id = $1 AND email = $2", person.id, person.email))

    async def evidence(self, seat_id: int, *, after_version: int) -> DatabaseEvidence:
        rows = await self._fetch(_LEDGER, seat_id, after_version)
        ledger = tuple(
            LedgerRow(row["version"], row["old_status"], row["new_status"], _text(row["hold_id"]), row["user_id"])
            for row in rows
        )
        return DatabaseEvidence(await self.seat(seat_id), ledger)

    async def _fetch(self, query: str, *values: int | str) -> list[asyncpg.Record]:
        try:
            return await self._connection.fetch(query, *values)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise CannotRun(f"the database cannot be asked: {error}") from error


def _text(value: object) -> str | None:
    return None if value is None else str(value)
