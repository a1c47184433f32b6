"""No route of the booking service can be upset by what is sent to it. The routes come from its own OpenAPI document."""

import httpx
import pytest

from booking_service.main import create_app
from booking_service.settings import BookingSettings
from tests.support.apps import environ
from tests.support.hostile import Route, assert_refused, routes
from tests.support.world import World

_SETTINGS = BookingSettings.model_validate(
    environ(database_url="postgresql://nobody@localhost/none", redis_url="redis://localhost")
)
ROUTES = list(routes(create_app(_SETTINGS).openapi()))


def test_the_document_names_every_route_of_the_contract() -> None:
    assert {str(route) for route in ROUTES} == {
        "POST /best-available",
        "POST /hold-seat",
        "GET /my-holds",
        "POST /release-hold",
        "POST /extend-hold",
        "POST /confirm-booking",
        "GET /my-bookings",
        "POST /cancel-booking/{booking_id}",
        "GET /tickets/{booking_id}",
        "GET /sales/{event_id}",
        "POST /check-in",
        "GET /check-in/{event_id}",
        "GET /check-in/{event_id}/tickets",
        "GET /health",
    }
    assert {str(route) for route in ROUTES if not route.needs_token} == {"GET /health", "POST /best-available"}


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_hostile_input_is_refused(booking: httpx.AsyncClient, world: World, route: Route) -> None:
    person = await world.person(role="admin" if route.path.startswith(("/sales", "/check-in")) else "user")
    venue = await world.event(seats=2)

    await assert_refused(booking, route.method, route.path, person.headers, example=route.example)

    assert (await booking.get("/my-holds", headers=person.headers)).json() == {"items": []}
    held = await booking.post("/hold-seat", json={"seat_id": venue.seat_ids[0]}, headers=person.headers)
    assert held.status_code == 201, "the service goes on"
