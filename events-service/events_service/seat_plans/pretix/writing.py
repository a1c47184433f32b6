"""From our plan to pretix': numbered seats with their places, labels and categories; the rest is told, or drawn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events_service.seat_plans.plan import SeatPlan
from shared.contracts.seat_plan import PlacedSection

PIXELS_PER_SEAT = 30
"""pretix has whole pixels: a seat is at most a sixtieth of its width away from where it was."""

_COLOURS = {1: "#2e24c4", 2: "#aa71f8", 3: "#558b81", 4: "#c3700a", 5: "#771700"}
_AREA_COLOUR, _STANDING_COLOUR = "#d7dbe5", "#eef1f8"
_NOWHERE: Mapping[str, int] = {"x": 0, "y": 0}


@dataclass(frozen=True, slots=True)
class Exported:
    """A seating plan for pretix, and a sentence for each thing that it cannot hold."""

    seating_plan: Mapping[str, Any]
    left_behind: Sequence[str]


def pretix_from_plan(plan: SeatPlan) -> Exported:
    """The plan as pretix' seating plan. Seats have our seat number as their guid."""
    document: Mapping[str, Any] = json.loads(plan.document())
    names = _category_names(plan)
    zones = [
        _zone(plan, section, told, names)
        for section, told in zip(plan.places.sections, document["sections"], strict=True)
    ]
    scenery = [_area(thing["polygon"], thing["label"], _AREA_COLOUR) for thing in document["objects"]]
    if scenery:
        zones.insert(0, {"name": "", "position": _NOWHERE, "rows": [], "areas": scenery})
    return Exported(
        {
            "name": plan.name,
            "size": {"width": _pixels(document["width"]), "height": _pixels(document["height"])},
            "categories": [
                {"name": name, "color": _COLOURS[category.tier]}
                for name, category in zip(names, plan.categories, strict=True)
            ],
            "zones": zones,
        },
        tuple(_left_behind(plan, document)),
    )


def _zone(plan: SeatPlan, section: PlacedSection, told: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    places = plan.places
    rows = [row for row in places.rows if places.sections[row.section] is section]
    zone: dict[str, Any] = {"name": section.name, "position": _NOWHERE, "rows": [], "areas": []}
    if section.kind == "standing":
        text = f"{section.name}, standing, {section.end - section.start}"
        zone["areas"].append(_area(told["outline"], text, _STANDING_COLOUR))
        return zone
    for row in rows:
        if row.start in places.persons:
            text = f"{row.label}, {places.persons[row.start]} persons"
            x, y = places.x[row.start], places.y[row.start]
            zone["areas"].append(_area([(x - 1, y - 1), (x + 1, y + 1)], text, _STANDING_COLOUR))
            continue
        zone["rows"].append(
            {
                "row_number": row.label,
                "position": _NOWHERE,
                "seats": [
                    {
                        "seat_guid": places.seat_number(place),
                        "seat_number": places.number[place],
                        "position": {"x": _pixels(places.x[place]), "y": _pixels(places.y[place])},
                        "category": names[places.category[place]],
                    }
                    for place in range(row.start, row.end)
                ],
            }
        )
    return zone


def _category_names(plan: SeatPlan) -> list[str]:
    """By name is how pretix knows categories, so two of the same name are told apart."""
    often = Counter(category.name for category in plan.categories)
    return [
        f"{category.name} ({category.key})" if often[category.name] > 1 else category.name
        for category in plan.categories
    ]


def _area(polygon: Sequence[Sequence[float]], text: str, colour: str) -> Mapping[str, Any]:
    """The rectangle around a shape."""
    left, top = min(x for x, _ in polygon), min(y for _, y in polygon)
    right, bottom = max(x for x, _ in polygon), max(y for _, y in polygon)
    return {
        "position": {"x": _pixels(left), "y": _pixels(top)},
        "width": _pixels(right - left),
        "height": _pixels(bottom - top),
        "text": text,
        "color": colour,
    }


def _pixels(lengths: float) -> int:
    return round(lengths * PIXELS_PER_SEAT)


def _left_behind(plan: SeatPlan, document: Mapping[str, Any]) -> Iterator[str]:
    places = plan.places
    for section in places.sections:
        if section.kind == "standing":
            yield f"{section.name}: {section.end - section.start} places to stand, drawn as an area without places."
    if places.persons:
        yield f"{len(places.persons)} tables that are sold whole, drawn as areas without places."
    if any(section.kind == "tables" for section in places.sections):
        yield "Tables: their shapes, and that the last at a table sits beside the first."
    if len(places.floors) > 1:
        names = ", ".join(floor.name for floor in places.floors)
        yield f"Floors ({names}): their zones lie on top of each other, since every floor has the same frame."
    flags = Counter(flag for flags in places.flags.values() for flag in flags if flag != "aisle")
    if flags:
        said = ", ".join(f"{flag} {count}" for flag, count in sorted(flags.items()))
        yield f"What is said about single seats ({said}), and which companion's seat belongs to which wheelchair space."
    if any(flag == "aisle" for flags in places.flags.values() for flag in flags):
        yield "Aisles: they are gaps between positions, and not said."
    yield "The tiers of the categories (a colour says them), the focal point, the shapes of sections."
    yield "Lines and arcs: every seat has a position of its own, in whole pixels."
    if any(len(thing["polygon"]) != 4 for thing in document["objects"]):
        yield "The shapes of what is drawn beside the seats: rectangles stand for them."
