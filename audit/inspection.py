"""One audit: every invariant asked of one snapshot of the database."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg2
import psycopg2.extensions

from audit.invariant import Invariant

SHOWN_ROWS = 20
"""Of one finding; the rest is counted."""

CONNECT_TIMEOUT_S = 10

# For the transaction alone. One process and a little memory, because the sale goes on beside it; no JIT, which costs
# more than it saves here. An audit that meets a migration's lock gives up soon.
_SESSION = {
    "timezone": "UTC",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "64MB",
    "lock_timeout": "5s",
    "statement_timeout": "10min",
}


# The line break ends a comment that a query may end with.
_COUNTED = "SELECT count(*) OVER (), found.* FROM ({query}\n) AS found LIMIT {rows}"


class CannotAudit(Exception):
    """The database could not be asked; the text says why, without passwords."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What some invariants need to know about the installation."""

    hold_limit: int = 10
    """Seats that one person may hold at once in one event."""
    swept_after_s: float = 65.0
    """How long after its end a hold may keep its seats."""
    scratch: bool = False
    """Whether this database may be lost with its machine, so that it needs no fsync."""

    def settings(self) -> dict[str, str]:
        """As the queries read them, with `current_setting`."""
        return {
            "audit.hold_limit": str(self.hold_limit),
            "audit.swept_after_s": str(self.swept_after_s),
            "audit.scratch": "on" if self.scratch else "off",
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one invariant came to. `error`: it could not be asked, and nothing is known."""

    invariant: Invariant
    found: int
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    """At most SHOWN_ROWS of the `found` ones."""
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One audit."""

    snapshot_at: datetime
    verdicts: Sequence[Verdict]
    seconds: float

    @property
    def findings(self) -> Sequence[Verdict]:
        """The invariants that do not hold."""
        return [verdict for verdict in self.verdicts if verdict.found]

    @property
    def errors(self) -> Sequence[Verdict]:
        """The invariants of which nothing is known."""
        return [verdict for verdict in self.verdicts if verdict.error is not None]


def inspect(database_url: str, invariants: Sequence[Invariant], terms: Terms) -> Report:
    """Ask all of `invariants` in one REPEATABLE READ, READ ONLY transaction: they see one instant and change nothing.

    Raises CannotAudit when the database cannot be reached, or goes away in the middle.
    """
    begun = time.perf_counter()
    with _connected(database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (snapshot_at,) = cursor.fetchone() or (None,)
        verdicts = ask(cursor, invariants, terms)
        connection.rollback()
    return Report(snapshot_at, verdicts, time.perf_counter() - begun)


def ask(cursor: psycopg2.extensions.cursor, invariants: Sequence[Invariant], terms: Terms) -> Sequence[Verdict]:
    """Ask all of `invariants` in the transaction of `cursor`, whatever it can see. Raises what psycopg2 raises when the
    connection breaks; a query that fails is a verdict.
    """
    for name, value in {**_SESSION, **terms.settings()}.items():
        cursor.execute("SELECT set_config(%s, %s, true)", (name, value))
    return [_ask(cursor, invariant) for invariant in invariants]


def _ask(cursor: psycopg2.extensions.cursor, invariant: Invariant) -> Verdict:
    begun = time.perf_counter()
    cursor.execute("SAVEPOINT asked")
    try:
        # Counted by the server: a finding may have a million rows.
        cursor.execute(_COUNTED.format(query=invariant.query, rows=SHOWN_ROWS))
        rows = cursor.fetchall()
        columns = [column.name for column in cursor.description or ()][1:]
    except psycopg2.Error as error:
        if cursor.connection.closed:
            raise
        cursor.execute("ROLLBACK TO SAVEPOINT asked")
        return Verdict(invariant, 0, (), (), time.perf_counter() - begun, _reason(error))
    found = rows[0][0] if rows else 0
    return Verdict(invariant, found, columns, [row[1:] for row in rows], time.perf_counter() - begun)


@contextmanager
def _connected(database_url: str) -> Iterator[psycopg2.extensions.connection]:
    connection = _connect(database_url)
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        yield connection
    except psycopg2.Error as error:
        raise CannotAudit(_reason(error)) from error
    finally:
        connection.close()


def _connect(database_url: str) -> psycopg2.extensions.connection:
    try:
        return psycopg2.connect(database_url, connect_timeout=CONNECT_TIMEOUT_S, application_name="frontrow-audit")
    except psycopg2.OperationalError as error:
        raise CannotAudit(_reason(error)) from error
    except (psycopg2.Error, ValueError):
        # What libpq says about an address that it cannot read repeats a piece of it, perhaps the password.
        raise CannotAudit("its address is not of the form postgresql://user:password@host:port/database") from None


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
