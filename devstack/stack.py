"""The system on a page: who needs what, in the order it starts.

    postgres  redis                     the servers (or those of DATABASE_URL, REDIS_URL)
        └──┬────┘
        migrate                         once at each start; does nothing when all is done
        sample data, admin account      at the first start
           │
    auth  events  booking  booking-2 …  the services, all at once; ready when GET /health says 200
           │
         edge                           the front end, /api and /ws on one origin

It stops in the opposite order. Used by `./frontrow up`, by the end-to-end tests and by load and fault tests.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from devstack.errors import StackError
from devstack.paths import FRONTEND, ROOT
from devstack.ports import ServicePorts, free_port, require_free
from devstack.postgres import Postgres
from devstack.processes import end, started_at
from devstack.redis import Redis
from devstack.service_settings import service_settings
from devstack.state import DataFolder, Record, Running, temporary_folder
from devstack.supervision import BACKOFF_S, Keeper, Launch, Program, run_once
from devstack.web import WebProgram, python_command

ADMIN_EMAIL = "admin@frontrow.example"

_DEATH_SIGNALS = {program.name: program.death_signal for program in (Postgres, Redis)}
_CHOOSE_OTHERS = "Stop that, or choose other ports: ./frontrow up --port-base 9000"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The Python commands that the system consists of. Tests of this package put small ones in their place."""

    migrate: Sequence[str] = ("-m", "shared.migrations")
    seed: Sequence[str] = ("-m", "events_service.seeding")
    create_admin: Sequence[str] = ("-m", "auth_service.create_admin")
    auth: Sequence[str] = ("-m", "auth_service")
    events: Sequence[str] = ("-m", "events_service")
    booking: Sequence[str] = ("-m", "booking_service")
    edge: Sequence[str] = ("-m", "devstack.edge")
    frontend: Path = FRONTEND


class Stack:
    """The whole system while inside the `with`; nothing left running after it. The data stays.

    `data_dir=None` is a temporary folder, deleted at the end; `port_base=None` means free ports. `settings`
    are environment variables for the services. `database_url` and `redis_url`, when given, are used instead of
    servers of our own. Parts are called postgres, redis, auth, events, booking, booking-2 … and edge. A part
    that dies is started again, on the same port, after the waiting times `backoff_s`.

        with Stack(instances=2, environment="test", durable=False) as stack:
            stack.kill("redis")
            stack.wait_until_ready("redis")

    Raises StackError when a part cannot start, with the end of its log.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        instances: int = 1,
        port_base: int | None = None,
        environment: str = "test",
        settings: Mapping[str, str] | None = None,
        durable: bool = True,
        sample_data: bool = True,
        admin: bool = True,
        database_url: str | None = None,
        redis_url: str | None = None,
        parts: Parts | None = None,
        backoff_s: Sequence[float] = BACKOFF_S,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        if instances < 1:
            raise StackError("at least one instance of the booking service is needed")
        self.ports = ServicePorts.free(instances) if port_base is None else ServicePorts.from_base(port_base, instances)
        self._data_dir = data_dir
        self._environment = environment
        self._settings = dict(settings or {})
        self._durable = durable
        self._sample_data = sample_data
        self._admin = admin
        self._given_database_url = database_url
        self._given_redis_url = redis_url
        self._parts = parts or Parts()
        self._backoff_s = backoff_s
        self.admin_is_new = False
        """Did this start make the admin account?"""
        self._say = say
        self._postgres: Postgres | None = None
        self._redis: Redis | None = None
        self._keepers: dict[str, Keeper] = {}
        self._record_lock = threading.Lock()
        self._cleanup = ExitStack()

    # What it offers

    @property
    def auth_url(self) -> str:
        """Address of the auth service."""
        return f"http://127.0.0.1:{self.ports.auth}"

    @property
    def events_url(self) -> str:
        """Address of the events service."""
        return f"http://127.0.0.1:{self.ports.events}"

    @property
    def booking_urls(self) -> list[str]:
        """Addresses of the instances of the booking service."""
        return [f"http://127.0.0.1:{port}" for port in self.ports.booking]

    @property
    def edge_url(self) -> str:
        """Address of the front end, with /api and /ws behind it."""
        return f"http://127.0.0.1:{self.ports.edge}"

    @property
    def database_url(self) -> str:
        """Address of the database, with user and password."""
        return self._given_database_url or (self._postgres.url if self._postgres else "")

    @property
    def redis_url(self) -> str:
        """Address of the Redis server, with the password."""
        return self._given_redis_url or (self._redis.url if self._redis else "")

    @property
    def admin_password(self) -> str:
        """Password of ADMIN_EMAIL in this copy."""
        return self.folder.secret("admin_password")

    @property
    def admin_password_file(self) -> Path:
        """Where that password is kept."""
        return self.folder.secret_file("admin_password")

    def pid(self, name: str) -> int | None:
        """The pid of a part; None between its death and its next start."""
        return self._keepers[name].pid

    def kill(self, name: str) -> int:
        """`kill -9` a part; returns the pid that died. It is started again; see `wait_until_ready`."""
        return self._keepers[name].kill()

    def wait_until_ready(self, name: str, timeout_s: float | None = None) -> None:
        """Wait until a part serves (again)."""
        self._keepers[name].wait_until_ready(timeout_s)

    # How it starts

    def __enter__(self) -> Self:
        with ExitStack() as cleanup:
            self.folder = DataFolder(self._data_dir or temporary_folder(cleanup))
            cleanup.enter_context(self.folder.lock())
            self._end_leftovers()
            require_free(self.ports.all(), advice=_CHOOSE_OTHERS)
            cleanup.callback(self.folder.forget_record)
            cleanup.callback(self._stop)
            self._start_servers()
            self._prepare_data()
            self._start_services()
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    def _start_servers(self) -> None:
        if self._given_database_url is None:
            self._postgres = Postgres(
                self.folder.path / "postgres",
                port=free_port(),
                password=self.folder.secret("database_password"),
                log=self._log("postgres"),
                durable=self._durable,
            )
            self._keep(self._postgres)
        if self._given_redis_url is None:
            self._redis = Redis(
                self.folder.path / "redis",
                port=free_port(),
                password=self.folder.secret("redis_password"),
                log=self._log("redis"),
                durable=self._durable,
            )
            self._keep(self._redis)
        self._wait_for_all("PostgreSQL and Redis")
        if self._postgres is not None:
            self._postgres.create_database()

    def _prepare_data(self) -> None:
        self._run(self._parts.migrate, what="bringing the database up to date")
        # A given database may be another one next time; what was done in one is not done in the other.
        mark = "" if self._given_database_url is None else f"-{_short_name(self._given_database_url)}"
        if self._sample_data and not self.folder.is_done(f"sample-data{mark}"):
            self._say("Loading the sample data …")
            self._run(self._parts.seed, what="loading the sample data")
            self.folder.mark_done(f"sample-data{mark}")
        if self._admin and not self.folder.is_done(f"admin{mark}"):
            # The password is written before it is used: an interrupted first start tries the same one again.
            password = self.admin_password
            command = (*self._parts.create_admin, ADMIN_EMAIL)
            self._run(command, what="making the admin account", text_in=password + "\n")
            self.folder.mark_done(f"admin{mark}")
            self.admin_is_new = True

    def _start_services(self) -> None:
        self._serve("auth", self._parts.auth, self.ports.auth)
        self._serve("events", self._parts.events, self.ports.events)
        for number, port in enumerate(self.ports.booking, start=1):
            self._serve("booking" if number == 1 else f"booking-{number}", self._parts.booking, port)
        upstreams = ["--auth", self.auth_url, "--events", self.events_url]
        for url in self.booking_urls:
            upstreams += ["--booking", url]
        edge = [*self._parts.edge, *upstreams, "--frontend", str(self._parts.frontend)]
        self._serve("edge", edge, self.ports.edge)
        self._wait_for_all("the services")

    # How it stops

    def _stop(self) -> None:
        services = [name for name in self._keepers if name not in ("edge", "redis", "postgres")]
        for group in (["edge"], services, ["redis"], ["postgres"]):
            keepers = [self._keepers[name] for name in group if name in self._keepers]
            for keeper in keepers:
                keeper.ask_to_stop()
            for keeper in keepers:
                keeper.stop()

    def _end_leftovers(self) -> None:
        """End what a launcher that was killed left running (where the kernel does not: macOS)."""
        record = self.folder.leftover_record()
        for part in record.everything() if record else ():
            if part.pid is not None:
                end(part.pid, part.started, using=_DEATH_SIGNALS.get(part.name, WebProgram.death_signal))
        self.folder.forget_record()

    # Helpers

    def service_environment(self) -> dict[str, str]:
        """The environment variables of a service, with ours underneath."""
        origins = [
            f"http://{host}:{port}"
            # The Swagger page of one service signs in at another.
            for port in (self.ports.auth, self.ports.events, *self.ports.booking)
            for host in ("127.0.0.1", "localhost")
        ]
        shared = service_settings(
            self.folder,
            database_url=self.database_url,
            redis_url=self.redis_url,
            environment=self._environment,
        )
        return shared | {
            "ALLOWED_ORIGINS": ",".join(origins),
            "TOKEN_URL": f"{self.auth_url}/token",
            **self._settings,
        }

    def environment_of(self, name: str) -> dict[str, str]:
        """The environment variables of one part; here the same for each. Fault tests put a proxy in between."""
        return self.service_environment()

    def command_of(self, name: str, command: Sequence[str]) -> Sequence[str]:
        """The Python command of one part; here as it is. Fault tests start it with a clock that can be set wrong."""
        return command

    def _serve(self, name: str, command: Sequence[str], port: int) -> None:
        environment = self.environment_of(name)
        command = self.command_of(name, command)
        self._keep(WebProgram(name, command, port=port, environment=environment, log=self._log(name)))

    def _keep(self, program: Program) -> None:
        keeper = Keeper(program, backoff_s=self._backoff_s, on_change=self._write_record, say=self._say)
        self._keepers[program.name] = keeper
        keeper.start()

    def _wait_for_all(self, what: str) -> None:
        begun = time.monotonic()
        for keeper in self._keepers.values():
            keeper.wait_until_ready()
        if self._keepers:
            self._say(f"Started {what} ({time.monotonic() - begun:.1f} s)")

    def _run(self, command: Sequence[str], *, what: str, text_in: str = "") -> None:
        launch = Launch(command=python_command(*command), environment=self.service_environment(), folder=ROOT)
        run_once(launch, what=what, text_in=text_in)

    def _log(self, name: str) -> Path:
        return self.folder.logs / f"{name}.log"

    def _write_record(self) -> None:
        with self._record_lock:
            self.folder.write_record(self.record())

    def record(self) -> Record:
        """What runs, for stack.json."""
        services = [
            self._running(name, keeper.program.url)
            for name, keeper in list(self._keepers.items())
            if name not in _DEATH_SIGNALS
        ]
        return Record(
            launcher=os.getpid(),
            services=services,
            postgres=self._running("postgres", self.database_url),
            redis=self._running("redis", self.redis_url),
        )

    def _running(self, name: str, url: str) -> Running:
        keeper = self._keepers.get(name)
        pid = keeper.pid if keeper else None
        return Running(
            name=name,
            pid=pid,
            started=started_at(pid) if pid is not None else None,
            port=keeper.program.port if keeper else None,
            url=url,
        )


def _short_name(database_url: str) -> str:
    """The same for the same server and database, whoever signs in there."""
    address = urlsplit(database_url)
    place = f"{address.hostname}:{address.port}{address.path}"
    return sha256(place.encode()).hexdigest()[:8]
