"""What becomes of rows of held seats: the hold as its holder sees it, and the news for everybody."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import asyncpg

from booking_service.holds.schemas import HeldSeat, Hold
from shared.contracts.live_messages import SeatChange, SeatChanges, SeatStatus


def hold_answer(rows: Sequence[asyncpg.Record], *, currency: str, longest: timedelta) -> Hold:
    """The hold of `rows` (one hold's seats, by id). `longest`: from its beginning, what extensions can make of it."""
    first = rows[0]
    return Hold(
        hold_id=first["hold_id"],
        event_id=first["event_id"],
        seats=[HeldSeat(row["id"], row["seat_number"], "held", row["version"], row["price"]) for row in rows],
        total=sum(row["price"] for row in rows),
        currency=currency,
        expires_at=rfc3339(first["hold_expiry"]),
        expires_in=max(0, round(first["remaining"].total_seconds())),
        extendable_until=rfc3339(first["held_since"] + longest),
    )


def seat_changes(rows: Sequence[asyncpg.Record], status: SeatStatus) -> SeatChanges:
    """The news that `rows` (id, event_id, version; at least one) now have `status`."""
    return SeatChanges(rows[0]["event_id"], [SeatChange(row["id"], status, row["version"]) for row in rows])


@lru_cache(maxsize=256)  # the holds of one batch begin and end together
def rfc3339(instant: datetime) -> str:
    """`2026-12-01T19:30:00.123456Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
