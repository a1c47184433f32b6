"""What viewers hear of an event, whatever happens to it and however far behind they are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_service.live.audience import LINES_PER_TURN
from booking_service.live.board import SeatReading
from booking_service.live.feed import GONE_AWAY, NO_SUCH_EVENT, EventFeed
from booking_service.live.parcel import MODES, Mode
from booking_service.live.repository import EventReading, LedgerChange
from shared.contracts.live_messages import SeatChange
from tests.support.live import Onlooker
from tests.support.turns import Turns

EVENT = 7
FIRST = 40
SEATS = 4
WINDOW_S = 0.02
STATUSES = ("available", "held", "booked", "blocked")


def truth(versions: list[int], seen: str = "1:1:") -> EventReading:
    return EventReading(
        seen,
        [SeatReading(FIRST + i, f"A{i}", STATUSES[v % 4], v, None) for i, v in enumerate(versions)],  # type: ignore[arg-type]  # literals
    )


def change(place: int, version: int) -> SeatChange:
    return SeatChange(FIRST + place, STATUSES[version % 4], version)  # type: ignore[arg-type]  # literals


def open_feed(turns: Turns, versions: list[int] | None = None, *, updates_per_window: int = 8) -> EventFeed:
    feed = EventFeed(
        EVENT,
        window_s=WINDOW_S,
        updates_per_window=updates_per_window,
        monotonic=turns.monotonic,
        later=turns.later,
    )
    reread(feed, versions or [0] * SEATS)
    return feed


def reread(feed: EventFeed, versions: list[int]) -> None:
    feed.start_reading()
    feed.take_reading(truth(versions))
    feed.stop_reading()


def seen_by_a_newcomer(feed: EventFeed, mode: Mode = "plain") -> dict[int, tuple[str, int]]:
    newcomer = Onlooker(feed, mode)
    feed.leave(newcomer)
    return newcomer.knows()


changes = st.lists(st.tuples(st.integers(0, SEATS - 1), st.integers(1, 400)), max_size=12)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("apply"), changes),
        st.tuples(st.just("ledger"), changes),
        st.tuples(st.just("reread"), st.lists(st.integers(0, 400), min_size=SEATS, max_size=SEATS)),
        st.tuples(st.just("beat"), st.none()),
        st.tuples(st.just("join"), st.sampled_from(MODES)),
        st.tuples(st.just("fill"), st.integers(0, 5)),
        st.tuples(st.just("drain"), st.integers(0, 5)),
        st.tuples(st.just("leave"), st.integers(0, 5)),
        st.tuples(st.just("turn"), st.none()),
        st.tuples(st.just("wait"), st.sampled_from([0.001, WINDOW_S, 1.0])),
    ),
    max_size=40,
)


@given(steps)
def test_an_old_snapshot_and_its_updates_are_a_fresh_snapshot_always(history: list[tuple[str, Any]]) -> None:
    turns = Turns()
    feed = open_feed(turns)
    viewers = [Onlooker(feed, mode) for mode in MODES]

    for step, argument in history:
        if step == "apply":
            feed.apply([change(*which) for which in argument])
        elif step == "ledger":
            feed.apply_ledger([LedgerChange(EVENT, change(*which), None) for which in argument], seen="2:2:")
        elif step == "reread":  # also one that knows less than was announced: a database restored from yesterday
            reread(feed, argument)
        elif step == "beat":
            feed.beat(datetime.now(UTC))
        elif step == "join":
            viewers.append(Onlooker(feed, argument))
        elif step == "fill":
            viewers[argument % len(viewers)].is_full = True
        elif step == "drain":
            viewers[argument % len(viewers)].drain()
        elif step == "leave" and len(viewers) > 1:
            feed.leave(viewers.pop(argument % len(viewers)))
        elif step == "turn":
            turns.turn()
        elif step == "wait":
            turns.wait(argument)

    for viewer in viewers:
        viewer.drain()
    turns.wait(1)
    fresh = seen_by_a_newcomer(feed)
    assert fresh == seen_by_a_newcomer(feed, "compact")
    for viewer in viewers:
        assert viewer.knows() == fresh
        assert viewer.stale == []


def test_what_happens_while_the_first_reading_is_under_way_is_in_the_snapshot() -> None:
    turns = Turns()
    feed = EventFeed(EVENT, window_s=0, updates_per_window=8, monotonic=turns.monotonic, later=turns.later)

    feed.start_reading()
    feed.apply([change(1, 2)])
    feed.take_reading(truth([0, 1, 0, 0]))
    feed.stop_reading()

    assert seen_by_a_newcomer(feed)[FIRST + 1] == ("booked", 2)


def test_the_plain_messages_have_the_documented_members_and_no_others() -> None:
    turns = Turns()
    feed = open_feed(turns, [0, 1, 0, 0])
    viewer = Onlooker(feed)

    feed.apply([SeatChange(FIRST + 1, "booked", 2)])
    turns.settle()
    feed.beat(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    feed.remove()

    snapshot, *others = viewer.messages
    assert list(snapshot) == ["type", "event_id", "seats"]
    assert (snapshot["type"], snapshot["event_id"]) == ("snapshot", EVENT)
    assert snapshot["seats"][1] == {"seat_id": FIRST + 1, "status": "held", "version": 1}
    assert others == [
        {
            "type": "seat_update",
            "event_id": EVENT,
            "seat_id": FIRST + 1,
            "seat_number": "A1",
            "status": "booked",
            "version": 2,
        },
        {"type": "heartbeat", "event_id": EVENT, "server_time": "2026-01-02T03:04:05Z"},
        {"type": "event_removed", "event_id": EVENT},
    ]
    assert viewer.ended_with == NO_SUCH_EVENT


def test_a_lone_change_does_not_wait_and_a_rush_is_told_once_per_window() -> None:
    turns = Turns()
    feed = open_feed(turns)
    plain, compact = Onlooker(feed), Onlooker(feed, "compact")

    feed.apply([change(0, 1)])
    turns.settle()
    assert (plain.knows()[FIRST], compact.taken) == (("held", 1), 2)

    for version in range(2, 6):
        turns.wait(0.004)
        feed.apply([change(0, version), change(1, version)])
    turns.settle()
    assert compact.taken == 2
    turns.wait(0.004)

    assert compact.taken == 3
    assert compact.knows() == plain.knows()
    # The plain mode has a message for each change all the same.
    assert [m["version"] for m in plain.messages[1:] if m["seat_id"] == FIRST] == [1, 2, 3, 4, 5]
    turns.wait(1)
    assert compact.taken == 3


@pytest.mark.parametrize("mode", MODES)
def test_the_snapshot_is_encoded_once_per_state(mode: Mode) -> None:
    turns = Turns()
    feed = open_feed(turns)
    feed.apply_ledger([LedgerChange(EVENT, SeatChange(FIRST, "held", 1), 10.0)], seen="2:2:")
    turns.settle()
    first = feed.snapshot(mode)

    assert feed.snapshot(mode) is first
    assert seen_by_a_newcomer(feed, mode)[FIRST] == ("held", 1)

    turns.now = 10.5
    assert feed.snapshot(mode) is not first  # the hold has ended, without anybody saying so
    assert seen_by_a_newcomer(feed, mode)[FIRST] == ("available", 1)

    feed.apply([SeatChange(FIRST, "booked", 2), SeatChange(FIRST + 1, "blocked", 1)])
    turns.settle()
    assert seen_by_a_newcomer(feed, mode)[FIRST] == ("booked", 2)
    assert seen_by_a_newcomer(feed, mode)[FIRST + 1] == ("blocked", 1)


def test_everybody_gets_the_same_bytes() -> None:
    turns = Turns()
    feed = open_feed(turns)
    written: list[bytes] = []
    for mode in MODES * 2:
        viewer = Onlooker(feed, mode)
        viewer.write = lambda parcel: written.append(parcel.frames)  # type: ignore[method-assign]  # keeps what came

    feed.apply([change(0, 1)])
    turns.settle()

    assert len(written) == 4
    assert len({id(frames) for frames in written}) == 2


def test_the_end_of_a_hold_is_learned_from_the_ledger_although_redis_told_of_the_hold_before() -> None:
    turns = Turns()
    feed = open_feed(turns)
    feed.apply([SeatChange(FIRST, "held", 1)])
    turns.settle()
    assert seen_by_a_newcomer(feed)[FIRST] == ("held", 1)

    feed.apply_ledger([LedgerChange(EVENT, SeatChange(FIRST, "held", 1), 10.0)], seen="2:2:")
    turns.now = 11

    assert seen_by_a_newcomer(feed)[FIRST] == ("available", 1)


@pytest.mark.parametrize("mode", MODES)
def test_news_that_comes_twice_is_told_once(mode: Mode) -> None:
    turns = Turns()
    feed = open_feed(turns)
    viewer = Onlooker(feed, mode)

    feed.apply([change(0, 1), change(0, 1)])
    turns.settle()
    feed.apply([change(0, 1)])
    feed.apply_ledger([LedgerChange(EVENT, change(0, 1), 60.0)], seen="2:2:")
    turns.wait(1)

    assert viewer.types() == ["snapshot", "seat_update"]


@pytest.mark.parametrize("mode", MODES)
def test_a_viewer_that_could_not_take_something_gets_a_snapshot_and_the_others_do_not(mode: Mode) -> None:
    turns = Turns()
    feed = open_feed(turns)
    slow, quick, idle = (Onlooker(feed, mode) for _ in range(3))
    slow.is_full = True

    for version in range(1, 10):
        feed.apply([change(0, version)])
        turns.wait(WINDOW_S)
    idle.is_full = True
    slow.drain()
    idle.drain()

    assert slow.types() == (["snapshot", "resync", "snapshot"] if mode == "plain" else ["snapshot", "snapshot"])
    assert quick.types() == idle.types() == ["snapshot"] + ["seat_update"] * 9
    assert slow.knows() == quick.knows() == seen_by_a_newcomer(feed)


@pytest.mark.parametrize("mode", MODES)
def test_who_joins_or_drains_while_something_is_about_to_be_said_sees_no_seat_going_back(mode: Mode) -> None:
    """Chaos, seed 203: a viewer came back in a rush, had in its snapshot what the window kept back, and was told it."""
    turns = Turns()
    feed = open_feed(turns)
    early, slow = Onlooker(feed, mode), Onlooker(feed, mode)
    slow.is_full = True
    feed.apply([change(0, 1)])
    turns.settle()

    feed.apply([change(0, 2)])  # waits for its window
    newcomer = Onlooker(feed, mode)
    slow.drain()
    feed.apply([change(0, 3)])
    turns.wait(WINDOW_S)

    for viewer in (early, newcomer, slow):
        assert viewer.stale == []
        assert viewer.knows() == seen_by_a_newcomer(feed)
    assert newcomer.types() == ["snapshot"]


@pytest.mark.parametrize("mode", MODES)
def test_who_cannot_take_anything_when_admitted_gets_the_snapshot_when_it_can(mode: Mode) -> None:
    turns = Turns()
    feed = open_feed(turns)
    feed.apply([change(0, 1)])
    newcomer = Onlooker(feed, mode)
    newcomer.is_full = True
    turns.wait(WINDOW_S)
    assert newcomer.types() == []

    newcomer.drain()

    assert newcomer.types() == ["snapshot"]
    assert newcomer.knows() == seen_by_a_newcomer(feed)


@pytest.mark.parametrize("mode", MODES)
def test_who_waits_to_be_admitted_is_let_go_with_the_others(mode: Mode) -> None:
    turns = Turns()
    feed = open_feed(turns)
    Onlooker(feed, mode)
    feed.apply([change(0, 1)])

    newcomer = Onlooker(feed, mode)
    feed.close(GONE_AWAY)

    assert newcomer.ended_with == GONE_AWAY


@pytest.mark.parametrize("mode", MODES)
def test_more_changes_at_once_than_a_window_takes_are_one_snapshot_for_everybody(mode: Mode) -> None:
    turns = Turns()
    feed = open_feed(turns, [0] * 20, updates_per_window=8)
    viewer = Onlooker(feed, mode)

    for start in (0, 7, 14):
        feed.apply([change(place, 1) for place in range(start, min(start + 7, 20))])
    turns.settle()

    assert viewer.types().count("seat_update") == 0
    assert viewer.types().count("snapshot") == 2
    assert viewer.knows() == seen_by_a_newcomer(feed)


def test_a_crowd_is_told_in_turns_and_a_newcomer_in_between_hears_nothing_old() -> None:
    turns = Turns()
    feed = open_feed(turns)
    crowd = [Onlooker(feed) for _ in range(LINES_PER_TURN + 10)]
    feed.apply([change(0, 7)])
    turns.turn()
    assert sum(viewer.knows()[FIRST][1] for viewer in crowd) == 7 * LINES_PER_TURN

    reread(feed, [3, 0, 0, 0])  # the database was set back; the old news is still on its way to the last ten
    newcomer = Onlooker(feed)
    turns.settle()
    turns.wait(1)

    assert newcomer.types().count("seat_update") == 0
    for viewer in [newcomer, *crowd]:
        assert viewer.knows() == seen_by_a_newcomer(feed) == newcomer.knows()
        assert viewer.knows()[FIRST] == ("blocked", 3)


def test_while_a_crowd_is_being_told_the_next_window_does_not_begin() -> None:
    turns = Turns()
    feed = open_feed(turns)
    crowd = [Onlooker(feed, "compact") for _ in range(2 * LINES_PER_TURN)]
    feed.apply([change(0, 1)])
    turns.turn()

    turns.now += 0.5  # writing to the first half took long
    feed.apply([change(1, 1)])
    turns.settle()
    assert crowd[-1].knows()[FIRST] == ("held", 1)
    assert crowd[0].knows()[FIRST + 1] == ("available", 0)

    turns.wait(0.49)  # as long again belongs to others
    assert crowd[0].knows()[FIRST + 1] == ("available", 0)
    turns.wait(0.02)
    assert crowd[-1].knows()[FIRST + 1] == ("held", 1)


def test_a_feed_that_closes_lets_everybody_go_and_whoever_comes_too_late() -> None:
    turns = Turns()
    feed = open_feed(turns)
    viewers = [Onlooker(feed, mode) for mode in MODES]

    feed.close(GONE_AWAY)

    assert {viewer.ended_with for viewer in [*viewers, Onlooker(feed)]} == {GONE_AWAY}
