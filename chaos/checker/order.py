"""Real time: what was over before something else began comes before it, in writes and in reads."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from math import inf

from chaos.checker.claims import Step, steps
from chaos.checker.history import History, Violation

RULE = "real-time order"
STALE = "stale read"
INVENTED = "read of something that never was"


def real_time_order(history: History) -> Iterator[Violation]:
    """Versions of a seat rise with time: of two operations, one that ended before the other began has the lower one.
    So from the highest version down, none may begin after one above it has ended. O(n log n).
    """
    for seat_id, path in _steps_by_seat(history).items():
        earliest_end, by = inf, ""
        for step in reversed(path):
            if earliest_end < step.invoke:
                yield Violation(
                    RULE,
                    f"seat {seat_id}: {step.by} has version {step.row.version}, but began after this one was over, "
                    f"which has a higher version: {by}",
                    step.invoke,
                )
            if step.returned < earliest_end:
                earliest_end, by = step.returned, step.by


def reads_are_fresh(history: History) -> Iterator[Violation]:
    """Who reads the seats sees at least what was acknowledged before, and nothing that had not been asked for yet."""
    acknowledged = {}
    begun: dict[tuple[int, int], float] = {}
    for seat_id, path in _steps_by_seat(history).items():
        ended = sorted((step.returned, step.row.version) for step in path if step.returned < inf)
        # The highest version that was acknowledged by then.
        versions = list(accumulate((version for _, version in ended), max))
        acknowledged[seat_id] = ([returned for returned, _ in ended], versions)
        begun |= {(seat_id, step.row.version): step.invoke for step in path}
    for look in history.tries:
        if look.kind != "look" or look.status != 200:
            continue
        for seat_id, status, version in look.body:
            returned, versions = acknowledged.get(seat_id, ([], []))
            before = bisect_left(returned, look.invoke)
            if before and versions[before - 1] > version:
                yield Violation(
                    STALE,
                    f"seat {seat_id} was read at version {version}, after {versions[before - 1]} was acknowledged",
                    look.invoke,
                )
            yield from seen_is_true(history, seat_id, status, version, look.returned)
            if begun.get((seat_id, version), -inf) > look.returned:
                yield Violation(INVENTED, f"seat {seat_id}: version {version} was read before it was asked for")


def seen_is_true(history: History, seat_id: int, status: str, version: int, at: float) -> Iterator[Violation]:
    """Was the seat ever like this? A hold that has ended may read as available before it is swept."""
    if version == 0:
        true = status == "available"
    else:
        row = history.rows.get((seat_id, version))
        true = row is not None and (row.new_status == status or (row.new_status == "held" and status == "available"))
    if not true:
        yield Violation(INVENTED, f"seat {seat_id} was shown as {status} at version {version}, which it never was", at)


def _steps_by_seat(history: History) -> dict[int, list[Step]]:
    seats: dict[int, list[Step]] = defaultdict(list)
    for step in steps(history):
        seats[step.row.seat_id].append(step)
    for path in seats.values():
        path.sort(key=lambda step: step.row.version)
    return seats
