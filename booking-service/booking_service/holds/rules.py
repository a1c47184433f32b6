"""The rules of holds, pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any


def fits_the_limit(*, asked: int, held: int, limit: int) -> bool:
    """May somebody who holds `held` seats of an event hold `asked` more?"""
    return held + asked <= limit


def extended_end(*, now: datetime, end: datetime, began: datetime, duration: timedelta, longest: timedelta) -> datetime:
    """The end of a hold that is extended at `now`: a full `duration` again, at most `longest` after it began.

    Never earlier than the `end` it has. (WCAG 2.2.1 asks for an extension; the cap keeps seats from being kept away
    from others without end.)
    """
    return max(end, min(now + duration, began + longest))


def refused_seats(seats: Iterable[Mapping[str, Any]], *, asker: int) -> list[dict[str, Any]]:
    """What a refused asker may know of the seats that were not free: never who has them, only whether it is they."""
    return [
        {
            "seat_id": seat["id"],
            "seat_number": seat["seat_number"],
            "status": seat["status"],
            "version": seat["version"],
            "yours": seat["held_by"] == asker,
        }
        for seat in seats
        if not seat["is_free"]
    ]
