"""Which rooms each event type may use: the one place where an event type is registered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from events_service.seat_plans.plan import SeatPlan
from events_service.seat_plans.template import SeatPlanFactory
from events_service.seat_plans.templates.arena import Arena, SportsHall
from events_service.seat_plans.templates.cinema import LargeCinema, OddCinema, SmallCinema
from events_service.seat_plans.templates.concert import Cabaret, Club, ConcertHall
from events_service.seat_plans.templates.stadium import Stadium
from events_service.seat_plans.templates.theater import Theater


class UnknownTemplate(ValueError):
    """No template has this name, or there is none for this event type; the message lists those that exist."""


# The first template of an event type is its usual room.
EVENT_TYPES: Mapping[str, tuple[SeatPlanFactory, ...]] = MappingProxyType(
    {
        "movie": (LargeCinema(), SmallCinema(), OddCinema()),
        "concert": (ConcertHall(), Club(), Arena()),
        "theater": (Theater(),),
        "comedy": (Cabaret(),),
        "sports": (SportsHall(), Stadium()),
    }
)

TEMPLATES: Mapping[str, SeatPlanFactory] = MappingProxyType(
    {factory.name: factory for factories in EVENT_TYPES.values() for factory in factories}
)


def seat_plan_for(event_type: str, *, template: str | None = None, capacity: int | None = None) -> SeatPlan:
    """The seat plan of a new event.

    `template` may be any room of `TEMPLATES`, also one that is unusual for the event type. Without one, it is the
    usual room of the event type or, when a capacity is asked for, the smallest of its rooms that usually holds as many.
    `capacity` is exact, 1 to 75,000; without it the room has its usual size. The same arguments give the same plan.

    Raises UnknownTemplate for an unknown event type or template, and CapacityOutOfRange.
    """
    if event_type not in EVENT_TYPES:
        raise UnknownTemplate(f"event type must be one of {', '.join(EVENT_TYPES)}")
    if template is None:
        return _usual_room(event_type, capacity).build(capacity=capacity)
    if template not in TEMPLATES:
        raise UnknownTemplate(f"template must be one of {', '.join(TEMPLATES)}")
    return TEMPLATES[template].build(capacity=capacity)


def _usual_room(event_type: str, capacity: int | None) -> SeatPlanFactory:
    factories = EVENT_TYPES[event_type]
    if capacity is None:
        return factories[0]
    by_size = sorted(factories, key=lambda factory: factory.capacity)
    return next((factory for factory in by_size if factory.capacity >= capacity), by_size[-1])
