"""What there is of events afterwards, and what the audit log says of it."""

import json
from typing import Any

import asyncpg

EVERY_TABLE_OF_AN_EVENT = ("events", "seats", "bookings", "double_entries", "orders")
NOTHING_SOLD = dict.fromkeys(EVERY_TABLE_OF_AN_EVENT, 0)


async def rows_left(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in EVERY_TABLE_OF_AN_EVENT}


async def audit(connection: "asyncpg.Connection[asyncpg.Record]") -> list[dict[str, Any]]:
    rows = await connection.fetch("SELECT * FROM audit_log ORDER BY id")
    return [{**row, "detail": json.loads(row["detail"])} for row in rows]
