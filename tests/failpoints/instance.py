"""Real processes of the booking service: some that will fail, one that carries on."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from devstack.paths import ROOT, python_environment
from devstack.ports import free_port
from devstack.supervision import TETHER
from devstack.web import python_command
from tests.support.apps import environ
from tests.support.patience import until

HOLD_S = 2.0
HOLD_MAX_S = 6.0
SWEEP_INTERVAL_S = 2.0


@dataclass(frozen=True)
class Instance:
    """`python -m booking_service`, running."""

    process: asyncio.subprocess.Process
    port: int
    client: httpx.AsyncClient
    log: Path

    @property
    def live_url(self) -> str:
        """Where its live maps are."""
        return f"ws://127.0.0.1:{self.port}/ws/events"

    async def died(self) -> None:
        """Wait until it is dead."""
        async with asyncio.timeout(30):
            await self.process.wait()

    async def stopped(self) -> None:
        """Wait until it stands still (SIGSTOP)."""

        async def stands_still() -> bool:
            return _state(self.process.pid) == "T"

        await until(stands_still)

    def go_on(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)

    def has_reached(self, failpoint: str) -> bool:
        """Whether it says that it has been at this failpoint."""
        lines = self.log.read_text().splitlines()
        return any("failpoint.reached" in line and f'"{failpoint}"' in line for line in lines)

    async def reaches(self, failpoint: str) -> None:
        """Wait until it says so."""

        async def has_reached() -> bool:
            return self.has_reached(failpoint)

        await until(has_reached)


@asynccontextmanager
async def instance(database_url: str, redis_url: str, log: Path, *, failpoints: str = "") -> AsyncIterator[Instance]:
    """An instance with these failpoints, which serves; killed at the end."""
    port = free_port()
    settings = environ(
        database_url=database_url,
        redis_url=redis_url,
        hold_duration_s=str(HOLD_S),
        hold_max_s=str(HOLD_MAX_S),
        sweep_interval_s=str(SWEEP_INTERVAL_S),
        database_pool_size="6",
        failpoints=failpoints,
    )
    environment = {name.upper(): value for name, value in settings.items()}
    tether = (sys.executable, "-I", "-S", str(TETHER), str(int(signal.SIGKILL)), str(os.getpid()), "same", "--")
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *tether,
            *python_command("-m", "booking_service", "--port", str(port)),
            env=python_environment() | environment,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    try:
        limits = httpx.Limits(
            max_keepalive_connections=0
        )  # a frozen instance would keep the connections of others' tests
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=40, limits=limits) as client:
            running = Instance(process, port, client, log)
            await until(lambda: _serves(running))
            yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _serves(running: Instance) -> bool:
    assert running.process.returncode is None, running.log.read_text()[-2000:]
    try:
        return (await running.client.get("/health", timeout=1)).status_code == 200
    except httpx.TransportError:
        return False


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
