"""Wanted holds are decided about as if one came after the other."""

from datetime import UTC, datetime, timedelta

from booking_service.holds.errors import EventNotOnSale, HoldLimitReached, SeatUnavailable
from booking_service.holds.rules import Sale, WantedSeat, extended_end
from booking_service.seat_directory import SeatNotFound
from booking_service.settings import BookingSettings
from shared.contracts.live_messages import SeatStatus
from tests.support.apps import environ

ANN, BEN = 1, 2
EVENT = 7
LIMIT = 3
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _seat(seat_id: int, status: SeatStatus = "available", *, held_by: int | None = None) -> WantedSeat:
    return WantedSeat(seat_id, f"A{seat_id}", status, 5, held_by, on_sale=True)


def _sale(*seats: WantedSeat) -> Sale:
    return Sale({seat.id: seat for seat in seats})


def _hold(sale: Sale, *seat_ids: int, holder: int = ANN) -> object:
    return sale.hold(seat_ids, holder=holder, event_id=EVENT, limit=LIMIT)


def test_the_second_of_two_who_want_one_seat_finds_it_held_by_the_first() -> None:
    sale = _sale(_seat(1))

    assert _hold(sale, 1, holder=ANN) is None
    refused = _hold(sale, 1, holder=BEN)

    assert isinstance(refused, SeatUnavailable)
    [seat] = refused.members["seats"]
    assert seat == {"seat_id": 1, "seat_number": "A1", "status": "held", "version": 6, "yours": False}


def test_a_group_that_is_refused_takes_nothing_from_those_behind_it() -> None:
    sale = _sale(_seat(1), _seat(2, "booked"))

    assert isinstance(_hold(sale, 1, 2, holder=ANN), SeatUnavailable)

    assert _hold(sale, 1, holder=BEN) is None


def test_every_refused_seat_of_a_group_is_listed() -> None:
    sale = _sale(_seat(1, "held", held_by=ANN), _seat(2), _seat(3, "booked"))

    refused = _hold(sale, 1, 2, 3, holder=ANN)

    assert isinstance(refused, SeatUnavailable)
    assert [(seat["seat_id"], seat["status"], seat["yours"]) for seat in refused.members["seats"]] == [
        (1, "held", True),
        (3, "booked", False),
    ]


def test_what_somebody_was_granted_counts_for_the_limit_of_what_they_want_next() -> None:
    sale = _sale(*(_seat(number) for number in range(1, 6)))
    sale.held[(ANN, EVENT)] = 1

    assert _hold(sale, 1, 2) is None
    refused = _hold(sale, 3)

    assert isinstance(refused, HoldLimitReached)
    assert refused.members == {"limit": 3, "held": 3}
    assert _hold(sale, 3, 4, 5, holder=BEN) is None


def test_a_seat_that_is_gone_and_an_event_that_is_not_on_sale_are_told_apart() -> None:
    closed = _seat(2)
    closed.on_sale = False
    sale = _sale(_seat(1), closed)

    gone = _hold(sale, 1, 9)

    assert isinstance(gone, SeatNotFound)
    assert gone.members["seats"] == [{"seat_id": 9}]
    assert isinstance(_hold(sale, 2), EventNotOnSale)


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
