"""Puts an event on sale: its plan, its row, and one seat row for each place of the plan, in the caller's transaction.

Creating one event (`insert_event`) and loading sample data (`copy_event`) share statements and columns; only the way in
which the seats travel differs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count, repeat
from typing import Any

from sqlalchemy import Connection, Executable, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from events_service.seat_plans.plan import SeatPlan
from shared.models.catalog import Event, StoredSeatPlan

SEATS_PER_STATEMENT = 20_000
"""So that no statement of a stadium comes near the limit of seconds that every statement of a service has."""


class MissingPrice(ValueError):
    """A category of the plan has no price, or a price is negative."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What an organiser says about an event; `start_time` is an aware instant."""

    name: str
    event_type: str
    venue: str
    city: str
    start_time: datetime
    description: str = ""
    currency: str = "EUR"
    image_url: str | None = None
    time_zone: str = "UTC"


# Its parameters are columns, so thousands of seats are one message to the database.
_INSERT_SEATS = text("""
    INSERT INTO seats (id, event_id, seat_number, section, row_label, x, y, category, price)
    SELECT CAST(:first_seat_id AS bigint) + place.nth - 1, CAST(:event_id AS bigint),
           place.seat_number, place.section, place.row_label, place.x, place.y, place.category, place.price
    FROM unnest(
        CAST(:seat_numbers AS text[]), CAST(:sections AS text[]), CAST(:row_labels AS text[]),
        CAST(:xs AS float8[]), CAST(:ys AS float8[]), CAST(:categories AS text[]), CAST(:prices AS bigint[])
    ) WITH ORDINALITY AS place (seat_number, section, row_label, x, y, category, price, nth)
    ORDER BY place.nth
""")

_COPY_SEATS = (
    "COPY seats (id, event_id, seat_number, section, row_label, x, y, category, price) FROM STDIN (FORMAT csv)"
)


async def insert_event(session: AsyncSession, event: NewEvent, plan: SeatPlan, prices: Mapping[str, int]) -> int:
    """Insert the event with a seat for each place of `plan`; the event's id.

    `prices` maps category keys to minor units of the event's currency; keys that the plan does not have are left out.
    Nothing is committed. Until the commit, other creations wait for their seat ids.

    Raises MissingPrice.
    """
    priced = _prices_of(plan, prices)
    await session.execute(_plan_insert(plan))
    event_id, first_seat_id = (await session.execute(_event_insert(event, plan, priced))).one()
    columns = _columns_of(plan, priced)
    for start in range(0, plan.seat_count, SEATS_PER_STATEMENT):
        chunk = {name: column[start : start + SEATS_PER_STATEMENT] for name, column in columns.items()}
        await session.execute(_INSERT_SEATS, {"event_id": event_id, "first_seat_id": first_seat_id + start, **chunk})
    return int(event_id)


def copy_event(connection: Connection, event: NewEvent, plan: SeatPlan, prices: Mapping[str, int]) -> int:
    """The same as `insert_event` for a command line, over psycopg2: the seats travel by COPY.

    Raises MissingPrice.
    """
    priced = _prices_of(plan, prices)
    connection.execute(_plan_insert(plan))
    event_id, first_seat_id = connection.execute(_event_insert(event, plan, priced)).one()
    columns = _columns_of(plan, priced).values()
    lines = io.StringIO()
    # Texts are quoted, so that an empty one arrives as an empty text and not as NULL.
    csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC).writerows(
        zip(count(first_seat_id), repeat(event_id), *columns, strict=False)
    )
    lines.seek(0)
    with closing(connection.connection.cursor()) as cursor:
        cursor.copy_expert(_COPY_SEATS, lines)
    return int(event_id)


def keep_plan(connection: Connection, plan: SeatPlan) -> None:
    """Store the plan, which may be there already, for events to come."""
    connection.execute(_plan_insert(plan))


def _columns_of(plan: SeatPlan, prices: Mapping[str, int]) -> dict[str, Sequence[Any]]:
    """The seats' columns in the order of the statements, as the document says them: what is stored cannot be another
    house than the one that is drawn.
    """
    places = plan.places
    categories = [category.key for category in plan.categories]
    return {
        "seat_numbers": places.seat_numbers(),
        "sections": [places.sections[section].name for section in places.section],
        "row_labels": [places.rows[row].label for row in places.row],
        "xs": [round(x, 2) for x in places.x],
        "ys": [round(y, 2) for y in places.y],
        "categories": [categories[category] for category in places.category],
        "prices": [prices[categories[category]] for category in places.category],
    }


def _prices_of(plan: SeatPlan, prices: Mapping[str, int]) -> dict[str, int]:
    unusable = [category.key for category in plan.categories if prices.get(category.key, -1) < 0]
    if unusable:
        raise MissingPrice(f"these categories need a price of at least 0: {', '.join(unusable)}")
    return {category.key: prices[category.key] for category in plan.categories}


def _plan_insert(plan: SeatPlan) -> Executable:
    """Plans are immutable and addressed by content, so one that is there already is the same one."""
    values = {"hash": plan.content_hash, "document": plan.document().decode()}
    return insert(StoredSeatPlan).values(values).on_conflict_do_nothing(index_elements=["hash"])


def _event_insert(event: NewEvent, plan: SeatPlan, prices: dict[str, int]) -> Any:
    return (
        insert(Event)
        .values(
            **asdict(event),
            prices=prices,
            price_from=min(prices.values()),
            seat_plan_hash=plan.content_hash,
            seat_count=plan.seat_count,
            first_seat_id=func.allocate_seat_ids(plan.seat_count),
        )
        .returning(Event.id, Event.first_seat_id)
    )
