"""Live maps: only the truth, never backwards, and the same as the database in the end."""

from collections.abc import Iterator, Sequence

from chaos.checker.claims import steps
from chaos.checker.history import History, Violation
from chaos.checker.order import seen_is_true

BACKWARDS = "a map went back in time"
FUTURE = "a map knew it too early"
DIFFERS = "a map differs in the end"


def viewers_hear_the_truth(history: History) -> Iterator[Violation]:
    """Every seat in every message was once like that, and had been asked for; a new snapshot is never older than what
    the same connection was told before.
    """
    begun = {(step.row.seat_id, step.row.version): step.invoke for step in steps(history)}
    told: dict[tuple[str, int], dict[int, int]] = {}
    for message in history.seen:
        known = told.setdefault((message.viewer, message.connection), {})
        for seat_id, status, version in message.seats:
            if message.snapshot and version < known.get(seat_id, 0):
                yield Violation(
                    BACKWARDS,
                    f"{message.viewer}: seat {seat_id} at version {version} in a snapshot, after {known[seat_id]}",
                    message.at,
                )
            known[seat_id] = max(version, known.get(seat_id, 0))
            yield from seen_is_true(history, seat_id, status, version, message.at)
            if begun.get((seat_id, version), message.at) > message.at:
                yield Violation(FUTURE, f"{message.viewer}: seat {seat_id} at version {version}", message.at)


def viewers_agree(history: History) -> Iterator[Violation]:
    """Some seconds after the last change every map is what the database holds."""
    for quiet in history.quiet:
        if quiet.agreed_after_s is None:
            yield Violation(DIFFERS, f"{quiet.viewer} still shows other seats: {quiet.differs[:10]}")


def staleness_s(history: History) -> Sequence[float]:
    """From each change in the ledger to its arrival at each viewer that was told of it, in order of size. Faults count
    like anything else.
    """
    found = []
    for message in history.seen:
        if not message.snapshot:
            for seat_id, _, version in message.seats:
                row = history.rows.get((seat_id, version))
                if row is not None:
                    found.append(message.at - history.monotonic(row.at_epoch))
    return sorted(found)
