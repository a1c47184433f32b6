"""Seating plans of pretix: read into ours, and written from ours. Neither format holds all that the other does, so both
ways come with a list of what was left behind.

The format is that of pretix' own schema, version 0.0.1: zones, rows and seats, with positions in whole pixels that add
up.
"""

from events_service.seat_plans.pretix.reading import Imported, plan_from_pretix
from events_service.seat_plans.pretix.writing import Exported, pretix_from_plan

__all__ = ["Exported", "Imported", "plan_from_pretix", "pretix_from_plan"]
