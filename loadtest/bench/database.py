"""Short statements to a database, from the benchmark's own command."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

import psycopg2

Parameters = Sequence[Any] | Mapping[str, Any] | None


class Database:
    """Each call is a connection and a transaction of its own: nothing stays open while something is measured."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, statement: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
        """The rows of one statement; its effect is committed."""
        with closing(psycopg2.connect(self.url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, parameters: Parameters = None) -> Any:
        """The first column of the first row."""
        return self.rows(statement, parameters)[0][0]

    def run(self, statements: Sequence[str]) -> None:
        """Statements that refuse to run in a transaction, such as VACUUM."""
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    def write_transactions(self) -> int:
        """The next transaction id: PostgreSQL gives one to each transaction that writes, in all databases.

        Exact at once; the counters of pg_stat_database follow up to ten seconds later.
        """
        return int(self.value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
