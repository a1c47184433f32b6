"""One history that is written down: it takes every rule of the sale machine, and meets every kind of answer."""

from dataclasses import replace
from itertools import product

from tests.stateful.choices import IN_THE_FUTURE, LONG_AGO, USERS
from tests.stateful.requests import UNKNOWN, CancelBooking, CheckIn
from tests.stateful.sale_machine import SaleMachine


def meet_everything(history: SaleMachine) -> None:
    """Run it on a machine that has just begun. Raises `AssertionError` like any other history."""
    once, twice = [0], [1, 0]
    history.hold_the_best(1, 0, 3, True, twice)
    history.hold_the_best(1, 0, 2, True, twice)
    history.release(0, None, False, once)
    history.want_more_and_more(0, 0, once)
    history.buy(1, [5, 6], True, twice)
    history.ask_again(0, twice)
    history.hold(2, [5, 7], False, once)
    history.the_seats_are_as_the_model_has_them()
    history.use_a_key_again(0, 1, [7], once)
    history.release(0, None, False, once)
    history.confirm_by_seat(0, None, False, once)
    history.confirm_by_seat(0, 2, False, once)
    history.cancel(0, None, True, twice)
    history.cancel_again_after_the_seat_was_sold_again(2, True, twice)
    history.cancel(0, 0, False, once)
    history.ask(CancelBooking(0, None, UNKNOWN), once)
    come_to_the_door(history)
    history.hold(1, [0], False, once)
    history.hold_whatever(1, [1, 1], False, once)
    history.hold_whatever(1, [1, 8], False, once)
    history.hold_whatever(1, [8, 12], True, once)
    history.release(9, 0, False, once)
    history.extend(9, 0, False, once)
    history.confirm(9, 0, False, once)
    history.hold_the_best(1, 1, 2, True, twice)
    history.ask_again(0, twice)
    history.hold_the_best(1, 1, 4, True, once)
    history.hold_the_best(1, 1, 5, True, once)
    history.hold_the_best(0, 1, 3, False, once)
    history.release(0, None, False, once)
    history.hold(2, [8, 9], True, twice)
    history.extend(0, None, True, twice)
    history.redis_forgets()
    history.release(0, None, True, twice)
    history.extend(0, None, False, once)
    history.confirm(0, None, False, once)
    history.confirm_by_seat(0, None, False, once)
    for act in ("confirm", "extend", "release", "take over", "sweep"):
        for seconds in (-1, 0, 1):
            history.hold(2, [7], True, once)
            history.act_around_the_end_of_a_hold(seconds, act, 1, once)
            history.the_seats_are_as_the_model_has_them()
    history.time_passes(70)
    history.hold(2, [8], True, twice)
    history.hold_the_best(2, 1, 1, True, twice)
    for user in range(3):
        history.read_my_bookings(user, 1, 1)
    history.delete_an_event_with_sold_seats()
    history.delete_event(0, False, True)
    history.delete_event(0, True, True)
    history.delete_event(0, True, True)
    history.the_seats_are_as_the_model_has_them()
    history.teardown()


def come_to_the_door(history: SaleMachine) -> None:
    """The last booking is confirmed, and the one before it is cancelled. Both are shown, and more."""
    once, twice, admin, other = [0], [1, 0], USERS, USERS + 1
    told = (None, LONG_AGO, LONG_AGO + 30, LONG_AGO + 61)
    for by, gate, is_right_door in ((0, "North", True), (admin, "North", False), (admin, "North", True)):
        history.scan(0, by, gate, is_right_door, None, True, twice)
    history.ask_again(0, twice)
    last = history.asked[-1]
    assert isinstance(last, CheckIn)
    history.ask(replace(last, gate="South"), once)
    history.cancel(0, None, True, twice)
    history.cancel(0, None, False, once)
    for by, where, told_at in product((admin, other), ("South", None), (*told, IN_THE_FUTURE)):
        history.scan(0, by, where, True, told_at, True, once)
    cancelled = next(back for back, booking in enumerate(reversed(history.sale.bookings)) if booking.cancelled_at)
    for told_at in told:
        history.scan(cancelled, admin, "North", True, told_at, False, once)
    history.scan(9, admin, None, True, None, False, once)
    history.buy(1, [4], False, once)
    for told_at in (*told[1:], None):
        history.scan(0, admin, "North", True, told_at, False, once)
    history.read_the_door(0, 1)
