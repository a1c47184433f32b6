"""Each invariant finds what breaks it, and nothing in a database where all is well."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import psycopg2.extensions
import pytest

from audit.inspection import Terms, Verdict, ask
from audit.invariant import all_invariants
from tests.integration.audit.corruptions import CORRUPTIONS, Corruption

INVARIANTS = all_invariants()
SCRATCH = Terms(scratch=True)


@pytest.fixture
def cursor(sold: str) -> Iterator[psycopg2.extensions.cursor]:
    """In a transaction that is undone: what a test breaks is whole for the next."""
    with closing(psycopg2.connect(sold)) as connection, connection.cursor() as cursor:
        yield cursor
        connection.rollback()


def corrupt(cursor: psycopg2.extensions.cursor, sql: str) -> None:
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(sql)
    cursor.execute("SET LOCAL session_replication_role = origin")


def found(cursor: psycopg2.extensions.cursor, terms: Terms = SCRATCH) -> dict[str, Verdict]:
    verdicts = ask(cursor, INVARIANTS, terms)
    assert [verdict.error for verdict in verdicts if verdict.error] == []
    return {verdict.invariant.name: verdict for verdict in verdicts if verdict.found}


def test_a_healthy_database_has_no_findings(cursor: psycopg2.extensions.cursor) -> None:
    assert found(cursor) == {}


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=str)
def test_a_corruption_is_found_by_name(cursor: psycopg2.extensions.cursor, corruption: Corruption) -> None:
    corrupt(cursor, corruption.sql)

    assert corruption.found_by in found(cursor)


def test_every_invariant_has_found_something() -> None:
    assert {corruption.found_by for corruption in CORRUPTIONS} == {invariant.name for invariant in INVARIANTS}


def test_a_database_without_fsync_is_found_unless_it_is_a_scratch_one(cursor: psycopg2.extensions.cursor) -> None:
    assert found(cursor, Terms(scratch=False)).keys() == {"commits_are_durable"}


def test_the_sweep_is_given_its_time(cursor: psycopg2.extensions.cursor) -> None:
    corrupt(cursor, "UPDATE seats SET hold_expiry = now() - interval '66 seconds' WHERE id = 3")

    assert "ended_holds_are_swept" not in found(cursor, Terms(scratch=True, swept_after_s=67))


NEWCOMER = 7
"""Somebody who holds nothing yet."""


def enter(
    cursor: psycopg2.extensions.cursor, seat_id: int, version: int, *, did: str, at_s: float, ends_s: float
) -> None:
    """Write an entry about a hold of the newcomer into the ledger; `did` as in "available>held"."""
    cursor.execute(
        """
        INSERT INTO seat_log
            (seat_id, version, event_id, old_status, new_status, hold_id, user_id, hold_expiry, at)
        VALUES (%s, %s, 9, %s, %s, gen_random_uuid(), %s, to_timestamp(%s), to_timestamp(%s))
        """,
        (seat_id, version, *did.split(">"), NEWCOMER, ends_s, at_s),
    )


def exceeds_two(cursor: psycopg2.extensions.cursor) -> bool:
    """Whether the newcomer is said to have held more than two seats at once."""
    finding = found(cursor, Terms(hold_limit=2, scratch=True)).get("the_hold_limit_is_kept")
    return finding is not None and NEWCOMER in [row[finding.columns.index("user_id")] for row in finding.rows]


# Seats held by one person, each as (from, to) in seconds; the limit is 2.
@pytest.mark.parametrize(
    ("spans", "exceeds"),
    [
        ([(0, 5), (1, 6)], False),
        ([(0, 5), (1, 6), (2, 7)], True),
        ([(0, 5), (0, 5), (5, 9), (5, 9)], False),
        ([(0, 5), (0, 5), (4.999999, 9)], True),
        ([(0, 5), (0, 5), (6, 9), (6, 9), (10, 12)], False),
        # Ended before they began: holds of no length count for nobody.
        ([(3, 2), (3, 2), (3, 2)], False),
    ],
)
def test_the_hold_limit_counts_what_is_held_at_one_instant(
    cursor: psycopg2.extensions.cursor, spans: list[tuple[float, float]], exceeds: bool
) -> None:
    for seat_id, (begins, ends) in enumerate(spans, start=100):
        enter(cursor, seat_id, 1, did="available>held", at_s=begins, ends_s=ends)

    assert exceeds_two(cursor) is exceeds


def test_a_released_seat_counts_no_longer_and_an_extended_one_counts_once(cursor: psycopg2.extensions.cursor) -> None:
    enter(cursor, 100, 1, did="available>held", at_s=0, ends_s=60)
    enter(cursor, 101, 1, did="available>held", at_s=0, ends_s=60)
    enter(cursor, 100, 2, did="held>held", at_s=10, ends_s=90)
    enter(cursor, 101, 2, did="held>available", at_s=20, ends_s=60)
    enter(cursor, 102, 1, did="available>held", at_s=20, ends_s=80)

    assert not exceeds_two(cursor)


def test_a_large_finding_is_counted_and_shown_in_part(cursor: psycopg2.extensions.cursor) -> None:
    corrupt(
        cursor,
        "INSERT INTO seat_log (seat_id, version, event_id, old_status, new_status, at)"
        " SELECT n, 7, 1, 'available', 'held', now() FROM generate_series(1000, 1999) AS n",
    )

    verdict = found(cursor)["the_ledger_has_no_gaps"]

    assert (verdict.found, len(verdict.rows)) == (1000, 20)
    assert verdict.rows[0][verdict.columns.index("seat_id")] == 1000
