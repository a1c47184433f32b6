"""Options, answers and evidence for tests: say only what the test is about."""

import json
from uuid import uuid4

from loadtest.model import (
    Answer,
    DatabaseEvidence,
    Evidence,
    Holder,
    LedgerRow,
    Person,
    SeatRow,
    SeatState,
    Target,
)
from loadtest.options import Options, read_options

TARGET = Target(event_id=7, event_name="Hamlet", seat_id=5, seat_number="A5", version=3)


def options(*arguments: str, environment: dict[str, str] | None = None) -> Options:
    """Options as the command line gives them, without this shell's environment."""
    return read_options(arguments, environment or {})


def person(email: str = "somebody@example.com", *, id: int = 1) -> Person:
    return Person(id=id, email=email, access_token="secret-token")


def answer(
    status: int | None,
    body: object = None,
    *,
    content_type: str = "application/json",
    email: str = "somebody@example.com",
    user_id: int = 1,
    instance: str = "http://booking",
    duration_s: float = 0.01,
    error: str | None = None,
) -> Answer:
    return Answer(
        person=person(email, id=user_id),
        instance=instance,
        status=status,
        content_type=content_type,
        body=json.dumps(body).encode(),
        sent_at_s=0.0,
        duration_s=duration_s,
        error=error,
    )


def won(email: str = "winner@example.com", *, user_id: int = 42, instance: str = "http://booking") -> Answer:
    body = {"hold_id": str(uuid4()), "seats": [{"seat_id": TARGET.seat_id}]}
    return answer(201, body, email=email, user_id=user_id, instance=instance)


def lost(*, seat_id: int = TARGET.seat_id, duration_s: float = 0.01) -> Answer:
    body = {"status": 409, "seats": [{"seat_id": seat_id}]}
    return answer(409, body, content_type="application/problem+json", duration_s=duration_s)


def unanswered() -> Answer:
    return answer(None, error="connection reset")


def good_evidence(winner: Answer, *others: Answer) -> Evidence:
    """What is found after a race that `winner` won as it should be."""
    hold_id = winner.hold_id
    assert hold_id is not None
    return Evidence(
        target=TARGET,
        answers=(winner, *others),
        seat=SeatState("held", TARGET.version + 1),
        holders=(Holder(winner.person, hold_id),),
        database=DatabaseEvidence(
            SeatRow("held", TARGET.version + 1, hold_id, winner.person.id),
            (LedgerRow(TARGET.version + 1, "available", "held", hold_id, winner.person.id),),
        ),
    )
