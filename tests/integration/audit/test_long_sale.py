"""The work of an audit grows with the ledger and not faster. Counted in rows that are read: a clock would measure the
machine. How long it takes is in docs/measurements.md.
"""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from audit.inspection import Terms, ask
from audit.invariant import all_invariants
from devstack.servers import Servers
from shared.migrations.__main__ import upgrade
from tests.conftest import empty
from tests.support.long_sale import fill

READS_PER_ENTRY = 25
"""Each of the 22 invariants may look at an entry about once."""

_ROWS_READ = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables"


@pytest.fixture(scope="module")
def long_sale_url(servers: Servers) -> Iterator[str]:
    """A migrated database of its own, emptied after use: it is not small."""
    url = servers.database("audit_long_sale")
    upgrade(url)
    yield url
    empty(url)


@pytest.mark.parametrize("events", [2, 8])
def test_a_long_sale_is_healthy_and_read_a_bounded_number_of_times(long_sale_url: str, events: int) -> None:
    empty(long_sale_url)
    entries = fill(long_sale_url, events=events, cycles=2)

    with closing(psycopg2.connect(long_sale_url)) as connection, connection.cursor() as cursor:
        cursor.execute(_ROWS_READ)
        (before,) = cursor.fetchone() or (0,)
        verdicts = ask(cursor, all_invariants(), Terms(scratch=True))
        cursor.execute(_ROWS_READ)
        (after,) = cursor.fetchone() or (0,)

    assert [(verdict.invariant.name, verdict.rows, verdict.error) for verdict in verdicts] == [
        (invariant.name, [], None) for invariant in all_invariants()
    ]
    assert entries == events * 9000
    assert after - before < READS_PER_ENTRY * entries, f"{(after - before) / entries:.1f} rows read per entry"
