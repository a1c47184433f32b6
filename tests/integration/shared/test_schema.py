"""What the database itself refuses and remembers."""

from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects.postgresql.base import ischema_names

from shared.engine import sqlalchemy_url
from shared.migrations.__main__ import upgrade
from shared.models import Base
from shared.models.base import Xid8
from tests.support.world import World


def test_the_models_are_the_tables_that_the_migrations_make(database_url: str) -> None:
    ischema_names["xid8"] = Xid8  # SQLAlchemy does not know the type when it reads a table back
    engine = sa.create_engine(sqlalchemy_url(database_url, driver="psycopg2"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": False})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    upgrade(database_url)


@pytest.mark.parametrize(
    ("table", "columns"),
    [("events", "start_time"), ("seats", "event_id, status"), ("bookings", "user_id, created_at")],
)
async def test_the_indexes_that_were_asked_for_are_there(
    connection: asyncpg.Connection, table: str, columns: str
) -> None:
    definitions = await connection.fetch("SELECT indexdef FROM pg_indexes WHERE tablename = $1", table)

    assert any(row["indexdef"].endswith(f"({columns})") for row in definitions)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("status = 'booked', booking_id = 1", "a free seat is not booked without a hold"),
        ("status = 'held'", "a held seat has a holder"),
        ("version = version + 2, status = 'blocked'", "versions are dense"),
        ("status = 'blocked'", "each change raises the version"),
        ("status = 'sold'", "there is no such status"),
        ("id = id + 1000", "a seat keeps its id"),
    ],
)
async def test_the_database_refuses(world: World, change: str, why: str) -> None:
    venue = await world.event(seats=1)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await world.connection.execute(f"UPDATE seats SET {change} WHERE id = $1", venue.seat_ids[0])

    assert (await world.seat(venue.seat_ids[0]))["status"] == "available", why
    assert await world.ledger(venue.seat_ids[0]) == []


async def test_a_live_hold_cannot_be_taken_over_even_by_hand(world: World) -> None:
    venue = await world.event(seats=1)
    ann, ben = await world.person(), await world.person()
    held = await world.hold(venue, [venue.seat_ids[0]], ann)

    with pytest.raises(asyncpg.CheckViolationError):
        await world.hold(venue, [venue.seat_ids[0]], ben)

    assert (await world.seat(venue.seat_ids[0]))["hold_id"] == held


async def test_an_ended_hold_can_be_taken_over(world: World) -> None:
    venue = await world.event(seats=1)
    ann, ben = await world.person(), await world.person()
    await world.hold(venue, [venue.seat_ids[0]], ann, ends_in_s=-1)

    taken = await world.hold(venue, [venue.seat_ids[0]], ben)

    assert [(row["version"], row["hold_id"]) for row in await world.ledger(venue.seat_ids[0])][-1] == (2, taken)


async def test_a_seat_is_not_booked_under_somebody_elses_hold(world: World) -> None:
    venue = await world.event(seats=1)
    ann, ben = await world.person(), await world.person()
    seat_id = venue.seat_ids[0]
    await world.hold(venue, [seat_id], ann)
    order_id, stolen_hold = uuid4(), uuid4()
    await world.connection.execute(
        "INSERT INTO orders (id, hold_id, user_id, event_id, total, currency) VALUES ($1, $2, $3, $4, 1, 'EUR')",
        order_id,
        stolen_hold,
        ben.id,
        venue.event_id,
    )
    booking_id = await world.connection.fetchval(
        "INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)"
        " VALUES ($1, $2, $3, $4, $5, 1, 'EUR') RETURNING id",
        order_id,
        ben.id,
        venue.event_id,
        seat_id,
        stolen_hold,
    )

    with pytest.raises(asyncpg.CheckViolationError):
        await world.connection.execute(
            "UPDATE seats SET status = 'booked', booking_id = $1, hold_id = NULL, held_by = NULL, held_since = NULL,"
            " hold_expiry = NULL, version = version + 1 WHERE id = $2",
            booking_id,
            seat_id,
        )


@pytest.mark.parametrize("rewrite", ["UPDATE seat_log SET version = 9", "DELETE FROM seat_log", "TRUNCATE seat_log"])
async def test_the_ledger_cannot_be_rewritten(world: World, rewrite: str) -> None:
    venue = await world.event(seats=1)
    await world.hold(venue, list(venue.seat_ids), await world.person())

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await world.connection.execute(rewrite)

    assert len(await world.ledger(venue.seat_ids[0])) == 1


async def test_seat_ids_of_two_events_never_overlap(world: World) -> None:
    first, second = await world.event(seats=7), await world.event(seats=3)

    assert first.seat_ids[-1] + 1 == second.seat_ids[0]
