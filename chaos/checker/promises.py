"""What people may rely on: a hold is kept until its end, and nobody is sent away from a seat that is free."""

from collections import defaultdict
from collections.abc import Iterator
from math import inf

from chaos.checker.history import History, Operation, Violation

KEPT = "broken promise"
REFUSED = "refused without a reason"

GATE_MAY_LAG_S = 10.0
"""A gate opens by itself after 3 s; a Redis or a service that was stopped meanwhile adds as long as it was stopped."""


def holds_are_kept(history: History) -> Iterator[Violation]:
    """Nobody is told that their hold has ended before it can have: its beginning or last extension, and its length.

    The end is reckoned from when the hold was asked for, the earliest that it can have begun.
    """
    placed = {one.answer.body["hold_id"]: one for one in history.of_kind("hold") if one.done and one.answer is not None}
    given_up: dict[str, float] = {}
    for one in (*history.of_kind("release"), *history.of_kind("confirm")):
        if not one.refused:
            hold_id = one.asked["hold_id"]
            given_up[hold_id] = min(one.invoke, given_up.get(hold_id, inf))
    extensions = defaultdict(list)
    for one in history.of_kind("extend"):
        if one.done:
            extensions[one.asked["hold_id"]].append(one)
    for one in (*history.of_kind("confirm"), *history.of_kind("extend")):
        hold = placed.get(one.asked["hold_id"])
        if hold is None or hold.user_id != one.user_id or not one.refused or one.answer is None:
            continue
        if one.answer.status == 404:
            yield Violation(KEPT, f"{one}: the hold was acknowledged to this user", one.returned)
            continue
        if one.answer.status != 410 or given_up.get(one.asked["hold_id"], inf) < one.returned:
            continue
        end = _promised_end(history, hold, [e for e in extensions[one.asked["hold_id"]] if e.returned < one.invoke])
        if one.returned < min(end, _event_gone(history, hold)):
            early = end - one.returned
            yield Violation(KEPT, f"{one}: told that it had ended {early:.3f} s before it could", one.returned)


def _promised_end(history: History, hold: Operation, extensions: list[Operation]) -> float:
    longest = hold.invoke + history.start.hold_max_s
    ends = [hold.invoke, *(one.invoke for one in extensions)]
    return max(min(begin + history.start.hold_s, longest) for begin in ends)


def _event_gone(history: History, hold: Operation) -> float:
    """When the deletion of the hold's event began; infinity for those that stayed."""
    event_id = hold.answer.body["event_id"] if hold.answer is not None else None
    return history.deleted_events.get(event_id, inf) if event_id is not None else inf


def refusals_have_a_reason(history: History) -> Iterator[Violation]:
    """A refused seat was taken at some moment of the question, or shortly before; or somebody else asked for it then,
    by name or in one call, which shuts the gate while PostgreSQL decides.
    """
    taken = _taken_spans(history)
    asked: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
    for one in history.of_kind("hold"):
        for seat_id in one.asked.get("seats") or one.asked["among"]:
            asked[seat_id].append((one.invoke, one.returned, one.key))
    for one in history.of_kind("hold"):
        answer = one.answer
        if answer is None or answer.status != 409 or "seats" not in answer.body:
            continue
        since, until = one.invoke - GATE_MAY_LAG_S, one.returned
        for seat in answer.body["seats"]:
            seat_id = seat["seat_id"]
            was_taken = any(begin <= until and end >= since for begin, end in taken.get(seat_id, ()))
            if was_taken or any(
                begin <= until and end >= since for begin, end, key in asked[seat_id] if key != one.key
            ):
                continue
            yield Violation(REFUSED, f"{one}: seat {seat_id} was free, and nobody else wanted it", one.returned)


def _taken_spans(history: History) -> dict[int, list[tuple[float, float]]]:
    spans: dict[int, list[tuple[float, float]]] = {}
    for seat_id, path in history.paths.items():
        ends = [history.monotonic(row.at_epoch) for row in path[1:]] + [inf]
        spans[seat_id] = [
            (history.monotonic(row.at_epoch), end)
            for row, end in zip(path, ends, strict=True)
            if row.new_status != "available"
        ]
    return spans
