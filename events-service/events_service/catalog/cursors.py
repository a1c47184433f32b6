"""Cursors: where a page of events ended, in a form that only this service can make."""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_CURSOR_CHARS = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = struct.Struct(">qq")
_SEAL_BYTES = 8


class BrokenCursor(ValueError):
    """The text is no cursor that this service has made."""


@dataclass(frozen=True, slots=True)
class Position:
    """The place of one event in the order of all events: by start time, then id."""

    start_time: datetime
    event_id: int


class Cursors:
    """Writes positions as opaque text and reads them back.

    They are sealed (HMAC), not only encoded: a made-up cursor would fill the cache with pages that nobody asks for.
    """

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"frontrow browse cursor", "sha256")

    def write(self, position: Position) -> str:
        """The cursor of `position`, URL-safe."""
        microseconds = (position.start_time - _EPOCH) // timedelta(microseconds=1)
        place = _PLACE.pack(microseconds, position.event_id)
        return urlsafe_b64encode(place + self._seal(place)).decode().rstrip("=")

    def read(self, cursor: str) -> Position:
        """The position in `cursor`. Raises `BrokenCursor`."""
        try:
            sealed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except (NotBase64, UnicodeEncodeError):
            raise BrokenCursor from None
        place, seal = sealed[: _PLACE.size], sealed[_PLACE.size :]
        if len(place) != _PLACE.size or not hmac.compare_digest(seal, self._seal(place)):
            raise BrokenCursor
        microseconds, event_id = _PLACE.unpack(place)
        position = Position(_EPOCH + timedelta(microseconds=microseconds), event_id)
        if self.write(position) != cursor:  # base64 has several spellings of the same bytes
            raise BrokenCursor
        return position

    def _seal(self, place: bytes) -> bytes:
        return hmac.digest(self._key, place, "sha256")[:_SEAL_BYTES]
