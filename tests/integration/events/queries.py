"""Counts what a service asks its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Engine, event


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that any engine of SQLAlchemy and any pool of asyncpg sends meanwhile."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    # What every fetch of a connection ends in. SQLAlchemy prepares its statements, so it is not counted twice.
    execute = asyncpg.Connection._execute  # type: ignore[attr-defined]  # private, and nothing public sees every statement

    async def count_and_execute(connection: Any, query: str, *rest: Any, **more: Any) -> Any:
        if query != ";":  # asks whether a connection still lives
            statements.append(query)
        return await execute(connection, query, *rest, **more)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncpg.Connection, "_execute", count_and_execute)
            yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", count)
