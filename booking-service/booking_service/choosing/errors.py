"""What can stand in the way of a choice."""

from collections.abc import Sequence

from shared.chassis.problems import Conflict, Unprocessable

NAMED = 50
"""So many of the names that there are, a refusal lists."""


class NotEnoughSeats(Conflict):
    """So many places as were asked for are not free, of what was asked for; `free` says how many are."""

    slug, title = "not-enough-seats", "There are not enough seats"

    def __init__(self, *, quantity: int, free: int) -> None:
        super().__init__(
            f"{quantity} places were asked for; {free} of what was asked for {'is' if free == 1 else 'are'} free.",
            quantity=quantity,
            free=free,
        )


class UnknownCategory(Unprocessable):
    """The event has no such category; `known` lists those that it has."""

    slug, title = "unknown-category", "The event has no such category"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known=list(known[:NAMED]))


class UnknownSection(Unprocessable):
    """The event has no such section; `known` lists those that it has."""

    slug, title = "unknown-section", "The event has no such section"

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known=list(known[:NAMED]))
