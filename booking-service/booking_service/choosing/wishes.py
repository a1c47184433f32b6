"""What somebody asks for, and what they can be given."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["seats", "standing", "tables"]


@dataclass(frozen=True, slots=True)
class Wish:
    """So many places, of these categories and sections (indexes of the plan; `None`: any).

    `is_accessible`: a wheelchair space among them, with its companion's seat.
    """

    quantity: int
    categories: frozenset[int] | None = None
    sections: frozenset[int] | None = None
    is_accessible: bool = False

    @property
    def names_something(self) -> bool:
        """Whether it says where, or at which price."""
        return self.categories is not None or self.sections is not None


@dataclass(frozen=True, slots=True)
class Block:
    """Places for one party, in the order of the plan. The lower its `cost`, the better it is."""

    places: tuple[int, ...]
    cost: float
    is_together: bool
    kind: Kind = "seats"
    is_accessible: bool = False
    uses_kept_back: bool = False
    """Whether it has accessible places that were not asked for: nothing else was left."""
