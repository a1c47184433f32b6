"""Which statements PostgreSQL was asked, one by one: its own log of them, switched on for a moment.

Exact, and in every version without an extension: pg_stat_statements must be loaded at the server's start, and
pg_stat_database follows up to ten seconds later. Writing the log costs time, so nothing is timed meanwhile.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtest.bench.database import Database

SETTLE_S = 0.3
"""After a reload, until every backend has noticed; and after the last statement, until it is in the file."""

_PREFIX = "%m [%p] <%d|%a> "
_ENTRY = re.compile(r"^\S+ \S+ \S+ \[\d+\] <([^|>]*)\|([^>]*)> (\w+):\s+(.*)$")
_ASKED = re.compile(r"^(?:statement|execute [^:]+): (.*)$", re.DOTALL)
# The housekeeping of transactions and connection pools (asyncpg's reset is one statement) reads no table.
_HOUSEKEEPING = re.compile(
    r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|SHOW|DISCARD|UNLISTEN|CLOSE"
    r"|SELECT 1\b|SELECT pg_advisory_unlock_all)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that was executed, on one line; where, and what the client calls itself."""

    database: str
    application: str
    text: str


@contextmanager
def statements_logged(database: Database, log: Path) -> Iterator[list[Statement]]:
    """What is asked of the whole server inside the `with`, housekeeping left out; filled in at its end."""
    found: list[Statement] = []
    settings = {"log_statement": "all", "log_line_prefix": _PREFIX}
    database.run([f"ALTER SYSTEM SET {name} = '{value}'" for name, value in settings.items()] + [_RELOAD])
    try:
        time.sleep(SETTLE_S)
        begin = log.stat().st_size
        yield found
        time.sleep(SETTLE_S)
        with log.open("rb") as file:
            file.seek(begin)
            found += parse(file.read().decode(errors="replace"))
    finally:
        database.run([f"ALTER SYSTEM RESET {name}" for name in settings] + [_RELOAD])


_RELOAD = "SELECT pg_reload_conf()"


def parse(text: str) -> Iterator[Statement]:
    """The statements in a piece of PostgreSQL's log."""
    entry: tuple[str, str, str] | None = None
    lines: list[str] = []
    for line in [*text.splitlines(), _END]:
        match = _ENTRY.match(line)
        if match is None:
            # A statement's second line, and so on.
            lines.append(line)
            continue
        if entry is not None and entry[2] == "LOG" and (asked := _ASKED.match("\n".join(lines))):
            statement = " ".join(asked[1].split())
            if not _HOUSEKEEPING.match(statement):
                yield Statement(entry[0], entry[1], statement)
        entry, lines = (match[1], match[2], match[3]), [match[4]]


_END = "- - - [0] <|> END: "
