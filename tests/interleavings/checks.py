"""What must be true after every schedule, whatever its order was.

The ledger, the seats, the bookings and the answers are laid side by side: every change must be the work of an operation
that was told so, and whoever was told so must find their change. And no order may lead to an end that the same
operations, one after the other, could not have led to.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from booking_service.answers import Answer
from shared.chassis.problems import Problem
from tests.interleavings.operations import HOLD_LIMIT, is_twin_of
from tests.interleavings.situations import Scene

Record = asyncpg.Record

_LEGAL = {
    ("available", "held"),
    ("held", "held"),
    ("held", "booked"),
    ("held", "available"),
    ("booked", "available"),
    ("available", "blocked"),
    ("held", "blocked"),
    ("booked", "blocked"),
}

HOLDS = ("holdA", "holdB", "holdA2", "holdC", "keyedHold")

SEATS = """
    SELECT id, status, version, hold_id, held_by, booking_id, hold_expiry > clock_timestamp() AS is_live,
           hold_expiry - held_since > interval '299 seconds' AS is_long
    FROM seats WHERE event_id = $1 ORDER BY id
"""
# By its seats, for which the ledger has an index: it grows by every schedule, and has none by event.
LEDGER = "SELECT * FROM seat_log WHERE seat_id = ANY($1) ORDER BY seat_id, version"
BOOKINGS = """
    SELECT id, seat_id, user_id, hold_id, status, admitted_at IS NOT NULL AS is_used, admitted_gate,
           (SELECT array_agg(gate ORDER BY gate) FROM double_entries WHERE booking_id = bookings.id) AS double_entries
    FROM bookings WHERE event_id = $1 ORDER BY id
"""


@dataclass(frozen=True)
class Aftermath:
    """What there is to be seen when all have answered."""

    scene: Scene
    answers: Mapping[str, object]
    refused_by_database: Sequence[str]
    seats: Sequence[Record]
    ledger: Sequence[Record]
    bookings: Sequence[Record]

    @classmethod
    async def seen_by(
        cls,
        connection: "asyncpg.Connection[Record]",
        scene: Scene,
        answers: Mapping[str, object],
        refused_by_database: Sequence[str],
    ) -> "Aftermath":
        """Look at the scene's event."""
        seats = await connection.fetch(SEATS, scene.event_id)
        ledger = await connection.fetch(LEDGER, scene.seats)
        bookings = await connection.fetch(BOOKINGS, scene.event_id)
        return cls(scene, answers, refused_by_database, seats, ledger, bookings)

    def told(self, *operations: str) -> list[dict[str, Any]]:
        """The answers of those of `operations` (or their second tries) that succeeded."""
        names = {name for operation in operations for name in (operation, f"{operation}2")}
        return [
            json.loads(given.body or "{}")
            for name, given in self.answers.items()
            if name in names and isinstance(given, Answer) and given.status < 300
        ]


def outcome(after: Aftermath) -> str:
    """The end that this schedule led to, in words that do not depend on ids. An ended hold counts as a free seat."""
    who = {getattr(after.scene.people, name).id: name for name in ("ann", "ben", "cem", "dan")}
    seats = []
    for row in after.seats:
        if row["status"] == "held":
            seats.append(
                f"held by {who[row['held_by']]}{' for long' if row['is_long'] else ''}" if row["is_live"] else "free"
            )
        elif row["status"] == "booked":
            buyer = next((b["user_id"] for b in after.bookings if b["id"] == row["booking_id"]), None)
            seats.append(f"booked by {who.get(buyer, 'nobody')}")
        else:
            seats.append("free")
    bookings = sorted(f"{who[row['user_id']]} {row['status']}{_door(row)}" for row in after.bookings)
    answers = ", ".join(f"{name} {_short(given)}" for name, given in sorted(after.answers.items()))
    return f"{answers}; seats: {', '.join(seats) or 'gone'}; bookings: {', '.join(bookings) or 'none'}"


def violations(after: Aftermath) -> list[str]:
    """Everything that is wrong, in words."""
    return [
        *_answers(after),
        *_chains(after),
        *_seats_and_bookings(after),
        *_changes_are_explained(after),
        *_successes_are_there(after),
        *_limit(after),
        *_door_is_right(after),
    ]


def _answers(after: Aftermath) -> Iterator[str]:
    for refusal in after.refused_by_database:
        if ": 40P01" in refusal:
            yield f"a deadlock: {refusal}"
        elif refusal.startswith("take:"):
            yield f"the database stopped a hold: {refusal}"
    for name, given in after.answers.items():
        if not isinstance(given, Answer | Problem) or given.status >= 500:
            yield f"{name} failed: {given!r}"
        for other, theirs in after.answers.items():
            if is_twin_of(name, other) and _essence(given) != _essence(theirs):
                yield f"{name} and {other} have the same key and different answers: {given!r}, {theirs!r}"


def _chains(after: Aftermath) -> Iterator[str]:
    last: dict[int, tuple[str, int, Record | None]] = dict.fromkeys(after.scene.seats, ("available", 0, None))
    for row in after.ledger:
        status, version, before = last[row["seat_id"]]
        step = (row["old_status"], row["new_status"])
        if row["version"] != version + 1 or row["old_status"] != status or step not in _LEGAL:
            yield f"the ledger jumps: {_told(row)} after {status} (version {version})"
        if before is not None and row["old_status"] == "held":
            ended = before["hold_expiry"] <= row["at"]
            if row["new_status"] == "booked" and (ended or row["hold_id"] != before["hold_id"]):
                yield f"booked without a living hold of one's own: {_told(row)} after {_told(before)}"
            if row["new_status"] == "held" and row["hold_id"] != before["hold_id"] and not ended:
                yield f"a living hold was taken over: {_told(row)} after {_told(before)}"
        last[row["seat_id"]] = (row["new_status"], row["version"], row)
    now = {row["id"]: (row["status"], row["version"]) for row in after.seats}
    for seat_id, (status, version, _) in last.items():
        if now.get(seat_id, ("blocked", version)) != (status, version):
            yield f"seat {seat_id} is {now[seat_id]}, its ledger ends with {(status, version)}"


def _seats_and_bookings(after: Aftermath) -> Iterator[str]:
    living: dict[int, list[int]] = defaultdict(list)
    for row in after.bookings:
        if row["status"] == "confirmed":
            living[row["seat_id"]].append(row["id"])
    for row in after.seats:
        expected = [row["booking_id"]] if row["status"] == "booked" else []
        if living[row["id"]] != expected:
            yield f"seat {row['id']} is {row['status']} with booking {row['booking_id']}, and has {living[row['id']]}"


def _changes_are_explained(after: Aftermath) -> Iterator[str]:
    """Refused means that nothing happened: each change belongs to an operation that was told of its success."""
    scene = after.scene
    holds = {hold["hold_id"] for hold in after.told(*HOLDS)}
    for row in after.ledger:
        change = (row["old_status"], row["new_status"])
        is_h = row["hold_id"] == scene.hold_h
        if row["user_id"] == scene.people.dan.id and row["version"] <= 2:
            continue  # how seat 2 came to be Dan's
        if change == ("available", "held") or (change == ("held", "held") and not is_h):
            fine = is_h or str(row["hold_id"]) in holds
        elif change == ("held", "held"):
            fine = bool(after.told("extend"))
        elif change == ("held", "booked"):
            fine = is_h and bool(after.told("confirm", "keyedConfirm"))
        elif change == ("held", "available"):
            fine = row["hold_expiry"] <= row["at"] or (is_h and bool(after.told("release")))
        elif change == ("booked", "available"):
            fine = row["booking_id"] == scene.booking_id and bool(after.told("cancel", "keyedCancel"))
        else:
            fine = bool(after.told("delete"))
        if not fine:
            yield f"nobody was told of this: {_told(row)}"


def _successes_are_there(after: Aftermath) -> Iterator[str]:
    ledger = {(row["seat_id"], row["version"]): row for row in after.ledger}
    for hold in after.told(*HOLDS, "extend"):
        rows = [ledger.get((seat["seat_id"], seat["version"])) for seat in hold["seats"]]
        held = [row for row in rows if row and row["new_status"] == "held" and str(row["hold_id"]) == hold["hold_id"]]
        if len(held) != len(rows) or len({row["xid"] for row in held}) != 1:
            yield f"a hold was told of that the ledger does not have, or not as one: {hold}"
    gone = bool(after.told("delete"))
    for order in after.told("confirm", "keyedConfirm"):
        booked = {row["booking_id"] for row in after.ledger if row["new_status"] == "booked"}
        if {booking["id"] for booking in order["bookings"]} - booked:
            yield f"an order was told of that the ledger does not have: {order}"
        if not gone and not any(row["hold_id"] == after.scene.hold_h for row in after.bookings):
            yield "H was confirmed, and has no bookings"
    if after.told("release") and any(row["hold_id"] == after.scene.hold_h for row in after.seats):
        yield "H was released, and has seats"
    if after.told("cancel", "keyedCancel"):
        cancelled = any(row["id"] == after.scene.booking_id and row["status"] == "cancelled" for row in after.bookings)
        if not cancelled and not gone:
            yield "the booking was cancelled, and is not"
    if gone and (after.seats or after.bookings):
        yield f"the event was deleted, and has {len(after.seats)} seats and {len(after.bookings)} bookings"


def _limit(after: Aftermath) -> Iterator[str]:
    held = Counter(row["held_by"] for row in after.seats if row["is_live"])
    for user_id, seats in held.items():
        if seats > HOLD_LIMIT:
            yield f"the limit was passed: user {user_id} holds {seats} seats, and may hold {HOLD_LIMIT}"


def _door_is_right(after: Aftermath) -> Iterator[str]:
    """One was let in with each ticket; whoever was let in besides is on record, each once."""
    told = {name: after.told(name) for name in ("admit", "tell", "tellElsewhere")}
    gates = {admission["gate"] for admissions in told.values() for admission in admissions}
    if len(gates) > 1 or len(told["admit"]) > 1:
        yield f"two were let in: {told}"
    for row in after.bookings:
        if row["is_used"] and (row["status"] != "confirmed" or {row["admitted_gate"]} != gates):
            yield f"nobody was told of this: let in at {row['admitted_gate']}, {row['status']}"
        if gates and not row["is_used"]:
            yield f"somebody was let in at {gates}, and the booking does not say so"
        second = [gate for name, gate in (("tellElsewhere", "East"), ("tell", "South")) if name in after.answers]
        if row["id"] == after.scene.booking_id and (row["double_entries"] or []) != sorted(set(second) - gates):
            yield f"of {second} the report has {row['double_entries']}"


def _door(row: Record) -> str:
    used = f" let in at {row['admitted_gate']}" if row["is_used"] else ""
    return used + "".join(f", and at {gate}" for gate in row["double_entries"] or ())


def _essence(given: object) -> object:
    return (given.status, given.body) if isinstance(given, Answer) else repr(given)


def _short(given: object) -> str:
    if isinstance(given, Problem):
        return f"{given.status} {given.slug}"
    if isinstance(given, Answer):
        slug = "" if given.status < 400 else " " + str(json.loads(given.body)["type"]).rpartition("/")[2]
        return f"{given.status}{slug}"
    return type(given).__name__


def _told(row: Record) -> str:
    change = f"{row['old_status']}→{row['new_status']}"
    return f"seat {row['seat_id']} {change} (version {row['version']}, user {row['user_id']})"
