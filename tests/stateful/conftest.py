"""A database whose clock stands still, a loop to call the services on, and an option for more histories."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.conftest import empty
from tests.stateful.clock import install
from tests.stateful.histories import Histories

COUNTS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option, for `pytest tests/stateful`."""
    parser.addoption(
        "--histories", type=int, default=None, help="make up so many histories of each machine, others each time"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many histories were run, and of how many steps."""
    for line in config.stash.get(COUNTS, []):
        terminalreporter.write_line(line)


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a line for the end of the run."""
    return request.config.stash.setdefault(COUNTS, []).append


@pytest.fixture
def more_histories(request: pytest.FixtureRequest) -> Histories | None:
    """What was asked for instead of the usual ones."""
    asked: int | None = request.config.getoption("--histories", default=None)
    return Histories(asked, steps=60, by_chance=True) if asked else None


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """A loop that runs only while a step of a machine does: nothing happens in between that the model cannot know."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as running:
        yield running


@pytest.fixture(scope="session")
def clocked_database(servers: Servers) -> str:
    """The address of a migrated database that has the clock of `clock.py`."""
    return _database(servers, "stateful")


@pytest.fixture
def empty_clocked_database(clocked_database: str) -> str:
    """The same address, with every table empty."""
    empty(clocked_database)
    return clocked_database


def _database(servers: Servers, name: str) -> str:
    url = servers.database(name)
    upgrade(url)
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as running:
        running.run(install(url))
    return url
