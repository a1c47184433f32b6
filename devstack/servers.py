"""PostgreSQL and Redis alone: for integration tests, and for commands that need only the database."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from devstack.ports import free_port
from devstack.postgres import Postgres
from devstack.redis import Redis
from devstack.state import DataFolder, temporary_folder
from devstack.supervision import Keeper


class Servers:
    """A context manager: real servers while inside, nothing left running after it.

    `data_dir=None` is a temporary folder, deleted at the end. `durable=False` (the default here) turns fsync
    off, which no `kill -9` of a server can notice. Ports are free ones. A server that dies is started again on
    the same port.

        with Servers() as servers:
            run_migrations(servers.database_url)
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        durable: bool = False,
        postgres_settings: Sequence[str] = (),
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._data_dir = data_dir
        self._durable = durable
        self._postgres_settings = postgres_settings
        self._say = say
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as cleanup:
            folder = DataFolder(self._data_dir or temporary_folder(cleanup))
            cleanup.enter_context(folder.lock())
            self._redis = Redis(
                folder.path / "redis",
                port=free_port(),
                password=folder.secret("redis_password"),
                log=folder.logs / "redis.log",
                durable=self._durable,
            )
            self._postgres = Postgres(
                folder.path / "postgres",
                port=free_port(),
                password=folder.secret("database_password"),
                log=folder.logs / "postgres.log",
                durable=self._durable,
                settings=self._postgres_settings,
            )
            self._keepers = {program.name: Keeper(program, say=self._say) for program in (self._postgres, self._redis)}
            for keeper in self._keepers.values():
                cleanup.callback(keeper.stop)
                keeper.start()
            for keeper in self._keepers.values():
                keeper.wait_until_ready()
            self._postgres.create_database()
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cleanup.close()

    @property
    def database_url(self) -> str:
        """postgresql://user:password@host:port/database"""
        return self._postgres.url

    @property
    def redis_url(self) -> str:
        """redis://:password@host:port/0"""
        return self._redis.url

    def database(self, name: str) -> str:
        """The address of a database called `name`, made when missing."""
        self._postgres.create_database(name)
        return self._postgres.url.rpartition("/")[0] + f"/{name}"

    def kill(self, name: str) -> int:
        """`kill -9` "postgres" or "redis"; returns the pid that died. It is started again at once."""
        return self._keepers[name].kill()

    def pid(self, name: str) -> int | None:
        """The pid of "postgres" or "redis"; None between its death and its next start."""
        return self._keepers[name].pid

    def wait_until_ready(self, name: str) -> None:
        """Wait until "postgres" or "redis" serves."""
        self._keepers[name].wait_until_ready()
