"""What is said to somebody who lost the race for their seats: where as many others are."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from booking_service.choosing.schemas import Alternative


class Alternatives(Protocol):
    """Knows other seats."""

    def expect(self, event_id: int) -> None:
        """Seats of this event are being held: somebody may soon be refused one. Never raises, never waits."""
        ...

    async def instead_of(
        self, event_id: int, seat_ids: Sequence[int], refused: Sequence[Mapping[str, Any]]
    ) -> Alternative | None:
        """A block that is as good as `seat_ids`, and near. `refused`: those of them that were not to be had, as the
        refusal lists them. `None` when there is none, or when it cannot be told. Never raises."""
        ...


class NoAlternatives:
    """Knows none."""

    def expect(self, event_id: int) -> None:
        """See `Alternatives`."""

    async def instead_of(
        self, event_id: int, seat_ids: Sequence[int], refused: Sequence[Mapping[str, Any]]
    ) -> Alternative | None:
        """See `Alternatives`."""
        return None


NO_ALTERNATIVES = NoAlternatives()
