"""The product, as this checkout has it: three services, started by devstack as for production."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import redis

from devstack.stack import Stack
from loadtest.bench.contenders.shop import Buyer, OpenEvent, Sales, Shop
from loadtest.bench.database import Database
from loadtest.bench.plans import Follow, request, request_head, with_body
from shared.contracts.claims import Claims, sign
from shared.contracts.redis_keys import BROWSE_GENERATION, SEAT_LOCK_PREFIX

TOKEN_LIFETIME = timedelta(hours=12)
FILLED_AT_ONCE = 250
"""Events in one transaction of `fill`."""

# A login costs more CPU than a thousand holds: users and sessions are written, and tokens signed, by ourselves.
_MAKE_USERS = """
    INSERT INTO users (email, password_hash, role)
    SELECT 'bench-' || number || '@example.com', '!', CASE WHEN number = 0 THEN 'admin' ELSE 'user' END
    FROM generate_series(%s, %s) AS number
    ON CONFLICT (email) DO UPDATE SET role = excluded.role
    RETURNING id
"""
_MAKE_SESSIONS = """
    INSERT INTO sessions (id, user_id, expires_at)
    SELECT session.id::uuid, session.user_id, clock_timestamp() + interval '1 day'
    FROM unnest(%s, %s) AS session (id, user_id)
"""

# Every event of a size is a copy of one that the API made, with its plan and its prices.
_COPY_EVENTS = """
    WITH block AS (
        SELECT allocate_seat_ids(seat_count * %(count)s) AS first FROM events WHERE id = %(template)s
    )
    INSERT INTO events (name, event_type, venue, city, description, start_time, time_zone, image_url, currency,
                        price_from, prices, seat_plan_hash, first_seat_id, seat_count)
    SELECT name, event_type, venue, city, description, start_time, time_zone, image_url, currency, price_from, prices,
           seat_plan_hash, block.first + copy * seat_count, seat_count
    FROM events CROSS JOIN block CROSS JOIN generate_series(0, %(count)s - 1) AS copy
    WHERE events.id = %(template)s
    RETURNING id, first_seat_id, seat_count
"""
_COPY_SEATS = """
    INSERT INTO seats (id, event_id, seat_number, section, row_label, x, y, category, price)
    SELECT copy.first_seat_id + seats.id - template.first_seat_id, copy.id,
           seats.seat_number, seats.section, seats.row_label, seats.x, seats.y, seats.category, seats.price
    FROM events AS copy CROSS JOIN events AS template JOIN seats ON seats.event_id = template.id
    WHERE copy.id BETWEEN %(first)s AND %(last)s AND template.id = %(template)s
    ORDER BY 1
"""

# The guard's trigger judges it like everybody's: a hold may be given back.
_FREE = """
    UPDATE seats
    SET status = 'available', hold_id = NULL, held_by = NULL, held_since = NULL, hold_expiry = NULL,
        version = version + 1
    WHERE event_id = ANY(%s) AND status = 'held'
"""
_HELD_AT = """
    SELECT seat_id, extract(epoch FROM at)::float8 FROM seat_log WHERE event_id = %s AND new_status = 'held'
"""
_SALES = """
    SELECT count(*) FILTER (WHERE status = 'held'), count(*) FILTER (WHERE status = 'booked'),
           (SELECT count(*) FROM bookings WHERE event_id = ANY(%(events)s) AND status = 'confirmed'),
           (SELECT count(DISTINCT seat_id) FROM bookings WHERE event_id = ANY(%(events)s) AND status = 'confirmed')
    FROM seats WHERE event_id = ANY(%(events)s)
"""


class Product(Shop):
    """The services of `stack`; of the booking service as many `instances` are asked."""

    name = "product"
    title = "Frontrow"
    confirm = Follow(marker=b'"hold_id":"', end=b'"', before=b'{"hold_id":"', after=b'"}')

    def __init__(self, stack: Stack, *, instances: int = 1) -> None:
        self._stack = stack
        self._instances = instances
        self._database = Database(stack.database_url)
        self._buyers: list[Buyer] = []
        self._templates: dict[int, int] = {}
        self._admin: Buyer | None = None

    @property
    def database(self) -> Database:
        """See Shop."""
        return self._database

    @property
    def server_log(self) -> Path:
        """See Shop."""
        return self._stack.folder.logs / "postgres.log"

    @property
    def booking_ports(self) -> Sequence[int]:
        """See Shop."""
        return self._stack.ports.booking[: self._instances]

    @property
    def catalogue_port(self) -> int:
        """See Shop."""
        return self._stack.ports.events

    def processes(self) -> Mapping[str, Sequence[int]]:
        """See Shop. An instance that is not used costs next to nothing, and is counted too."""
        names = ["auth", "events", "booking", *(f"booking-{n}" for n in range(2, len(self._stack.booking_urls) + 1))]
        pids = {name: self._stack.pid(name) for name in (*names, "postgres", "redis")}
        alive = {name: pid for name, pid in pids.items() if pid is not None}
        return {
            "service": [alive[name] for name in names if name in alive],
            "postgres": [alive["postgres"]],
            "redis": [alive["redis"]],
        }

    def buyers(self, count: int) -> Sequence[Buyer]:
        """See Shop."""
        if count > len(self._buyers):
            self._buyers += self._sign_up(len(self._buyers) + 1, count)
        return self._buyers[:count]

    def _sign_up(self, first: int, last: int, *, role: str = "user") -> list[Buyer]:
        user_ids = [row[0] for row in self.database.rows(_MAKE_USERS, [first, last])]
        session_ids = [uuid4() for _ in user_ids]
        self.database.rows(_MAKE_SESSIONS, [[str(session_id) for session_id in session_ids], user_ids])
        return [self._signed_in(*both, role) for both in zip(user_ids, session_ids, strict=True)]

    def _signed_in(self, user_id: int, session_id: UUID, role: str) -> Buyer:
        claims = Claims(user_id=user_id, session_id=session_id, role=role, epoch=0)
        secret = self._stack.folder.secret("jwt_secret")
        return Buyer(user_id, sign(claims, secret=secret, now=datetime.now(UTC), lifetime=TOKEN_LIFETIME))

    def open_events(self, count: int, *, seats: int) -> Sequence[OpenEvent]:
        """See Shop."""
        copies = self._copy(self._template(seats), count)
        self.database.run(["VACUUM (ANALYZE) events, seats", "CHECKPOINT"])
        return copies

    def _copy(self, template: int, count: int) -> Sequence[OpenEvent]:
        copies = self.database.rows(_COPY_EVENTS, {"count": count, "template": template})
        ids = [row[0] for row in copies]
        self.database.rows(_COPY_SEATS, {"first": min(ids), "last": max(ids), "template": template})
        return [OpenEvent(*row) for row in copies]

    def _template(self, seats: int) -> int:
        if seats not in self._templates:
            if self._admin is None:
                [self._admin] = self._sign_up(0, 0, role="admin")
            answer = httpx.post(
                f"{self._stack.events_url}/events",
                headers={"Authorization": f"Bearer {self._admin.token}"},
                json={
                    "name": f"Benchmark, {seats} seats",
                    "event_type": "concert",
                    "venue": "Aurora Theatre",
                    "city": "Berlin",
                    "start_time": "2099-12-24T19:30:00Z",
                    "capacity": seats,
                    "base_price": 3000,
                },
                timeout=60,
            )
            self._templates[seats] = answer.raise_for_status().json()["id"]
        return self._templates[seats]

    def close_events(self, events: Sequence[OpenEvent]) -> None:
        """See Shop."""
        self.database.rows(_FREE, [[event.event_id for event in events]])
        with redis.Redis.from_url(self._stack.redis_url) as client:
            gates = list(client.scan_iter(f"{SEAT_LOCK_PREFIX}*", count=1000))
            for begin in range(0, len(gates), 1000):
                client.unlink(*gates[begin : begin + 1000])

    def hold_request(self, buyer: Buyer, seat_ids: Sequence[int], *, key: str = "") -> bytes:
        """See Shop."""
        body = {"seat_id": seat_ids[0]} if len(seat_ids) == 1 else {"seat_ids": list(seat_ids)}
        headers = f"Idempotency-Key: {key}\r\n" if key else ""
        return with_body(
            request_head("POST", "/hold-seat", token=buyer.token, headers=headers), json.dumps(body).encode()
        )

    def confirm_head(self, buyer: Buyer) -> bytes:
        """See Shop."""
        headers = "Content-Type: application/json\r\nContent-Length: "
        return request_head("POST", "/confirm-booking", token=buyer.token, headers=headers)

    def viewer_path(self, event_id: int) -> str:
        """See Shop."""
        return f"/ws/events/{event_id}"

    def sales(self, events: Sequence[OpenEvent]) -> Sales:
        """See Shop."""
        [row] = self.database.rows(_SALES, {"events": [event.event_id for event in events]})
        return Sales(*row)

    def held_at(self, event: OpenEvent) -> Mapping[int, float]:
        """See Shop: the ledger's instant, which is the guard's, moments before the commit."""
        return dict(self.database.rows(_HELD_AT, [event.event_id]))

    def pages(self, event: OpenEvent) -> Mapping[str, bytes]:
        """See Shop."""
        movie = self.database.value("SELECT name FROM events WHERE event_type = 'movie' ORDER BY id LIMIT 1")
        plan = f"/events/{event.event_id}/seat-plan"
        etag = httpx.get(self._stack.events_url + plan).raise_for_status().headers["etag"]
        return {
            "browse": request("GET", "/events/browse"),
            "showtimes": request("GET", f"/events/movie/{quote(movie, safe='')}/showtimes"),
            "seats": request("GET", f"/events/{event.event_id}/seats"),
            "plan": request("GET", plan),
            "plan_again": request("GET", plan, headers=f"If-None-Match: {etag}\r\n"),
        }

    def forget_pages(self) -> None:
        """See Shop: as every write to the catalogue does."""
        with redis.Redis.from_url(self._stack.redis_url) as client:
            client.incr(BROWSE_GENERATION)

    def seat_total(self) -> int:
        """Seats of all events."""
        return int(self.database.value("SELECT sum(seat_count) FROM events"))

    def fill(self, seats: int, *, event_seats: int) -> None:
        """Add events until there are `seats` seats in all."""
        template = self._template(event_seats)
        while (missing := (seats - self.seat_total()) // event_seats) > 0:
            self._copy(template, min(missing, FILLED_AT_ONCE))
        self.database.run(["VACUUM (ANALYZE) events, seats", "CHECKPOINT"])

    def write_transactions(self) -> int:
        """See Shop."""
        return self.database.write_transactions()
