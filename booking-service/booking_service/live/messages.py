"""What a viewer hears in JSON, one text per message (docs/live-protocol.md).

No personal data, ever: an event's map is public, who sits where is not.
"""

from datetime import datetime

import msgspec

from shared.contracts.live_messages import SeatStatus


class SeatView(msgspec.Struct, frozen=True, gc=False):
    """A seat as everybody may see it. `version` counts its changes: of two views, the higher version is the newer."""

    seat_id: int
    status: SeatStatus
    version: int


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot", tag_field="type"):
    """All seats of the event, each a `SeatView` in JSON. Replaces whatever the viewer knew."""

    event_id: int
    seats: list[msgspec.Raw]


class SeatUpdate(msgspec.Struct, frozen=True, tag="seat_update", tag_field="type"):
    """One seat has changed."""

    event_id: int
    seat_id: int
    seat_number: str
    status: SeatStatus
    version: int


class Heartbeat(msgspec.Struct, frozen=True, tag="heartbeat", tag_field="type"):
    """Nothing is wrong, even if nothing happens."""

    event_id: int
    server_time: datetime


class Resync(msgspec.Struct, frozen=True, tag="resync", tag_field="type"):
    """The viewer has missed updates; a snapshot follows."""

    event_id: int


class Removed(msgspec.Struct, frozen=True, tag="event_removed", tag_field="type"):
    """The event is gone. The socket closes."""

    event_id: int


_encoder = msgspec.json.Encoder()


def encode(message: Snapshot | SeatUpdate | Heartbeat | Resync | Removed) -> str:
    """The message as text."""
    return _encoder.encode(message).decode()
