"""One watched event on this instance: its state, and what its viewers are to hear. Knows nothing of sockets."""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from booking_service.live.board import SeatBoard
from booking_service.live.frame_log import FrameLog
from booking_service.live.messages import Heartbeat, Removed, SeatUpdate, SeatView, Snapshot, encode
from booking_service.live.repository import EventReading, LedgerChange
from shared.contracts.live_messages import SeatChange

GONE_AWAY = 1012
"""Close code (IANA registry): the service restarts, come back."""
NO_SUCH_EVENT = 4404
"""Close code: the event was removed."""


class EventFeed:
    """Feeds any number of viewers of one event from one state.

    A viewer takes `snapshot()`, then the frames `after` the position that came with it: old snapshot + frames = fresh
    snapshot, always. All methods run on one event loop and none but `news` waits, so nobody sees a half-done change.
    """

    def __init__(self, event_id: int, *, frames_kept: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.event_id = event_id
        self.viewers = 0
        self.seen = ""
        """The ledger is applied as far as this database snapshot saw it; empty before the first reading."""
        self.recheck_at = 0.0
        self.closed_with: int | None = None
        """The close code for viewers that have read everything, once this feed is over."""
        self._frames_kept = frames_kept
        self._now = monotonic
        self._board = SeatBoard()
        self._log = FrameLog(frames_kept)
        self._news = asyncio.Event()
        self._meanwhile: list[SeatChange] | None = None
        self._snapshot: str | None = None
        self._snapshot_good_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it has a state to show."""
        return bool(self.seen)

    def start_reading(self) -> None:
        """Call before asking the database for a reading: changes from now on may be newer than its answer."""
        self._meanwhile = []

    def stop_reading(self) -> None:
        """Call when the answer is taken over, or will not come."""
        self._meanwhile = None

    def take_reading(self, reading: EventReading) -> None:
        """Take over the database's word on every seat, and what happened since it was asked."""
        was_open = self.is_open
        changed = self._board.replace(reading.seats, self._meanwhile or (), now=self._now())
        self._snapshot = None
        self.seen = reading.seen
        if was_open:
            self._tell(changed)

    def apply(self, changes: Iterable[SeatChange]) -> None:
        """Take over the news among `changes` and tell the viewers."""
        changes = list(changes)
        if self._meanwhile is not None:
            self._meanwhile += changes
        newer = [SeatView(c.seat_id, c.status, c.version) for c in changes if self._board.apply(c)]
        if newer:
            self._snapshot = None
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
                self._snapshot_good_until = min(self._snapshot_good_until, now + change.ends_in_s)
        self.seen = seen

    def snapshot(self) -> tuple[str, int]:
        """The state as one message, and the position in the frames that it is as new as."""
        now = self._now()
        if self._snapshot is None or now >= self._snapshot_good_until:
            self._snapshot = encode(Snapshot(self.event_id, self._board.views(now=now)))
            self._snapshot_good_until = self._board.next_end(now=now)
        return self._snapshot, self._log.end

    def after(self, position: int) -> list[str] | None:
        """The frames from `position` on; `None` for a viewer that is too far behind and needs a new snapshot."""
        return self._log.after(position)

    async def news(self) -> None:
        """Wait for the next frame, or the end of this feed."""
        if self.closed_with is None:
            await self._news.wait()

    def beat(self, server_time: datetime) -> None:
        """Tell the viewers that all is well."""
        self._say(encode(Heartbeat(self.event_id, server_time)))

    def remove(self) -> None:
        """The event is gone: tell the viewers and let them go."""
        self._log.append(encode(Removed(self.event_id)))
        self.close(NO_SUCH_EVENT)

    def close(self, code: int) -> None:
        """Let every viewer go."""
        self.closed_with = code
        self._wake()

    def _tell(self, changed: list[SeatView] | None) -> None:
        if changed is None or len(changed) > self._frames_kept:
            # A fresh snapshot says it better, and to everybody at the same price.
            self._log.forget()
            self._wake()
            return
        for view in changed:
            number = self._board.number_of(view.seat_id)
            self._log.append(encode(SeatUpdate(self.event_id, view.seat_id, number, view.status, view.version)))
        self._wake()

    def _say(self, frame: str) -> None:
        self._log.append(frame)
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news.clear()
