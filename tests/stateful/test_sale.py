"""Whatever people ask, in whatever order, they are answered as the model says."""

import asyncio
from collections.abc import Callable

import pytest

from tests.stateful.box_office import box_office
from tests.stateful.histories import Histories
from tests.stateful.model import Terms
from tests.stateful.requests import UNKNOWN, CancelBooking
from tests.stateful.sale_machine import machine_for

USUAL = Histories(30, steps=40)

KINDS_OF_ANSWERS = {
    *("PlaceHold 201", "PlaceHold seat-unavailable", "PlaceHold hold-limit-reached", "PlaceHold event-not-on-sale"),
    *("PlaceHold invalid-request", "PlaceHold seat-not-found", "PlaceHold seats-of-two-events"),
    "PlaceHold idempotency-key-reused",
    *("ReleaseHold 204", "ReleaseHold hold-confirmed", "ReleaseHold hold-not-found"),
    *("ExtendHold 200", "ExtendHold hold-ended", "ExtendHold hold-not-found"),
    *("ConfirmHold 201", "ConfirmHold hold-ended", "ConfirmHold hold-not-found"),
    *("ConfirmSeat 201", "ConfirmSeat hold-ended", "ConfirmSeat hold-not-found"),
    *("CancelBooking 200", "CancelBooking booking-not-found"),
    *("DeleteEvent 204", "DeleteEvent forbidden", "DeleteEvent not-found", "DeleteEvent event-has-bookings"),
}
"""All that there are."""


@pytest.mark.timeout(7200)
def test_every_answer_is_the_models(
    runner: asyncio.Runner,
    empty_clocked_database: str,
    redis_url: str,
    more_histories: Histories | None,
    count: Callable[[str], None],
) -> None:
    histories = more_histories or USUAL
    with box_office(runner, empty_clocked_database, redis_url, Terms()) as office:
        machine = machine_for(office, runner.run)
        histories.run(machine)

    count(
        f"sale: {histories.count:,} histories, {machine.steps:,} steps, {machine.met.total():,} answers of"
        f" {len(machine.met)} kinds, all as the model says"
    )


def test_one_history_meets_every_kind_of_answer(
    runner: asyncio.Runner, empty_clocked_database: str, redis_url: str
) -> None:
    """So that each of the machine's rules is known to work, whatever histories chance makes of them."""
    once, twice = [0], [1, 0]
    with box_office(runner, empty_clocked_database, redis_url, Terms()) as office:
        machine = machine_for(office, runner.run)
        history = machine()
        history.want_more_and_more(0, 0, once)
        history.buy(1, [5, 6], True, twice)
        history.ask_again(0, twice)
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
        history.delete_an_event_with_sold_seats()
        history.delete_event(0, False, True)
        history.delete_event(0, True, True)
        history.delete_event(0, True, True)
        history.the_seats_are_as_the_model_has_them()
        history.teardown()

    assert machine.met.keys() >= KINDS_OF_ANSWERS
