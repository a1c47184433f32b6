"""Reads members of a JSON document that anybody may have written: what is wrong is refused in a sentence that says
where.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

TEXT_MAX = 200
COORDINATE_MAX = 10_000.0
"""In seat widths: some five kilometres. What is larger is a mistake of units."""


class MalformedSeatPlan(ValueError):
    """The document, or what it was to be made from, is no seat plan; the message says what is wrong, and where."""


class Fields:
    """One object of the document. Members that nobody knows are refused: most are misspelt, and would be lost."""

    __slots__ = ("_members", "where")

    def __init__(self, value: Any, where: str, *, known: frozenset[str]) -> None:
        if not isinstance(value, Mapping):
            raise MalformedSeatPlan(f"{where} must be an object")
        if not known.issuperset(value):
            unknown = ", ".join(sorted(str(name)[:TEXT_MAX] for name in value if name not in known))
            raise MalformedSeatPlan(f"{where} has members that a seat plan does not know: {unknown}")
        self._members = value
        self.where = where

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def get(self, name: str) -> Any:
        """The member as it is, None when it is missing."""
        return self._members.get(name)

    def text(self, name: str, *, empty: bool = False) -> str:
        """A text without control characters."""
        return text(self._members.get(name), f"{self.where}: {name}", empty=empty)

    def real(self, name: str, *, low: float = -COORDINATE_MAX, high: float = COORDINATE_MAX) -> float:
        """A finite number from `low` to `high`."""
        return real(self._members.get(name), f"{self.where}: {name}", low=low, high=high)

    def whole(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`."""
        value = self._members.get(name, default)
        return whole(value, f"{self.where}: {name}", low=low, high=high)

    def array(self, name: str, *, shortest: int = 0) -> Sequence[Any]:
        """An array with at least `shortest` elements; a missing one is empty."""
        return array(self._members.get(name, []), f"{self.where}: {name}", shortest=shortest)

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of these words."""
        value = self._members.get(name)
        if value not in choices:
            raise MalformedSeatPlan(f"{self.where}: {name} must be one of {', '.join(choices)}")
        return str(value)

    def polygon(self, name: str) -> None:
        """Require an array of at least three points."""
        for nth, point in enumerate(self.array(name, shortest=3)):
            reals(point, f"{self.where}: {name} [{nth}]", 2)


def parsed(document: bytes | str | Mapping[str, Any]) -> Any:
    """What the JSON says."""
    if isinstance(document, Mapping):
        return document
    try:
        return json.loads(document, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedSeatPlan(f"the document is no JSON: {str(error)[:TEXT_MAX]}") from None


def text(value: Any, where: str, *, empty: bool = False) -> str:
    """`value`, when it is a text without control characters that can be kept and printed."""
    if not isinstance(value, str) or len(value) > TEXT_MAX or (not value and not empty):
        least = 0 if empty else 1
        raise MalformedSeatPlan(f"{where} must be a text of {least} to {TEXT_MAX} characters")
    # Control characters, and halves of surrogate pairs, which no database takes.
    if not value.isprintable() and any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in value):
        raise MalformedSeatPlan(f"{where} has characters that cannot be printed")
    return value


def real(value: Any, where: str, *, low: float = -COORDINATE_MAX, high: float = COORDINATE_MAX) -> float:
    """`value`, when it is a number in this range. NaN is in none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise MalformedSeatPlan(f"{where} must be a number from {low:g} to {high:g}")
    return float(value)


def reals(value: Any, where: str, count: int) -> Sequence[float]:
    """Exactly `count` numbers."""
    values = array(value, where)
    if len(values) != count:
        raise MalformedSeatPlan(f"{where} must have {count} numbers")
    return [real(number, where) for number in values]


def whole(value: Any, where: str, *, low: int, high: int) -> int:
    """`value`, when it is a whole number in this range."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise MalformedSeatPlan(f"{where} must be a whole number from {low} to {high}")
    return value


def array(value: Any, where: str, *, shortest: int = 0) -> Sequence[Any]:
    """`value`, when it is an array with at least `shortest` elements."""
    if not isinstance(value, list | tuple):
        raise MalformedSeatPlan(f"{where} must be an array")
    if len(value) < shortest:
        raise MalformedSeatPlan(f"{where} must have at least {shortest} elements")
    return value


def unique(names: Sequence[str], where: str) -> None:
    """Refuse names of which two are alike."""
    if len(set(names)) != len(names):
        twice = next(name for nth, name in enumerate(names) if name in names[:nth])
        raise MalformedSeatPlan(f"{where} repeat {twice!r}")


def each(values: Sequence[Any], where: str, *, known: frozenset[str]) -> Iterator[Fields]:
    """The objects of an array."""
    return (Fields(value, f"{where} [{nth}]", known=known) for nth, value in enumerate(values))


def _refuse_constant(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")
