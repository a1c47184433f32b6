"""The thin edge answers what is plain, and leaves everything else to the framework, untouched."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.types import Message, Receive, Scope, Send

from booking_service.answers import Answer
from booking_service.holds.errors import SeatUnavailable
from booking_service.hot_routes import HotRoutes
from shared.chassis.identity import Identity
from shared.chassis.problems import Unauthorized

HOLD_ID = UUID("0199f1f0-3c5e-7cc2-9a57-0d8a6f0c2c11")
JSON = (b"content-type", b"application/json")
TOKEN = (b"authorization", b"Bearer good")
PLAIN = (JSON, TOKEN)


class Services:
    """Stands in for the services and the app; remembers who was asked for what."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.passed_on: list[bytes] = []

    async def identify(self, token: str | None) -> Identity:
        """Only `good` is good."""
        if token != "good":
            raise Unauthorized
        return Identity(user_id=7, session_id=uuid4(), role="user")

    async def place(self, seat_ids: Sequence[int], *, holder: int, key: Any, instance: str) -> Answer:
        """Seat 13 is never free."""
        if 13 in seat_ids:
            raise SeatUnavailable([{"seat_id": 13}])
        self.asked.append((*seat_ids, holder, key.key if key else None, instance))
        return Answer(201, "{}")

    async def confirm(self, *, hold_id: UUID, seat_id: None, buyer: int, key: Any, instance: str) -> Answer:
        """Always works."""
        self.asked.append((hold_id, buyer, key.key if key else None, instance))
        return Answer(201, "{}")

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is behind the edge."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        self.passed_on.append(body)
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask(
        self,
        *body: bytes,
        path: str = "/hold-seat",
        method: str = "POST",
        headers: Sequence[tuple[bytes, bytes]] = PLAIN,
        query: bytes = b"",
    ) -> tuple[int, bytes]:
        """Send a request, its body in these pieces; status and body of the answer."""
        state = {
            "identifier": self,
            "holds": self,
            "bookings": self,
            "settings": SimpleNamespace(max_seats_per_hold=3, allowed_origins=("https://friend.example",)),
        }
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": list(headers),
            "query_string": query,
            "state": state,
        }
        pieces = [
            {"type": "http.request", "body": piece, "more_body": place < len(body) - 1}
            for place, piece in enumerate(body)
        ]
        sent: list[Message] = []

        async def receive() -> Message:
            return pieces.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        await HotRoutes(self.app)(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]


@pytest.fixture
def services() -> Services:
    """Fresh ones."""
    return Services()


@pytest.mark.parametrize(
    ("body", "seat_ids"),
    [
        (b'{"seat_id": 12}', (12,)),
        (b' {\n "seat_id"\t:12 } ', (12,)),
        (b'{"seat_ids":[3,1,2]}', (1, 2, 3)),
        (b'{"seat_ids": [ 999999999999999999 ]}', (999999999999999999,)),
    ],
)
async def test_a_plain_hold_is_answered_at_the_edge(services: Services, body: bytes, seat_ids: tuple[int, ...]) -> None:
    status, _ = await services.ask(body, headers=(*PLAIN, (b"idempotency-key", b"k-1")))

    assert status == 201
    assert services.asked == [(*seat_ids, 7, "k-1", "/hold-seat")]
    assert services.passed_on == []


async def test_a_plain_confirmation_is_answered_at_the_edge(services: Services) -> None:
    status, _ = await services.ask(b'{"hold_id": "%s"}' % str(HOLD_ID).encode(), path="/confirm-booking")

    assert status == 201
    assert services.asked == [(HOLD_ID, 7, None, "/confirm-booking")]


async def test_a_refusal_is_the_same_problem_as_everywhere(services: Services) -> None:
    status, body = await services.ask(b'{"seat_id": 13}')

    assert status == 409
    assert b'"type":"/problems/seat-unavailable"' in body
    assert b'"instance":"/hold-seat"' in body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[12]",
        b'{"seat_id": "12"}',
        b'{"seat_id": 0}',
        b'{"seat_id": 012}',
        b'{"seat_id": -1}',
        b'{"seat_id": 1.0}',
        b'{"seat_id": 1e3}',
        b'{"seat_id": 12, "seat_id": 13}',
        b'{"seat_id": 12, "seat_ids": [12]}',
        b'{"event_id": 1, "quantity": 2}',
        b'{"quantity": 2}',
        b'{"seat_id": 1234567890123456789}',
        b'\xef\xbb\xbf{"seat_id": 12}',
        b'{"seat_id": 12}\0',
        b'{"seat_ids": []}',
        b'{"seat_ids": [1, 1]}',
        b'{"seat_ids": [1, 2, 3, 4]}',
        b'{"seat_ids": [1,, 2]}',
        '{"seat_id": \N{ARABIC-INDIC DIGIT THREE}}'.encode(),
        '{\N{NO-BREAK SPACE}"seat_id": 12}'.encode(),
    ],
)
async def test_a_body_that_is_not_plain_goes_on_as_it_came(services: Services, body: bytes) -> None:
    status, _ = await services.ask(body)

    assert status == 299
    assert services.passed_on == [body]
    assert services.asked == []


async def test_a_body_in_pieces_goes_on_whole(services: Services) -> None:
    await services.ask(b'{"seat_', b'id": 12}')

    assert services.passed_on == [b'{"seat_id": 12}']


@pytest.mark.parametrize(
    "headers",
    [
        (JSON,),
        (TOKEN,),
        (JSON, (b"authorization", b"Bearer forged")),
        (JSON, (b"authorization", b"Basic Z29vZA==")),
        (JSON, TOKEN, TOKEN),
        (JSON, JSON, TOKEN),
        (TOKEN, (b"content-type", b"text/plain")),
        (*PLAIN, (b"idempotency-key", b"")),
        (*PLAIN, (b"idempotency-key", b"two words")),
        (*PLAIN, (b"idempotency-key", b"a"), (b"idempotency-key", b"b")),
        (*PLAIN, (b"idempotency-key", b"x" * 256)),
        (*PLAIN, (b"origin", b"https://friend.example")),
    ],
)
async def test_headers_that_are_not_plain_go_on(services: Services, headers: Sequence[tuple[bytes, bytes]]) -> None:
    status, _ = await services.ask(b'{"seat_id": 12}', headers=headers)

    assert status == 299
    assert services.passed_on == [b'{"seat_id": 12}']


@pytest.mark.parametrize(
    "other", [{"method": "GET"}, {"path": "/release-hold"}, {"path": "/hold-seat/"}, {"query": b"a=1"}]
)
async def test_other_requests_are_none_of_its_business(services: Services, other: dict[str, Any]) -> None:
    status, _ = await services.ask(b'{"seat_id": 12}', **other)

    assert status == 299
