"""Real processes of the booking service: some that will fail, one that carries on."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import httpx

from devstack.paths import ROOT, python_environment
from devstack.ports import free_port
from devstack.supervision import TETHER
from devstack.web import python_command
from tests.support.apps import environ
from tests.support.patience import until

HOLD_S = 2.0
STARTED_WITHIN_S = 120.0
"""Five start at once, each of which takes a core for a second or two; and all else that is tested takes the cores, too.
"""
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
    """An instance with these failpoints, which serves; killed at the end.

    Its first sweep may free, and announce, what somebody else of the test held, and so meet a failpoint of publishing
    before it serves: then another one is started.
    """
    settings = environ(
        database_url=database_url,
        redis_url=redis_url,
        hold_duration_s=str(HOLD_S),
        hold_max_s=str(HOLD_MAX_S),
        sweep_interval_s=str(SWEEP_INTERVAL_S),
        database_pool_size="6",
        failpoints=failpoints,
    )
    environment = python_environment() | {name.upper(): value for name, value in settings.items()}
    # A frozen instance would keep the connections of others' tests.
    limits = httpx.Limits(max_keepalive_connections=0)
    while True:
        port = free_port()
        process = await _started(port, environment, log)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=40, limits=limits) as client:
                running = Instance(process, port, client, log)
                if await until(partial(_serves_or_failed, running), within_s=STARTED_WITHIN_S) == "serves":
                    yield running
                    return
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _started(port: int, environment: Mapping[str, str], log: Path) -> asyncio.subprocess.Process:
    tether = (sys.executable, "-I", "-S", str(TETHER), str(int(signal.SIGKILL)), str(os.getpid()), "same", "--")
    with log.open("wb") as file:
        return await asyncio.create_subprocess_exec(
            *tether,
            *python_command("-m", "booking_service", "--port", str(port)),
            env=environment,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )


async def _serves_or_failed(running: Instance) -> Literal["serves", "failed"] | None:
    if "failpoint.reached" in running.log.read_text():
        return "failed"
    return "serves" if await _serves(running) else None


async def _serves(running: Instance) -> bool:
    assert running.process.returncode is None, running.log.read_text()[-2000:]
    try:
        return (await running.client.get("/health", timeout=5)).status_code == 200
    except httpx.TransportError:
        return False


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
