"""What is remembered of a ledger."""

from booking_service.sales.tallies import MAX_TALLIES, Tallies, Tally


def _tally() -> Tally:
    tally = Tally()
    tally.begin(first_seat_id=100, seat_count=3)
    return tally


def test_what_is_sold_and_given_back_adds_up() -> None:
    tally = _tally()

    tally.add([100, 102], [1, 1], seen="1:1:")
    tally.add([102], [-1], seen="2:2:")

    assert (tally.sold, tally.double_bookings, tally.seen) == (1, 0, "2:2:")


def test_a_seat_that_is_sold_twice_counts_as_one_double_booking_until_it_is_given_back() -> None:
    tally, told = _tally(), []

    for more in (1, 1, 1, -1, -1):
        tally.add([101], [more], seen="1:1:")
        told.append(tally.double_bookings)

    assert told == [0, 1, 1, 1, 0]


def test_seats_of_other_events_count_for_nothing() -> None:
    tally = _tally()

    tally.add([99, 103, -1], [1, 1, 1], seen="1:1:")

    assert (tally.sold, tally.double_bookings) == (0, 0)


def test_it_begins_anew() -> None:
    tally = _tally()
    tally.add([100], [2], seen="1:1:")

    tally.begin(first_seat_id=100, seat_count=3)

    assert (tally.sold, tally.double_bookings, tally.seen) == (0, 0, None)


def test_those_that_nobody_asked_about_for_longest_are_forgotten() -> None:
    tallies = Tallies()
    first, second = tallies.of(1), tallies.of(2)

    for event_id in (*range(3, MAX_TALLIES + 1), 1, MAX_TALLIES + 1):
        tallies.of(event_id)

    assert tallies.of(1) is first
    assert tallies.of(2) is not second


def test_a_removed_event_is_forgotten() -> None:
    tallies = Tallies()
    before = tallies.of(1)

    tallies.forget(1)

    assert tallies.of(1) is not before
