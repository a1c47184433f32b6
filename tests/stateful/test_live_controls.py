"""Plant a mistake in the live map, and one of the histories shows it."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis.errors import FlakyFailure

from booking_service.live.feed import EventFeed
from booking_service.live.repository import LedgerReading
from chaos.mutants import surgery
from tests.stateful import live_machine
from tests.stateful.histories import Histories
from tests.stateful.live_instances import Instance, PatientRepository
from tests.stateful.live_machine import live_machine_for
from tests.stateful.live_modes import PlainMap, SeatState
from tests.stateful.live_stage import live_stage
from tests.stateful.live_viewer import Viewer

SEARCH = Histories(300, steps=40, shorten=False)

Planting = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: Planting) -> None:
    """A map that is wrong stays wrong."""
    monkeypatch.setattr(live_machine, "PATIENCE_S", 0.5)


def test_a_map_that_takes_older_news_is_found(
    runner: asyncio.Runner, clean_database: str, monkeypatch: Planting
) -> None:
    monkeypatch.setattr(surgery, "setattr", monkeypatch.setattr, raising=False)
    surgery.OPERATIONS["older-news-wins"]()

    _is_found(runner, clean_database)


def test_a_snapshot_that_forgets_what_came_while_it_was_read_is_found(
    runner: asyncio.Runner, clean_database: str, monkeypatch: Planting
) -> None:
    monkeypatch.setattr(EventFeed, "start_reading", EventFeed.stop_reading)

    _is_found(runner, clean_database)


def test_without_healing_lost_news_stay_lost(
    runner: asyncio.Runner, clean_database: str, monkeypatch: Planting
) -> None:
    async def nobody_heals(instance: Instance) -> None:
        return

    monkeypatch.setattr(Instance, "heal", nobody_heals)

    _is_found(runner, clean_database)


def test_a_healing_that_forgets_transactions_under_way_is_found(
    runner: asyncio.Runner, clean_database: str, monkeypatch: Planting
) -> None:
    """What began before the last reading and committed after it is in no range of ids that comes later."""
    read_ledger = PatientRepository.read_ledger

    async def from_the_highest_on(
        repository: PatientRepository, event_ids: Sequence[int], *, unseen_by: str
    ) -> LedgerReading:
        _, highest, _ = unseen_by.split(":")
        return await read_ledger(repository, event_ids, unseen_by=f"{highest}:{highest}:")

    monkeypatch.setattr(PatientRepository, "read_ledger", from_the_highest_on)

    _is_found(runner, clean_database)


def test_a_viewer_who_misses_messages_and_is_not_told_is_found(
    runner: asyncio.Runner, clean_database: str, monkeypatch: Planting
) -> None:
    hear = Viewer.hear

    async def only_when_reading(viewer: Viewer, message: str | bytes) -> None:
        if viewer.is_reading:
            await hear(viewer, message)

    monkeypatch.setattr(Viewer, "hear", only_when_reading)

    _is_found(runner, clean_database)


def test_a_viewer_who_keeps_the_old_map_at_a_snapshot_is_found(
    runner: asyncio.Runner, clean_database: str, monkeypatch: Planting
) -> None:
    replace = PlainMap.replace

    def only_the_first(seat_map: PlainMap, seats: Sequence[tuple[int, SeatState]]) -> None:
        if not seat_map.seats:
            replace(seat_map, seats)

    monkeypatch.setattr(PlainMap, "replace", only_the_first)

    _is_found(runner, clean_database)


# A history that has gone wrong is run once more for the report; with a mistake planted, it may go wrong differently.
FOUND = (AssertionError, FlakyFailure)


def _is_found(runner: asyncio.Runner, database_url: str) -> None:
    with live_stage(runner, database_url) as stage, pytest.raises(FOUND):
        SEARCH.run(live_machine_for(stage, runner.run))
