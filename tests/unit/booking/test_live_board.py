"""The state of an event's seats, under every order in which the world may tell of its changes."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_service.live.board import SeatBoard, SeatIdsHaveGaps, SeatReading
from booking_service.live.hold_ends import HoldEnds
from booking_service.live.words import Words, word
from shared.contracts.live_messages import SeatChange

SEATS = (1, 2, 3)
STATUSES = ("available", "held", "booked", "blocked")


def reading(seat_id: int, version: int, status: str = "available", ends_in_s: float | None = None) -> SeatReading:
    return SeatReading(seat_id, f"A{seat_id}", status, version, ends_in_s)  # type: ignore[arg-type]  # any of STATUSES


def board(*readings: SeatReading) -> SeatBoard:
    made = SeatBoard()
    made.replace(readings, (), now=0)
    return made


def views(board: SeatBoard, *, now: float = 0) -> dict[int, tuple[str, int]]:
    """Status and version by seat, as anybody may see them."""
    ended = board.ended(now=now)
    return {
        board.first_seat_id + place: (
            "available" if place in ended else board.words.status(place),
            board.words.version(place),
        )
        for place in range(len(board.words))
    }


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

    for seat, view in views(state).items():
        newest = max((c.version for c in arrived if c.seat_id == seat), default=0)
        assert view == (STATUSES[newest % 4], newest)


@given(deliveries(), st.data())
def test_a_reading_and_what_arrived_meanwhile_end_at_the_newer_of_both(
    delivered: tuple[list[SeatChange], list[SeatChange]], data: st.DataObject
) -> None:
    truth, arrived = delivered
    length = {seat: sum(c.seat_id == seat for c in truth) for seat in SEATS}
    read_at = {seat: data.draw(st.integers(0, length[seat])) for seat in SEATS}
    state = SeatBoard()

    state.replace([reading(seat, read_at[seat], STATUSES[read_at[seat] % 4]) for seat in SEATS], arrived, now=0)

    for seat, view in views(state).items():
        newest = max([read_at[seat], *(c.version for c in arrived if c.seat_id == seat)])
        assert view == (STATUSES[newest % 4], newest)


@given(deliveries(), st.data())
def test_what_a_reading_returns_turns_the_old_views_into_the_new(
    delivered: tuple[list[SeatChange], list[SeatChange]], data: st.DataObject
) -> None:
    truth, arrived = delivered
    state = board(*(reading(seat, 0) for seat in SEATS))
    for change in arrived:
        state.apply(change)
    before = views(state)
    # The database is never behind what was announced.
    at = {
        seat: data.draw(
            st.integers(before[seat][1], max(c.version for c in [*truth, SeatChange(seat, "held", before[seat][1])]))
        )
        for seat in SEATS
    }

    changed = state.replace([reading(seat, at[seat], STATUSES[at[seat] % 4]) for seat in SEATS], (), now=0)

    assert changed is not None
    told = [state.change(place) for place in changed]
    assert before | {change.seat_id: (change.status, change.version) for change in told} == views(state)


def test_a_database_that_went_back_in_time_is_believed_and_said_to_be_no_mere_update() -> None:
    state = board(reading(1, 7, "booked"))

    changed = state.replace([reading(1, 3, "available")], (), now=0)

    assert changed is None
    assert views(state) == {1: ("available", 3)}


def test_a_change_of_a_seat_that_the_event_does_not_have_is_ignored() -> None:
    state = board(reading(1, 0))

    assert not state.apply(SeatChange(99, "held", 1))
    assert not state.apply(SeatChange(0, "held", 1))
    assert views(state) == {1: ("available", 0)}


def test_an_ended_hold_reads_as_available_under_its_own_version() -> None:
    state = board(reading(1, 4, "held", ends_in_s=10))

    assert state.next_end(now=9.9) == 10
    assert views(state, now=9.9) == {1: ("held", 4)}
    assert views(state, now=10) == {1: ("available", 4)}
    assert state.next_end(now=10) == inf


def test_a_newer_change_makes_the_old_hold_s_end_meaningless() -> None:
    state = board(reading(1, 4, "held", ends_in_s=10))

    state.apply(SeatChange(1, "booked", 5))

    assert views(state, now=11) == {1: ("booked", 5)}


def test_the_end_of_a_hold_is_learned_only_for_the_version_that_it_belongs_to() -> None:
    state = board(reading(1, 4, "held"))

    assert not state.learn_end(1, 3, 5.0)
    assert not state.learn_end(99, 4, 5.0)
    assert state.learn_end(1, 4, 5.0)
    assert views(state, now=6) == {1: ("available", 4)}


def test_a_seat_keeps_its_number() -> None:
    assert board(replace(reading(1, 0), seat_number="Q17")).number(0) == "Q17"


def test_seats_whose_ids_have_gaps_are_refused_and_change_nothing() -> None:
    state = board(reading(1, 4, "held"))

    with pytest.raises(SeatIdsHaveGaps):
        state.replace([reading(1, 5), reading(3, 5)], (), now=0)

    assert views(state) == {1: ("held", 4)}


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("learn"), st.integers(0, 3), st.integers(0, 20)),
            st.tuples(st.just("forget"), st.integers(0, 3), st.just(0)),
            st.tuples(st.just("wait"), st.just(0), st.integers(0, 9)),
        ),
        max_size=200,
    )
)
def test_what_is_known_of_the_ends_of_holds_is_what_was_learned_last(steps: list[tuple[str, int, int]]) -> None:
    ends, model, now = HoldEnds(), dict[int, int](), 0

    for step, place, number in steps:
        if step == "learn":
            ends.learn(place, number)
            model[place] = number
        elif step == "forget":
            ends.forget(place)
            model.pop(place, None)
        else:
            now += number

        assert ends.ended(now=now) == {place for place, ends_at in model.items() if ends_at <= now}
        assert ends.next_end(now=now) == min((ends_at for ends_at in model.values() if ends_at > now), default=inf)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(STATUSES), st.integers(0, 2**53 - 1)), max_size=20))
def test_words_say_what_was_written_and_are_as_wide_as_the_widest_needs(changes: list[tuple[int, str, int]]) -> None:
    words = Words([0] * 5)
    model: dict[int, tuple[str, int]] = dict.fromkeys(range(5), ("available", 0))

    for place, status, version in changes:
        words[place] = word(status, version)  # type: ignore[arg-type]  # any of STATUSES
        model[place] = (status, version)

    assert {place: (words.status(place), words.version(place)) for place in range(5)} == model
    widest = max([0, *(version for _, _, version in changes)])
    assert words.width == next(width for width in (1, 2, 4, 8) if widest < 1 << 8 * width - 2)
    assert len(words.tobytes()) == 5 * words.width


@given(deliveries())
def test_free_is_what_anybody_may_take(delivered: tuple[list[SeatChange], list[SeatChange]]) -> None:
    _, arrived = delivered
    state = board(*(reading(seat, 0) for seat in SEATS))
    for change in arrived:
        state.apply(change)

    free = state.free(now=0)

    assert [bool(one) for one in free] == [status == "available" for status, _ in views(state).values()]
    assert [state.is_free(place, now=0) for place in range(len(SEATS))] == [bool(one) for one in free]


def test_a_hold_that_has_ended_leaves_its_seat_free_also_in_wide_words() -> None:
    state = board(reading(1, 5, "held", ends_in_s=2), reading(2, 70_000, "booked"), reading(3, 300))

    assert (state.free(now=1), state.is_free(0, now=1)) == (b"\0\0\1", False)
    assert (state.free(now=2), state.is_free(0, now=2)) == (b"\1\0\1", True)
