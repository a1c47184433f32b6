"""Reading PostgreSQL's log, and live frames, as they come."""

import json
import struct

from loadtest.bench.frames import COMPACT, seats_told
from loadtest.bench.statements import Statement, parse

LOG = """\
2026-11-26 00:44:08.123 UTC [42] <frontrow|frontrow-booking> LOG:  execute __asyncpg_stmt_1__:\x20
\t    SELECT users.role
\t    FROM sessions
2026-11-26 00:44:08.124 UTC [42] <frontrow|frontrow-booking> DETAIL:  Parameters: $1 = '1'
2026-11-26 00:44:08.125 UTC [42] <frontrow|frontrow-booking> LOG:  statement: BEGIN;
2026-11-26 00:44:08.126 UTC [43] <reference_best|> LOG:  statement: UPDATE seats SET status = 'held'
2026-11-26 00:44:08.126 UTC [42] <frontrow|> LOG:  statement: SELECT pg_advisory_unlock_all();
\tRESET ALL;
2026-11-26 00:44:08.127 UTC [44] <|> LOG:  received SIGHUP, reloading configuration files
"""


def test_statements_are_read_whole_with_their_database_and_without_housekeeping() -> None:
    assert list(parse(LOG)) == [
        Statement("frontrow", "frontrow-booking", "SELECT users.role FROM sessions"),
        Statement("reference_best", "", "UPDATE seats SET status = 'held'"),
    ]


def test_a_plain_update_names_its_seat_and_a_heartbeat_none() -> None:
    update = json.dumps({"type": "seat_update", "seat_id": 7, "status": "held", "version": 1}).encode()

    assert seats_told(update, None, first_seat_id=1) == [7]
    assert seats_told(b'{"type":"heartbeat"}', None, first_seat_id=1) == []


def test_a_compact_update_names_places_and_a_compact_snapshot_is_no_update() -> None:
    update = struct.pack("<BB2xI2I2B", 2, 1, 2, 0, 9, 5, 5)
    snapshot = struct.pack("<BB2xIQ2B", 1, 1, 2, 500, 5, 5)

    assert seats_told(update, COMPACT, first_seat_id=500) == [500, 509]
    assert seats_told(snapshot, COMPACT, first_seat_id=500) == []
