"""The rules of the door, pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCKS_MAY_DIFFER = timedelta(seconds=60)
"""How far a scanner's clock may be from ours. An entry further in the future is refused as malformed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody was let in: when, where (`None`: the gate has no name), and by which administrator's scanner."""

    at: datetime
    gate: str | None
    admitted_by: int


def lies_in_the_future(scanned_at: datetime, *, now: datetime) -> bool:
    """Whether no clock that is about right can have said so."""
    return scanned_at > now + CLOCKS_MAY_DIFFER


def is_the_same_entry(told: Entry, known: Entry) -> bool:
    """Whether a scanner tells us of the entry that we know, and not of a second one.

    It does so when our answer was lost: it gave up waiting, let the person in by its own list, and tells us later. Then
    we have our time of that entry, and it has its own.
    """
    same_scanner = (told.gate, told.admitted_by) == (known.gate, known.admitted_by)
    return same_scanner and abs(told.at - known.at) <= CLOCKS_MAY_DIFFER
