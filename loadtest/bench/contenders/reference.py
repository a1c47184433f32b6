"""The described design (loadtest/reference), literal or best, in a database of its own on the same servers."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import redis
import sqlalchemy as sa

from devstack.ports import free_port
from devstack.supervision import Keeper
from devstack.web import WebProgram
from loadtest.bench.contenders.shop import Buyer, OpenEvent, Sales, Shop
from loadtest.bench.database import Database
from loadtest.bench.plans import Follow, request, request_head, with_body
from loadtest.bench.stage import Stage
from loadtest.reference.common import BROWSE_KEY
from loadtest.reference.schema import Base
from shared.contracts.claims import Claims, sign
from shared.engine import sqlalchemy_url

_OPEN_EVENTS = """
    INSERT INTO events (name, event_type, venue, start_time)
    SELECT 'Benchmark', 'concert', 'Aurora Theatre', '2099-12-24 19:30+00' FROM generate_series(1, %s)
    RETURNING id
"""
_OPEN_SEATS = """
    INSERT INTO seats (event_id, seat_number, status)
    SELECT event_id, 'STALLS-' || number, 'available'
    FROM unnest(%s) AS event_id CROSS JOIN generate_series(1, %s) AS number
    ORDER BY event_id, number
"""
_FIRST_SEATS = "SELECT event_id, min(id), count(*) FROM seats WHERE event_id = ANY(%s) GROUP BY event_id ORDER BY 1"
_FREE = """
    UPDATE seats SET status = 'available', held_by = NULL, hold_expiry = NULL
    WHERE event_id = ANY(%s) AND status = 'held'
"""
_HELD_AT = """
    SELECT id, extract(epoch FROM held_at)::float8 FROM seats WHERE event_id = %s AND held_at IS NOT NULL
"""
_SALES = """
    SELECT count(*) FILTER (WHERE status = 'held'), count(*) FILTER (WHERE status = 'booked'),
           (SELECT count(*) FROM bookings WHERE event_id = ANY(%(events)s) AND status = 'confirmed'),
           (SELECT count(DISTINCT seat_id) FROM bookings WHERE event_id = ANY(%(events)s) AND status = 'confirmed')
    FROM seats WHERE event_id = ANY(%(events)s)
"""
_TITLES = {"best": "Described design, best form", "literal": "Described design, literal"}


class Reference(Shop):
    """`design` is best or literal. The service runs from the first use to the end of the stage."""

    confirm = Follow(marker=b'"seat_id":', end=b",", before=b'{"seat_id":', after=b"}")

    def __init__(self, stage: Stage, design: str) -> None:
        self.name = design
        self.title = _TITLES[design]
        self._stage = stage
        url = stage.database(f"reference_{design}")
        self._database = Database(url)
        engine = sa.create_engine(sqlalchemy_url(url, driver="psycopg2"), poolclass=sa.NullPool)
        Base.metadata.create_all(engine)
        environment = {
            **stage.stack.service_environment(),
            "REFERENCE_DATABASE_URL": sqlalchemy_url(url, driver="psycopg2"),
        }
        self._keeper: Keeper = stage.serve(
            WebProgram(
                f"reference-{design}",
                ("-m", "loadtest.reference", design),
                port=free_port(),
                environment=environment,
                log=stage.stack.folder.logs / f"reference-{design}.log",
            )
        )

    @property
    def database(self) -> Database:
        """See Shop."""
        return self._database

    @property
    def server_log(self) -> Path:
        """See Shop."""
        return self._stage.stack.folder.logs / "postgres.log"

    @property
    def booking_ports(self) -> Sequence[int]:
        """See Shop."""
        return [self._keeper.program.port]

    @property
    def catalogue_port(self) -> int:
        """See Shop."""
        return self._keeper.program.port

    def processes(self) -> Mapping[str, Sequence[int]]:
        """See Shop."""
        return {"service": self._stage.pids(self._keeper), **self._stage.server_pids()}

    def buyers(self, count: int) -> Sequence[Buyer]:
        """See Shop. Nothing but the signature is looked at."""
        secret = self._stage.stack.folder.secret("jwt_secret")
        now = datetime.now(UTC)
        nobody = UUID(int=0)
        return [
            Buyer(
                user_id,
                sign(Claims(user_id, nobody, "user", 0), secret=secret, now=now, lifetime=timedelta(hours=12)),
            )
            for user_id in range(1, count + 1)
        ]

    def open_events(self, count: int, *, seats: int) -> Sequence[OpenEvent]:
        """See Shop."""
        ids = [row[0] for row in self.database.rows(_OPEN_EVENTS, [count])]
        self.database.rows(_OPEN_SEATS, [ids, seats])
        self.database.run(["VACUUM (ANALYZE) events, seats", "CHECKPOINT"])
        return [OpenEvent(*row) for row in self.database.rows(_FIRST_SEATS, [ids])]

    def close_events(self, events: Sequence[OpenEvent]) -> None:
        """See Shop."""
        self.database.rows(_FREE, [[event.event_id for event in events]])
        with redis.Redis.from_url(self._stage.stack.redis_url) as client:
            for event in events:
                client.delete(*(f"seat_lock:{seat_id}" for seat_id in event.seat_ids))

    def hold_request(self, buyer: Buyer, seat_ids: Sequence[int], *, key: str = "") -> bytes:
        """See Shop. It knows one seat at a time, and no keys."""
        head = request_head("POST", "/hold-seat", token=buyer.token)
        return with_body(head, json.dumps({"seat_id": seat_ids[0]}).encode())

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
        """See Shop."""
        return dict(self.database.rows(_HELD_AT, [event.event_id]))

    def pages(self, event: OpenEvent) -> Mapping[str, bytes]:
        """See Shop."""
        return {
            "browse": request("GET", "/events/browse"),
            "seats": request("GET", f"/events/{event.event_id}/seats"),
        }

    def forget_pages(self) -> None:
        """See Shop."""
        with redis.Redis.from_url(self._stage.stack.redis_url) as client:
            client.delete(BROWSE_KEY)

    def write_transactions(self) -> int:
        """See Shop."""
        return self.database.write_transactions()
