"""The role of docs/audit.md may audit, and nothing else."""

import re
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection
from sqlalchemy import make_url

from audit.inspection import Terms, inspect
from audit.invariant import all_invariants
from devstack.paths import ROOT

PASSWORD = "only-for-this-test"
_SNIPPET = re.compile(r"```sql\n(CREATE ROLE frontrow_auditor.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def auditor_url(sold: str) -> Iterator[str]:
    """The address of the `sold` database for the role, made as the page says."""
    match = _SNIPPET.search((ROOT / "docs/audit.md").read_text(encoding="utf-8"))
    assert match is not None
    with closing(psycopg2.connect(sold)) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        cursor.execute(match[1].replace("choose-a-password", PASSWORD))
        yield make_url(sold).set(username="frontrow_auditor", password=PASSWORD).render_as_string(hide_password=False)
        cursor.execute("DROP OWNED BY frontrow_auditor")
        cursor.execute("DROP ROLE frontrow_auditor")


@pytest.fixture
def auditor(auditor_url: str) -> Iterator[Connection]:
    """A connection as the role that says that it wants to write."""
    with closing(psycopg2.connect(auditor_url)) as connection:
        connection.autocommit = True
        connection.readonly = False
        yield connection


def test_every_invariant_can_be_asked(auditor_url: str) -> None:
    report = inspect(auditor_url, all_invariants(), Terms(scratch=True))

    assert [(verdict.invariant.name, verdict.found, verdict.error) for verdict in report.verdicts] == [
        (invariant.name, 0, None) for invariant in all_invariants()
    ]


def test_nothing_can_be_written(auditor: Connection) -> None:
    with auditor.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, privilege FROM pg_tables,"
            " unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) AS privilege"
            " WHERE schemaname = 'public' AND (has_table_privilege(tablename::regclass, privilege)"
            " OR privilege IN ('INSERT', 'UPDATE') AND has_any_column_privilege(tablename::regclass, privilege))"
        )
        assert cursor.fetchall() == []
        for statement in (
            "UPDATE seats SET status = 'available'",
            "DELETE FROM bookings",
            "INSERT INTO seat_plans (hash, document) VALUES ('x', 'y')",
            "SELECT allocate_seat_ids(1)",
            "CREATE TABLE public.mine ()",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)


def test_nothing_personal_and_no_secret_can_be_read(auditor: Connection) -> None:
    with auditor.cursor() as cursor:
        for table, column in (
            ("users", "email"),
            ("users", "password_hash"),
            ("users", "name"),
            ("users", "*"),
            ("sessions", "id"),
            ("refresh_tokens", "token_hash"),
            ("idempotency_keys", "key"),
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT {column} FROM {table}")


def test_its_transactions_are_read_only_from_the_start(auditor_url: str) -> None:
    with closing(psycopg2.connect(auditor_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW default_transaction_read_only")
        assert cursor.fetchone() == ("on",)


def test_a_role_that_may_not_read_is_told_which_invariants_were_not_asked(sold: str, auditor_url: str) -> None:
    with closing(psycopg2.connect(sold)) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        cursor.execute("REVOKE SELECT ON orders FROM frontrow_auditor")
        report = inspect(auditor_url, all_invariants(), Terms(scratch=True))
        cursor.execute("GRANT SELECT ON orders TO frontrow_auditor")

    assert {verdict.invariant.name for verdict in report.errors} == {
        "orders_add_up",
        "stored_answers_have_their_effect",
        "references_lead_somewhere",
    }
    assert {verdict.error for verdict in report.errors} == {"permission denied for table orders"}
