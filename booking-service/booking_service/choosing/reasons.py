"""Why a block is offered, in words that a page can translate."""

from collections.abc import Sequence
from typing import Literal, get_args

from booking_service.choosing.house import House, both
from booking_service.choosing.wishes import Block, Wish

Reason = Literal[
    "together",
    "split",
    "near_the_stage",
    "centre",
    "best_category",
    "cheapest",
    "last_ones",
    "accessible",
    "standing",
    "table",
]

REASONS: tuple[Reason, ...] = get_args(Reason)


def reasons(house: House, block: Block, *, wish: Wish, free: bytes, prices: Sequence[int]) -> list[Reason]:
    """What speaks for the block, in the order of `REASONS`; `prices` by category, `free` as it was chosen from."""
    categories = house.places.category
    left = both(free, house.mask(wish))
    of_block = [prices[categories[place]] for place in block.places]
    # Where everything costs the same, cheapest is no reason.
    cheapest = min(prices[categories[place]] for place in block.places)
    is_cheapest = max(of_block) == cheapest and _is_lowest(house, left, prices, cheapest)
    holds: dict[Reason, bool] = {
        "together": block.is_together and len(block.places) > 1,
        "split": not block.is_together,
        "near_the_stage": house.is_near(block.places),
        "centre": house.is_central(block.places),
        "best_category": house.are_of_best_category(block.places),
        "cheapest": is_cheapest and len(set(prices)) > 1,
        "last_ones": block.uses_kept_back or left.count(1) < 2 * len(block.places),
        "accessible": block.is_accessible,
        "standing": block.kind == "standing",
        "table": block.kind == "tables",
    }
    return [reason for reason in REASONS if holds[reason]]


def _is_lowest(house: House, left: bytes, prices: Sequence[int], price: int) -> bool:
    """Whether nothing that is left costs less."""
    cheaper = frozenset(category for category, other in enumerate(prices) if other < price)
    return not cheaper or not both(left, house.mask(Wish(1, cheaper))).count(1)
