"""Viewers of two instances, between which news is lost, repeated and reordered, and who move from one to the other."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from booking_service.live.board import SeatReading
from booking_service.live.feed import EventFeed
from booking_service.live.parcel import MODES, Mode
from booking_service.live.repository import EventReading, LedgerChange
from booking_service.live.words import STATUSES
from shared.contracts.live_messages import SeatChange, SeatChanges, SeatStatus, decode, encode
from tests.support.live import Onlooker
from tests.support.turns import Turns

EVENT, FIRST, SEATS = 7, 40, 5
INSTANCES = 2

instances = st.integers(0, INSTANCES - 1)


class World(RuleBasedStateMachine):
    """A database whose seats change, two instances that hear of it or do not, and viewers in both modes."""

    viewers = Bundle("viewers")
    news = Bundle("news")

    def __init__(self) -> None:
        super().__init__()
        self.turns = Turns()
        self.truth = [SeatChange(FIRST + place, "available", 0) for place in range(SEATS)]
        self.ledger: list[SeatChange] = []
        self.read = [0] * INSTANCES
        self.watching: dict[Onlooker, int] = {}
        self.feeds = [self._opened() for _ in range(INSTANCES)]

    @rule(
        target=news,
        place=st.integers(0, SEATS - 1),
        status=st.sampled_from(STATUSES),
        # One commit, or so many that the words become wider.
        commits=st.sampled_from([1, 1, 1, 70, 20_000, 2**31]),
    )
    def commit(self, place: int, status: SeatStatus, commits: int) -> bytes:
        """A seat changes; its news is on the way, in the bytes that instances send each other."""
        change = SeatChange(FIRST + place, status, self.truth[place].version + commits)
        self.truth[place] = change
        self.ledger.append(change)
        return encode(SeatChanges(EVENT, [change]))

    @rule(message=news, instance=instances)
    def hear(self, message: bytes, instance: int) -> None:
        """News arrives: late, again, or in another order. What this rule never picks is lost."""
        heard = decode(message)
        assert isinstance(heard, SeatChanges)
        self.feeds[instance].apply(heard.changes)

    @rule(instance=instances)
    def heal(self, instance: int) -> None:
        """An instance reads what is new in the ledger."""
        changes, self.read[instance] = self.ledger[self.read[instance] :], len(self.ledger)
        self.feeds[instance].apply_ledger([LedgerChange(EVENT, change, None) for change in changes], seen="2:2:")

    @rule(instance=instances)
    def recheck(self, instance: int) -> None:
        """An instance compares the whole event."""
        self._reread(self.feeds[instance])

    @rule(target=viewers, instance=instances, mode=st.sampled_from(MODES))
    def join(self, instance: int, mode: Mode) -> Onlooker:
        """Somebody opens the map."""
        return self._joined(instance, mode)

    @rule(target=viewers, viewer=consumes(viewers), instance=instances)
    def move(self, viewer: Onlooker, instance: int) -> Onlooker:
        """A viewer loses its connection, and what was on it, and comes back: to the same instance or another one."""
        self.feeds[self.watching.pop(viewer)].leave(viewer)
        return self._joined(instance, viewer.mode)

    @rule(target=viewers, viewer=consumes(viewers))
    def leave(self, viewer: Onlooker) -> object:
        """A viewer closes the map."""
        self.feeds[self.watching.pop(viewer)].leave(viewer)
        return multiple()

    @rule(viewer=viewers)
    def fill(self, viewer: Onlooker) -> None:
        """A viewer takes nothing for a while: whatever is said now is lost to it."""
        viewer.is_full = True

    @rule(viewer=viewers)
    def drain(self, viewer: Onlooker) -> None:
        """It takes things again."""
        viewer.drain()

    @rule(seconds=st.sampled_from([0.0, 0.001, 0.02, 1.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.turns.wait(seconds)

    @invariant()
    def nobody_sees_what_never_was(self) -> None:
        """Every view of a seat is one that the seat has had."""
        had = {(change.seat_id, change.status, change.version) for change in self.ledger}
        had |= {(FIRST + place, "available", 0) for place in range(SEATS)}
        for viewer in self.watching:
            for seat_id, (status, version) in viewer.knows().items():
                assert (seat_id, status, version) in had

    def teardown(self) -> None:
        """In the end everybody knows the truth, and the same as somebody who comes now."""
        for instance in range(INSTANCES):
            self.heal(instance)
        for viewer in self.watching:
            viewer.drain()
        self.turns.wait(1)
        truth = {change.seat_id: (change.status, change.version) for change in self.truth}
        for viewer in [*self.watching, *(Onlooker(feed, mode) for feed in self.feeds for mode in MODES)]:
            assert viewer.knows() == truth

    def _joined(self, instance: int, mode: Mode) -> Onlooker:
        viewer = Onlooker(self.feeds[instance], mode)
        self.watching[viewer] = instance
        return viewer

    def _opened(self) -> EventFeed:
        feed = EventFeed(
            EVENT, window_s=0.02, updates_per_window=4, monotonic=self.turns.monotonic, later=self.turns.later
        )
        self._reread(feed)
        return feed

    def _reread(self, feed: EventFeed) -> None:
        seats = [SeatReading(c.seat_id, f"A{c.seat_id}", c.status, c.version, None) for c in self.truth]
        feed.start_reading()
        feed.take_reading(EventReading("1:1:", seats))
        feed.stop_reading()


TestWorld = World.TestCase
