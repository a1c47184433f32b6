"""Painting: a plan whose sections or rows are sold in other price categories. The room stays, the plan is a new one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events_service.seat_plans.plan import Category, SeatPlan

_PARTS = {"seated": "rows", "tables": "tables"}
"""Where a section of a kind has what can be painted one by one; a standing area is one part."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """These sections (or all) in one category, whole or only their rows or tables that have these labels; or of all
    that only the places that are in the categories `instead_of`.
    """

    category: str
    sections: Sequence[str] | None = None
    rows: Sequence[str] | None = None
    instead_of: Sequence[str] | None = None


class NotToBePainted(ValueError):
    """A stroke names a category, section or row that there is not. Strokes are counted from 0."""

    def __init__(self, stroke: int, why: str) -> None:
        super().__init__(why)
        self.stroke = stroke


class LeftUnpainted(ValueError):
    """Sections still have places of categories that are not among those of the event; `sections` are their ids."""

    def __init__(self, sections: Sequence[str]) -> None:
        super().__init__(f"these sections have places in none of the categories: {', '.join(sections[:_NAMED])}")
        self.sections = sections


_NAMED = 20
"""Sections that a message names; of a stadium that is not painted at all there are over a hundred."""


def painted(plan: SeatPlan, strokes: Sequence[Stroke], categories: Sequence[Category] | None = None) -> SeatPlan:
    """The plan with `strokes` over it, later ones over earlier ones, and with `categories` instead of its own.

    Categories without a place go. The same strokes give the same plan, so equal events share one.

    Raises NotToBePainted, LeftUnpainted, and MalformedSeatPlan for categories that no plan may have.
    """
    document = json.loads(plan.document())
    offered = [category._asdict() for category in categories] if categories is not None else document["categories"]
    keys = {category["key"] for category in offered}
    sections = {section["id"]: section for section in document["sections"]}
    for nth, stroke in enumerate(strokes):
        if stroke.category not in keys:
            raise NotToBePainted(nth, f"category must be one of {', '.join(sorted(keys))}")
        for section_id in sections if stroke.sections is None else stroke.sections:
            if section_id not in sections:
                raise NotToBePainted(nth, f"the room has no section {section_id}")
            for part in _parts_of(sections[section_id], stroke, nth):
                _cover(part, stroke)
    used = {section["id"]: set(_categories_in(section)) for section in document["sections"]}
    unpainted = [section for section, categories_in in used.items() if not categories_in <= keys]
    if unpainted:
        raise LeftUnpainted(unpainted)
    everywhere = set().union(*used.values())
    document["categories"] = [category for category in offered if category["key"] in everywhere]
    return SeatPlan.of(document)


def _parts_of(section: dict[str, Any], stroke: Stroke, nth: int) -> list[dict[str, Any]]:
    """What the stroke covers: rows, tables, or the section itself where people stand."""
    kind = _PARTS.get(section["kind"])
    if kind is None:
        if stroke.rows is not None:
            raise NotToBePainted(nth, "a standing area has no rows")
        return [section]
    parts: list[dict[str, Any]] = section[kind]
    if stroke.rows is None:
        return parts
    wanted = set(stroke.rows)
    if missing := wanted - {part["label"] for part in parts}:
        raise NotToBePainted(nth, f"the section has no row or table {', '.join(sorted(missing))}")
    return [part for part in parts if part["label"] in wanted]


def _cover(part: dict[str, Any], stroke: Stroke) -> None:
    if stroke.instead_of is None:
        part["category"] = stroke.category
        part.pop("cats", None)
        return
    if part["category"] in stroke.instead_of:
        part["category"] = stroke.category
    for stretch in part.get("cats", []):
        if stretch[2] in stroke.instead_of:
            stretch[2] = stroke.category


def _categories_in(section: Mapping[str, Any]) -> Iterator[str]:
    kind = _PARTS.get(section["kind"])
    if kind is None:
        yield section["category"]
        return
    for part in section[kind]:
        in_stretches = part.get("cats", [])
        # A row of which every seat is in a stretch has no seat of its own category.
        if sum(length for _, length, _ in in_stretches) < part["n"]:
            yield part["category"]
        for _, _, category in in_stretches:
            yield category
