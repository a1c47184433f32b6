"""One history that is written down: it takes every rule of the sale machine, and meets every kind of answer."""

from tests.stateful.requests import UNKNOWN, CancelBooking
from tests.stateful.sale_machine import SaleMachine


def meet_everything(history: SaleMachine) -> None:
    """Run it on a machine that has just begun. Raises `AssertionError` like any other history."""
    once, twice = [0], [1, 0]
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
    history.hold(1, [0], False, once)
    history.hold_whatever(1, [1, 1], False, once)
    history.hold_whatever(1, [1, 8], False, once)
    history.hold_whatever(1, [8, 12], True, once)
    history.release(9, 0, False, once)
    history.extend(9, 0, False, once)
    history.confirm(9, 0, False, once)
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
    for user in range(3):
        history.read_my_bookings(user, 1, 1)
    history.delete_an_event_with_sold_seats()
    history.delete_event(0, False, True)
    history.delete_event(0, True, True)
    history.delete_event(0, True, True)
    history.the_seats_are_as_the_model_has_them()
    history.teardown()
