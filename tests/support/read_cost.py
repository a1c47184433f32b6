"""What reading the catalogue costs: CPU time of the events service per request, by route.

    python -m tests.support.read_cost --events 43 --rounds 5
    python -m tests.support.read_cost --events 5000

starts servers of its own, fills them with so many events of 1,000 seats, starts the service, and asks it over and over.
Linux only: the CPU time is what the kernel says of the process.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg2

from devstack.paths import python_environment
from devstack.ports import free_port
from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.support.apps import SECRET

_SQL = Path(__file__).with_suffix(".sql")
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_START_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Cost:
    """Of one request, on average over a round."""

    cpu_us: float
    latency_ms: float


def fill(database_url: str, *, events: int) -> None:
    """Fill an empty, migrated database."""
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(_SQL.read_text(encoding="utf-8").replace("%(events)s", str(events)))
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def service(database_url: str, redis_url: str) -> Iterator[tuple[int, int]]:
    """(pid, port) of an events service."""
    port = free_port()
    environment = python_environment() | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "JWT_SECRET": SECRET,
        "ENVIRONMENT": "test",
    }
    command = [sys.executable, "-m", "events_service", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own service
    try:
        asyncio.run(_until_it_serves(port))
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


async def _until_it_serves(port: int) -> None:
    async with asyncio.timeout(_START_TIMEOUT_S):
        while True:
            try:
                await _ask(port, "/health", until=0.0)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return


async def _ask(port: int, path: str, *, until: float) -> int:
    """Ask over one connection until then, at least once; the number of answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    answers = 0
    try:
        while True:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b" 200 ok" not in head:
                raise RuntimeError(f"{path}: {head[:40]!r}")
            await reader.readexactly(int(head.partition(b"content-length:")[2].split(None, 1)[0]))
            answers += 1
            if time.monotonic() >= until:
                return answers
    finally:
        writer.close()


async def _round(pid: int, port: int, path: str, *, connections: int, seconds: float) -> Cost:
    cpu_before, begun = _cpu_s(pid), time.monotonic()
    answers = sum(
        await asyncio.gather(*(_ask(port, path, until=begun + seconds) for _ in range(connections))),
    )
    took = time.monotonic() - begun
    return Cost(1e6 * (_cpu_s(pid) - cpu_before) / answers, 1e3 * took * connections / answers)


def _cpu_s(pid: int) -> float:
    """User and system time of the process so far (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _paths(database_url: str) -> list[str]:
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, replace(name, ' ', '%20') FROM events WHERE event_type = 'movie' ORDER BY id DESC LIMIT 1"
        )
        (event_id, name) = cursor.fetchone() or (0, "")
    return [
        "/health",
        "/events/browse",
        "/events/browse?event_type=movie&city=City%202",
        f"/events/movie/{name}/showtimes",
        f"/events/{event_id}",
        f"/events/{event_id}/seat-plan",
        f"/events/{event_id}/seats",
        f"/events/{event_id}/seats?section=Balcony",
    ]


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.read_cost", description=__doc__)
    parser.add_argument("--events", type=int, default=43, help="of 1,000 seats each (default 43)")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one round of one route (default 2)")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args(words)
    with Servers() as servers:
        url = servers.database("read_cost")
        upgrade(url)
        fill(url, events=arguments.events)
        costs: dict[str, list[Cost]] = {path: [] for path in _paths(url)}
        with service(url, servers.redis_url) as (pid, port):
            for _ in range(arguments.rounds):
                for path, rounds in costs.items():
                    rounds.append(
                        asyncio.run(
                            _round(pid, port, path, connections=arguments.connections, seconds=arguments.seconds)
                        )
                    )
    sys.stdout.write(
        f"{arguments.events:,} events of 1,000 seats, {arguments.connections} connections;"
        f" median (min … max) of {arguments.rounds} rounds\n"
    )
    for path, rounds in costs.items():
        cpu_us = [cost.cpu_us for cost in rounds]
        sys.stdout.write(
            f"{path:50} {median(cpu_us):7,.0f} µs CPU ({min(cpu_us):,.0f} … {max(cpu_us):,.0f}),"
            f" {median(cost.latency_ms for cost in rounds):.1f} ms\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
