"""Take one guard away, and one of the orders shows it. Otherwise the orders that are fine would prove nothing.

Each test plants one mistake that is often made, and wants a schedule that breaks a rule, and that breaks it again when
it is run from its text.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from booking_service.answers import answer
from booking_service.bookings import repository as bookings
from booking_service.check_in import repository as check_in
from booking_service.expiry import sweep
from booking_service.holds import repository as holds
from booking_service.holds import taking
from events_service.administration import repository as administration
from tests.concurrency.controls import free_selected_holds
from tests.interleavings.laboratory import Laboratory
from tests.interleavings.operations import Services
from tests.interleavings.situations import Scene

Planting = pytest.MonkeyPatch


@pytest.fixture
def restored(unguarded_laboratory: Laboratory) -> Iterator[Laboratory]:
    """The unguarded laboratory; operations that a test has replaced come back."""
    before = dict(unguarded_laboratory.operations)
    yield unguarded_laboratory
    unguarded_laboratory.operations.update(before)


async def test_without_the_lock_two_people_hold_one_seat(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    _replace(monkeypatch, taking, "TAKE", "FOR UPDATE OF seats", "")

    await _is_found(unguarded_laboratory, "free", ("holdA", "holdB"), "a living hold was taken over")


async def test_a_decision_that_asks_the_rows_of_its_snapshot_again_takes_half_a_group(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    """It was so for an hour, and these orders found it: a seat comes back while the statement waits for it."""
    _replace(monkeypatch, taking, "TAKE", "AND judged.granted", "AND judged.granted AND seats.status = 'available'")

    await _is_found(unguarded_laboratory, "sold", ("holdB", "release", "cancel"), "nobody was told of this: seat")


async def test_a_hold_that_keeps_the_booking_of_its_snapshot_is_stopped_by_the_database(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    """It was so for another hour; alone, with a key, it was a 500. The chaos found it."""
    _replace(monkeypatch, taking, "TAKE", "booking_id = NULL, ")

    await _is_found(unguarded_laboratory, "soldended", ("holdB", "cancel"), "the database stopped a hold: take: 23514")


async def test_without_the_hold_id_a_late_confirmation_books_a_strangers_seat(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    _replace(monkeypatch, holds, "_LOCK_HOLDS", "FOR UPDATE OF seats", "")
    mine = "seats.held_by = holds.user_id AND seats.hold_id = holds.hold_id AND"
    some = "seats.event_id = (SELECT event_id FROM seat_log WHERE seat_log.hold_id = holds.hold_id LIMIT 1) AND"
    _replace(monkeypatch, bookings, "_CONFIRM", mine, some)
    _replace(monkeypatch, bookings, "_CONFIRM", "AND seats.held_by = new_bookings.user_id", "")
    _replace(monkeypatch, bookings, "_CONFIRM", "AND seats.hold_id = new_bookings.hold_id", "")

    await _is_found(
        unguarded_laboratory, "held", ("confirm", "holdA", "clock"), "booked without a living hold of one's own"
    )


async def test_a_sweep_that_trusts_what_it_selected_frees_a_living_hold(restored: Laboratory) -> None:
    async def expire_in_two_steps(services: Services, _scene: Scene) -> object:
        ended = await services.pool.fetch(
            "SELECT id FROM seats WHERE status = 'held' AND hold_expiry <= clock_timestamp()"
        )
        async with services.pool.acquire() as connection:
            await free_selected_holds(connection, [row["id"] for row in ended])  # type: ignore[arg-type]  # a proxy of one
        return answer(200)

    restored.operations["expire"] = expire_in_two_steps

    await _is_found(restored, "ended", ("expire", "holdA"), "nobody was told of this: seat")


async def test_a_sweep_without_the_status_in_its_update_frees_a_living_hold(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    _replace(monkeypatch, sweep, "SWEEP", "FOR UPDATE SKIP LOCKED", "")
    guard = "AND seats.status = 'held' AND seats.hold_expiry <= (SELECT now FROM moment)"
    _replace(monkeypatch, sweep, "SWEEP", guard)

    await _is_found(unguarded_laboratory, "ended", ("expire", "holdA"), "nobody was told of this: seat")


async def test_without_the_limit_lock_two_tabs_of_one_person_pass_the_limit(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    monkeypatch.setattr(taking, "LOCK_LIMITS", "SELECT $1::bigint[], $2::bigint[]")

    await _is_found(unguarded_laboratory, "free", ("holdA", "holdA2"), "the limit was passed")


async def test_an_extension_that_takes_no_turns_lets_its_user_pass_the_limit(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    """It was so, and an audit found it: extended in time, committed after the old end, and not counted in between."""

    async def nobody_asks(_connection: object, *, user_id: int, hold_id: object) -> None:
        return None

    monkeypatch.setattr(holds, "event_of_hold", nobody_asks)

    await _is_found(unguarded_laboratory, "held", ("extend", "holdC", "clock"), "the limit was passed")


async def test_a_cancellation_that_locks_the_booking_first_meets_a_deletion_in_a_deadlock(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    monkeypatch.setattr(bookings, "_SEAT_OF_BOOKING", bookings._SEAT_OF_BOOKING + " FOR UPDATE")

    await _is_found(unguarded_laboratory, "sold", ("cancel", "delete"), "a deadlock")


async def test_a_scanner_that_does_not_ask_whether_the_ticket_is_used_lets_two_in(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    _replace(monkeypatch, check_in, "_MARK_ADMITTED", "AND bookings.admitted_at IS NULL")

    await _is_found(unguarded_laboratory, "sold", ("admit", "admit2"), "two were let in")


async def test_a_cancellation_that_does_not_ask_whether_the_ticket_is_used_is_stopped_by_the_database(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    _replace(monkeypatch, bookings, "_MARK_CANCELLED", "AND admitted_at IS NULL")

    await _is_found(unguarded_laboratory, "sold", ("admit", "cancel"), "cancel failed: CheckViolationError")


async def test_a_double_entry_that_does_not_lock_its_booking_is_reported_twice(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    _replace(monkeypatch, check_in, "_LOCK_BOOKING", "FOR NO KEY UPDATE OF bookings")

    await _is_found(unguarded_laboratory, "sold", ("cancel", "tell", "tell2"), "of ['South'] the report has")


async def test_a_deletion_that_locks_no_seats_takes_a_booking_that_it_has_not_seen(
    unguarded_laboratory: Laboratory, monkeypatch: Planting
) -> None:
    unlocked = text("SELECT count(*) FROM seats WHERE event_id = :event_id")
    monkeypatch.setattr(administration, "_LOCK_SEATS", unlocked)

    await _is_found(unguarded_laboratory, "held", ("confirm", "delete"), "no serial order ends like this")


def _replace(monkeypatch: Planting, module: object, constant: str, old: str, new: str = "") -> None:
    """Plant a mistake in a statement; fails when the statement has changed so that there is nothing to replace."""
    statement: str = getattr(module, constant)
    assert old in statement
    monkeypatch.setattr(module, constant, statement.replace(old, new))


async def _is_found(laboratory: Laboratory, situation: str, operations: tuple[str, ...], wrong: str) -> None:
    survey = await laboratory.survey(situation, operations)

    assert survey.wrong is not None, f"{survey.schedules} orders, and nothing found"
    assert any(found.startswith(wrong) for found in survey.wrong.wrong), survey.wrong.story()

    again = await laboratory.replay(survey.wrong.schedule)
    if wrong != "a deadlock":  # whom PostgreSQL ends, and so who goes on, is a matter of who looked for it first
        assert [str(step) for step in again.steps] == [str(step) for step in survey.wrong.steps]
    assert any(found.startswith(wrong) for found in again.wrong), again.story()
