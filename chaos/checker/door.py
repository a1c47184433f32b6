"""The door: a ticket lets in once, what was let in stays so, and whoever is sent away is told the truth.

Admissions are in no ledger. But a ticket ends as used or as cancelled, and never leaves that end: so what the table
holds when all is over must be what everybody was told before.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chaos.checker.history import History, Operation, Violation
from chaos.records import BookingRow

ONCE = "let in twice"
LOST = "admission lost"
BOTH = "let in and cancelled"
UNASKED = "let in by nobody"
LIE = "sent away without a reason"

_ROUNDING_S = 1e-5
"""Instants are microseconds in answers, and floating point numbers in the log."""


def admissions_stand(history: History) -> Iterator[Violation]:
    """Whoever was let in, was let in by one scan; the ticket is used for ever; and it is no cancelled one."""
    cancelled = {one.asked["booking_id"]: one for one in history.of_kind("cancel") if one.done}
    for booking_id, scans in _scans(history).items():
        entered = [one for one in scans if one.done]
        for other in entered[1:]:
            yield Violation(ONCE, f"{other}, after {entered[0]}", other.returned)
        for scan in entered:
            if _is_wrong(scan):
                yield Violation(LIE, f"{scan}: let in, with a ticket of event {scan.asked['ticket_of']}", scan.returned)
            if booking_id in cancelled:
                yield Violation(BOTH, f"{scan}, and {cancelled[booking_id]}", scan.returned)
            row = _row(history, booking_id)
            if not _is_gone(history, booking_id) and not _is_entry(row, _body(scan)):
                yield Violation(LOST, f"{scan}: in the end {row}", scan.returned)


def admissions_were_asked_for(history: History) -> Iterator[Violation]:
    """A used ticket was scanned at that gate, and this was not refused; and its booking is not cancelled."""
    scans = _scans(history)
    for row in history.bookings:
        if row.admitted_at_epoch is None:
            continue
        at = history.monotonic(row.admitted_at_epoch)
        if row.status != "confirmed":
            yield Violation(BOTH, f"{row}", at)
        asking = [one for one in scans[row.booking_id] if one.asked["gate"] == row.admitted_gate]
        if not any(_may_enter(one) for one in asking):
            yield Violation(UNASKED, f"{row}, but refused: {', '.join(map(str, asking)) or 'nobody asked'}", at)


def refusals_at_the_door_are_true(history: History) -> Iterator[Violation]:
    """Used, cancelled, for another event, not ours: whoever is told so can see it in the end, in the table or in what
    others asked for. The same for who may not cancel, because the ticket is used.
    """
    scans = _scans(history)
    cancelling = defaultdict(list)
    for one in history.of_kind("cancel"):
        cancelling[one.asked["booking_id"]].append(one)
    for one in (*history.of_kind("admit"), *history.of_kind("cancel")):
        if not one.refused or one.answer is None or one.answer.status not in (404, 409, 410):
            continue
        booking_id, body = one.asked["booking_id"], _body(one)
        slug = body["type"].removeprefix("/problems/")
        row, is_gone = _row(history, booking_id), _is_gone(history, booking_id, before=one.returned)
        match slug:
            case "ticket-used":
                entries = [scan for scan in scans[booking_id] if _may_enter(scan) and scan.invoke < one.returned]
                true = any(scan.asked["gate"] == body["gate"] for scan in entries) and (
                    _is_entry(row, body) or _is_gone(history, booking_id)
                )
            case "booking-cancelled":
                true = any(not each.refused and each.invoke < one.returned for each in cancelling[booking_id]) and (
                    (row is not None and row.status == "cancelled") or _is_gone(history, booking_id)
                )
            case "ticket-for-another-event":
                true = one.asked["ticket_of"] not in (None, one.asked["event_id"])
            case "ticket-unknown":
                true = one.asked["ticket_of"] is None or is_gone
            case _:
                continue  # no such booking: that a stranger may not cancel is said elsewhere
        if not true:
            yield Violation(LIE, f"{one}: {slug}, and in the end {row}", one.returned)


def _scans(history: History) -> "defaultdict[int, list[Operation]]":
    scans: defaultdict[int, list[Operation]] = defaultdict(list)
    for one in sorted(history.of_kind("admit"), key=lambda one: one.returned):
        scans[one.asked["booking_id"]].append(one)
    return scans


def _is_wrong(scan: Operation) -> bool:
    """Is it a made up code, or a ticket at the wrong door? Then nobody may be let in."""
    wrong: bool = scan.asked["ticket_of"] != scan.asked["event_id"]
    return wrong


def _may_enter(scan: Operation) -> bool:
    """Has it let somebody in, or may it have?"""
    return not scan.refused and not _is_wrong(scan)


def _row(history: History, booking_id: int) -> BookingRow | None:
    return history.bookings_by_id.get(booking_id)


def _is_gone(history: History, booking_id: int, *, before: float | None = None) -> bool:
    """Had somebody asked by then, or at all, for the event to be deleted, and the booking with it?"""
    booked = history.booked_rows.get(booking_id)
    if booked is None or booked.event_id not in history.deleted_events:
        return False
    return before is None or history.deleted_events[booked.event_id] < before


def _is_entry(row: BookingRow | None, body: Mapping[str, Any]) -> bool:
    """Is this what the table says of who came with the ticket?"""
    if row is None or row.admitted_at_epoch is None:
        return False
    told_at = datetime.fromisoformat(body["admitted_at"]).timestamp()
    return row.admitted_gate == body["gate"] and abs(row.admitted_at_epoch - told_at) < _ROUNDING_S


def _body(operation: Operation) -> Mapping[str, Any]:
    assert operation.answer is not None  # noqa: S101 - it is answered
    body: Mapping[str, Any] = operation.answer.body
    return body
