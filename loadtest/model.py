"""The words of a race: who runs, for which seat, what was answered, and what was found afterwards."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class CannotRun(Exception):
    """The race could not be run. The message is for the person at the terminal: what failed, and where."""


@dataclass(frozen=True)
class Addresses:
    """Base URLs without a trailing slash; contract paths such as `/hold-seat` are appended to them.

    `booking` has one entry per instance; requests are dealt round robin over them.
    """

    auth: str
    events: str
    booking: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """A signed-in user."""

    id: int
    email: str
    access_token: str = field(repr=False)


@dataclass(frozen=True)
class Target:
    """The seat everybody wants, and its version before the attack."""

    event_id: int
    event_name: str
    seat_id: int
    seat_number: str
    version: int


@dataclass(frozen=True)
class Answer:
    """What one person got for `POST /hold-seat`. `status` None: no answer came, and `error` says why."""

    person: Person
    instance: str
    status: int | None
    content_type: str
    body: bytes
    sent_at_s: float
    duration_s: float
    error: str | None = None

    @property
    def arrived_at_s(self) -> float:
        return self.sent_at_s + self.duration_s

    @property
    def won(self) -> bool:
        return self.status == 201

    @property
    def lost(self) -> bool:
        return self.status == 409

    @property
    def document(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty when it is anything else."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    @property
    def hold_id(self) -> str | None:
        hold_id = self.document.get("hold_id")
        return hold_id if isinstance(hold_id, str) else None


@dataclass(frozen=True)
class SeatState:
    """A seat as `GET /events/{id}/seats` shows it."""

    status: str
    version: int


@dataclass(frozen=True)
class SeatRow:
    """A seat as the table `seats` has it."""

    status: str
    version: int
    hold_id: str | None
    held_by: int | None


@dataclass(frozen=True)
class LedgerRow:
    """One change of a seat, from the table `seat_log`."""

    version: int
    old_status: str
    new_status: str
    hold_id: str | None
    user_id: int | None


@dataclass(frozen=True)
class Holder:
    """Somebody whose `/my-holds` lists the seat."""

    person: Person
    hold_id: str


@dataclass(frozen=True)
class DatabaseEvidence:
    """What the database says after the attack: the seat, and its ledger rows newer than `Target.version`."""

    seat: SeatRow | None
    ledger: tuple[LedgerRow, ...]


@dataclass(frozen=True)
class Evidence:
    """Everything the verdict is based on. `database` is None when only the API was asked."""

    target: Target
    answers: tuple[Answer, ...]
    seat: SeatState
    holders: tuple[Holder, ...]
    database: DatabaseEvidence | None


@dataclass(frozen=True)
class Check:
    """One sentence that must be true, whether it is, and what was seen instead when it is not."""

    sentence: str
    passed: bool
    seen: str = ""
