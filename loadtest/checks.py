"""The verdict: what must be true after a race. Pure: the evidence has been collected by others."""

from collections import Counter
from collections.abc import Sequence

from loadtest.model import Answer, Check, DatabaseEvidence, Evidence, Holder, SeatRow, SeatState, Target


def verdict(evidence: Evidence) -> list[Check]:
    """The checks of one race, in the order they are printed; those on the database only when it was asked."""
    winners = [answer for answer in evidence.answers if answer.won]
    winner = winners[0] if len(winners) == 1 else None
    checks = [
        _one_winner(winners, evidence.target),
        _everybody_else_refused(evidence.answers, evidence.target.seat_id),
        _held_in_the_api(evidence.seat, evidence.target),
        _nobody_else_has_it(evidence.holders, winner),
    ]
    if evidence.database is not None:
        checks += [
            _held_in_the_database(evidence.database.seat, evidence.target, winner),
            _one_ledger_row(evidence.database, evidence.target, winner),
        ]
    return checks


def free_again(seat: SeatState, row: SeatRow | None, *, refused: Sequence[str]) -> Check:
    """The check after the race: no release was refused, and the seat can be had. `row` None: API alone."""
    sentence = "after the winner's release the seat is available again"
    if refused:
        return Check(sentence, False, "; ".join(refused))
    if seat.status != "available":
        return Check(sentence, False, f"the API says it is {seat.status}")
    if row is not None and (row.status != "available" or row.hold_id is not None):
        return Check(sentence, False, f"the database says it is {row.status}, hold {row.hold_id}")
    return Check(sentence, True)


def _one_winner(winners: Sequence[Answer], target: Target) -> Check:
    sentence = "exactly one answer is 201, and it is a hold on the seat"
    if len(winners) != 1:
        names = ", ".join(winner.person.email for winner in winners)
        return Check(sentence, False, f"{len(winners)} answers are 201" + (f": {names}" if names else ""))
    if winners[0].hold_id is None or target.seat_id not in _seat_ids(winners[0]):
        return Check(sentence, False, "the 201 has no hold_id or does not list the seat")
    return Check(sentence, True)


def _everybody_else_refused(answers: Sequence[Answer], seat_id: int) -> Check:
    sentence = "every other answer is 409, application/problem+json, and lists the seat"
    wrong = Counter(
        "no answer" if answer.status is None else str(answer.status)
        for answer in answers
        if not answer.won and not answer.lost
    )
    incomplete = sum(
        answer.lost and (answer.content_type != "application/problem+json" or seat_id not in _seat_ids(answer))
        for answer in answers
    )
    seen = [f"{count} x {status}" for status, count in sorted(wrong.items())]
    if incomplete:
        seen.append(f"{incomplete} x 409 that is no problem+json or does not list the seat")
    return Check(sentence, not seen, ", ".join(seen))


def _held_in_the_api(seat: SeatState, target: Target) -> Check:
    expected = SeatState("held", target.version + 1)
    return Check(
        f"GET /events/{target.event_id}/seats shows the seat held, version {expected.version}",
        seat == expected,
        f"{seat.status}, version {seat.version}",
    )


def _nobody_else_has_it(holders: Sequence[Holder], winner: Answer | None) -> Check:
    sentence = "the winner has the hold in /my-holds, and nobody else has the seat there"
    if winner is not None and [(h.person, h.hold_id) for h in holders] == [(winner.person, winner.hold_id)]:
        return Check(sentence, True)
    names = ", ".join(f"{holder.person.email} (hold {holder.hold_id})" for holder in holders)
    return Check(sentence, False, f"found with: {names or 'nobody'}")


def _held_in_the_database(row: SeatRow | None, target: Target, winner: Answer | None) -> Check:
    sentence = "the database has the seat held by the winner, with the winner's hold_id"
    if row is None:
        return Check(sentence, False, "the seat is gone")
    expected = winner and SeatRow("held", target.version + 1, winner.hold_id, winner.person.id)
    seen = f"{row.status}, version {row.version}, hold {row.hold_id}, user {row.held_by}"
    return Check(sentence, row == expected, seen)


def _one_ledger_row(database: DatabaseEvidence, target: Target, winner: Answer | None) -> Check:
    version = target.version + 1
    sentence = f"the ledger has exactly one new row: version {version}, available to held, by the winner"
    row = database.ledger[0] if len(database.ledger) == 1 else None
    if row is None:
        return Check(sentence, False, f"{len(database.ledger)} new rows")
    change = (row.version, row.old_status, row.new_status, row.hold_id, row.user_id)
    expected = winner and (version, "available", "held", winner.hold_id, winner.person.id)
    seen = f"version {row.version}, {row.old_status} to {row.new_status}, hold {row.hold_id}, user {row.user_id}"
    return Check(sentence, change == expected, seen)


def _seat_ids(answer: Answer) -> set[object]:
    """The seats an answer names: `seats: [{seat_id, ...}]`, in a hold as in a refusal."""
    seats = answer.document.get("seats")
    if not isinstance(seats, list):
        return set()
    return {seat["seat_id"] for seat in seats if isinstance(seat, dict) and isinstance(seat.get("seat_id"), int)}
