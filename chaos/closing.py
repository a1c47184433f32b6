"""After the last fault: settle what is open, wait until everything agrees, and write down what the database holds."""

import asyncio
import time
from collections.abc import Collection, Sequence
from random import Random

import aiohttp
import asyncpg

from audit.inspection import CannotAudit, inspect
from audit.inspection import Terms as AuditTerms
from audit.invariant import all_invariants, chosen
from chaos.asking import Asker
from chaos.customers import Customer
from chaos.log import Write
from chaos.records import Audited, BookingRow, LedgerRow, MyBookings, Quiet, SeatRow
from chaos.terms import Terms
from chaos.viewers import Viewer

_LEDGER = """
    SELECT seat_id, version, event_id, old_status, new_status, hold_id::text,
           extract(epoch FROM hold_expiry)::float8 AS hold_expiry_epoch, user_id, booking_id, xid::text::bigint AS xid,
           extract(epoch FROM at)::float8 AS at_epoch
    FROM seat_log ORDER BY seat_id, version
"""
_SEATS = "SELECT id AS seat_id, event_id, status, version, hold_id::text, booking_id FROM seats ORDER BY id"
_BOOKINGS = """
    SELECT id AS booking_id, user_id, seat_id, hold_id::text, status,
           extract(epoch FROM admitted_at)::float8 AS admitted_at_epoch, admitted_gate
    FROM bookings ORDER BY id
"""


async def settle(asker: Asker, parts: dict[str, list[str]], chance: Random) -> None:
    """Ask every open question again, with its key, until it is answered or does not get an answer for a long time."""
    questions = list(asker.open.values())
    await asyncio.gather(*(asker.settle(question, parts[question.kind], chance, tries=25) for question in questions))


async def agree(viewers: Sequence[Viewer], database_url: str, terms: Terms, event_id: int, write: Write) -> None:
    """Wait until no hold is left and every viewer shows what the database holds; write down how long each took."""
    connection = await asyncpg.connect(database_url)
    try:
        patience_s = terms.hold_max_s + terms.sweep_s + terms.quiet_s
        for _ in range(int(patience_s / 0.05)):
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM seats WHERE status = 'held')"):
                break
            await asyncio.sleep(0.05)
        rows = await connection.fetch("SELECT id, status, version FROM seats WHERE event_id = $1", event_id)
        truth = {row["id"]: (row["status"], row["version"]) for row in rows}
        begun, agreed = time.monotonic(), dict[str, float]()
        while len(agreed) < len(viewers) and time.monotonic() < begun + terms.quiet_s:
            for viewer in viewers:
                if viewer.name not in agreed and viewer.seats == truth:
                    agreed[viewer.name] = time.monotonic() - begun
            await asyncio.sleep(0.02)
    finally:
        connection.terminate()
    for viewer in viewers:
        differs = sorted(seat_id for seat_id in truth if viewer.seats.get(seat_id) != truth[seat_id])
        write(Quiet(viewer.name, agreed.get(viewer.name), differs))


async def collect(
    session: aiohttp.ClientSession, booking_url: str, customers: Sequence[Customer], database_url: str, write: Write
) -> None:
    """Write down the ledger, the seats, the bookings, and what each customer is told of theirs."""
    connection = await asyncpg.connect(database_url)
    try:
        for row in await connection.fetch(_LEDGER):
            write(LedgerRow(**dict(row)))
        for row in await connection.fetch(_SEATS):
            write(SeatRow(**dict(row)))
        for row in await connection.fetch(_BOOKINGS):
            write(BookingRow(**dict(row)))
    finally:
        connection.terminate()
    for customer in customers:
        write(await _my_bookings(session, booking_url, customer))


async def audit(database_url: str, terms: Terms, write: Write, *, skip: Collection[str] = ()) -> None:
    """Ask the auditor; not about the invariants in `skip`."""
    asked = AuditTerms(hold_limit=terms.hold_limit, swept_after_s=terms.sweep_s + 5.0)
    try:
        report = await asyncio.to_thread(inspect, database_url, chosen(all_invariants(), only=(), skip=skip), asked)
    except CannotAudit as error:
        write(Audited(0, [], [str(error)]))
        return
    write(
        Audited(
            len(report.verdicts),
            [f"{v.invariant.name}: {v.found} rows, such as {_first(v.rows)}" for v in report.findings],
            [f"{v.invariant.name}: {v.error}" for v in report.errors],
        )
    )


def _first(rows: Sequence[Sequence[object]]) -> str:
    return ", ".join(map(str, rows[0])) if rows else "none"


async def _my_bookings(session: aiohttp.ClientSession, booking_url: str, customer: Customer) -> MyBookings:
    items: list[tuple[int, str]] = []
    params = {"limit": "100"}
    headers = {"Authorization": f"Bearer {customer.token}"}
    while True:
        async with session.get(
            f"{booking_url}/my-bookings", params=params, headers=headers, raise_for_status=True
        ) as response:
            page = await response.json()
        items += [(item["id"], item["status"]) for item in page["items"]]
        if page["next_cursor"] is None:
            return MyBookings(customer.user_id, items)
        params["cursor"] = page["next_cursor"]
