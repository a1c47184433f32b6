"""Databases of their own for the interleavings, whose clocks they move; the count at the end; schedules run again."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.interleavings.laboratory import Laboratory, Survey, open_laboratory

SURVEYS = pytest.StashKey[list[Survey]]()
STORIES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options, for `pytest tests/interleavings`."""
    parser.addoption("--schedule", default=None, help="run this one schedule, as a failure has printed it")
    parser.addoption("--all-orders", action="store_true", help="run all 3-way combinations, not a sample of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --schedule, nothing else runs."""
    if config.getoption("--schedule", default=None):
        others = [item for item in items if item.name != "test_a_schedule_runs_again_from_its_text"]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many orders were run; tell the one that was asked for."""
    for story in config.stash.get(STORIES, []):
        terminalreporter.write_line(story)
    for operations in (2, 3):
        surveys = [survey for survey in config.stash.get(SURVEYS, []) if len(survey.operations) == operations]
        if surveys:
            terminalreporter.write_line(
                f"interleavings: {sum(survey.schedules for survey in surveys):,} orders of {operations} operations in"
                f" {len(surveys)} combinations; in {sum(survey.waited for survey in surveys):,} of them somebody had to"
                f" wait for a lock; {sum(survey.wrong is not None for survey in surveys)} wrong"
            )


@pytest.fixture
def surveys(request: pytest.FixtureRequest) -> list[Survey]:
    """Where surveys go that are counted at the end of the run."""
    return request.config.stash.setdefault(SURVEYS, [])


@pytest.fixture
def stories(request: pytest.FixtureRequest) -> list[str]:
    """Where a schedule goes that is to be told at the end of the run."""
    return request.config.stash.setdefault(STORIES, [])


@pytest.fixture(scope="session")
async def laboratory(servers: Servers) -> AsyncIterator[Laboratory]:
    """For the product as it is."""
    url = servers.database("interleavings")
    upgrade(url)
    async with open_laboratory(url) as opened:
        yield opened


@pytest.fixture(scope="session")
async def unguarded_laboratory(servers: Servers) -> AsyncIterator[Laboratory]:
    """For mistakes: the trigger writes the ledger as always, and refuses nothing."""
    url = servers.database("interleavings_unguarded")
    upgrade(url)
    connection = await asyncpg.connect(url)
    guard: str = await connection.fetchval("SELECT pg_get_functiondef('guard_seats'::regproc)")
    await connection.execute(guard.replace("IF FOUND THEN", "IF false THEN"))
    await connection.close()
    async with open_laboratory(url) as opened:
        yield opened
