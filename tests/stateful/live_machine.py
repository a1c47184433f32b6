"""Histories of a live map, made up by Hypothesis: whatever the network does, every viewer sees the truth in the end."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.contracts.live_messages import SeatChanges
from tests.stateful.live_instances import Instance, Network
from tests.stateful.live_modes import MODES, SeatState
from tests.stateful.live_stage import CHANGES, LiveStage
from tests.stateful.live_viewer import Viewer
from tests.stateful.sale_machine import Run

SEATS = 3
INSTANCES = 2
MAX_VIEWERS = 4
PATIENCE_S = 5.0
"""How long an agreement may take that needs no more news: milliseconds, unless the machine is busy or the map wrong."""

seats = st.integers(0, SEATS - 1)
instances = st.integers(0, INSTANCES - 1)
ways = st.sampled_from(sorted(CHANGES))
places = st.integers(0, 7)
modes = st.sampled_from(sorted(MODES))


class LiveMachine(RuleBasedStateMachine):
    """One history. Subclasses say where: see `live_machine_for`."""

    stage: LiveStage
    run: Run
    steps = 0

    def __init__(self) -> None:
        """Nobody watches yet."""
        super().__init__()
        self.network = Network()
        self.instances = [Instance(self.stage.repository, self.network, range(INSTANCES)) for _ in range(INSTANCES)]
        self.viewers: list[tuple[int, Viewer]] = []
        self.gone: list[Viewer] = []
        self.rechecks: list[asyncio.Task[None]] = []
        self.late: tuple[int, SeatChanges | None] | None = None
        self.ended: set[tuple[int, int]] = set()
        """Seats and versions that read as available, although they are held: their hold had ended before it began."""
        self.is_right = True
        self.run(self.stage.new_event(seats=SEATS))

    # The seats

    @rule(seat=seats, how=ways, at=instances, is_told=st.booleans())
    def change(self, seat: int, how: str, at: int, is_told: bool) -> None:
        """Committed; without `is_told`, the instance died between COMMIT and announcement."""
        seat_id = self.stage.seat_ids[seat]
        if self.late and self.late[0] == seat_id:
            return
        news = self.run(self.stage.change(seat_id, how))
        self.note_ended(how, news)
        if news and is_told:
            self.announce(news, at)

    @rule(changes=st.lists(st.tuples(seats, ways), min_size=3, max_size=6), at=instances)
    def burst(self, changes: Sequence[tuple[int, str]], at: int) -> None:
        """So many changes that whoever does not read them falls out of the log."""
        for seat, how in changes:
            self.change(seat, how, at, True)

    @precondition(lambda self: self.late is None)
    @rule(seat=seats, how=ways)
    def begin_a_late_change(self, seat: int, how: str) -> None:
        """Begun before others, committed after them."""
        seat_id = self.stage.seat_ids[seat]
        news = self.run(self.stage.begin(seat_id, how))
        self.late = (seat_id, news)
        self.note_ended(how, news)

    @precondition(lambda self: self.late is not None)
    @rule(at=instances, is_told=st.booleans())
    def commit_the_late_change(self, at: int, is_told: bool) -> None:
        self.run(self.stage.commit())
        news, self.late = self.late and self.late[1], None
        if news and is_told:
            self.announce(news, at)

    # The network and the ledger

    @precondition(lambda self: self.network.under_way)
    @rule(place=places, again=st.booleans())
    def deliver(self, place: int, again: bool) -> None:
        """In any order; with `again`, it comes once more later."""
        place %= len(self.network.under_way)
        instance, payload = self.network.under_way[place]
        if not again:
            del self.network.under_way[place]
        self.run(self.told(instance, payload))

    @precondition(lambda self: self.network.under_way)
    @rule(place=places)
    def lose(self, place: int) -> None:
        del self.network.under_way[place % len(self.network.under_way)]

    @rule(at=instances)
    def heal(self, at: int) -> None:
        if not self.instances[at].repository.is_holding_back:
            self.run(self.instances[at].heal())

    @rule(at=instances)
    def recheck(self, at: int) -> None:
        """Begun now; over when the database answers."""
        self.run(self.begin_to_recheck(at))

    @rule(at=instances)
    def the_database_takes_its_time(self, at: int) -> None:
        self.instances[at].repository.hold_back()

    @rule(at=instances)
    def the_database_answers(self, at: int) -> None:
        self.instances[at].repository.answer()

    @rule(seat=seats, how=ways, at=instances)
    def change_while_the_event_is_read(self, seat: int, how: str, at: int) -> None:
        """The database has said how it was, and that is not known yet when the news of the change comes."""
        self.the_database_takes_its_time(at)
        self.run(self.begin_to_recheck(at))
        self.run(self.read_but_not_told(at))
        self.change(seat, how, at, True)
        self.the_database_answers(at)

    # The viewers

    @precondition(lambda self: len(self.viewers) < MAX_VIEWERS)
    @rule(at=instances, mode=modes)
    def come(self, at: int, mode: str) -> None:
        self.viewers.append((at, self.run(self.connected(at, mode))))

    @precondition(lambda self: self.viewers)
    @rule(viewer=places, at=instances, mode=modes)
    def connect_again(self, viewer: int, at: int, mode: str) -> None:
        """Perhaps elsewhere, where less is known."""
        viewer %= len(self.viewers)
        self.run(self.sent_away(self.viewers[viewer][1]))
        self.viewers[viewer] = (at, self.run(self.connected(at, mode)))

    @precondition(lambda self: self.viewers)
    @rule(viewer=places)
    def leave(self, viewer: int) -> None:
        self.run(self.sent_away(self.viewers.pop(viewer % len(self.viewers))[1]))

    @precondition(lambda self: self.viewers)
    @rule(viewer=places)
    def fall_behind(self, viewer: int) -> None:
        self.viewers[viewer % len(self.viewers)][1].stop_reading()

    @precondition(lambda self: self.viewers)
    @rule(viewer=places)
    def read_on(self, viewer: int) -> None:
        self.viewers[viewer % len(self.viewers)][1].read_on()

    # What must be so

    @invariant()
    def an_old_map_is_as_a_fresh_one(self) -> None:
        """Old snapshot + updates = fresh snapshot, on every instance, at every moment."""
        type(self).steps += 1
        self.is_right = False
        self.run(self.agree())
        self.is_right = True

    @precondition(lambda self: self.viewers)
    @rule()
    def quiet(self) -> None:
        """Everybody reads, what is under way is lost, the ledger is read once: all see what the database has."""
        self.is_right = False
        self.run(self.come_to_rest())
        self.is_right = True

    def teardown(self) -> None:
        """Everybody is told the truth, and leaves."""
        if self.late:
            self.commit_the_late_change(0, False)
        if self.is_right:
            self.quiet_or_nobody()
        self.run(self.everybody_leaves())

    def quiet_or_nobody(self) -> None:
        """`quiet`, if there is anybody to be told."""
        if self.viewers:
            self.quiet()

    # How

    def announce(self, news: SeatChanges, at: int) -> None:
        """The instance that wrote tells its own viewers, and sends the news to all."""
        self.run(self.said(self.instances[at], news))

    def note_ended(self, how: str, news: SeatChanges | None) -> None:
        """Remember what may read as available."""
        if news and how == "hold, ended":
            self.ended |= {(change.seat_id, change.version) for change in news.changes}

    async def said(self, instance: Instance, news: SeatChanges) -> None:
        instance.hub.announce(news)
        await settle()

    async def told(self, instance: int, payload: bytes) -> None:
        self.instances[instance].hear(payload)
        await settle()

    async def connected(self, at: int, mode: str) -> Viewer:
        viewer = Viewer(self.instances[at].hub, self.stage.event_id, MODES[mode])
        await settle()
        return viewer

    async def sent_away(self, viewer: Viewer) -> None:
        viewer.leave()
        self.gone.append(viewer)
        await settle()

    async def begin_to_recheck(self, at: int) -> None:
        self.rechecks.append(asyncio.create_task(self.instances[at].recheck()))
        await settle()

    async def read_but_not_told(self, at: int) -> None:
        instance = self.instances[at]
        await patiently(lambda: instance.repository.held_back > 0 or not instance.hub.feeds())

    async def agree(self) -> None:
        """Wait until every viewer who reads sees what a new one on the same instance sees."""
        for at, instance in enumerate(self.instances):
            watching = [viewer for place, viewer in self.viewers if place == at and viewer.is_reading]
            if not watching or instance.repository.is_holding_back:
                continue
            fresh = Viewer(instance.hub, self.stage.event_id, MODES["plain"])
            try:
                await self.until_they_see(watching, fresh)
            finally:
                await self.sent_away(fresh)
        assert not self.faults(), self.faults()

    async def until_they_see(self, viewers: Sequence[Viewer], fresh: Viewer) -> None:
        """Raises `AssertionError` when it does not come about."""

        def they_do() -> bool:
            return bool(fresh.map.seats) and all(
                self.is_the_same(viewer.map.seats, fresh.map.seats) for viewer in viewers
            )

        await patiently(they_do)
        told = [viewer.map.seats for viewer in viewers]
        assert they_do(), f"old maps {told}\na fresh one {fresh.map.seats}\nended: {self.ended}"

    async def come_to_rest(self) -> None:
        """See `quiet`; then once more after a sweep that nobody was told of, which leaves no ended hold."""
        self.network.under_way.clear()
        for _, viewer in self.viewers:
            viewer.read_on()
        for instance in self.instances:
            instance.repository.answer()
        await asyncio.gather(*self.rechecks)
        await patiently(lambda: all(viewer.map.seats for _, viewer in self.viewers))
        await self.heal_and_compare()
        if self.late is None:
            await self.stage.free_ended()
            await self.heal_and_compare()

    async def heal_and_compare(self) -> None:
        """One healing of each instance; then each map is the database."""
        for instance in self.instances:
            await instance.heal()
        rows = await self.stage.rows()
        await patiently(lambda: all(self.is_the_same(viewer.map.seats, rows) for _, viewer in self.viewers))
        wrong = [viewer.map.seats for _, viewer in self.viewers if not self.is_the_same(viewer.map.seats, rows)]
        assert not wrong, f"maps {wrong}\nthe database {rows}\nended: {self.ended}"
        assert not self.faults(), self.faults()

    async def everybody_leaves(self) -> None:
        """And nothing is left running."""
        for instance in self.instances:
            instance.repository.answer()
        for _, viewer in self.viewers:
            await self.sent_away(viewer)
        await asyncio.gather(*self.rechecks, *(viewer.is_gone() for viewer in self.gone))
        await settle()

    def faults(self) -> Sequence[str]:
        """What viewers were told that nobody may be told."""
        return [fault for _, viewer in self.viewers for fault in viewer.map.faults]

    def is_the_same(self, old: Mapping[int, SeatState], new: Mapping[int, SeatState]) -> bool:
        """Seat by seat; an ended hold may read as held or as available, under one version."""
        return old.keys() == new.keys() and all(
            state == new[seat_id] or (state[1] == new[seat_id][1] and (seat_id, state[1]) in self.ended)
            for seat_id, state in old.items()
        )


async def settle() -> None:
    """Let everybody do what they can do without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)


async def patiently(condition: Callable[[], bool]) -> None:
    """Wait until the condition is true, or patience ends."""
    await settle()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110 - what is waited for does not know of us
                await asyncio.sleep(0.002)
    except TimeoutError:
        return


def live_machine_for(stage: LiveStage, run: Run) -> type[LiveMachine]:
    """The machine, to be run there."""
    return type("LiveMachine", (LiveMachine,), {"stage": stage, "run": staticmethod(run), "steps": 0})
