"""What the categories of a plan cost: the event's price is that of its cheapest seats, better places cost more."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from events_service.seat_plans.plan import SeatPlan

# The cheapest seat of an event when its organiser names no price, in minor units of the currency (cents, pence).
DEFAULT_PRICES: Mapping[str, int] = MappingProxyType(
    {"movie": 990, "concert": 3900, "theater": 2400, "comedy": 1900, "sports": 2200}
)

# A tier's price in percent of tier 5, the cheapest.
_PERCENT_OF_CHEAPEST: Mapping[int, int] = MappingProxyType({1: 300, 2: 220, 3: 165, 4: 125, 5: 100})
_ROUND_UP_TO = 50


def price_table(plan: SeatPlan, base_price: int) -> dict[str, int]:
    """Category key to price, both in minor units; the cheapest category of the plan costs exactly `base_price`, dearer
    ones are rounded up to 50. A category of tables that are sold whole costs as much as its largest table has seats.

    Raises ValueError when `base_price` is negative.
    """
    if base_price < 0:
        raise ValueError(f"a price cannot be negative: {base_price}")
    cheapest = max(category.tier for category in plan.categories)
    persons = _persons_a_place(plan)
    return {
        category.key: persons[nth]
        * (base_price if category.tier == cheapest else _dearer(base_price, category.tier, cheapest))
        for nth, category in enumerate(plan.categories)
    }


def _persons_a_place(plan: SeatPlan) -> list[int]:
    """By category: 1, or how many sit at its largest table that is sold whole."""
    persons = [1] * len(plan.categories)
    for place, seats in plan.places.persons.items():
        category = plan.places.category[place]
        persons[category] = max(persons[category], seats)
    return persons


def _dearer(base_price: int, tier: int, cheapest: int) -> int:
    exact = -(-base_price * _PERCENT_OF_CHEAPEST[tier] // _PERCENT_OF_CHEAPEST[cheapest])
    return -(-exact // _ROUND_UP_TO) * _ROUND_UP_TO
