"""Answers compared with each other, with the bookings at the end, and with the contract."""

from collections.abc import Iterator, Mapping

from chaos.checker.history import NOT_STORED, History, Violation

KEY = "same key, other answer"
MINE = "my bookings"
CONTRACT = "answer outside of the contract"
STRANGER = "not let in"
AUDIT = "auditor"

# 5xx other than 503 is a mistake of ours whatever has broken: the outcome is unknown, and must be said so.
_EXPECTED: Mapping[str, frozenset[int]] = {
    "hold": frozenset({201, 404, 409, 503}),
    "extend": frozenset({200, 404, 410, 503}),
    "release": frozenset({204, 404, 409, 503}),
    "confirm": frozenset({201, 404, 410, 503}),
    "cancel": frozenset({200, 404, 409, 503}),
    "admit": frozenset({200, 404, 409, 410, 503}),
    "delete-event": frozenset({204, 404, 503}),
    "look": frozenset({200, 404, 503}),
    "choose": frozenset({200, 404, 503}),
    "ticket": frozenset({200, 404, 410, 503}),
    "sign-in": frozenset({200, 429, 503}),
    "mine": frozenset({200, 503}),
}

_LEEWAY_S = 5.0
"""By how much the clock of who checks a token may differ from the clock of who made it."""


def same_key_same_answer(history: History) -> Iterator[Violation]:
    """Every definite answer to one key is the same, to the last member of its body."""
    for operation in history.operations:
        if operation.kind == "delete-event":
            continue  # has no key: the second answer is that there is no such event
        answers = [one for one in operation.definite if one.status not in NOT_STORED]
        for other in answers[1:]:
            if (other.status, other.body) != (answers[0].status, answers[0].body):
                yield Violation(
                    KEY,
                    f"{operation}: {answers[0].status} {answers[0].body}, then {other.status} {other.body}",
                    other.returned,
                )


def my_bookings_are_right(history: History) -> Iterator[Violation]:
    """What each customer is told of their bookings is what the table holds and what they were told before."""
    table: dict[int, dict[int, str]] = {}
    for row in history.bookings:
        table.setdefault(row.user_id, {})[row.booking_id] = row.status
    lists = {mine.user_id: dict(mine.items) for mine in history.my_bookings}
    for user_id, items in lists.items():
        if items != table.get(user_id, {}):
            yield Violation(MINE, f"user {user_id} is shown {items}, and the table holds {table.get(user_id, {})}")
    maybe_cancelled = {one.asked["booking_id"] for one in history.of_kind("cancel") if not one.refused}
    surely_cancelled = {one.asked["booking_id"] for one in history.of_kind("cancel") if one.done}
    for confirmation in history.of_kind("confirm"):
        answer = confirmation.answer
        if not confirmation.done or answer is None or answer.body["event_id"] in history.deleted_events:
            continue
        for booking in answer.body["bookings"]:
            status = lists.get(confirmation.user_id, {}).get(booking["id"], "missing")
            wrong = (
                status == "missing"
                or (status == "cancelled" and booking["id"] not in maybe_cancelled)
                or (status == "confirmed" and booking["id"] in surely_cancelled)
            )
            if wrong:
                yield Violation(MINE, f"booking {booking['id']} of {confirmation} is {status} in the end")


def no_crashes(history: History) -> Iterator[Violation]:
    """Only statuses that the contract has for such a request; 401 has a rule of its own."""
    for one in history.tries:
        if one.status is not None and one.status != 401 and one.status not in _EXPECTED[one.kind]:
            yield Violation(CONTRACT, f"{one.kind} at {one.part}: {one.status} {one.body}", one.returned)


def honest_tokens_are_let_in(history: History) -> Iterator[Violation]:
    """401 only where a clock is so wrong that a token, which all of ours are honest, must look too old or too young:
    that of the part which was asked or, for a token that is new, also that of auth.
    """
    for one in history.tries:
        if one.status != 401:
            continue
        error_s = history.clock_error_s(one.part, one.invoke, one.returned)
        if one.kind == "mine":
            error_s += history.clock_error_s("auth", one.asked["signed_in_from"], one.returned)
        if error_s <= _LEEWAY_S:
            text = f"{one.kind} at {one.part} by user {one.user_id}: 401, with clocks wrong by {error_s:.1f} s at most"
            yield Violation(STRANGER, text, one.returned)


def the_auditor_finds_nothing(history: History) -> Iterator[Violation]:
    """`./frontrow audit` on the database at the end."""
    for audit in history.audits:
        for text in (*audit.findings, *(f"could not be asked: {error}" for error in audit.errors)):
            yield Violation(AUDIT, text)
