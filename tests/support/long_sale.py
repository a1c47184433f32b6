"""A database that looks as after a long sale, and how long the auditor takes for it.

    python -m tests.support.long_sale --events 55 --cycles 4

starts a PostgreSQL of its own, fills it and audits it several times.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import psycopg2

from audit.inspection import Report, Terms, inspect
from audit.invariant import all_invariants
from audit.report import exit_code
from devstack.servers import Servers
from shared.migrations.__main__ import upgrade

_SQL = Path(__file__).with_suffix(".sql")


def fill(database_url: str, *, events: int, cycles: int) -> int:
    """Fill an empty, migrated database; the number of entries in its ledger, `events * 1000 * (5 * cycles - 1)`."""
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sale.events', %s, true), set_config('sale.cycles', %s, true)",
                       (str(events), str(cycles)))  # fmt: skip
        cursor.execute(_SQL.read_text(encoding="utf-8"))
        connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM seat_log")
        (entries,) = cursor.fetchone() or (0,)
    return int(entries)


def main(words: Sequence[str] | None = None) -> int:
    """Measure; the exit code of the audit."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.long_sale", description=__doc__)
    parser.add_argument("--events", type=int, default=55, help="of 1,000 seats each (default 55)")
    parser.add_argument("--cycles", type=int, default=4, help="bookings of each seat (default 4)")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args(words)
    with Servers(durable=True) as servers:
        url = servers.database("long_sale")
        upgrade(url)
        entries = fill(url, events=arguments.events, cycles=arguments.cycles)
        reports = [inspect(url, all_invariants(), Terms()) for _ in range(arguments.rounds)]
    sys.stdout.write(_table(entries, reports) + "\n")
    return exit_code(reports[-1])


def _table(entries: int, reports: Sequence[Report]) -> str:
    lines = [f"{entries:,} entries in the ledger; seconds, median (min … max) of {len(reports)} rounds"]
    for verdicts in zip(*(report.verdicts for report in reports), strict=True):
        lines.append(f"{verdicts[0].invariant.name:40} {_spread([verdict.seconds for verdict in verdicts])}")
    lines.append(f"{'the whole audit':40} {_spread([report.seconds for report in reports])}")
    return "\n".join(lines)


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds):6.2f} ({min(seconds):.2f} … {max(seconds):.2f})"


if __name__ == "__main__":
    sys.exit(main())
