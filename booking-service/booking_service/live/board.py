"""What one event's seats look like: pure state, no clock of its own, no transport."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from booking_service.live.hold_ends import HoldEnds
from booking_service.live.words import STATUSES, Words, word
from shared.contracts.live_messages import SeatChange, SeatStatus

# What the lowest byte of a word says of being free: the status is in its lowest bits.
_FREE = bytes(int(STATUSES[byte & 3] == "available") for byte in range(256))


@dataclass(frozen=True, slots=True)
class SeatReading:
    """A seat as the database has it. `ends_in_s`: seconds until its hold ends (negative: has ended), if it is held."""

    seat_id: int
    seat_number: str
    status: SeatStatus
    version: int
    ends_in_s: float | None


class SeatIdsHaveGaps(Exception):
    """The seats of an event are not the block of ids that they were made as (audit: `events_and_seats_agree`)."""


class SeatBoard:
    """The newest known view of every seat. Repeated, late and reordered changes do nothing.

    A seat's place is its id less the first seat's: the ids of an event follow each other (`allocate_seat_ids`).
    Times (`now`, `ends_at`) are seconds of one monotonic clock, the caller's.
    """

    def __init__(self) -> None:
        self.first_seat_id = 0
        self.words = Words()
        """What is known, by place. Holds that have ended are still held here."""
        self._numbers: list[str] = []
        # A hold that is news from Redis has no known end until the ledger tells.
        self._hold_ends = HoldEnds()

    def number(self, place: int) -> str:
        """The seat's number, such as A5."""
        return self._numbers[place]

    def change(self, place: int) -> SeatChange:
        """The change that made the seat what it is."""
        return SeatChange(self.first_seat_id + place, self.words.status(place), self.words.version(place))

    def apply(self, change: SeatChange) -> bool:
        """Take over `change` if it is newer than what is known of its seat; says whether it was."""
        place = change.seat_id - self.first_seat_id
        if not 0 <= place < len(self.words) or self.words.version(place) >= change.version:
            return False
        self.words[place] = word(change.status, change.version)
        self._hold_ends.forget(place)
        return True

    def learn_end(self, seat_id: int, version: int, ends_at: float) -> bool:
        """The hold that made this version of the seat ends then; says whether that is still the seat's version."""
        place = seat_id - self.first_seat_id
        if not 0 <= place < len(self.words) or self.words[place] != word("held", version):
            return False
        self._hold_ends.learn(place, ends_at)
        return True

    def replace(
        self, readings: Sequence[SeatReading], meanwhile: Iterable[SeatChange], *, now: float
    ) -> list[int] | None:
        """Start over from the database's `readings`, in the order of ids, and the changes that came in `meanwhile`.

        Returns the places of what is newer than before; `None` when that does not tell the whole difference, because
        what was known before was no earlier state of the database. Raises `SeatIdsHaveGaps`, and changes nothing
        then.
        """
        first_seat_id = readings[0].seat_id if readings else 0
        if any(reading.seat_id != seat_id for seat_id, reading in enumerate(readings, first_seat_id)):
            raise SeatIdsHaveGaps
        before, before_first, self.first_seat_id = self.words, self.first_seat_id, first_seat_id
        self.words = Words(word(reading.status, reading.version) for reading in readings)
        self._numbers = [reading.seat_number for reading in readings]
        self._hold_ends = HoldEnds(
            (place, now + reading.ends_in_s)
            for place, reading in enumerate(readings)
            if reading.status == "held" and reading.ends_in_s is not None
        )
        for change in meanwhile:
            self.apply(change)
        if (before_first, len(before)) != (self.first_seat_id, len(self.words)):
            return None
        changed = [place for place in range(len(before)) if before[place] != self.words[place]]
        if any(before.version(place) >= self.words.version(place) for place in changed):
            return None
        return changed

    def ended(self, *, now: float) -> Set[int]:
        """The places of held seats whose hold has ended: anybody may take them, so they are shown as available."""
        return self._hold_ends.ended(now=now)

    def free(self, *, now: float) -> bytes:
        """For each place, 1 if anybody may take it. 50,000 of them take some 50 microseconds."""
        lowest_bytes = self.words.tobytes()[:: self.words.width]
        free = bytearray(lowest_bytes.translate(_FREE))
        for place in self.ended(now=now):
            free[place] = 1
        return bytes(free)

    def is_free(self, place: int, *, now: float) -> bool:
        """Whether anybody may take it."""
        return self.words.status(place) == "available" or place in self.ended(now=now)

    def next_end(self, *, now: float) -> float:
        """When the next hold ends, so that `ended` changes by itself; infinity when none is known."""
        return self._hold_ends.next_end(now=now)
