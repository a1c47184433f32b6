"""Acknowledged operations are in the ledger, all of them and whole; and nothing else is there."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from chaos.checker.claims import is_release
from chaos.checker.history import History, Operation, Violation
from chaos.records import LedgerRow

DURABLE = "acknowledged is durable"
REFUSED = "refused has no effect"
EXPLAINED = "every effect was asked for"
STRANGER = "somebody else's"


def acknowledged_is_durable(history: History) -> Iterator[Violation]:
    """What somebody was told has happened is in the ledger, with the version they were told, in one transaction."""
    for operation in history.operations:
        if not operation.done:
            continue
        match operation.kind:
            case "hold":
                yield from _hold(history, operation)
            case "extend":
                yield from _extension(history, operation)
            case "confirm":
                yield from _confirmation(history, operation)
            case "cancel":
                yield from _cancellation(history, operation)
            case "release":
                yield from _release(history, operation)
            case "delete-event":
                yield from _deletion(history, operation)
            case _:
                pass


def _hold(history: History, operation: Operation) -> Iterator[Violation]:
    assert operation.answer is not None  # noqa: S101 - it is done
    body = operation.answer.body
    if not _are_wanted(operation, [seat["seat_id"] for seat in body["seats"]]):
        yield _lost(operation, "other seats than those asked for were held")
    rows = []
    for seat in body["seats"]:
        row = history.rows.get((seat["seat_id"], seat["version"]))
        if row is None or (row.new_status, row.hold_id, row.user_id) != ("held", body["hold_id"], operation.user_id):
            yield _lost(operation, f"seat {seat['seat_id']} at version {seat['version']} is {_told(row)}")
        else:
            rows.append(row)
    yield from _one_transaction(operation, rows)


def _are_wanted(operation: Operation, seat_ids: Sequence[int]) -> bool:
    """Is a hold of these seats what was asked for: those that it names, or so many among those it may choose?"""
    if "seats" in operation.asked:
        return sorted(seat_ids) == sorted(operation.asked["seats"])
    chosen = set(seat_ids)
    return len(seat_ids) == len(chosen) == operation.asked["quantity"] and chosen <= set(operation.asked["among"])


def _extension(history: History, operation: Operation) -> Iterator[Violation]:
    assert operation.answer is not None  # noqa: S101 - it is done
    rows = []
    for seat in operation.answer.body["seats"]:
        row = history.rows.get((seat["seat_id"], seat["version"]))
        if row is None or row.hold_id != operation.asked["hold_id"] or history.places(row) or row.new_status != "held":
            yield _lost(operation, f"seat {seat['seat_id']} at version {seat['version']} is {_told(row)}")
        else:
            rows.append(row)
    yield from _one_transaction(operation, rows)


def _confirmation(history: History, operation: Operation) -> Iterator[Violation]:
    assert operation.answer is not None  # noqa: S101 - it is done
    of_hold = history.rows_of_hold.get(operation.asked["hold_id"], ())
    placed = {row.seat_id for row in of_hold if history.places(row)}
    booked = {row.booking_id: row for row in of_hold if row.new_status == "booked"}
    told = {booking["id"]: booking["seat_id"] for booking in operation.answer.body["bookings"]}
    for booking_id, seat_id in told.items():
        row = booked.get(booking_id)
        if row is None or (row.seat_id, row.user_id) != (seat_id, operation.user_id):
            yield _lost(operation, f"booking {booking_id} of seat {seat_id} is {_told(row)}")
    if set(told.values()) != placed:
        yield _lost(operation, f"of the hold's seats {sorted(placed)} only {sorted(told.values())} were confirmed")
    yield from _one_transaction(operation, list(booked.values()))


def _cancellation(history: History, operation: Operation) -> Iterator[Violation]:
    buyer = history.buyers.get(operation.asked["booking_id"])
    if buyer != operation.user_id:
        yield Violation(STRANGER, f"{operation}: the booking is that of user {buyer}", operation.returned)
    if operation.asked["booking_id"] not in history.cancellation_rows:
        yield _lost(operation, "its seat was never freed")


def _release(history: History, operation: Operation) -> Iterator[Violation]:
    hold_id = operation.asked["hold_id"]
    holders = {row.user_id for row in history.rows_of_hold.get(hold_id, ()) if history.places(row)}
    if holders - {operation.user_id}:
        yield Violation(STRANGER, f"{operation}: the hold is that of user {holders}", operation.returned)
    if any(row.new_status == "booked" for row in history.rows_of_hold.get(hold_id, ())):
        yield _lost(operation, "the hold was confirmed all the same")
    if any(seat.hold_id == hold_id for seat in history.seats):
        yield _lost(operation, "the hold still has its seats")


def _deletion(history: History, operation: Operation) -> Iterator[Violation]:
    if any(seat.event_id == operation.asked["event_id"] for seat in history.seats):
        yield _lost(operation, "its seats are still there")


def _one_transaction(operation: Operation, rows: Sequence[LedgerRow]) -> Iterator[Violation]:
    if len({row.xid for row in rows}) > 1:
        yield _lost(operation, "its seats changed in more than one transaction")


def effects_were_asked_for(history: History) -> Iterator[Violation]:
    """Every row of the ledger has an operation that was acknowledged, or is open; or is the sweep's."""
    yield from _holds_were_asked_for(history)
    extending = _by(history.of_kind("extend"), "hold_id")
    confirming = _by(history.of_kind("confirm"), "hold_id")
    releasing = _by(history.of_kind("release"), "hold_id")
    cancelling = _by(history.of_kind("cancel"), "booking_id")
    extensions: Counter[tuple[str, int]] = Counter()
    for row in history.ledger:
        hold_id = row.hold_id or ""
        match (row.old_status, row.new_status):
            case (_, "held") if not history.places(row):
                extensions[hold_id, row.seat_id] += 1
                possible = sum(not one.refused for one in extending[hold_id])
                if extensions[hold_id, row.seat_id] > possible:
                    yield _unasked(history, row, extending[hold_id], "was extended")
            case (_, "booked"):
                if all(one.refused or one.user_id != row.user_id for one in confirming[hold_id]):
                    yield _unasked(history, row, confirming[hold_id], "was booked")
            case ("held", "available") if is_release(row):
                if all(one.refused or one.user_id != row.user_id for one in releasing[hold_id]):
                    yield _unasked(history, row, releasing[hold_id], "was released before the end of its hold")
            case ("booked", "available"):
                if all(one.refused for one in cancelling[row.booking_id or 0]):
                    yield _unasked(history, row, cancelling[row.booking_id or 0], "was cancelled")
            case (_, "blocked") if row.event_id not in history.deleted_events:
                yield Violation(EXPLAINED, f"seat {row.seat_id} was blocked, but nobody deleted its event")
            case _:
                pass


def _holds_were_asked_for(history: History) -> Iterator[Violation]:
    known = {one.answer.body["hold_id"] for one in history.of_kind("hold") if one.done and one.answer is not None}
    # What nobody was told of must be the doing of open operations, each at most once.
    possible = [one for one in history.of_kind("hold") if one.open]
    # Who names seats explains these seats alone, so that comes first.
    possible.sort(key=lambda one: "seats" not in one.asked)
    for hold_id, rows in history.rows_of_hold.items():
        placed = [row for row in rows if history.places(row)]
        if hold_id in known or not placed:
            continue
        user_id, seat_ids = placed[0].user_id or 0, sorted(row.seat_id for row in placed)

        def asks_for_it(one: Operation, user_id: int = user_id, seat_ids: Sequence[int] = seat_ids) -> bool:
            return one.user_id == user_id and _are_wanted(one, seat_ids)

        explained = next(filter(asks_for_it, possible), None)
        if explained is not None:
            possible.remove(explained)
            continue
        refused = [one for one in history.of_kind("hold") if one.refused and asks_for_it(one)]
        yield _unasked(history, placed[0], refused, f"was held with seats {seat_ids}")


def _unasked(history: History, row: LedgerRow, asking: Sequence[Operation], what: str) -> Violation:
    refused = [operation for operation in asking if operation.refused]
    at = history.monotonic(row.at_epoch)
    text = f"seat {row.seat_id} at version {row.version} {what} by user {row.user_id}"
    if refused:
        return Violation(REFUSED, f"{text}, but this was refused: {refused[0]}", refused[0].invoke)
    return Violation(EXPLAINED, f"{text}, but nobody asked for it", at)


def _by(operations: Sequence[Operation], name: str) -> "defaultdict[str | int, list[Operation]]":
    found: defaultdict[str | int, list[Operation]] = defaultdict(list)
    for operation in operations:
        found[operation.asked[name]].append(operation)
    return found


def _lost(operation: Operation, why: str) -> Violation:
    return Violation(DURABLE, f"{operation}: {why}", operation.returned)


def _told(row: LedgerRow | None) -> str:
    return "not in the ledger" if row is None else f"{row.new_status} by user {row.user_id} there, hold {row.hold_id}"
