"""What was used lately, within a bound."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A dictionary with room for so much; what has not been used for longest makes room for what is new.

    `size_of` says how much room a value takes, in the unit of `room`. What is larger than the whole is not kept.
    """

    def __init__(self, *, room: int, size_of: Callable[[Value], int]) -> None:
        self._entries: OrderedDict[Key, tuple[int, Value]] = OrderedDict()
        self._left = room
        self._room = room
        self._size_of = size_of

    def get(self, key: Key) -> Value | None:
        """The value, which counts as used now; `None` when it is not here (any more)."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[1]

    def put(self, key: Key, value: Value) -> None:
        """Keep `value` in the place of what `key` had before."""
        self.drop(key)
        size = self._size_of(value)
        if size > self._room:
            return
        while self._left < size:
            _, (freed, _) = self._entries.popitem(last=False)
            self._left += freed
        self._entries[key] = size, value
        self._left -= size

    def drop(self, key: Key) -> None:
        """Forget what `key` has, if anything."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._left += entry[0]
