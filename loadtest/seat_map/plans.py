"""Halls to draw: a theatre of 1,000 seats and a stadium of 50,000, as seat plan documents."""

from math import cos, pi, sin
from typing import Any

Document = dict[str, Any]

THEATRE_SEATS = 1_000
STADIUM_SEATS = 50_000

_CATEGORIES = [
    {"key": f"tier-{tier}", "name": name, "tier": tier}
    for tier, name in enumerate(("Premium", "First", "Second", "Third", "Value"), 1)
]


def theatre() -> Document:
    """25 curved rows of 40, in three blocks between two aisles."""
    rows = [
        {
            "label": chr(ord("A") + row),
            "n": 40,
            "geo": {"arc": [25, -18, 24 + row * 1.15, -21.5 / (24 + row * 1.15), 1 / (24 + row * 1.15)]},
            "category": f"tier-{1 + row // 5}",
            "gaps": [[9, 1.5], [29, 1.5]],
            "flags": {"w": [0, 39], "c": [1, 38]} if row == 24 else {},
        }
        for row in range(25)
    ]
    outline = _ring(25, -18, (22.8, 53.2), (-0.95, 0.95))
    section = {"id": "STALLS", "name": "Stalls", "floor": "main", "kind": "seated", "outline": outline, "rows": rows}
    return _document("Theatre", (50, 38), (25, 2), (9, 1.5), [section])


def stadium() -> Document:
    """100 sections of 20 rows in two rings around the pitch: 460 seats in each below, 540 above."""
    sections = []
    for ring, (inner, n) in enumerate(((200, 23), (231, 27))):
        for nth in range(50):
            middle = 2 * pi * nth / 50
            rows = [
                {
                    "label": str(row + 1),
                    "n": n,
                    "geo": {"arc": [256, 256, radius, middle - (n - 1) / 2 / radius, 1 / radius]},
                    "category": f"tier-{1 + ring * 2 + row // 10}",
                }
                for row, radius in enumerate(inner + 1.1 * nth for nth in range(20))
            ]
            outline = _ring(256, 256, (inner - 0.9, inner + 21.8), (middle - 0.06, middle + 0.06))
            name = f"{(ring + 1) * 100 + nth + 1}"
            sections.append(
                {
                    "id": name,
                    "name": f"Block {name}",
                    "floor": "main",
                    "kind": "seated",
                    "outline": outline,
                    "rows": rows,
                }
            )
    return _document("Stadium", (512, 512), (256, 256), (105, 68), sections)


def _ring(
    cx: float, cy: float, radii: tuple[float, float], angles: tuple[float, float], corners: int = 6
) -> list[list[float]]:
    way = [angles[0] + (angles[1] - angles[0]) * nth / corners for nth in range(corners + 1)]
    return [[round(cx + radii[0] * sin(a), 2), round(cy + radii[0] * cos(a), 2)] for a in way] + [
        [round(cx + radii[1] * sin(a), 2), round(cy + radii[1] * cos(a), 2)] for a in reversed(way)
    ]


def _document(
    name: str,
    size: tuple[float, float],
    focal: tuple[float, float],
    reach: tuple[float, float],
    sections: list[Document],
) -> Document:
    (x, y), (right, down) = focal, reach
    return {
        "format": "seatplan/1",
        "name": name,
        "width": size[0],
        "height": size[1],
        "focal": {"x": x, "y": y},
        "numbering": "{section}-{row}-{number}",
        "floors": [{"id": "main", "name": "Main floor"}],
        "categories": _CATEGORIES,
        "objects": [
            {
                "kind": "stage",
                "label": "Stage",
                "floor": "main",
                "polygon": [
                    [x - right, y - down],
                    [x + right, y - down],
                    [x + right, y + down],
                    [x - right, y + down],
                ],
            }
        ],
        "sections": sections,
    }
