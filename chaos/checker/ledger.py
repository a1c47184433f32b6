"""Each seat's ledger is a path: no gap, no repeat, only allowed steps, and it ends where the seat is."""

from collections.abc import Iterator
from itertools import pairwise

from chaos.checker.history import History, Violation
from chaos.records import LedgerRow

RULE = "legal path"

_ROUNDING_S = 0.001
"""Instants are microseconds in the database, and floating point numbers here."""

_STEPS = frozenset(
    {
        ("available", "held"),
        ("held", "held"),
        ("held", "booked"),
        ("held", "available"),
        ("booked", "available"),
        ("available", "blocked"),
        ("held", "blocked"),
        ("booked", "blocked"),
    }
)


def legal_paths(history: History) -> Iterator[Violation]:
    """See the module."""
    for seat_id, path in history.paths.items():
        if [row.version for row in path] != list(range(1, len(path) + 1)):
            yield Violation(RULE, f"seat {seat_id}: versions are not 1 to {len(path)}: {[row.version for row in path]}")
            continue
        first = path[0]
        if first.old_status != "available":
            yield Violation(RULE, f"seat {seat_id} began as {first.old_status}")
        for row in path:
            if (row.old_status, row.new_status) not in _STEPS:
                yield Violation(RULE, f"{_name(row)} went from {row.old_status} to {row.new_status}")
        for before, row in pairwise(path):
            at = history.monotonic(row.at_epoch)
            if row.old_status != before.new_status:
                yield Violation(RULE, f"{_name(row)} was {row.old_status}, but {before.new_status} before", at)
            yield from (Violation(RULE, text, at) for text in _wrong_owner(before, row))
    yield from _lengths(history)
    yield from _ends(history)


def _lengths(history: History) -> Iterator[Violation]:
    """A hold ends as long after its beginning, or its extension, as holds last, by the database's clock and no other.

    The end is reckoned before the ledger's row is dated, so it may be nearer by however long that took; too near is
    found by those whose hold it was (promises.py).
    """
    for row in history.ledger:
        if row.new_status != "held" or row.hold_expiry_epoch is None:
            continue
        before = history.previous(row)
        latest = row.at_epoch + history.start.hold_s
        if before is not None and not history.places(row) and before.hold_expiry_epoch is not None:
            latest = max(latest, before.hold_expiry_epoch)
        if row.hold_expiry_epoch > latest + _ROUNDING_S:
            late_s = row.hold_expiry_epoch - latest
            text = f"{_name(row)} is held for {late_s:.3f} s longer than a hold lasts"
            yield Violation(RULE, text, history.monotonic(row.at_epoch))


def _wrong_owner(before: LedgerRow, row: LedgerRow) -> Iterator[str]:
    """The database's own clock judged each of these, so that they hold exactly."""
    if before.new_status != "held" or before.hold_expiry_epoch is None:
        return
    ended = row.at_epoch >= before.hold_expiry_epoch
    if row.new_status == "booked" and (row.hold_id != before.hold_id or row.user_id != before.user_id):
        yield f"{_name(row)} was booked by user {row.user_id} out of the hold of {before.user_id}"
    if row.new_status == "booked" and ended:
        yield f"{_name(row)} was booked after its hold had ended"
    if row.new_status == "held" and row.hold_id != before.hold_id and not ended:
        yield f"{_name(row)} was taken from user {before.user_id} before the hold had ended"
    if row.new_status == "held" and row.hold_id == before.hold_id and ended:
        yield f"{_name(row)} was extended after its hold had ended"


def _ends(history: History) -> Iterator[Violation]:
    seats = {seat.seat_id: seat for seat in history.seats}
    for seat_id, path in history.paths.items():
        last, seat = path[-1], seats.get(seat_id)
        if seat is None:
            if last.new_status != "blocked":
                yield Violation(RULE, f"seat {seat_id} is gone, and its ledger ends with {last.new_status}")
        elif (seat.version, seat.status) != (last.version, last.new_status):
            yield Violation(
                RULE,
                f"seat {seat_id} is {seat.status} at version {seat.version}, but its ledger ends with "
                f"{last.new_status} at {last.version}",
            )
    for seat in history.seats:
        if seat.seat_id not in history.paths and (seat.version, seat.status) != (0, "available"):
            yield Violation(RULE, f"seat {seat.seat_id} is {seat.status} at version {seat.version} without a ledger")
        if seat.status == "held":
            yield Violation(RULE, f"seat {seat.seat_id} is still held long after every hold has ended")


def _name(row: LedgerRow) -> str:
    return f"seat {row.seat_id} at version {row.version}"
