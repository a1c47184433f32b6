"""What one event's seats look like: pure state, no clock of its own, no transport."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from booking_service.live.messages import SeatView
from shared.contracts.live_messages import SeatChange, SeatStatus


@dataclass(frozen=True, slots=True)
class SeatReading:
    """A seat as the database has it. `ends_in_s`: seconds until its hold ends (negative: has ended), if it is held."""

    seat_id: int
    seat_number: str
    status: SeatStatus
    version: int
    ends_in_s: float | None


class SeatBoard:
    """The newest known view of every seat. Repeated, late and reordered changes do nothing.

    Times (`now`, `ends_at`) are seconds of one monotonic clock, the caller's.
    """

    def __init__(self) -> None:
        self._seats: dict[int, SeatView] = {}
        self._numbers: dict[int, str] = {}
        # Known ends of current holds. A hold that is news from Redis has none until the ledger tells.
        self._hold_ends: dict[int, float] = {}

    def number_of(self, seat_id: int) -> str:
        """The seat's number, such as A5."""
        return self._numbers[seat_id]

    def apply(self, change: SeatChange) -> bool:
        """Take over `change` if it is newer than what is known of its seat; says whether it was."""
        known = self._seats.get(change.seat_id)
        if known is None or known.version >= change.version:
            return False
        self._seats[change.seat_id] = SeatView(change.seat_id, change.status, change.version)
        self._hold_ends.pop(change.seat_id, None)
        return True

    def learn_end(self, seat_id: int, version: int, ends_at: float) -> bool:
        """The hold that made this version of the seat ends then; says whether that is still the seat's version."""
        known = self._seats.get(seat_id)
        if known is None or known.version != version or known.status != "held":
            return False
        self._hold_ends[seat_id] = ends_at
        return True

    def replace(
        self, readings: Sequence[SeatReading], meanwhile: Iterable[SeatChange], *, now: float
    ) -> list[SeatView] | None:
        """Start over from the database's `readings` and the changes that came in `meanwhile`.

        Returns what is newer than before; `None` when that does not tell the whole difference, because what was known
        before was no earlier state of the database.
        """
        before = self._seats
        self._seats = {r.seat_id: SeatView(r.seat_id, r.status, r.version) for r in readings}
        self._numbers = {r.seat_id: r.seat_number for r in readings}
        self._hold_ends = {
            r.seat_id: now + r.ends_in_s for r in readings if r.status == "held" and r.ends_in_s is not None
        }
        for change in meanwhile:
            self.apply(change)
        if before.keys() != self._seats.keys():
            return None
        changed = [view for seat_id, view in self._seats.items() if view != before[seat_id]]
        if any(view.version <= before[view.seat_id].version for view in changed):
            return None
        return changed

    def views(self, *, now: float) -> list[SeatView]:
        """Every seat, in the order of ids. A hold that has ended reads as available: anybody may take the seat."""
        ended = {seat_id for seat_id, ends_at in self._hold_ends.items() if ends_at <= now}
        if not ended:
            return list(self._seats.values())
        return [
            SeatView(seat_id, "available", view.version) if seat_id in ended else view
            for seat_id, view in self._seats.items()
        ]

    def next_end(self, *, now: float) -> float:
        """When the next hold ends, so that `views` changes by itself; infinity when none is known."""
        return min((ends_at for ends_at in self._hold_ends.values() if ends_at > now), default=float("inf"))
