"""The state of an event's seats, under every order in which the world may tell of its changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from booking_service.live.board import SeatBoard, SeatReading
from booking_service.live.messages import SeatView
from shared.contracts.live_messages import SeatChange

SEATS = (1, 2, 3)
STATUSES = ("available", "held", "booked", "blocked")


def reading(seat_id: int, version: int, status: str = "available", ends_in_s: float | None = None) -> SeatReading:
    return SeatReading(seat_id, f"A{seat_id}", status, version, ends_in_s)  # type: ignore[arg-type]  # any of STATUSES


def board(*readings: SeatReading) -> SeatBoard:
    made = SeatBoard()
    made.replace(readings, (), now=0)
    return made


def history(seat_id: int, length: int) -> list[SeatChange]:
    """The changes 1 … `length` of a seat: the status follows from the version, as it does in one true history."""
    return [SeatChange(seat_id, STATUSES[version % 4], version) for version in range(1, length + 1)]  # type: ignore[arg-type]  # as above


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[SeatChange], list[SeatChange]]:
    """A true history of all seats, and what arrives of it: some lost, some twice, in any order."""
    truth = [change for seat in SEATS for change in history(seat, draw(st.integers(0, 6)))]
    arrived = draw(st.lists(st.sampled_from(truth), max_size=30)) if truth else []
    return truth, arrived


@given(deliveries())
def test_repeats_losses_and_any_order_end_at_the_newest_change_that_arrived(
    delivered: tuple[list[SeatChange], list[SeatChange]],
) -> None:
    _, arrived = delivered
    state = board(*(reading(seat, 0) for seat in SEATS))

    for change in arrived:
        state.apply(change)

    for view in state.views(now=0):
        newest = max((c.version for c in arrived if c.seat_id == view.seat_id), default=0)
        assert view.version == newest
        assert view.status == STATUSES[newest % 4]


@given(deliveries(), st.data())
def test_a_reading_and_what_arrived_meanwhile_end_at_the_newer_of_both(
    delivered: tuple[list[SeatChange], list[SeatChange]], data: st.DataObject
) -> None:
    truth, arrived = delivered
    length = {seat: sum(c.seat_id == seat for c in truth) for seat in SEATS}
    read_at = {seat: data.draw(st.integers(0, length[seat])) for seat in SEATS}
    state = SeatBoard()

    state.replace([reading(seat, read_at[seat], STATUSES[read_at[seat] % 4]) for seat in SEATS], arrived, now=0)

    for view in state.views(now=0):
        newest = max([read_at[view.seat_id], *(c.version for c in arrived if c.seat_id == view.seat_id)])
        assert (view.version, view.status) == (newest, STATUSES[newest % 4])


@given(deliveries(), st.data())
def test_what_a_reading_returns_turns_the_old_views_into_the_new(
    delivered: tuple[list[SeatChange], list[SeatChange]], data: st.DataObject
) -> None:
    truth, arrived = delivered
    state = board(*(reading(seat, 0) for seat in SEATS))
    for change in arrived:
        state.apply(change)
    before = {view.seat_id: view for view in state.views(now=0)}
    # The database is never behind what was announced.
    at = {
        seat: data.draw(
            st.integers(before[seat].version, max(c.version for c in [*truth, SeatChange(seat, "held", 0)]))
        )
        for seat in SEATS
    }
    at = {seat: max(before[seat].version, at[seat]) for seat in SEATS}

    changed = state.replace([reading(seat, at[seat], STATUSES[at[seat] % 4]) for seat in SEATS], (), now=0)

    assert changed is not None
    assert list((before | {view.seat_id: view for view in changed}).values()) == state.views(now=0)


def test_a_database_that_went_back_in_time_is_believed_and_said_to_be_no_mere_update() -> None:
    state = board(reading(1, 7, "booked"))

    changed = state.replace([reading(1, 3, "available")], (), now=0)

    assert changed is None
    assert state.views(now=0) == [SeatView(1, "available", 3)]


def test_a_change_of_a_seat_that_the_event_does_not_have_is_ignored() -> None:
    state = board(reading(1, 0))

    assert not state.apply(SeatChange(99, "held", 1))
    assert state.views(now=0) == [SeatView(1, "available", 0)]


def test_an_ended_hold_reads_as_available_under_its_own_version() -> None:
    state = board(reading(1, 4, "held", ends_in_s=10))

    assert state.views(now=9.9) == [SeatView(1, "held", 4)]
    assert state.views(now=10) == [SeatView(1, "available", 4)]
    assert state.next_end(now=9.9) == 10
    assert state.next_end(now=10) == float("inf")


def test_a_newer_change_makes_the_old_hold_s_end_meaningless() -> None:
    state = board(reading(1, 4, "held", ends_in_s=10))

    state.apply(SeatChange(1, "booked", 5))

    assert state.views(now=11) == [SeatView(1, "booked", 5)]


def test_the_end_of_a_hold_is_learned_only_for_the_version_that_it_belongs_to() -> None:
    state = board(reading(1, 4, "held"))

    assert not state.learn_end(1, 3, 5.0)
    assert not state.learn_end(99, 4, 5.0)
    assert state.learn_end(1, 4, 5.0)
    assert state.views(now=6) == [SeatView(1, "available", 4)]


def test_a_seat_keeps_its_number() -> None:
    assert board(replace(reading(1, 0), seat_number="Q17")).number_of(1) == "Q17"
