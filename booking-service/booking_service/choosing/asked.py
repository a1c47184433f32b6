"""A wish in the words of those who ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.chassis.idempotency import RequestKey, request_key


@dataclass(frozen=True, slots=True)
class Asked:
    """So many places of an event, in keys of categories and ids of sections, sorted. `None`: any."""

    event_id: int
    quantity: int
    categories: tuple[str, ...] | None = None
    sections: tuple[str, ...] | None = None
    accessible: bool = False

    def key(self, user_id: int, key: str | None) -> RequestKey | None:
        """The key of the request to hold what this finds, or `None` without a `key`."""
        return request_key(
            user_id,
            key,
            "hold",
            {
                "event_id": self.event_id,
                "quantity": self.quantity,
                "categories": self.categories,
                "sections": self.sections,
                "accessible": self.accessible,
            },
        )


def asked(
    event_id: int,
    quantity: int,
    categories: Sequence[str] | None,
    sections: Sequence[str] | None,
    accessible: bool,
) -> Asked:
    """The same for everything that means the same."""
    return Asked(event_id, quantity, _names(categories), _names(sections), accessible)


def _names(names: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(sorted(set(names))) if names is not None else None
