"""The factory interface, and the shape that every template shares: draw a full room, then fit it to a capacity."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol

from events_service.seat_plans.layout import Layout, fitted
from events_service.seat_plans.plan import Category, SeatPlan

CAPACITY_MIN = 1
CAPACITY_MAX = 75_000


class CapacityOutOfRange(ValueError):
    """A plan was asked for with fewer than 1 or more than 75,000 seats."""

    def __init__(self, capacity: int) -> None:
        super().__init__(f"capacity must be between {CAPACITY_MIN} and {CAPACITY_MAX}, not {capacity}")
        self.capacity = capacity


class SeatPlanFactory(Protocol):
    """Builds the plan of one kind of room."""

    @property
    def name(self) -> str:
        """The name of the template, such as `cinema-small`."""

    @property
    def capacity(self) -> int:
        """Seats in the plan when no capacity is asked for."""

    def build(self, *, capacity: int | None = None) -> SeatPlan:
        """The plan with exactly `capacity` seats; None means the room's own size. The same call gives the same
        plan. Raises CapacityOutOfRange outside 1 to 75,000.
        """


class RoomTemplate(ABC):
    """A factory that knows how to draw its room at any size.

    A subclass names itself, its categories and its usual capacity, and draws `layout(size)`: a bigger size has
    more seats, and size 1 is small.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    capacity: ClassVar[int]
    categories: ClassVar[Sequence[Category]]

    @abstractmethod
    def layout(self, size: int) -> Layout:
        """The full room; `size` is about the number of rows."""

    def build(self, *, capacity: int | None = None) -> SeatPlan:
        """See `SeatPlanFactory`."""
        wanted = self.capacity if capacity is None else capacity
        if not CAPACITY_MIN <= wanted <= CAPACITY_MAX:
            raise CapacityOutOfRange(wanted)
        return fitted(_smallest_layout(self, wanted), wanted, name=self.title, categories=self.categories)


def _smallest_layout(template: RoomTemplate, capacity: int) -> Layout:
    """The smallest size with enough places, by doubling and halving: drawing a stadium at every size on the way
    would take seconds.
    """
    too_small, size = 0, 1
    layout = template.layout(size)
    while layout.capacity < capacity:
        too_small, size = size, size * 2
        layout = template.layout(size)
    while size - too_small > 1:
        middle = (too_small + size) // 2
        candidate = template.layout(middle)
        if candidate.capacity < capacity:
            too_small = middle
        else:
            size, layout = middle, candidate
    return layout
