"""The instance that carries on, the databases, and the numbers at the end."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.failpoints.instance import Instance, instance
from tests.failpoints.scenarios import Record

RECORDS = pytest.StashKey[list[Record]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """For `pytest tests/failpoints`."""
    parser.addoption("--all-failpoints", action="store_true", help="every place with every action, not a sample")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many failures there were, and how long they were felt."""
    records = config.stash.get(RECORDS, [])
    if records:
        terminalreporter.write_line(
            f"failpoints: {len(records)} failures; at most {_longest(record.settled_s for record in records)} until an"
            f" unknown was settled, {_longest(record.free_again_s for record in records)} until a seat was free again,"
            f" {_longest(record.viewer_s for record in records)} until a viewer knew"
        )


@pytest.fixture
def records(request: pytest.FixtureRequest) -> list[Record]:
    """Where records go that are counted at the end of the run."""
    return request.config.stash.setdefault(RECORDS, [])


@dataclass(frozen=True)
class Ground:
    """A database, and an instance on it that never fails."""

    database_url: str
    redis_url: str
    survivor: Instance
    logs: Path


@pytest.fixture(scope="package")
async def grounds(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Ground]]:
    """One for requests, and one for sweeps, which would take each other's holds. They end with these tests: others
    count who listens to Redis."""
    logs = tmp_path_factory.mktemp("failpoints")
    async with AsyncExitStack() as stack:
        made = {}
        for name in ("requests", "sweeps"):
            url = servers.database(f"failpoints_{name}")
            upgrade(url)
            survivor = await stack.enter_async_context(instance(url, servers.redis_url, logs / f"survivor-{name}.log"))
            made[name] = Ground(url, servers.redis_url, survivor, logs)
        yield made


def _longest(seconds: Iterable[float | None]) -> str:
    known = [value for value in seconds if value is not None]
    return f"{max(known, default=0.0):.1f} s"
