"""No route of the auth service can be upset by what is sent to it. The routes come from its own OpenAPI document."""

import httpx
import pytest

from auth_service.main import create_app
from auth_service.settings import AuthSettings
from tests.support.apps import environ
from tests.support.hostile import Route, assert_refused, refusal_faults, routes
from tests.support.world import World

_SETTINGS = AuthSettings.model_validate(
    environ(database_url="postgresql://nobody@localhost/none", redis_url="redis://localhost")
)
ROUTES = list(routes(create_app(_SETTINGS).openapi()))
WITH_BODY = [route for route in ROUTES if route.example or route.form_example]


def test_the_document_names_every_route_of_the_contract() -> None:
    assert {str(route) for route in ROUTES} == {
        "POST /register",
        "POST /login",
        "POST /token",
        "POST /refresh",
        "POST /logout",
        "GET /me",
        "GET /health",
    }
    assert {str(route) for route in ROUTES if route.needs_token} == {"POST /logout", "GET /me"}


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_hostile_input_is_refused(client: httpx.AsyncClient, world: World, route: Route) -> None:
    person = await world.person()

    await assert_refused(
        client,
        route.method,
        route.path,
        person.headers,
        example=route.example,
        form_example=route.form_example,
    )

    assert (await client.get("/me", headers=person.headers)).status_code == 200


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
async def test_what_hostile_input_is_made_of_is_itself_well_formed(client: httpx.AsyncClient, route: Route) -> None:
    """The control: were the examples refused as they are, the test above would prove nothing."""
    if route.form_example:
        answer = await client.request(route.method, route.path, data=dict(route.form_example))
    else:
        answer = await client.request(route.method, route.path, json=route.example)

    assert answer.status_code in (201, 401)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.needs_token], ids=str)
@pytest.mark.parametrize(
    "authorization",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer a.b.c",
        b"bearer " + b"." * 500,
        b"Bearer \x01",
        b"Bearer \xff\xfe",
        b"Bearer " + b"x" * 50_000,
        b"Bearer bnVsbA.bnVsbA.bnVsbA",
        b"Basic YTpi",
        b"Token x",
    ],
    ids=lambda value: ascii(value[:20]),
)
async def test_hostile_tokens_are_refused(client: httpx.AsyncClient, route: Route, authorization: bytes) -> None:
    answer = await client.request(route.method, route.path, headers={b"Authorization": authorization})

    assert not list(refusal_faults(answer, frozenset({401})))
    assert answer.headers["www-authenticate"] == "Bearer"
