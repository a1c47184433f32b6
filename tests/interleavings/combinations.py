"""Which operations meet in which situations, and which of their steps are local."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.interleavings.operations import OPERATIONS
from tests.interleavings.orders import IsLocal

Combination = tuple[str, tuple[str, ...]]
"""A situation and the operations that meet in it."""

TWINS: Sequence[Combination] = (
    ("free", ("holdsAB", "holdC")),
    ("held", ("holdsAB", "release")),
    ("held", ("holdsAB", "confirm")),
    ("held", ("holdsAB", "confirm", "clock")),
    ("held", ("holdsAB", "extend", "clock")),
    ("held", ("holdsAB", "delete")),
    ("ended", ("holdsAB", "confirm")),
    ("ended", ("holdsAB", "expire")),
    ("sold", ("holdsAB", "cancel")),
    ("free", ("holdA", "holdA2")),
    ("free", ("keyedHold", "keyedHold2")),
    ("held", ("extend", "holdC")),
    ("held", ("extend", "holdC", "clock")),
    ("held", ("release", "holdC", "clock")),
    ("held", ("confirm", "holdC", "clock")),
    ("held", ("confirm", "confirm2")),
    ("held", ("keyedConfirm", "keyedConfirm2")),
    ("held", ("release", "release2")),
    ("held", ("extend", "extend2")),
    ("held", ("delete", "delete2")),
    ("ended", ("expire", "expire2")),
    ("sold", ("cancel", "cancel2")),
    ("sold", ("keyedCancel", "keyedCancel2")),
    ("sold", ("delete", "delete2")),
    ("sold", ("admit", "admit2")),
    ("sold", ("admit", "cancel")),
    ("sold", ("admit", "delete")),
    ("sold", ("admit", "tell")),
    ("sold", ("admit", "cancel", "tell")),
    ("sold", ("tell", "cancel")),
    ("sold", ("tell", "delete")),
    ("sold", ("tell", "tell2")),
    ("sold", ("tell", "tellElsewhere")),
)
"""A batch of two; the same person twice: a second tab, double clicks, retries with a key; two sweeps, two
administrators, two doors."""

# Steps between the taking of the row locks and the COMMIT. They read and write only rows that their own transaction has
# locked, or adds: nobody can see them, and they can see nobody. Behind each, the operations that break this after all:
# the clock is no row, and a seat that is deleted cannot be locked. `lock_limits` is of (user, event), and different
# people meet here. A local step that has to wait for a lock fails the test.
_LOCAL: Mapping[str, Collection[str]] = {
    "lock_limits": (),
    "confirm": ("clock",),
    "mark_extended": ("clock",),
    "mark_available": (),
    "mark_cancelled": ("delete",),
    "free_seat": ("delete",),
    "one": ("delete",),
    "select_events": (),
    "select_bookings": (),
    "update_seats": (),
    "delete_double_entries": (),
    "delete_bookings": (),
    "delete_orders": (),
    "delete_seats": (),
    "delete_events": (),
    "insert_audit_log": (),
}


def combinations(size: int) -> Iterator[Combination]:
    """Every choice of so many operations, in every situation in which it means something."""
    for operations in itertools.combinations(OPERATIONS, size):
        for situation in _situations(operations):
            yield situation, operations


def local_steps(operations: Collection[str]) -> IsLocal:
    """The steps that are local when these operations meet."""
    local = {step for step, unless in _LOCAL.items() if not set(unless) & set(operations)}
    return local.__contains__


def _situations(operations: Collection[str]) -> Iterator[str]:
    holds_can_end = "clock" in operations
    if not {"confirm", "release", "extend", "cancel", "expire", "clock"} & set(operations):
        yield "free"
    living, ended = ("sold", "soldended") if "cancel" in operations else ("held", "ended")
    if holds_can_end or "expire" not in operations:  # otherwise there is nothing to sweep
        yield living
    if not holds_can_end:
        yield ended
