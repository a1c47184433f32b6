"""What runs during a benchmark: a stack as in production, and the baselines asked for, on the same servers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from devstack.stack import Parts, Stack
from devstack.supervision import Keeper, Program


class Stage:
    """The stack while inside the `with`. ENVIRONMENT is production and every commit waits for the disk."""

    def __init__(self, *, instances: int = 1, say: Callable[[str], None] = lambda line: None) -> None:
        self._say = say
        self._instances = instances
        self.stack = self._as_in_production()
        self._cleanup = ExitStack()

    def _as_in_production(self, parts: Parts | None = None) -> Stack:
        return Stack(
            instances=self._instances,
            environment="production",
            durable=True,
            admin=False,
            # What production asks for; nobody signs in while something is measured.
            settings={"BCRYPT_COST": "12", "LOG_LEVEL": "INFO"},
            parts=parts,
            say=self._say,
        )

    def __enter__(self) -> Self:
        with ExitStack() as cleanup:
            cleanup.enter_context(self.stack)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def serve(self, program: Program) -> Keeper:
        """Start a baseline; it serves when this returns, and until the end."""
        keeper = Keeper(program)
        self._cleanup.callback(keeper.stop)
        keeper.start()
        keeper.wait_until_ready()
        return keeper

    def another_stack(self, parts: Parts) -> Stack:
        """A second stack with other programs and its own servers; up when this returns, and until the end."""
        return self._cleanup.enter_context(self._as_in_production(parts))

    def database(self, name: str) -> str:
        """The address of a database of this name on the stack's server, made when missing."""
        connection = psycopg2.connect(self.stack.database_url)
        try:
            # CREATE DATABASE refuses to run inside a transaction.
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()
        return urlunsplit(urlsplit(self.stack.database_url)._replace(path=f"/{name}"))

    def pids(self, keeper: Keeper) -> list[int]:
        """The process of a baseline."""
        return [keeper.pid] if keeper.pid is not None else []

    def server_pids(self) -> Mapping[str, Sequence[int]]:
        """PostgreSQL and Redis, which all contenders share; the others are idle meanwhile."""
        found = {name: self.stack.pid(name) for name in ("postgres", "redis")}
        return {name: [pid] for name, pid in found.items() if pid is not None}
