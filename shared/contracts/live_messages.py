"""What travels between instances: seat changes that have happened, or the end of an event.

What is about one event is on its channel, `live:{event_id}`; changes of several events at once are on `live:several`.
"""

from typing import Annotated, Literal

import msgspec

SeatStatus = Literal["available", "held", "booked", "blocked"]

Version = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
"""Counts the changes of one seat. A JavaScript number holds it exactly; a higher one is no count but a lie."""


class SeatChange(msgspec.Struct, frozen=True, array_like=True):
    """One change of one seat. `version` counts that seat's changes, so repeats and reordering are harmless."""

    seat_id: int
    status: SeatStatus
    version: Version


class SeatChanges(msgspec.Struct, frozen=True, tag="changes", tag_field="type"):
    """Changes of one event's seats, from one commit. No personal data, ever: this reaches every viewer."""

    event_id: int
    changes: list[SeatChange]


class ChangesOfSeveral(msgspec.Struct, frozen=True, tag="several", tag_field="type"):
    """Changes of several events, from commits at about the same time: whoever sells for many events says it once."""

    events: list[SeatChanges]


class EventRemoved(msgspec.Struct, frozen=True, tag="removed", tag_field="type"):
    """The event is gone; its viewers are to be told and let go."""

    event_id: int


LiveMessage = SeatChanges | ChangesOfSeveral | EventRemoved

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(LiveMessage)


def encode(message: LiveMessage) -> bytes:
    """The message in bytes."""
    return _encoder.encode(message)


def decode(payload: bytes) -> LiveMessage:
    """The message in `payload`. Raises `msgspec.DecodeError` for anything else."""
    message: LiveMessage = _decoder.decode(payload)
    return message
