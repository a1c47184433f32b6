"""Seat plans: a factory by event type builds them, `store` gives an event its seats from one."""

from events_service.seat_plans.painting import LeftUnpainted, NotToBePainted, Stroke, painted
from events_service.seat_plans.plan import (
    Category,
    MalformedSeatPlan,
    SeatFlag,
    SeatPlan,
)
from events_service.seat_plans.prices import DEFAULT_PRICES, price_table
from events_service.seat_plans.registry import EVENT_TYPES, TEMPLATES, UnknownTemplate, seat_plan_for
from events_service.seat_plans.store import MissingPrice, NewEvent, copy_event, insert_event
from events_service.seat_plans.template import CAPACITY_MAX, CAPACITY_MIN, CapacityOutOfRange, SeatPlanFactory

__all__ = [
    "CAPACITY_MAX",
    "CAPACITY_MIN",
    "DEFAULT_PRICES",
    "EVENT_TYPES",
    "TEMPLATES",
    "CapacityOutOfRange",
    "Category",
    "LeftUnpainted",
    "MalformedSeatPlan",
    "MissingPrice",
    "NewEvent",
    "NotToBePainted",
    "SeatFlag",
    "SeatPlan",
    "SeatPlanFactory",
    "Stroke",
    "UnknownTemplate",
    "copy_event",
    "insert_event",
    "painted",
    "price_table",
    "seat_plan_for",
]
