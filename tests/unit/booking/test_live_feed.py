"""What viewers hear of an event, whatever happens to it and however far behind they are."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_service.live.board import SeatReading
from booking_service.live.feed import NO_SUCH_EVENT, EventFeed
from booking_service.live.frame_log import FrameLog
from booking_service.live.repository import EventReading, LedgerChange
from shared.contracts.live_messages import SeatChange

EVENT = 7
SEATS = 4


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def truth(versions: list[int], seen: str = "1:1:") -> EventReading:
    statuses = ("available", "held", "booked", "blocked")
    return EventReading(
        seen,
        [SeatReading(i, f"A{i}", statuses[v % 4], v, None) for i, v in enumerate(versions)],  # type: ignore[arg-type]  # literals
    )


def change(seat_id: int, version: int) -> SeatChange:
    return SeatChange(seat_id, ("available", "held", "booked", "blocked")[version % 4], version)


def open_feed(versions: list[int] | None = None, *, frames_kept: int = 8, clock: Clock | None = None) -> EventFeed:
    feed = EventFeed(EVENT, frames_kept=frames_kept, monotonic=clock or Clock())
    feed.start_reading()
    feed.take_reading(truth(versions or [0] * SEATS))
    feed.stop_reading()
    return feed


class Client:
    """A plain client of the protocol: a snapshot replaces everything, an update counts if it is newer."""

    def __init__(self, feed: EventFeed) -> None:
        self.seats: dict[int, tuple[str, int]] = {}
        self.resyncs = 0
        text, self.position = feed.snapshot()
        self.take(text)

    def take(self, text: str) -> None:
        message = json.loads(text)
        if message["type"] == "snapshot":
            self.seats = {s["seat_id"]: (s["status"], s["version"]) for s in message["seats"]}
        elif message["type"] == "seat_update" and message["version"] > self.seats[message["seat_id"]][1]:
            self.seats[message["seat_id"]] = (message["status"], message["version"])

    def catch_up(self, feed: EventFeed) -> None:
        frames = feed.after(self.position)
        if frames is None:
            self.resyncs += 1
            text, self.position = feed.snapshot()
            self.take(text)
            return
        for frame in frames:
            self.take(frame)
        self.position += len(frames)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("apply"), st.lists(st.tuples(st.integers(0, SEATS - 1), st.integers(1, 9)), max_size=12)),
        st.tuples(st.just("ledger"), st.lists(st.tuples(st.integers(0, SEATS - 1), st.integers(1, 9)), max_size=4)),
        st.tuples(st.just("reread"), st.lists(st.integers(0, 9), min_size=SEATS, max_size=SEATS)),
        st.tuples(st.just("beat"), st.none()),
        st.tuples(st.just("join"), st.none()),
        st.tuples(st.just("read"), st.integers(0, 5)),
    ),
    max_size=40,
)


@given(steps)
def test_an_old_snapshot_and_its_frames_are_a_fresh_snapshot_always(history: list[tuple[str, Any]]) -> None:
    feed = open_feed()
    clients = [Client(feed)]

    for step, argument in history:
        if step == "apply":
            feed.apply([change(*which) for which in argument])
        elif step == "ledger":
            feed.apply_ledger([LedgerChange(EVENT, change(*which), None) for which in argument], seen="2:2:")
        elif step == "reread":  # also one that knows less than was announced: a database restored from yesterday
            feed.start_reading()
            feed.take_reading(truth(argument))
            feed.stop_reading()
        elif step == "beat":
            feed.beat(datetime.now(UTC))
        elif step == "join":
            clients.append(Client(feed))
        else:
            clients[argument % len(clients)].catch_up(feed)

    fresh = Client(feed).seats
    for client in clients:
        client.catch_up(feed)
        assert client.seats == fresh


def test_what_happens_while_the_first_reading_is_under_way_is_in_the_snapshot() -> None:
    feed = EventFeed(EVENT, frames_kept=8, monotonic=Clock())

    feed.start_reading()
    feed.apply([change(1, 2)])
    feed.take_reading(truth([0, 1, 0, 0]))
    feed.stop_reading()

    assert Client(feed).seats[1] == ("booked", 2)


def test_the_messages_have_the_documented_members_and_no_others() -> None:
    feed = open_feed([0, 1, 0, 0])
    text, position = feed.snapshot()

    feed.apply([SeatChange(1, "booked", 2)])
    feed.beat(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    feed.remove()

    snapshot = json.loads(text)
    assert list(snapshot) == ["type", "event_id", "seats"]
    assert (snapshot["type"], snapshot["event_id"]) == ("snapshot", EVENT)
    assert snapshot["seats"][1] == {"seat_id": 1, "status": "held", "version": 1}
    assert [json.loads(frame) for frame in feed.after(position) or ()] == [
        {
            "type": "seat_update",
            "event_id": EVENT,
            "seat_id": 1,
            "seat_number": "A1",
            "status": "booked",
            "version": 2,
        },
        {"type": "heartbeat", "event_id": EVENT, "server_time": "2026-01-02T03:04:05Z"},
        {"type": "event_removed", "event_id": EVENT},
    ]
    assert feed.closed_with == NO_SUCH_EVENT


def test_the_snapshot_is_encoded_once_per_state() -> None:
    clock = Clock()
    feed = open_feed(clock=clock)
    feed.apply_ledger([LedgerChange(EVENT, SeatChange(0, "held", 1), 10.0)], seen="2:2:")
    first, _ = feed.snapshot()

    assert feed.snapshot()[0] is first

    clock.now = 10.5
    assert feed.snapshot()[0] is not first  # the hold has ended, without anybody saying so
    assert Client(feed).seats[0] == ("available", 1)


def test_the_end_of_a_hold_is_learned_from_the_ledger_although_redis_told_of_the_hold_before() -> None:
    clock = Clock()
    feed = open_feed(clock=clock)
    feed.apply([SeatChange(0, "held", 1)])
    assert Client(feed).seats[0] == ("held", 1)

    feed.apply_ledger([LedgerChange(EVENT, SeatChange(0, "held", 1), 10.0)], seen="2:2:")
    clock.now = 11

    assert Client(feed).seats[0] == ("available", 1)


def test_news_that_comes_twice_is_told_once() -> None:
    feed = open_feed()
    _, position = feed.snapshot()

    feed.apply([change(0, 1), change(0, 1)])
    feed.apply([change(0, 1)])
    feed.apply_ledger([LedgerChange(EVENT, change(0, 1), 60.0)], seen="2:2:")

    assert len(feed.after(position) or ()) == 1


def test_a_viewer_that_fell_out_of_the_log_gets_a_snapshot_and_the_others_do_not() -> None:
    feed = open_feed(frames_kept=8)
    slow, quick = Client(feed), Client(feed)

    for version in range(1, 10):
        feed.apply([change(0, version)])
        quick.catch_up(feed)
    slow.catch_up(feed)

    assert (slow.resyncs, quick.resyncs) == (1, 0)
    assert slow.seats == quick.seats


def test_more_changes_at_once_than_the_log_keeps_are_one_snapshot_for_everybody() -> None:
    feed = open_feed([0] * 20, frames_kept=8)
    client = Client(feed)

    feed.apply([change(seat, 1) for seat in range(20)])
    client.catch_up(feed)

    assert client.resyncs == 1
    assert client.seats == Client(feed).seats


@pytest.mark.parametrize("kept", [1, 2, 7])
def test_the_log_returns_exactly_what_was_written_after_a_position(kept: int) -> None:
    log = FrameLog(kept)

    for number in range(20):
        log.append(str(number))

    for position in range(21):
        expected = [str(number) for number in range(position, 20)] if 20 - position <= kept else None
        assert log.after(position) == expected


def test_forgetting_leaves_behind_even_those_who_had_read_everything() -> None:
    log = FrameLog(4)
    log.append("a")
    position = log.end

    log.forget()

    assert log.after(position) is None
    assert log.after(log.end) == []
