"""Builders that write straight into the database, asking only for what a test is about."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import asyncpg

from shared.contracts import claims as access_tokens
from shared.contracts.seat_plan import decode
from tests.support.apps import SECRET
from tests.support.plans import Members, document, row, seated
from tests.support.plans import plan as seat_plan


@dataclass(frozen=True)
class Person:
    """Somebody with a living session; `headers` sign requests."""

    id: int
    email: str
    session_id: UUID
    headers: dict[str, str]


@dataclass(frozen=True)
class Venue:
    """An event and its seats."""

    event_id: int
    seat_ids: tuple[int, ...]


class World:
    """Makes people and events."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.connection = connection

    async def person(self, *, role: str = "user", email: str | None = None) -> Person:
        """A user with a living session."""
        email = email or f"{secrets.token_hex(6)}@example.com"
        user_id = await self.connection.fetchval(
            "INSERT INTO users (email, password_hash, role) VALUES ($1, 'none', $2) RETURNING id", email, role
        )
        session_id = uuid4()
        await self.connection.execute(
            "INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
            session_id,
            user_id,
        )
        token = access_tokens.sign(
            access_tokens.Claims(user_id=user_id, session_id=session_id, role=role, epoch=0),
            secret=SECRET,
            now=datetime.now(UTC),
            lifetime=timedelta(minutes=30),
        )
        return Person(user_id, email, session_id, {"Authorization": f"Bearer {token}"})

    async def event(
        self,
        *,
        seats: int = 10,
        name: str = "The Night Garden",
        event_type: str = "concert",
        starts_in: timedelta = timedelta(days=30),
        price: int = 4500,
        prices: Mapping[str, int] | None = None,
        currency: str = "EUR",
        plan: Members | None = None,
    ) -> Venue:
        """An event on sale, with one row of `seats` seats: A1, A2, … Or with all places of `plan`, whose categories
        have these `prices`."""
        plan = plan or seat_plan(seated(row(seats)))
        prices = prices or {category["key"]: price for category in plan["categories"]}
        text = document(plan)
        plan_hash = sha256(text.encode()).hexdigest()
        places = decode(text)
        seats = places.count
        await self.connection.execute(
            "INSERT INTO seat_plans (hash, document) VALUES ($1, $2) ON CONFLICT DO NOTHING", plan_hash, text
        )
        first = await self.connection.fetchval("SELECT allocate_seat_ids($1)", seats)
        event_id = await self.connection.fetchval(
            """
            INSERT INTO events (name, event_type, venue, city, start_time, currency, price_from, prices,
                                seat_plan_hash, first_seat_id, seat_count)
            VALUES ($1, $2, 'Aurora Theatre', 'Berlin', now() + $3, $4, $5, $6, $7, $8, $9)
            RETURNING id
            """,
            name,
            event_type,
            starts_in,
            currency,
            min(prices.values()),
            json.dumps(prices),
            plan_hash,
            first,
            seats,
        )
        categories = [places.categories[category].key for category in places.category]
        await self.connection.execute(
            """
            INSERT INTO seats (id, event_id, seat_number, section, row_label, x, y, category, price)
            SELECT $1 + nth - 1, $2, place.number, section, place.row, x, y, category, place.price
            FROM unnest($3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::text[], $9::bigint[])
                 WITH ORDINALITY AS place (number, section, row, x, y, category, price, nth)
            """,
            first,
            event_id,
            places.seat_numbers(),
            [places.sections[section].name for section in places.section],
            [places.rows[row].label for row in places.row],
            list(places.x),
            list(places.y),
            categories,
            [prices[category] for category in categories],
        )
        return Venue(event_id, tuple(range(first, first + seats)))

    async def hold(self, venue: Venue, seat_ids: list[int], person: Person, *, ends_in_s: float = 300) -> UUID:
        """A hold, as the booking service would have placed it. Negative `ends_in_s`: it has ended already."""
        hold_id = uuid4()
        await self.connection.execute(
            """
            UPDATE seats SET status = 'held', hold_id = $1, held_by = $2, held_since = clock_timestamp(),
                             hold_expiry = clock_timestamp() + make_interval(secs => $3), version = version + 1
            WHERE id = ANY($4) AND event_id = $5
            """,
            hold_id,
            person.id,
            ends_in_s,
            seat_ids,
            venue.event_id,
        )
        return hold_id

    async def seat(self, seat_id: int) -> asyncpg.Record:
        """The seat's row, now."""
        row = await self.connection.fetchrow("SELECT * FROM seats WHERE id = $1", seat_id)
        assert row is not None
        return row

    async def ledger(self, seat_id: int) -> list[asyncpg.Record]:
        """All changes of the seat, oldest first."""
        return await self.connection.fetch("SELECT * FROM seat_log WHERE seat_id = $1 ORDER BY version", seat_id)
