"""The door on the wire."""

from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, ConfigDict, Field

from booking_service.bookings.schemas import BookedSeat, BookedSeatOut
from shared.chassis.fields import EntityId, Input, Instant, Output, Text, one_line
from shared.chassis.instants import GivenInstant
from shared.contracts.ticket_codes import MAX_CODE_CHARS

MAX_GATE_CHARS = 40
TicketState = Literal["valid", "used", "cancelled"]


class Scan(Input):
    """A code that somebody shows at a gate."""

    code: Annotated[Text, Field(min_length=1, max_length=MAX_CODE_CHARS)] = Field(
        description="As it was read or typed: small letters, spaces and hyphens do not matter.",
        examples=["FR1FKNR4GSSWCN6Q2PD5L7ZJ4M3X2YA"],
    )
    event_id: EntityId = Field(description="The event that is let in for.")
    gate: Annotated[Text, Field(min_length=1, max_length=MAX_GATE_CHARS), AfterValidator(one_line)] | None = Field(
        default=None, description="The name of the door, for those who ask where.", examples=["North"]
    )
    scanned_at: GivenInstant | None = Field(
        default=None,
        description="When a scanner without network let this person in, which it tells now. At most a minute from now.",
        examples=["2026-12-01T19:12:30Z"],
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "FR1FKNR4GSSWCN6Q2PD5L7ZJ4M3X2YA", "event_id": 42, "gate": "North"}]}
    )


class Admission(msgspec.Struct, frozen=True):
    """Somebody is let in."""

    booking_id: int
    event_id: int
    seat: BookedSeat
    gate: str | None
    admitted_at: str


class OtherEvent(msgspec.Struct, frozen=True):
    """What a ticket is for that was shown at the wrong door."""

    id: int
    name: str
    venue: str
    city: str
    start_time: str
    time_zone: str


class FirstEntry(msgspec.Struct, frozen=True):
    """The entry that counts."""

    gate: str | None
    admitted_at: str


class SecondEntry(msgspec.Struct, frozen=True):
    """The entry that should not have been."""

    gate: str | None
    scanned_at: str


class DoubleEntry(msgspec.Struct, frozen=True):
    """Two were let in with one ticket; or one with a cancelled one, then there is no `first`."""

    seat: BookedSeat
    first: FirstEntry | None
    second: SecondEntry


class Door(msgspec.Struct, frozen=True):
    """How many have come so far."""

    event_id: int
    name: str
    start_time: str
    time_zone: str
    sold: int
    admitted: int
    double_entries: list[DoubleEntry]


class KnownTicket(msgspec.Struct, frozen=True, gc=False):
    """A ticket as a scanner knows it that has to do without us."""

    id: str
    seat_number: str
    section: str
    row: str
    state: TicketState
    admitted_at: str | None
    gate: str | None


class KnownTickets(msgspec.Struct, frozen=True):
    """Every ticket of an event that was ever sold; what was decided before `as_of` is in it."""

    event_id: int
    as_of: str
    tickets: list[KnownTicket]


class AdmissionOut(Output):
    """As `Admission`, documented."""

    booking_id: int = Field(examples=[7001])
    event_id: int = Field(examples=[42])
    seat: BookedSeatOut
    gate: str | None = Field(examples=["North"])
    admitted_at: Instant


class FirstEntryOut(Output):
    """As `FirstEntry`, documented."""

    gate: str | None = Field(examples=["North"])
    admitted_at: Instant


class SecondEntryOut(Output):
    """As `SecondEntry`, documented."""

    gate: str | None = Field(examples=["South"])
    scanned_at: Instant = Field(description="By the clock of the scanner that had no network.")


class DoubleEntryOut(Output):
    """As `DoubleEntry`, documented."""

    seat: BookedSeatOut
    first: FirstEntryOut | None = Field(description="Null: the booking was cancelled.")
    second: SecondEntryOut


class DoorOut(Output):
    """As `Door`, documented."""

    event_id: int = Field(examples=[42])
    name: str
    start_time: Instant
    time_zone: str = Field(description="Where the venue's clocks run (IANA).", examples=["Europe/Berlin"])
    sold: int = Field(description="Tickets that are good, used or not.", examples=[412])
    admitted: int = Field(description="Those of them that were used.", examples=[305])
    double_entries: list[DoubleEntryOut] = Field(description="The newest first, at most 500.")


class KnownTicketOut(Output):
    """As `KnownTicket`, documented."""

    id: str = Field(
        description="The first 16 bytes of the SHA-256 of the code (capitals, nothing between them), in hexadecimal.",
        examples=["a7c1f6c1f2a94b0c8f2a6d0f5f1c7e3b"],
    )
    seat_number: str = Field(examples=["STALLS-A-12"])
    section: str
    row: str
    state: TicketState
    admitted_at: Instant | None
    gate: str | None = Field(examples=["North"])


class KnownTicketsOut(Output):
    """As `KnownTickets`, documented."""

    event_id: int = Field(examples=[42])
    as_of: Instant = Field(description="What was decided before this moment is in the list.")
    tickets: list[KnownTicketOut]
