"""Which rows of the ledger an operation's answer lays claim to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from chaos.checker.history import History, Operation
from chaos.records import LedgerRow


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one seat that somebody asked for, and the times between which it happened."""

    row: LedgerRow
    invoke: float
    returned: float
    by: str


def steps(history: History) -> Sequence[Step]:
    """Every row that some operation explains. Where several operations asked for the same (two confirmations of one
    hold), it happened after the first had begun and before the first answer.
    """
    asking: dict[tuple[int, int], list[Operation]] = defaultdict(list)
    for operation in history.operations:
        for row in claimed_rows(history, operation):
            asking[row.seat_id, row.version].append(operation)
    found = []
    for place, operations in asking.items():
        returned = min((one.returned for one in operations if one.done), default=inf)
        invoke = min(one.invoke for one in operations if not one.refused)
        found.append(Step(history.rows[place], invoke, returned, str(operations[0])))
    return found


def claimed_rows(history: History, operation: Operation) -> Sequence[LedgerRow]:
    """The rows that are this operation's doing, or may be; those that are not there are left out."""
    if operation.refused:
        return ()
    match operation.kind:
        case "hold" | "extend":
            if operation.answer is None:
                return ()  # without an answer there are no versions to go by
            places = [(seat["seat_id"], seat["version"]) for seat in operation.answer.body["seats"]]
            return [history.rows[place] for place in places if place in history.rows]
        case "confirm":
            return [
                row for row in history.rows_of_hold.get(operation.asked["hold_id"], ()) if row.new_status == "booked"
            ]
        case "cancel":
            row = history.cancellation_rows.get(operation.asked["booking_id"])
            return [row] if row is not None and row.new_status == "available" else []
        case "release":
            return [row for row in history.rows_of_hold.get(operation.asked["hold_id"], ()) if is_release(row)]
        case _:
            return ()


def is_release(row: LedgerRow) -> bool:
    """Was a hold given back here? After its end the sweep frees seats as well, and the ledger does not tell who did."""
    return (
        row.old_status == "held"
        and row.new_status == "available"
        and row.hold_expiry_epoch is not None
        and row.at_epoch < row.hold_expiry_epoch
    )
