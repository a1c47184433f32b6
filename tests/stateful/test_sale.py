"""Whatever people ask, in whatever order, they are answered as the model says."""

import asyncio
from collections.abc import Callable

import pytest

from tests.stateful.box_office import box_office
from tests.stateful.histories import Histories
from tests.stateful.model_state import Terms
from tests.stateful.one_history import meet_everything
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
    *("HoldBest 201", "HoldBest not-enough-seats", "HoldBest hold-limit-reached", "HoldBest event-not-on-sale"),
    "HoldBest invalid-request",
    *("CancelBooking 200", "CancelBooking booking-not-found", "CancelBooking ticket-used"),
    *("CheckIn 200", "CheckIn ticket-used", "CheckIn booking-cancelled", "CheckIn ticket-for-another-event"),
    *("CheckIn ticket-unknown", "CheckIn forbidden", "CheckIn invalid-request", "CheckIn idempotency-key-reused"),
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
    with box_office(runner, empty_clocked_database, redis_url, Terms()) as office:
        machine = machine_for(office, runner.run)
        history = machine()
        meet_everything(history)

    assert machine.met.keys() >= KINDS_OF_ANSWERS
