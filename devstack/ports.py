"""TCP ports on this machine: find a free one, say who has a taken one."""

import os
import random
import socket
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from devstack.errors import StackError
from devstack.processes import command_of

# Below the range from which the system hands out ports for outgoing connections (32768 and up on Linux):
# a port from there can be taken by any client between our look and our server's start.
FREE_PORTS = range(20000, 32000)

_given: set[int] = set()
_given_lock = threading.Lock()


def is_free(port: int) -> bool:
    """May a server of ours listen on 127.0.0.1:`port` now?"""
    with socket.socket() as probe:
        # Servers set this too; without it a port rests for a minute after its last connection.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            # Two sockets may be bound with SO_REUSEADDR; only one may listen.
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on. This process never gets the same one twice."""
    for _ in range(1000):
        # S311: picks a port, guards nothing.
        port = random.choice(FREE_PORTS)  # noqa: S311
        with _given_lock:
            if port in _given or not is_free(port):
                continue
            _given.add(port)
        return port
    raise StackError(f"no free port between {FREE_PORTS.start} and {FREE_PORTS.stop}")


@dataclass(frozen=True, kw_only=True)
class ServicePorts:
    """Where the services and the front end listen. `booking` has one port per instance."""

    auth: int
    events: int
    booking: tuple[int, ...]
    edge: int

    @classmethod
    def from_base(cls, base: int, instances: int) -> Self:
        """`base` for auth, then events, booking (+10 for each further instance), and +80 for the front end."""
        booking = tuple(base + 2 + 10 * number for number in range(instances))
        found = cls(auth=base, events=base + 1, booking=booking, edge=base + 80)
        if not 0 < base <= max(found.all()) <= 65535:
            raise StackError(f"a port base of {base} leads to ports outside of 1 to 65535")
        return found

    @classmethod
    def free(cls, instances: int) -> Self:
        """Any free ports, for tests and short-lived copies."""
        booking = tuple(free_port() for _ in range(instances))
        return cls(auth=free_port(), events=free_port(), booking=booking, edge=free_port())

    def all(self) -> list[int]:
        """Every port."""
        return [self.auth, self.events, *self.booking, self.edge]


def require_free(ports: Iterable[int], *, advice: str) -> None:
    """Refuse when any of `ports` is taken, naming port and process.

    Raises StackError; `advice` is its last line.
    """
    taken = [port for port in ports if not is_free(port)]
    if taken:
        lines = [f"port {port} is taken by {describe_listener(port)}" for port in taken]
        raise StackError("\n".join([*lines, advice]))


def describe_listener(port: int) -> str:
    """Who listens on `port`, for a message."""
    pid = listener_of(port)
    if pid is None:
        # Another user's process: the system does not show us whose it is.
        return "another program (of another user, perhaps)"
    return f"process {pid}: {command_of(pid)}"


def listener_of(port: int) -> int | None:
    """The pid that listens on `port`, as far as the system lets us see it (Linux only)."""
    if sys.platform != "linux":
        return None
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            for entry in folder.iterdir():
                if os.readlink(entry) in sockets:
                    return int(folder.parts[2])
        except OSError:
            continue
    return None


def _listening_inodes(port: int) -> Iterable[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            # Field 1 is the local address in hex, field 3 the state (0A = listening), field 9 the inode.
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]
