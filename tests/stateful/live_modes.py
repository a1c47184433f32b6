"""What a viewer does with what it hears (docs/live-protocol.md): one class per mode of the protocol.

A mode is a class with `take` and an entry in `MODES`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.support.compact import decode

SeatState = tuple[str, int]
"""Status and version."""


class SeatMap(Protocol):
    """What one viewer sees during one connection."""

    seats: dict[int, SeatState]
    faults: list[str]
    """What it was told that nobody may be told."""

    def take(self, message: str | bytes) -> None:
        """One message from the socket."""
        ...


class PlainMap:
    """The plain mode: a snapshot replaces everything, an update counts if it is newer."""

    def __init__(self) -> None:
        self.seats: dict[int, SeatState] = {}
        self.faults: list[str] = []

    def take(self, message: str | bytes) -> None:
        """See `SeatMap`."""
        told = json.loads(message)
        if told["type"] == "snapshot":
            self.replace((seat["seat_id"], (seat["status"], seat["version"])) for seat in told["seats"])
        elif told["type"] == "seat_update":
            self.update(told["seat_id"], (told["status"], told["version"]))

    def replace(self, seats: Iterable[tuple[int, SeatState]]) -> None:
        """Forget everything, take this. Within one connection nothing may be older than what was told before."""
        before, self.seats = self.seats, dict(seats)
        self.faults += [
            f"seat {seat_id} went back from {known} to {self.seats.get(seat_id)}"
            for seat_id, known in before.items()
            if self.seats.get(seat_id, ("", -1))[1] < known[1]
        ]

    def update(self, seat_id: int, state: SeatState) -> None:
        """Take it, if it is newer."""
        if seat_id not in self.seats:
            self.faults.append(f"seat {seat_id} changed before any snapshot had it")
        elif state[1] > self.seats[seat_id][1]:
            self.seats[seat_id] = state
        else:
            self.faults.append(f"seat {seat_id} is told of as {state}, and was {self.seats[seat_id]} already")


class CompactMap(PlainMap):
    """`frontrow.v1`: the same, told by places in the plan."""

    def __init__(self) -> None:
        super().__init__()
        self._first_seat_id = 0

    def take(self, message: str | bytes) -> None:
        """See `SeatMap`. What is no change of a seat comes as JSON, as in the plain mode."""
        if isinstance(message, str):
            super().take(message)
            return
        told = decode(message)
        if told.first_seat_id is not None:
            first = self._first_seat_id = told.first_seat_id
            self.replace((first + place, (status, version)) for place, status, version in told.seats)
            return
        for place, status, version in told.seats:
            self.update(self._first_seat_id + place, (status, version))


@dataclass(frozen=True)
class Mode:
    """A way to watch: the subprotocols that a client offers, the one it must get, and what it makes of messages."""

    offered: Sequence[str]
    chosen: str | None
    new_map: Callable[[], SeatMap]


MODES: Mapping[str, Mode] = {
    "plain": Mode((), None, PlainMap),
    "compact": Mode(("frontrow.v1",), "frontrow.v1", CompactMap),
}
