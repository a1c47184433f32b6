"""Live maps: only the truth, never backwards, and the same as the database in the end."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chaos.checker.claims import steps
from chaos.checker.history import History, Violation
from chaos.checker.order import seen_is_true
from chaos.records import Seen

BACKWARDS = "a map went back in time"
FUTURE = "a map knew it too early"
DIFFERS = "a map differs in the end"
LATE = "a map was not told"

LAG_BEATS = 24
"""Twelve seconds of an open connection: a link that swallows everything keeps a statement waiting for six of them."""


def viewers_hear_the_truth(history: History) -> Iterator[Violation]:
    """Every seat in every message was once like that, and had been asked for; versions only rise in a connection."""
    begun = {(step.row.seat_id, step.row.version): step.invoke for step in steps(history)}
    told: dict[tuple[str, int], dict[int, int]] = {}
    for message in history.seen:
        known = told.setdefault((message.viewer, message.connection), {})
        for seat_id, status, version in message.seats:
            if version < known.get(seat_id, 0):
                text = f"{message.viewer}: seat {seat_id} at version {version}, after {known[seat_id]}"
                yield Violation(BACKWARDS, text, message.at)
            known[seat_id] = max(version, known.get(seat_id, 0))
            yield from seen_is_true(history, seat_id, status, version, message.at)
            if begun.get((seat_id, version), message.at) > message.at:
                yield Violation(FUTURE, f"{message.viewer}: seat {seat_id} at version {version}", message.at)


def viewers_are_told_soon(history: History) -> Iterator[Violation]:
    """A change reaches every viewer before LAG_BEATS heartbeats have. Counted in heartbeats, so that the time does not
    count in which the viewer had no connection, or its instance stood still.
    """
    for viewer, messages in _by_viewer(history).items():
        beats = [message.at for message in messages if not message.seats]
        shown: dict[int, list[tuple[int, float]]] = {}
        for message in messages:
            for seat_id, _, version in message.seats:
                best = shown.setdefault(seat_id, [])
                if not best or best[-1][0] < version:
                    best.append((version, message.at))
        for row in history.ledger:
            if row.event_id != history.start.event_id:
                continue
            at = history.monotonic(row.at_epoch)
            late = bisect_left(beats, at) + LAG_BEATS
            if late >= len(beats):
                continue
            told = shown.get(row.seat_id, [])
            first = bisect_left(told, (row.version, 0.0))
            if first == len(told) or told[first][1] > beats[late]:
                yield Violation(LATE, f"{viewer}: seat {row.seat_id}, version {row.version} ({row.new_status})", at)


def viewers_agree(history: History) -> Iterator[Violation]:
    """Some seconds after the last change every map is what the database holds."""
    for quiet in history.quiet:
        if quiet.agreed_after_s is None:
            yield Violation(DIFFERS, f"{quiet.viewer} still shows other seats: {quiet.differs[:10]}")


def _by_viewer(history: History) -> Mapping[str, Sequence[Seen]]:
    viewers: dict[str, list[Seen]] = defaultdict(list)
    for message in history.seen:
        viewers[message.viewer].append(message)
    return viewers


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
