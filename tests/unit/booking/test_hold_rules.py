"""What a refused asker is told, and how long a hold can be."""

from datetime import UTC, datetime, timedelta

from booking_service.holds.errors import EventNotOnSale, HoldLimitReached, SeatUnavailable
from booking_service.holds.rules import WantedSeat, extended_end, why_not
from booking_service.seat_directory import SeatNotFound
from booking_service.settings import BookingSettings
from shared.chassis.problems import Problem
from shared.contracts.live_messages import SeatStatus
from tests.support.apps import environ

ANN, BEN = 1, 2
LIMIT = 3
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _seat(
    seat_id: int, status: SeatStatus = "available", *, held_by: int | None = None, on_sale: bool = True
) -> WantedSeat:
    return WantedSeat(seat_id, f"A{seat_id}", status, 5, held_by, on_sale)


def _why_not(*seats: WantedSeat, wants: tuple[int, ...], held: int | None = 0) -> Problem | None:
    return why_not({seat.id: seat for seat in seats}, wants, asker=ANN, held=held, limit=LIMIT)


def test_nothing_is_in_the_way_of_free_seats_within_the_limit() -> None:
    assert _why_not(_seat(1), _seat(2), wants=(1, 2), held=1) is None


def test_every_refused_seat_of_a_group_is_listed_and_only_ones_own_are_named_so() -> None:
    refused = _why_not(_seat(1, "held", held_by=ANN), _seat(2), _seat(3, "booked", held_by=BEN), wants=(1, 2, 3))

    assert isinstance(refused, SeatUnavailable)
    assert refused.members["seats"] == [
        {"seat_id": 1, "seat_number": "A1", "status": "held", "version": 5, "yours": True},
        {"seat_id": 3, "seat_number": "A3", "status": "booked", "version": 5, "yours": False},
    ]


def test_the_limit_counts_what_is_held_already() -> None:
    refused = _why_not(_seat(1), _seat(2), wants=(1, 2), held=2)

    assert isinstance(refused, HoldLimitReached)
    assert refused.members == {"limit": 3, "held": 2}


def test_where_nobody_has_counted_nothing_is_said_of_the_limit() -> None:
    seats = [_seat(number) for number in range(1, 5)]

    assert _why_not(*seats, wants=(1, 2, 3, 4), held=None) is None


def test_a_seat_that_is_gone_and_an_event_that_is_not_on_sale_are_told_apart() -> None:
    gone = _why_not(_seat(1), wants=(1, 9))
    closed = _why_not(_seat(2, on_sale=False), wants=(2,))

    assert isinstance(gone, SeatNotFound)
    assert gone.members["seats"] == [{"seat_id": 9}]
    assert isinstance(closed, EventNotOnSale)


def test_an_extension_never_shortens_a_hold_and_never_passes_the_cap() -> None:
    five, fifteen = timedelta(minutes=5), timedelta(minutes=15)

    def end(now: datetime, end: datetime) -> datetime:
        return extended_end(now=now, end=end, began=NOON, duration=five, longest=fifteen)

    assert end(NOON + timedelta(minutes=4), NOON + five) == NOON + timedelta(minutes=9)
    assert end(NOON + timedelta(minutes=12), NOON + timedelta(minutes=13)) == NOON + fifteen
    assert end(NOON + timedelta(minutes=1), NOON + timedelta(minutes=14)) == NOON + timedelta(minutes=14)


def test_a_hold_can_be_extended_ten_times_in_a_row_unless_the_host_says_otherwise() -> None:
    settings = BookingSettings(**environ(database_url="postgresql://db.example/frontrow", redis_url="redis://example"))  # type: ignore[arg-type]
    full, longest = timedelta(seconds=settings.hold_duration_s), timedelta(seconds=settings.hold_max_s)
    end = NOON + full

    for _ in range(10):
        now = end - timedelta(seconds=1)
        end = extended_end(now=now, end=end, began=NOON, duration=full, longest=longest)
        assert end == now + full
