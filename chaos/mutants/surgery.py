"""How the bugs are planted: statements and functions of the booking service replaced in this process.

Every replaced piece must be there, or the start fails: a bug that is not planted would be one that is not found.
"""

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from inspect import isfunction, signature
from types import ModuleType
from typing import Any

import booking_service.bookings.repository as bookings
import booking_service.check_in.repository as door
import booking_service.holds.repository as holds
import shared.database
from booking_service import batched_writes, main, transactions
from booking_service.choosing.asked import Asked
from booking_service.expiry import sweep
from booking_service.holds import placing, taking
from booking_service.live.board import SeatBoard
from booking_service.live.words import word
from shared.chassis import request_log
from shared.contracts.live_messages import SeatChange


def _replace(module: ModuleType, statement: str, old: str, new: str) -> None:
    text: str = getattr(module, statement)
    if old not in text:
        raise SystemExit(f"{module.__name__}.{statement} has no {old!r} (any more): this bug cannot be planted")
    setattr(module, statement, text.replace(old, new))


def _set(owner: object, name: str, value: object) -> None:
    if not hasattr(owner, name):
        raise SystemExit(f"{owner!r} has no {name} (any more): this bug cannot be planted")
    before = getattr(owner, name)
    if isfunction(before) and isfunction(value) and _asked_of(before) != _asked_of(value):
        raise SystemExit(f"{owner!r}.{name} is asked for {_asked_of(before)}: this bug cannot be planted")
    setattr(owner, name, value)


def _asked_of(function: Callable[..., Any]) -> Sequence[str]:
    return list(signature(function).parameters)


def _confirm_after_the_end() -> None:
    _replace(holds, "_LOCK_HOLDS", "hold_expiry > clock_timestamp() AS is_live", "true AS is_live")
    _replace(bookings, "_CONFIRM", "WHERE seats.hold_expiry > moment.now", "")
    # The sweep would be there first, milliseconds after the end.
    _replace(sweep, "SWEEP", "hold_expiry <= (SELECT now FROM moment)", _LATER)


_LATER = "hold_expiry <= (SELECT now FROM moment) - interval '1 second'"


def _confirm_without_hold_id() -> None:
    _replace(holds, "_LOCK_HOLDS", "seats.hold_id, held_since", "holds.hold_id, held_since")
    _replace(holds, "_LOCK_HOLDS", "AND seats.hold_id = holds.hold_id", "")
    _replace(bookings, "_CONFIRM", "AND seats.hold_id = holds.hold_id", "")
    _replace(bookings, "_CONFIRM", "AND seats.hold_id = new_bookings.hold_id", "")


def _confirm_refused_too_early() -> None:
    _replace(holds, "_LOCK_HOLDS", "hold_expiry > clock_timestamp() AS", "hold_expiry > clock_timestamp() + '1.2 s' AS")


def _sweep_too_early() -> None:
    _replace(
        sweep, "SWEEP", "hold_expiry <= (SELECT now FROM moment)", "hold_expiry <= (SELECT now FROM moment) + '1.5 s'"
    )


def _answer_before_commit() -> None:
    committing: set[asyncio.Task[None]] = set()

    async def late(self: Any, connection: Any, lent: Any) -> None:
        await asyncio.sleep(0.03)
        try:
            await connection.execute("COMMIT")
        finally:
            await lent.__aexit__(None, None, None)

    async def _work(self: Any, batch: Any) -> Any:
        lent = self._writer.connection()
        connection = await lent.__aenter__()
        try:
            await connection.execute(batched_writes.BEGIN)
            verdicts = await self._write(connection, batch)
        except Exception:
            await lent.__aexit__(None, None, None)
            return [None] * len(batch)
        task = asyncio.create_task(late(self, connection, lent))
        committing.add(task)
        task.add_done_callback(committing.discard)
        for changes in batched_writes._merged(verdicts):
            self._writer.announcer.announce(changes)
        return verdicts

    _set(batched_writes.BatchedWriter, "_work", _work)


def _commits_do_not_wait() -> None:
    _set(shared.database, "SESSION_SETTINGS", {**shared.database.SESSION_SETTINGS, "synchronous_commit": "off"})
    _set(main, "refuse_unsafe_settings", lambda shown, environment: None)


def _release_without_owner() -> None:
    _replace(holds, "_LOCK_HOLDS", "held_by = holds.user_id AND", "")
    _replace(holds, "_MARK_AVAILABLE", "held_by = $1 AND", "$1::bigint IS NOT NULL AND")


def _retries_run_again() -> None:
    async def claim(connection: Any, key: Any) -> None:
        return None

    async def claim_new(connection: Any, keys: Any) -> Any:
        return {(key.user_id, key.key) for key in keys}

    async def keep(connection: Any, answers: Any) -> None:
        return None

    _set(transactions, "claim", claim)
    _set(batched_writes, "claim_new", claim_new)
    for module in (transactions, batched_writes):
        _set(module, "keep", keep)


def _gate_grants() -> None:
    _replace(taking, "TAKE", "CASE WHEN status = 'held' AND hold_expiry <= now", "CASE WHEN status = 'held'")


def _half_a_group() -> None:
    of_all = placing.Placing._verdict

    def _verdict(self: Any, request: Any, ground: Any, *, alone: bool) -> Any:
        rows = [ground._rows[seat_id] for seat_id in request.seat_ids if seat_id in ground._rows]
        mine = [row["id"] for row in rows if row["hold_id"] == request.hold_id]
        return of_all(self, dataclasses.replace(request, seat_ids=mine or request.seat_ids), ground, alone=alone)

    _replace(taking, "TAKE", "count(*) OVER hold = size", "on_sale AND status = 'available'")
    _replace(taking, "TAKE", "AND bool_and(on_sale AND status = 'available' AND (", "AND bool_and((")
    _set(placing.Placing, "_verdict", _verdict)


def _cancel_frees_whoever_has_it() -> None:
    _replace(bookings, "_MARK_CANCELLED", "AND status = 'confirmed'", "")
    _replace(bookings, "_FREE_SEAT", "AND booking_id = $2", "AND $2::bigint IS NOT NULL")


def _limit_not_counted() -> None:
    _replace(taking, "TAKE", "counted + claim <= $8", "0 * counted + claim <= $8")


def _best_forgets_its_key() -> None:
    def key(self: Any, user_id: int, key: str | None) -> None:
        return None

    _set(Asked, "key", key)


def _older_news_wins() -> None:
    apply = SeatBoard.apply

    def believe(self: Any, change: SeatChange) -> bool:
        place = change.seat_id - self.first_seat_id
        if 0 <= place < len(self.words) and self.words.version(place) > change.version:
            self.words[place] = word(change.status, change.version)
            return True
        return apply(self, change)

    _set(SeatBoard, "apply", believe)


def _announce_before_commit() -> None:
    write: Any = batched_writes.BatchedWriter._write

    async def _write(self: Any, connection: Any, batch: Any) -> Any:
        verdicts = await write(self, connection, batch)
        for changes in batched_writes._merged(verdicts):
            self._writer.announcer.announce(changes)
        await asyncio.sleep(0.1)
        return verdicts

    _set(batched_writes.BatchedWriter, "_write", _write)


def _outage_is_a_crash() -> None:
    _set(request_log, "is_database_outage", lambda error: False)


def _cancelled_bookings_vanish() -> None:
    _replace(
        bookings,
        "_PAGE",
        "WHERE bookings.user_id = $1",
        "WHERE bookings.user_id = $1 AND bookings.status = 'confirmed'",
    )


def _door_looks_first() -> None:
    _replace(door, "_MARK_ADMITTED", "AND bookings.admitted_at IS NULL", "")
    look = "SELECT FROM bookings WHERE id = $1 AND admitted_at IS NULL"
    mark: Any = door.mark_admitted

    async def mark_admitted(
        connection: Any, *, booking_id: int, event_id: int, at: Any, gate: str | None, admin: int
    ) -> Any:
        if await connection.fetchrow(look, booking_id) is None:
            return None
        return await mark(connection, booking_id=booking_id, event_id=event_id, at=at, gate=gate, admin=admin)

    _set(door, "mark_admitted", mark_admitted)


def _cancelled_lets_in() -> None:
    _replace(door, "_MARK_ADMITTED", "AND bookings.status = 'confirmed'", "")


def _used_is_cancelled() -> None:
    _replace(bookings, "_MARK_CANCELLED", "AND admitted_at IS NULL", "")
    _replace(bookings, "_ONE", "bookings.admitted_at", "NULL::timestamptz AS admitted_at")


def _service_clock_judges_the_end() -> None:
    lock_holds = holds.lock_holds

    async def judged(connection: Any, holds: Any) -> Any:
        rows = await lock_holds(connection, holds)
        return [{**row, "is_live": row["hold_expiry"] > datetime.now(UTC)} for row in rows]

    _set(holds, "lock_holds", judged)


def _service_clock_sets_the_end() -> None:
    _replace(taking, "TAKE", "now + $7::interval", "$7::timestamptz")
    _replace(taking, "ARGUMENTS", "interval", "timestamptz")
    take: Any = taking.take

    async def until(connection: Any, claims: Any, *, also: Any, lasts: timedelta, limit: Any, patience: Any) -> Any:
        end = datetime.now(UTC) + lasts
        return await take(connection, claims, also=also, lasts=end, limit=limit, patience=patience)

    _set(placing, "take", until)


OPERATIONS: Mapping[str, Callable[[], None]] = {
    "confirm-after-the-end": _confirm_after_the_end,
    "confirm-without-hold-id": _confirm_without_hold_id,
    "confirm-refused-too-early": _confirm_refused_too_early,
    "sweep-too-early": _sweep_too_early,
    "answer-before-commit": _answer_before_commit,
    "commits-do-not-wait": _commits_do_not_wait,
    "release-without-owner": _release_without_owner,
    "retries-run-again": _retries_run_again,
    "gate-grants": _gate_grants,
    "half-a-group": _half_a_group,
    "cancel-frees-whoever-has-it": _cancel_frees_whoever_has_it,
    "best-forgets-its-key": _best_forgets_its_key,
    "limit-not-counted": _limit_not_counted,
    "older-news-wins": _older_news_wins,
    "announce-before-commit": _announce_before_commit,
    "outage-is-a-crash": _outage_is_a_crash,
    "service-clock-judges-the-end": _service_clock_judges_the_end,
    "service-clock-sets-the-end": _service_clock_sets_the_end,
    "door-looks-first": _door_looks_first,
    "cancelled-lets-in": _cancelled_lets_in,
    "used-is-cancelled": _used_is_cancelled,
    "cancelled-bookings-vanish": _cancelled_bookings_vanish,
}
"""Those that are planted in the service; the others are in the database or in a setting (catalogue.py)."""
