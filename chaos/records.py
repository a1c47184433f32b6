"""The log of a run: one JSON object a line. All that the checker knows stands in it, so a log can be checked again.

Instants are seconds of CLOCK_MONOTONIC: one machine, one clock, so "before" is exact. Instants of the database's clock
are named `_epoch`; `Start.epoch_at_zero` translates, as long as nobody sets the machine's clock.
"""

from typing import Any, Literal

import msgspec

Kind = Literal[
    "hold",
    "extend",
    "release",
    "confirm",
    "cancel",
    "admit",
    "delete-event",
    "look",
    "choose",
    "ticket",
    "sign-in",
    "mine",
]

READS: frozenset[Kind] = frozenset({"look", "choose", "ticket", "sign-in", "mine"})
"""What changes no seat: without an answer, there is nothing to settle."""


def is_definite(status: int | None) -> bool:
    """Does this answer say what came of the operation? 5xx does not know; and who is not let in (401), which a wrong
    clock may do to the most honest token, learns that this try did nothing, and nothing about an earlier one.
    """
    return status is not None and status < 500 and status != 401


class Start(msgspec.Struct, frozen=True, tag="start", tag_field="record"):
    """The first line."""

    seed: int
    seconds: float
    instances: int
    hold_s: float
    hold_max_s: float
    event_id: int
    at: float
    epoch_at_zero: float
    mutant: str = ""


class Try(msgspec.Struct, frozen=True, tag="try", tag_field="record"):
    """One request. Tries of one operation share its `key`. `status` is None when no answer came; then `error` says why.

    `asked`: what names it: `seats`, `hold_id`, `booking_id` or `event_id`; of a hold in one call, `quantity`, and the
    seats `among` which it may choose; of "admit", the `gate`, the `event_id` that is let in for, and `ticket_of`: the
    event of the ticket, None for a code that was made up; of "mine", when its token was asked for.
    `body` of a "look": [seat, status, version].
    """

    key: str
    kind: Kind
    user_id: int
    part: str
    asked: dict[str, Any]
    invoke: float
    returned: float
    status: int | None
    body: Any = None
    error: str = ""


class Fault(msgspec.Struct, frozen=True, tag="fault", tag_field="record"):
    """Something that was broken, from `begin` until we had let go of it. `missed`: why it could not be done. `skew_s`:
    by how much a clock was ahead meanwhile, on top of what other faults did to it.
    """

    number: int
    kind: str
    target: str
    begin: float
    end: float
    missed: str = ""
    facts: str = ""
    skew_s: float = 0.0


class Seen(msgspec.Struct, frozen=True, tag="seen", tag_field="record"):
    """What a viewer was sent. `connection` counts its sockets. `seats`: [seat, status, version]; none: a heartbeat."""

    viewer: str
    connection: int
    at: float
    snapshot: bool
    seats: list[tuple[int, str, int]]


class Quiet(msgspec.Struct, frozen=True, tag="quiet", tag_field="record"):
    """The end: how long each viewer took to agree with the database after the last write; None: it never did."""

    viewer: str
    agreed_after_s: float | None
    differs: list[int]


class LedgerRow(msgspec.Struct, frozen=True, tag="ledger", tag_field="record"):
    """A row of seat_log."""

    seat_id: int
    version: int
    event_id: int
    old_status: str
    new_status: str
    hold_id: str | None
    hold_expiry_epoch: float | None
    user_id: int | None
    booking_id: int | None
    xid: int
    at_epoch: float


class SeatRow(msgspec.Struct, frozen=True, tag="seat", tag_field="record"):
    """A row of seats, at the end."""

    seat_id: int
    event_id: int
    status: str
    version: int
    hold_id: str | None
    booking_id: int | None


class BookingRow(msgspec.Struct, frozen=True, tag="booking", tag_field="record"):
    """A row of bookings, at the end; the ticket is used when it has been `admitted_at_epoch`."""

    booking_id: int
    user_id: int
    seat_id: int
    hold_id: str
    status: str
    admitted_at_epoch: float | None = None
    admitted_gate: str | None = None


class MyBookings(msgspec.Struct, frozen=True, tag="my-bookings", tag_field="record"):
    """What GET /my-bookings told a customer at the end: [booking, status]."""

    user_id: int
    items: list[tuple[int, str]]


class Audited(msgspec.Struct, frozen=True, tag="audited", tag_field="record"):
    """What the auditor said at the end."""

    invariants: int
    findings: list[str]
    errors: list[str]


class End(msgspec.Struct, frozen=True, tag="end", tag_field="record"):
    """The last line: the run was recorded to its end. `load`: how many processes wanted one of the machine's `cores`,
    averaged over the last minute of the workload, ours among them; for times can only be read beside it.
    """

    at: float
    workload_ended: float
    load: float = 0.0
    cores: int = 0


Record = Start | Try | Fault | Seen | Quiet | LedgerRow | SeatRow | BookingRow | MyBookings | Audited | End
