"""Where a page of bookings ends: opaque to clients, a (time, id) pair to us."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.chassis.fields import MAX_ID
from shared.chassis.problems import Unprocessable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAX_MICROSECONDS = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
MAX_CURSOR_CHARS = 100


@dataclass(frozen=True, slots=True)
class Position:
    """The last booking of a page."""

    created_at: datetime
    booking_id: int

    def encode(self) -> str:
        """As a cursor."""
        text = f"{(self.created_at - _EPOCH) // _MICROSECOND}.{self.booking_id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str) -> Position:
    """The position that `cursor` stands for. Raises `Unprocessable` for anything that is not a cursor of ours."""
    try:
        if len(cursor) > MAX_CURSOR_CHARS or not cursor.isascii():
            raise ValueError
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        microseconds, booking_id = (int(part) for part in text.split(".") if part.isdigit())
        if not (0 <= microseconds <= _MAX_MICROSECONDS and 1 <= booking_id <= MAX_ID):
            raise ValueError
    except (ValueError, binascii.Error):
        raise Unprocessable("The cursor is not one that this address gave out.") from None
    return Position(_EPOCH + microseconds * _MICROSECOND, booking_id)
