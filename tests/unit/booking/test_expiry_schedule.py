"""When the next sweep is due."""

import asyncio
import math

import pytest

from booking_service.expiry.schedule import AFTER_S, HORIZON_S, SLOT_S, ExpirySchedule


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_sweep_is_due_just_after_the_end_and_never_before() -> None:
    clock = Clock()
    schedule = ExpirySchedule(monotonic=clock)
    schedule.note(10)

    assert 10 + AFTER_S <= schedule.due_in_s() <= 10 + AFTER_S + SLOT_S
    clock.now += 10
    assert not schedule.take_due()
    clock.now += AFTER_S + SLOT_S
    assert schedule.take_due()
    assert not schedule.take_due()


def test_the_earliest_end_counts() -> None:
    schedule = ExpirySchedule(monotonic=Clock())

    for ends_in_s in (30, 10, 20):
        schedule.note(ends_in_s)

    assert schedule.due_in_s() == pytest.approx(10, abs=0.1)


def test_many_holds_that_end_together_are_one_sweep() -> None:
    clock = Clock()
    schedule = ExpirySchedule(monotonic=clock)

    for _ in range(100_000):
        schedule.note(300)
    clock.now += 301

    assert schedule.take_due()
    assert schedule.due_in_s() == math.inf


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, HORIZON_S + 1, -HORIZON_S - 1])
def test_what_is_no_time_is_ignored(odd: float) -> None:
    schedule = ExpirySchedule(monotonic=Clock())

    schedule.note(odd)

    assert schedule.due_in_s() == math.inf


def test_a_hold_that_has_ended_already_is_due_at_once() -> None:
    schedule = ExpirySchedule(monotonic=Clock())

    schedule.note(-5)

    assert schedule.due_in_s() <= AFTER_S + SLOT_S


async def test_an_earlier_end_wakes_whoever_waits_for_a_later_one() -> None:
    schedule = ExpirySchedule()
    schedule.note(3600)
    waiting = asyncio.create_task(schedule.wait(3600))
    await asyncio.sleep(0)

    schedule.note(0)

    async with asyncio.timeout(5):
        await waiting
    assert schedule.take_due()


async def test_nobody_waits_longer_than_asked() -> None:
    async with asyncio.timeout(5):
        await ExpirySchedule().wait(0.01)
