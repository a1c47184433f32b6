"""The records of a run, arranged for the checker."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

from chaos.records import (
    READS,
    Audited,
    BookingRow,
    End,
    Fault,
    Kind,
    LedgerRow,
    MyBookings,
    Quiet,
    Record,
    SeatRow,
    Seen,
    Start,
    Try,
    is_definite,
)

NOT_STORED = frozenset({403, 413, 415, 422, 429})
"""Refusals that are no answer to the operation itself: the same key may well get another one later."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must not be. `at`: the instant it is about, of CLOCK_MONOTONIC, if it is about one."""

    rule: str
    text: str
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """All tries with one key. A definite answer says what came of it; without one it may have happened, at any time
    from its beginning on.
    """

    key: str
    tries: Sequence[Try]

    @property
    def kind(self) -> Kind:
        """What was asked."""
        return self.tries[0].kind

    @property
    def user_id(self) -> int:
        """Who asked."""
        return self.tries[0].user_id

    @property
    def asked(self) -> Mapping[str, Any]:
        """For which seats, hold, booking or event."""
        return self.tries[0].asked

    @property
    def invoke(self) -> float:
        """When it was asked first: nothing of it happens before."""
        return min(one.invoke for one in self.tries)

    @property
    def definite(self) -> Sequence[Try]:
        """Its answers, in order of arrival."""
        return sorted((one for one in self.tries if is_definite(one.status)), key=lambda one: one.returned)

    @property
    def answer(self) -> Try | None:
        """The first definite answer, or, where no try was let in at all, that. None: still open at the end."""
        if all(one.status == 401 for one in self.tries):
            return self.tries[0]
        return next(iter(self.definite), None)

    @property
    def done(self) -> bool:
        """Was it acknowledged?"""
        return self.answer is not None and self.answer.status is not None and self.answer.status < 300

    @property
    def refused(self) -> bool:
        """Was it refused?"""
        return self.answer is not None and not self.done

    @property
    def open(self) -> bool:
        """Did nobody ever say?"""
        return self.answer is None

    @property
    def returned(self) -> float:
        """By when it had happened, if it did; infinity while open."""
        return self.answer.returned if self.answer is not None else inf

    def __str__(self) -> str:
        asked = ", ".join(f"{name} {value}" for name, value in self.asked.items())
        status = self.answer.status if self.answer is not None else "open"
        return f"{self.kind} of {asked} by user {self.user_id} ({status}, key {self.key})"


class History:
    """One run."""

    def __init__(self, records: Iterable[Record]) -> None:
        kinds: dict[type, list[Any]] = defaultdict(list)
        for record in records:
            kinds[type(record)].append(record)
        self.start: Start = kinds[Start][0]
        self.end: End | None = kinds[End][0] if kinds[End] else None
        self.tries: Sequence[Try] = kinds[Try]
        self.faults: Sequence[Fault] = sorted(kinds[Fault], key=lambda fault: fault.begin)
        self.seen: Sequence[Seen] = kinds[Seen]
        self.quiet: Sequence[Quiet] = kinds[Quiet]
        self.ledger: Sequence[LedgerRow] = kinds[LedgerRow]
        self.seats: Sequence[SeatRow] = kinds[SeatRow]
        self.bookings: Sequence[BookingRow] = kinds[BookingRow]
        self.my_bookings: Sequence[MyBookings] = kinds[MyBookings]
        self.audits: Sequence[Audited] = kinds[Audited]

    @cached_property
    def operations(self) -> Sequence[Operation]:
        """Every operation that may change something, in order of their beginnings."""
        keyed: dict[str, list[Try]] = defaultdict(list)
        for one in self.tries:
            if one.kind not in READS:
                keyed[one.key].append(one)
        return sorted((Operation(key, tries) for key, tries in keyed.items()), key=lambda operation: operation.invoke)

    def of_kind(self, kind: Kind) -> Sequence[Operation]:
        """The operations of one kind."""
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[Operation]]:
        kinds: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.operations:
            kinds[operation.kind].append(operation)
        return kinds

    @cached_property
    def rows(self) -> Mapping[tuple[int, int], LedgerRow]:
        """The ledger by (seat, version)."""
        return {(row.seat_id, row.version): row for row in self.ledger}

    @cached_property
    def paths(self) -> Mapping[int, Sequence[LedgerRow]]:
        """The ledger of each seat, by version."""
        paths: dict[int, list[LedgerRow]] = defaultdict(list)
        for row in sorted(self.ledger, key=lambda row: (row.seat_id, row.version)):
            paths[row.seat_id].append(row)
        return paths

    @cached_property
    def rows_of_hold(self) -> Mapping[str, Sequence[LedgerRow]]:
        """The ledger of each hold, its ending included, in order of seats and versions."""
        holds: dict[str, list[LedgerRow]] = defaultdict(list)
        for path in self.paths.values():
            for row in path:
                if row.hold_id is not None:
                    holds[row.hold_id].append(row)
        return holds

    @cached_property
    def deleted_events(self) -> Mapping[int, float]:
        """When the deletion of an event was first asked for."""
        return {operation.asked["event_id"]: operation.invoke for operation in reversed(self.of_kind("delete-event"))}

    @cached_property
    def cancellation_rows(self) -> Mapping[int, LedgerRow]:
        """The row that ended each booking, by the booking's id."""
        return {row.booking_id: row for row in self.ledger if row.old_status == "booked" and row.booking_id is not None}

    @cached_property
    def buyers(self) -> Mapping[int, int | None]:
        """Who bought, by booking."""
        return {booking_id: row.user_id for booking_id, row in self.booked_rows.items()}

    @cached_property
    def booked_rows(self) -> Mapping[int, LedgerRow]:
        """The row that began each booking, by the booking's id."""
        return {row.booking_id: row for row in self.ledger if row.new_status == "booked" and row.booking_id}

    @cached_property
    def bookings_by_id(self) -> Mapping[int, BookingRow]:
        """The bookings at the end; those of deleted events are not among them."""
        return {row.booking_id: row for row in self.bookings}

    def previous(self, row: LedgerRow) -> LedgerRow | None:
        """The change of the same seat before this one."""
        return self.rows.get((row.seat_id, row.version - 1))

    def clock_error_s(self, part: str, since: float, until: float) -> float:
        """By how much, at most, the wall clock of a service was wrong at any time between; the sign is lost."""
        return sum(
            abs(fault.skew_s)
            for fault in self.faults
            if fault.target == part and fault.skew_s and fault.begin <= until and fault.end >= since
        )

    def places(self, row: LedgerRow) -> bool:
        """Does this row begin a hold (and not prolong one)?"""
        if row.new_status != "held":
            return False
        before = self.previous(row)
        return row.old_status != "held" or before is None or before.hold_id != row.hold_id

    def monotonic(self, epoch: float) -> float:
        """An instant of the machine's wall clock, as one of CLOCK_MONOTONIC."""
        return epoch - self.start.epoch_at_zero
