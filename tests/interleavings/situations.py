"""What the operations find: a new event of three seats for every schedule, and a clock that can jump.

The seats are called 1, 2 and 3. Seat 2 is the one that everybody wants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from tests.support.world import Person, Venue, World

JUMP_S = 250
"""How far the clock jumps. A new or extended hold lasts 300 s and outlives it, the hold `H` does not."""
H_LASTS_S = 200

# `clock_timestamp()` as the services find it: their connections look into this schema before PostgreSQL's own. A
# sequence, because its value is no part of any transaction: when the clock jumps, it has jumped for everybody.
CLOCK = """
    CREATE SCHEMA clock;
    CREATE SEQUENCE clock.ahead_s MINVALUE 0 START 0;
    CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
        SELECT pg_catalog.clock_timestamp() + make_interval(secs => (SELECT last_value FROM clock.ahead_s))
    $$;
"""
SEARCH_PATH = "clock, pg_catalog, public"
SET_CLOCK = "SELECT setval('clock.ahead_s', $1)"

SITUATIONS: Mapping[str, str] = {
    "free": "nobody has anything",
    "held": "Cem holds 2 and 3, as H",
    "ended": "Cem's hold H of 2 and 3 has ended, and nobody has swept it",
    "sold": "Dan has booked 2; Cem holds 3, as H",
    "soldended": "Dan has booked 2; Cem's hold H of 3 has ended",
}


@dataclass(frozen=True)
class People:
    """Ann and Ben want seats, Cem has the hold H, Dan the booking, Eve is the administrator."""

    ann: Person
    ben: Person
    cem: Person
    dan: Person
    eve: Person

    @classmethod
    async def made_by(cls, world: World) -> "People":
        """New ones."""
        return cls(**{name: await world.person() for name in ("ann", "ben", "cem", "dan", "eve")})


@dataclass(frozen=True)
class Scene:
    """A situation that has come about."""

    situation: str
    event_id: int
    seats: tuple[int, int, int]
    people: People
    hold_h: UUID
    booking_id: int
    keys: str
    """What idempotency keys of this scene begin with."""


class Stage:
    """Makes scenes. Belongs to one connection, whose clock is the services'."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._world = World(connection)
        self._people: People | None = None

    async def scene(self, situation: str) -> Scene:
        """A new event in this situation, with the clock set right."""
        if self._people is None:
            self._people = await People.made_by(self._world)
        people = self._people
        await self._connection.fetchval(SET_CLOCK, 0)
        venue = await self._world.event(seats=3)
        one, two, three = venue.seat_ids
        hold_h, booking_id = uuid4(), 0
        if situation.startswith("sold"):
            booking_id = await self._sell(venue, two, people.dan)
        if situation != "free":
            ends_in_s = -1 if situation.endswith("ended") else H_LASTS_S
            wanted = [three] if situation.startswith("sold") else [two, three]
            hold_h = await self._world.hold(venue, wanted, people.cem, ends_in_s=ends_in_s)
        return Scene(situation, venue.event_id, (one, two, three), people, hold_h, booking_id, uuid4().hex)

    async def _sell(self, venue: Venue, seat_id: int, buyer: Person) -> int:
        hold_id = await self._world.hold(venue, [seat_id], buyer)
        booking_id: int = await self._connection.fetchval(
            """
            WITH new_order AS (
                INSERT INTO orders (id, hold_id, user_id, event_id, total, currency)
                VALUES (gen_random_uuid(), $1, $2, $3, 4500, 'EUR') RETURNING id
            )
            INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)
            SELECT id, $2, $3, $4, $1, 4500, 'EUR' FROM new_order RETURNING id
            """,
            hold_id,
            buyer.id,
            venue.event_id,
            seat_id,
        )
        await self._connection.execute(
            "UPDATE seats SET status = 'booked', booking_id = $2, hold_id = NULL, held_by = NULL, held_since = NULL,"
            " hold_expiry = NULL, version = version + 1 WHERE id = $1",
            seat_id,
            booking_id,
        )
        return booking_id
