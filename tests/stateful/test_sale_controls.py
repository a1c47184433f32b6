"""Plant a bug, and a history shows it: the written one, or one that is made up.

Otherwise the histories that are fine would prove nothing.

The bugs are those of `chaos/mutants`, without the ones that only a crash, a second request at the same instant or a
viewer could show; and some of this machine's own, in a setting or in what stands around the services.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg2
import pytest

from booking_service.check_in import rules
from chaos.mutants import surgery
from chaos.mutants.catalogue import MUTANTS
from tests.conftest import empty
from tests.stateful.box_office import BoxOffice, box_office
from tests.stateful.clock import Clock
from tests.stateful.histories import Histories
from tests.stateful.model_state import Terms
from tests.stateful.one_history import meet_everything
from tests.stateful.sale_machine import machine_for

SEARCH = Histories(200, steps=40, shorten=False)

PLANTED = (
    "confirm-after-the-end",
    "confirm-without-hold-id",
    "confirm-refused-too-early",
    "sweep-too-early",
    "release-without-owner",
    "retries-run-again",
    "gate-grants",
    "half-a-group",
    "best-forgets-its-key",
    "cancel-frees-whoever-has-it",
    "limit-not-counted",
    "ledger-forgets",
    "cancelled-bookings-vanish",
    "cancelled-lets-in",
    "used-is-cancelled",
)


@pytest.fixture
def guard(empty_clocked_database: str) -> Iterator[None]:
    """The trigger and the constraint are what they were, afterwards."""
    with psycopg2.connect(empty_clocked_database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('guard_seats'::regproc)")
        (trigger,) = cursor.fetchone() or ("",)
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'bookings_admitted_check'")
        (constraint,) = cursor.fetchone() or ("",)
        connection.commit()
        yield
        empty(empty_clocked_database)  # of what the constraint would not have let in
        cursor.execute(trigger)
        cursor.execute("ALTER TABLE bookings DROP CONSTRAINT IF EXISTS bookings_admitted_check")
        cursor.execute(f"ALTER TABLE bookings ADD CONSTRAINT bookings_admitted_check {constraint}")
    connection.close()


@pytest.mark.usefixtures("guard")
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(
    runner: asyncio.Runner,
    empty_clocked_database: str,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
    bug: str,
) -> None:
    with psycopg2.connect(empty_clocked_database) as connection, connection.cursor() as cursor:
        cursor.execute(MUTANTS[bug].sql or "SELECT")
    connection.close()
    if bug in surgery.OPERATIONS:
        # What the surgeon sets in this process is set through the fixture, and so taken back after the test.
        monkeypatch.setattr(surgery, "setattr", monkeypatch.setattr, raising=False)
        surgery.OPERATIONS[bug]()

    with box_office(runner, empty_clocked_database, redis_url, Terms()) as office:
        _is_found(office, runner)


def test_a_limit_that_is_one_seat_too_high_is_found(
    runner: asyncio.Runner, empty_clocked_database: str, redis_url: str
) -> None:
    generous = Terms(seats_per_user=Terms().seats_per_user + 1)
    with box_office(runner, empty_clocked_database, redis_url, generous) as office:
        _is_found(replace(office, terms=Terms()), runner)


def test_an_extension_beyond_the_cap_is_found(
    runner: asyncio.Runner, empty_clocked_database: str, redis_url: str
) -> None:
    generous = Terms(hold_lasts_at_most_s=Terms().hold_lasts_at_most_s + 1)
    with box_office(runner, empty_clocked_database, redis_url, generous) as office:
        _is_found(replace(office, terms=Terms()), runner)


def test_a_door_that_takes_a_second_entry_for_the_first_is_found(
    runner: asyncio.Runner, empty_clocked_database: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "CLOCKS_MAY_DIFFER", timedelta(seconds=61))

    with box_office(runner, empty_clocked_database, redis_url, Terms()) as office:
        _is_found(office, runner)


def test_a_gate_that_outlives_its_hold_is_found(
    runner: asyncio.Runner, empty_clocked_database: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def the_database_only(clock: Clock, seconds: int) -> None:
        await clock.set_database(await clock.now_s() + seconds)

    monkeypatch.setattr(Clock, "advance", the_database_only)

    with box_office(runner, empty_clocked_database, redis_url, Terms()) as office:
        _is_found(office, runner)


def _is_found(office: BoxOffice, runner: asyncio.Runner) -> None:
    machine = machine_for(office, runner.run)

    def search() -> None:
        meet_everything(machine())
        SEARCH.run(machine)

    with pytest.raises(AssertionError):
        search()
