"""The list of guards in `the_guards_stand` is what the migrations make: a guard that is added must be listed."""

import re
from contextlib import closing

import psycopg2

from audit.invariant import FOLDER

_TABLES = (
    *("users", "events", "orders", "bookings", "double_entries", "seats"),
    *("seat_log", "idempotency_keys", "audit_log"),
)
_GUARDS = """
    SELECT conrelid::regclass::text, conname::text FROM pg_constraint
    WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND conrelid::regclass::text = ANY (%(tables)s)
    UNION
    SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index
    WHERE indisunique AND indrelid::regclass::text = ANY (%(tables)s)
    UNION
    SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger WHERE NOT tgisinternal
    UNION
    SELECT 'function', proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def test_every_guard_of_the_tables_that_matter_is_listed(database_url: str) -> None:
    text = (FOLDER / "21_the_guards_stand.sql").read_text(encoding="utf-8")
    listed = set(re.findall(r"^    \('(\w+)', '(\w+)',", text, re.MULTILINE))

    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(_GUARDS, {"tables": list(_TABLES)})
        made = set(cursor.fetchall())

    assert listed == made
