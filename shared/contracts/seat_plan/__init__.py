"""The seat plan document `seatplan/1`, decoded: which places there are, where they stand, and who sits beside whom.

The format is described in docs/seat-plans.md. `frontend/seat-map/plan.js` decodes the same documents to the same
places.
"""

from shared.contracts.seat_plan.decoder import FLAGS, FORMAT, PLACES_MAX, SEAT_NUMBER_MAX_LENGTH, decode
from shared.contracts.seat_plan.fields import MalformedSeatPlan
from shared.contracts.seat_plan.places import (
    Category,
    Floor,
    PlacedRow,
    PlacedSection,
    Places,
    Point,
    Run,
    SectionKind,
)

__all__ = [
    "FLAGS",
    "FORMAT",
    "PLACES_MAX",
    "SEAT_NUMBER_MAX_LENGTH",
    "Category",
    "Floor",
    "MalformedSeatPlan",
    "PlacedRow",
    "PlacedSection",
    "Places",
    "Point",
    "Run",
    "SectionKind",
    "decode",
]
