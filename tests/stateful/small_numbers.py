"""Small numbers instead of ids, so that the model and the services can speak of the same things."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any


class Numbers:
    """Small numbers for the ids of one kind, in the order in which they were first heard of."""

    def __init__(self, known: Sequence[Hashable] = ()) -> None:
        self._ids = list(known)

    def number_of(self, an_id: Hashable) -> int:
        """The number of the id; the next one, if it is new."""
        if an_id not in self._ids:
            self._ids.append(an_id)
        return self._ids.index(an_id)

    def id_of(self, number: int, *, otherwise: Any) -> Any:
        """The id that has the number; `otherwise`: there is none."""
        return self._ids[number] if 0 <= number < len(self._ids) else otherwise

    def __iter__(self) -> Iterator[Any]:
        """The ids, in order of their numbers."""
        return iter(self._ids)
