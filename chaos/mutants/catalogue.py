"""The planted bugs by name: what each is, and what goes with it outside of the service's own process."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Mutant:
    """`sql` runs before the first customer comes; `settings` are environment variables of the services."""

    what: str
    sql: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    """Faults, without one of which nobody could notice: a kind, a kind and its target, or a name given here."""
    crashes: bool = False
    """Whether 500 is what is wrong with it. For any other bug, 500 would only say that it was planted badly."""


_GUARD_JUDGES = "IF FOUND THEN"
_GUARD_WRITES = "WHERE n.version IS DISTINCT FROM o.version"


def _guard_with(old: str, new: str) -> str:
    """The trigger as it is, with one piece of it replaced."""
    return f"""
        DO $do$ BEGIN
            EXECUTE replace(pg_get_functiondef('guard_seats'::regproc), $old${old}$old$, $new${new}$new$);
        END $do$
    """


_ADMISSIONS_UNGUARDED = "ALTER TABLE bookings DROP CONSTRAINT bookings_admitted_check"

_GUARD_OFF = _guard_with(_GUARD_JUDGES, "IF false THEN")

A_SERVICE_IS_AHEAD = "a booking instance's clock is ahead by more than a hold lasts"

_POSTGRES_DIES = frozenset({"kill postgres", "stop immediately postgres"})

MUTANTS: Mapping[str, Mutant] = {
    "confirm-after-the-end": Mutant("a hold that has ended, but was not swept yet, can be confirmed", _GUARD_OFF),
    "confirm-without-hold-id": Mutant("confirming one hold books whatever the buyer holds", _GUARD_OFF),
    "confirm-refused-too-early": Mutant("a hold counts as ended 1.2 s before its end"),
    "sweep-too-early": Mutant("the sweep does not look whether the hold has really ended"),
    "answer-before-commit": Mutant("the answer is sent first, and COMMIT follows 30 ms later"),
    "commits-do-not-wait": Mutant(
        "synchronous_commit is off, and the check at the start with it", needs=_POSTGRES_DIES
    ),
    "release-without-owner": Mutant("whoever knows a hold's id can release it"),
    "retries-run-again": Mutant("idempotency keys are not looked at"),
    "gate-grants": Mutant(
        "who gets through the gate gets the seat: PostgreSQL is not asked whether it is free", _GUARD_OFF
    ),
    "half-a-group": Mutant("of a group, those seats are held that are free"),
    "cancel-frees-whoever-has-it": Mutant("a second cancellation frees the seat, whoever has bought it since"),
    "best-forgets-its-key": Mutant("the key of a hold in one call is not looked at: a retry chooses and holds again"),
    "limit-not-counted": Mutant("nobody counts how many seats somebody holds"),
    "news-only": Mutant(
        "the ledger heals nothing: maps live from published news alone",
        settings={"HEAL_INTERVAL_S": "9999"},
        needs=frozenset({"lose news"}),
    ),
    "older-news-wins": Mutant(
        "a map takes every change that it hears of, older ones too", needs=frozenset({"delay news"})
    ),
    "announce-before-commit": Mutant("maps are told 100 ms before COMMIT"),
    "outage-is-a-crash": Mutant("a database that is away is answered with 500", needs=_POSTGRES_DIES, crashes=True),
    "ledger-forgets": Mutant(
        "confirmations are not written to the ledger",
        _guard_with(_GUARD_WRITES, _GUARD_WRITES + " AND n.status <> 'booked'"),
    ),
    "service-clock-judges-the-end": Mutant(
        "the clock of the service decides whether a hold has ended", needs=frozenset({A_SERVICE_IS_AHEAD})
    ),
    "service-clock-sets-the-end": Mutant(
        "a hold ends at an instant of the service's clock", needs=frozenset({A_SERVICE_IS_AHEAD})
    ),
    "door-looks-first": Mutant("the door looks whether a ticket is used, and then lets in, in two statements"),
    "cancelled-lets-in": Mutant("a cancelled ticket lets in", _ADMISSIONS_UNGUARDED),
    "used-is-cancelled": Mutant("a booking whose ticket was used can be cancelled", _ADMISSIONS_UNGUARDED),
    "cancelled-bookings-vanish": Mutant("cancelled bookings are missing in /my-bookings"),
}
