"""One watched event on this instance: its state, and what its viewers are to hear. Knows nothing of sockets."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from math import inf

from booking_service.live.audience import Audience, Line
from booking_service.live.board import SeatBoard
from booking_service.live.compact import CompactMode
from booking_service.live.messages import Heartbeat, Removed, encode
from booking_service.live.parcel import MODES, Mode, Parcel
from booking_service.live.plain import PlainMode
from booking_service.live.repository import EventReading, LedgerChange
from booking_service.live.window import Later, Window, loop_later
from shared.contracts.live_messages import SeatChange

GONE_AWAY = 1012
"""Close code (IANA registry): the service restarts, come back."""
INTERNAL_ERROR = 1011
"""Close code (RFC 6455 §7.4.1): something that we did not expect."""
NO_SUCH_EVENT = 4404
"""Close code: the event was removed."""


class EventFeed:
    """Feeds any number of viewers of one event from one state.

    What a viewer has is always a snapshot and every change after it: old snapshot + updates = fresh snapshot. All
    methods run on one event loop and none waits, so nobody sees a half-done change.
    """

    def __init__(
        self,
        event_id: int,
        *,
        window_s: float,
        updates_per_window: int,
        monotonic: Callable[[], float] = time.monotonic,
        later: Later = loop_later,
    ) -> None:
        self.event_id = event_id
        self.viewers = 0
        """Those who have been let in, on their way to `join` or there."""
        self.seen = ""
        """The ledger is applied as far as this database snapshot saw it; empty before the first reading."""
        self.turn = asyncio.Lock()
        """Of whoever reads the event as a whole: an answer may be older than one that was taken over meanwhile."""
        self.recheck_at = 0.0
        self.wanted_until = 0.0
        """How long it is followed though nobody watches; `lingers`: somebody will look then."""
        self.lingers = False
        self.closed_with: int | None = None
        """The close code for viewers, once this feed is over."""
        self._updates_per_window = updates_per_window
        self._now = monotonic
        self._board = SeatBoard()
        self._plain = PlainMode(event_id, self._board)
        self._compact = CompactMode(self._board)
        self._audience = Audience(self.snapshot, later=later)
        self._window = Window(self._flush, window_s=window_s, later=later, monotonic=monotonic)
        # What the viewers are to be told in the next flush; `None`: more than updates can say.
        self._unsaid: list[SeatChange] | None = []
        self._meanwhile: list[SeatChange] | None = None
        self._snapshots: dict[tuple[Mode, bool], Parcel] = {}
        self._snapshots_good_until = inf

    @property
    def is_open(self) -> bool:
        """Whether it has a state to show."""
        return bool(self.seen)

    @property
    def _has_unsaid(self) -> bool:
        return self._unsaid is None or bool(self._unsaid)

    def start_reading(self) -> None:
        """Call before asking the database for a reading: changes from now on may be newer than its answer."""
        self._meanwhile = []

    def stop_reading(self) -> None:
        """Call when the answer is taken over, or will not come."""
        self._meanwhile = None

    def take_reading(self, reading: EventReading) -> None:
        """Take over the database's word on every seat, and what happened since it was asked.

        Raises `SeatIdsHaveGaps`, and changes nothing then.
        """
        was_open = self.is_open
        changed = self._board.replace(reading.seats, self._meanwhile or (), now=self._now())
        self.seen = reading.seen
        self._plain.note_all()
        self._snapshots.clear()
        if not was_open:
            return
        if changed is None:
            self._unsaid = None
            self._window.ask()
        elif changed:
            self._tell([self._board.change(place) for place in changed])

    def apply(self, changes: Iterable[SeatChange]) -> None:
        """Take over the news among `changes` and tell the viewers, in the next turn of the event loop or soon after."""
        if self._meanwhile is not None:
            changes = list(changes)
            self._meanwhile += changes
        board = self._board
        newer = [change for change in changes if board.apply(change)]
        if newer:
            first = board.first_seat_id
            self._plain.note(change.seat_id - first for change in newer)
            self._snapshots.clear()
            self._tell(newer)

    def apply_ledger(self, changes: Iterable[LedgerChange], *, seen: str) -> None:
        """Take over what the ledger says up to the database snapshot `seen`, with the ends of holds."""
        now = self._now()
        changes = list(changes)
        self.apply(change.seat for change in changes)
        for change in changes:
            if change.ends_in_s is not None and self._board.learn_end(
                change.seat.seat_id, change.seat.version, now + change.ends_in_s
            ):
                self._snapshots_good_until = min(self._snapshots_good_until, now + change.ends_in_s)
        self.seen = seen

    def join(self, line: Line) -> None:
        """Show everything to one more viewer, from a snapshot on."""
        self._audience.join(line, on_admission=self._has_unsaid)
        if self.closed_with is not None:
            line.end(self.closed_with)

    def leave(self, line: Line) -> None:
        """A viewer is gone."""
        self._audience.leave(line)

    def drained(self, line: Line) -> None:
        """A line that was full takes more."""
        self._audience.drained(line, on_admission=self._has_unsaid)

    def snapshot(self, mode: Mode, again: bool = False) -> Parcel:
        """The state, encoded once until it changes. `again`: for a viewer that has missed something."""
        now = self._now()
        if now >= self._snapshots_good_until:
            self._snapshots.clear()
        parcel = self._snapshots.get((mode, again))
        if parcel is None:
            plain, compact = self._plain, self._compact
            parcel = plain.snapshot(now=now, again=again) if mode == "plain" else compact.snapshot(now=now)
            self._snapshots[mode, again] = parcel
            self._snapshots_good_until = self._board.next_end(now=now)
        return parcel

    @property
    def first_seat_id(self) -> int:
        """The id of the seat in place 0."""
        return self._board.first_seat_id

    @property
    def seat_count(self) -> int:
        """How many seats the event has."""
        return len(self._board.words)

    def free(self) -> bytes:
        """For each place, 1 if anybody may take it."""
        return self._board.free(now=self._now())

    def are_free(self, places: Iterable[int]) -> bool:
        """Whether anybody may take all of these."""
        now = self._now()
        return all(self._board.is_free(place, now=now) for place in places)

    def beat(self, server_time: datetime) -> None:
        """Tell the viewers that all is well."""
        self._audience.say(_to_all(Parcel([encode(Heartbeat(self.event_id, server_time))])))

    def remove(self) -> None:
        """The event is gone: tell the viewers and let them go."""
        self.closed_with = NO_SUCH_EVENT
        self._audience.admit()
        self._audience.say(_to_all(Parcel([encode(Removed(self.event_id))])), then_end=NO_SUCH_EVENT)

    def close(self, code: int) -> None:
        """Let every viewer go."""
        self.closed_with = code
        self._audience.end(code)

    def _tell(self, changes: list[SeatChange]) -> None:
        if self._unsaid is not None:
            self._unsaid += changes
            if len(self._unsaid) > self._updates_per_window:
                self._unsaid = None  # a fresh snapshot says it better, and to everybody at the same price
        self._window.ask()

    def _flush(self) -> None:
        changes, self._unsaid = self._unsaid, []
        parcels = {mode: self._parcel(mode, changes) for mode in self._audience.modes()}
        self._audience.say(parcels, done=self._window.done)
        self._audience.admit()

    def _parcel(self, mode: Mode, changes: list[SeatChange] | None) -> Parcel:
        if changes is None:
            return self.snapshot(mode, again=True)
        if mode == "plain":
            return self._plain.updates(changes)
        first = self._board.first_seat_id
        return self._compact.updates({change.seat_id - first for change in changes})


def _to_all(parcel: Parcel) -> dict[Mode, Parcel]:
    return dict.fromkeys(MODES, parcel)
