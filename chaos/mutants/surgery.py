"""How the bugs are planted: statements and functions of the booking service replaced in this process.

Every replaced piece must be there, or the start fails: a bug that is not planted would be one that is not found.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from inspect import isfunction, signature
from types import ModuleType
from typing import Any

import booking_service.bookings.repository as bookings
import booking_service.holds.repository as holds
import shared.database
from booking_service import idempotency, main, transactions
from booking_service.answers import Outcome, refusal
from booking_service.expiry import sweep
from booking_service.holds import service as hold_service
from booking_service.live.board import SeatBoard
from booking_service.live.words import word
from shared.chassis import request_log
from shared.chassis.problems import Problem
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
    _replace(holds, "_LOCK_HOLD", "hold_expiry > clock_timestamp() AS is_live", "true AS is_live")
    _replace(bookings, "_CONFIRM", "AND seats.hold_expiry > moment.now", "")
    # The sweep would be there first, milliseconds after the end.
    _replace(sweep, "SWEEP", "hold_expiry <= (SELECT now FROM moment)", _LATER)


_LATER = "hold_expiry <= (SELECT now FROM moment) - interval '1 second'"


def _confirm_without_hold_id() -> None:
    _replace(holds, "_LOCK_HOLD", "AND hold_id = $2", "AND $2::uuid IS NOT NULL")
    _replace(bookings, "_CONFIRM", "AND seats.hold_id = $2", "")


def _confirm_refused_too_early() -> None:
    _replace(holds, "_LOCK_HOLD", "hold_expiry > clock_timestamp() AS", "hold_expiry > clock_timestamp() + '1.2 s' AS")


def _sweep_too_early() -> None:
    _replace(
        sweep, "SWEEP", "hold_expiry <= (SELECT now FROM moment)", "hold_expiry <= (SELECT now FROM moment) + '1.5 s'"
    )


def _answer_before_commit() -> None:
    committing: set[asyncio.Task[None]] = set()

    async def late(transaction: Any, pool: Any, connection: Any) -> None:
        await asyncio.sleep(0.03)
        try:
            await transaction.commit()
        finally:
            await pool.release(connection)

    async def _try(self: Any, work: Any, operation: str, key: Any, instance: str) -> Outcome:
        connection = await self._pool.acquire(timeout=self._pool_wait_s)
        transaction = connection.transaction()
        try:
            await transaction.start()
            earlier = await idempotency.claim(connection, key) if key is not None else None
            if earlier is not None:
                outcome = Outcome(earlier)
            else:
                try:
                    async with connection.transaction():
                        outcome = await work(connection)
                except Problem as problem:
                    outcome = Outcome(refusal(problem, instance))
                if key is not None:
                    await idempotency.keep(connection, key, outcome.answer)
        except BaseException:
            await self._pool.release(connection)
            raise
        task = asyncio.create_task(late(transaction, self._pool, connection))
        committing.add(task)
        task.add_done_callback(committing.discard)
        return outcome

    _set(transactions.Writer, "_try", _try)


def _commits_do_not_wait() -> None:
    _set(shared.database, "SESSION_LIMITS", {**shared.database.SESSION_LIMITS, "synchronous_commit": "off"})
    _set(main, "refuse_unsafe_settings", lambda shown, environment: None)


def _release_without_owner() -> None:
    _replace(holds, "_LOCK_HOLD", "held_by = $1 AND", "$1::bigint IS NOT NULL AND")
    _replace(holds, "_MARK_AVAILABLE", "held_by = $1 AND", "$1::bigint IS NOT NULL AND")


def _retries_run_again() -> None:
    async def claim(connection: Any, key: Any) -> None:
        return None

    async def keep(connection: Any, key: Any, answer: Any) -> None:
        return None

    _set(transactions, "claim", claim)
    _set(transactions, "keep", keep)


def _gate_grants() -> None:
    free = "seats.status = 'available' OR (seats.status = 'held' AND seats.hold_expiry <= clock_timestamp()) AS is_free"
    _replace(holds, "_LOCK_WANTED", free, "seats.status <> 'booked' AS is_free")
    _replace(holds, "_MARK_HELD", "(status = 'held' AND hold_expiry <= moment.now)", "status = 'held'")


def _half_a_group() -> None:
    place = hold_service.HoldService._place

    async def greedy(
        self: Any, connection: Any, seat_ids: Sequence[int], block: Any, hold_id: Any, holder: int
    ) -> Outcome:
        rows = await holds.lock_wanted(connection, seat_ids)
        free = [row["id"] for row in rows if row["is_free"]]
        return await place(self, connection, free or seat_ids, block, hold_id, holder)

    _set(hold_service.HoldService, "_place", greedy)


def _cancel_frees_whoever_has_it() -> None:
    _replace(bookings, "_MARK_CANCELLED", "AND status = 'confirmed'", "")
    _replace(bookings, "_FREE_SEAT", "AND booking_id = $2", "AND $2::bigint IS NOT NULL")


def _limit_not_counted() -> None:
    async def nothing(connection: Any, *, event_id: int, user_id: int) -> int:
        return 0

    _set(holds, "count_held", nothing)


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
    attempt: Any = transactions.Writer._try

    async def eager(self: Any, work: Any, operation: str, key: Any, instance: str) -> Outcome:
        async def told(connection: Any) -> Outcome:
            outcome: Outcome = await work(connection)
            if outcome.changes is not None:
                self._announcer.announce(outcome.changes)
                await asyncio.sleep(0.1)
            return outcome

        outcome: Outcome = await attempt(self, told, operation, key, instance)
        return outcome

    _set(transactions.Writer, "_try", eager)


def _outage_is_a_crash() -> None:
    _set(request_log, "is_database_outage", lambda error: False)


def _cancelled_bookings_vanish() -> None:
    _replace(
        bookings,
        "_PAGE",
        "WHERE bookings.user_id = $1",
        "WHERE bookings.user_id = $1 AND bookings.status = 'confirmed'",
    )


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
    "limit-not-counted": _limit_not_counted,
    "older-news-wins": _older_news_wins,
    "announce-before-commit": _announce_before_commit,
    "outage-is-a-crash": _outage_is_a_crash,
    "cancelled-bookings-vanish": _cancelled_bookings_vanish,
}
"""Those that are planted in the service; the others are in the database or in a setting (catalogue.py)."""
