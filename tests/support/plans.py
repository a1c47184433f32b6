"""Seat plan documents, as small as a test wants them."""

import json
from collections.abc import Sequence
from typing import Any

Members = dict[str, Any]

OUTLINE = [[0, 0], [1, 0], [1, 1]]


def plan(*sections: Members, categories: Sequence[str] = ("standard",), focal: tuple[float, float] = (0, 0)) -> Members:
    """A house of these sections, all on one floor."""
    return {
        "format": "seatplan/1",
        "name": "A small house",
        "width": 1000,
        "height": 1000,
        "focal": {"x": focal[0], "y": focal[1]},
        "numbering": "{section}-{row}-{number}" if len(sections) > 1 else "{row}{number}",
        "floors": [{"id": "ground", "name": "Ground floor"}],
        "categories": [{"key": key, "name": key.title(), "tier": min(5, 1 + n)} for n, key in enumerate(categories)],
        "objects": [],
        "sections": list(sections),
    }


def seated(*rows: Members, id: str = "Stalls", name: str = "Stalls") -> Members:
    """Rows of seats."""
    return {"id": id, "name": name, "floor": "ground", "kind": "seated", "outline": OUTLINE, "rows": list(rows)}


def row(n: int, *, label: str = "A", y: float = 1, x: float = 0, category: str = "standard", **members: Any) -> Members:
    """Seats beside each other, from the left, all `y` away from the stage."""
    return {"label": label, "n": n, "geo": {"line": [x, y, 1, 0]}, "category": category, **members}


def standing(capacity: int, *, id: str = "FLOOR", category: str = "standard") -> Members:
    """An area to stand in."""
    return {
        "id": id,
        "name": id,
        "floor": "ground",
        "kind": "standing",
        "outline": OUTLINE,
        "capacity": capacity,
        "category": category,
    }


def tables(*some: Members, id: str = "TABLES") -> Members:
    """A section with tables."""
    return {"id": id, "name": id, "floor": "ground", "kind": "tables", "outline": OUTLINE, "tables": list(some)}


def table(n: int, *, label: str = "1", book: str = "seat", x: float = 50, y: float = 50, **members: Any) -> Members:
    """A round table for `n` persons, sold whole or by the seat."""
    at = {"shape": "round", "x": x, "y": y, "r": 2}
    return {"label": label, "n": n, "book": book, "category": "standard", **at, **members}


def document(of_plan: Members) -> str:
    """As it is stored."""
    return json.dumps(of_plan)
