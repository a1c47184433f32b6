"""The immutable seat plan: a canonical document, its content hash, and the places that it decodes to.

A plan holds nothing that changes and nothing about money, so many events share one plan. Statuses belong to the seats
of an event, prices to the event. The format is described in docs/seat-plans.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from shared.contracts.seat_plan import Category, Floor, MalformedSeatPlan, Places, Point, decode

__all__ = ["Category", "Floor", "MalformedSeatPlan", "PlanObject", "Point", "SeatFlag", "SeatPlan"]


class SeatFlag(StrEnum):
    """What a buyer should know about one place. The values are the words in the document."""

    WHEELCHAIR = "w"
    COMPANION = "c"
    AISLE = "aisle"
    RESTRICTED_VIEW = "rv"


@dataclass(frozen=True, slots=True)
class PlanObject:
    """Something drawn beside the places, such as a stage, a screen, a pitch or a bar. No floor: the first one."""

    kind: str
    label: str
    polygon: tuple[Point, ...]
    floor: str = ""


@dataclass(frozen=True)
class SeatPlan:
    """The places of a room. One unit of length is the width of one seat; x grows to the right and y away from the
    stage. Two plans are equal when their documents are.
    """

    _document: bytes

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> SeatPlan:
        """The plan with this document. Raises MalformedSeatPlan."""
        try:
            plan = cls(_canonical(document))
        except (TypeError, ValueError, RecursionError) as error:
            raise MalformedSeatPlan(f"the document cannot be written as JSON: {error}") from None
        return plan.checked()

    @classmethod
    def read(cls, document: bytes) -> SeatPlan:
        """The plan with this document, as it was written. Raises MalformedSeatPlan."""
        return cls(document).checked()

    def checked(self) -> SeatPlan:
        """This plan, decoded: one that exists is one that everybody can read. Raises MalformedSeatPlan."""
        _ = self.places
        return self

    @cached_property
    def places(self) -> Places:
        """Every place, by its index in plan order."""
        return decode(self._document)

    @property
    def name(self) -> str:
        """What the room is called."""
        return self.places.name

    @property
    def categories(self) -> tuple[Category, ...]:
        """The price bands, each with at least one place."""
        return self.places.categories

    @property
    def seat_count(self) -> int:
        """Places in the plan."""
        return self.places.count

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the document in hexadecimal: the address of the plan."""
        return hashlib.sha256(self._document).hexdigest()

    def document(self) -> bytes:
        """The plan as canonical JSON: sorted keys, no spaces, UTF-8, whole numbers without a fraction
        (RFC 8785 for the values used here), so that equal plans have equal bytes.
        """
        return self._document


def _canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(
        _plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(element) for element in value]
    return value
