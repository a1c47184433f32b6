"""The Swagger pages of all services: complete enough to work with, and their Authorize button works.

They are the only place where the documents of the three services are held against the same rules.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import httpx
import jsonschema_rs
import pytest
from fastapi import FastAPI

import auth_service.main
import booking_service.main
import events_service.main
from auth_service.settings import AuthSettings
from booking_service.settings import BookingSettings
from events_service.settings import EventsSettings
from shared.chassis.problems import MEDIA_TYPE
from tests.support.apps import environ, running
from tests.support.hostile import routes

NOWHERE = environ(database_url="postgresql://nobody@localhost/none", redis_url="redis://localhost")
JSON = "application/json"
PASSWORD = "seven green kettles"

APPS: Mapping[str, Callable[[Mapping[str, Any]], FastAPI]] = {
    "auth": lambda settings: auth_service.main.create_app(AuthSettings.model_validate(settings)),
    "events": lambda settings: events_service.main.create_app(EventsSettings.model_validate(settings)),
    "booking": lambda settings: booking_service.main.create_app(BookingSettings.model_validate(settings)),
}


class Operation(NamedTuple):
    """One operation of one service's document."""

    service: str
    method: str
    path: str
    description: Mapping[str, Any]
    document: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.service} {self.method.upper()} {self.path}"

    @property
    def tag(self) -> str:
        """The group it stands in."""
        return str(self.description.get("tags", [""])[0])


def operations() -> Iterator[Operation]:
    """All operations of all services."""
    for service, make in APPS.items():
        document = make(NOWHERE).openapi()
        for path, methods in document["paths"].items():
            for method, description in methods.items():
                yield Operation(service, method, path, description, document)


ALL = list(operations())
OURS = [operation for operation in ALL if operation.path != "/health"]
SIGNED_IN = [operation for operation in OURS if operation.description.get("security")]
WITH_BODY = [operation for operation in OURS if "requestBody" in operation.description]

# What anybody may do. A route that is new is for people who are signed in, until it is put on this list on purpose.
PUBLIC = {
    "auth POST /register",
    "auth POST /login",
    "auth POST /token",
    "auth POST /refresh",
    "events GET /events/browse",
    "events GET /events/movie/{name}/showtimes",
    "events GET /events/{event_id}",
    "events GET /events/{event_id}/seats",
    "events GET /events/{event_id}/seat-plan",
    "events GET /events/{event_id}/artwork.svg",
    "booking POST /best-available",
}


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_every_route_says_what_it_does(operation: Operation) -> None:
    described = operation.description

    assert described["tags"]
    assert 3 < len(described["summary"]) < 80
    assert "_" not in described["summary"]  # the framework's stand-in for a missing one is the function's name
    assert len(described["description"]) > 30
    assert described["operationId"]


@pytest.mark.parametrize("operation", OURS, ids=str)
def test_every_refusal_is_described_as_a_problem_with_an_example(operation: Operation) -> None:
    refusals = {status: answer for status, answer in operation.description["responses"].items() if status >= "4"}

    assert {"422", "503"} <= refusals.keys()
    for status, answer in refusals.items():
        content = answer["content"]
        assert content.keys() == {MEDIA_TYPE}, status
        assert content[MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}
        examples = content[MEDIA_TYPE]["examples"]
        assert examples
        for slug, example in examples.items():
            assert example["value"]["type"] == f"/problems/{slug}"
            assert str(example["value"]["status"]) == status


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_a_route_with_a_body_says_which_bodies_it_refuses(operation: Operation) -> None:
    assert {"413", "415", "422"} <= operation.description["responses"].keys()


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_the_example_of_a_body_is_one_that_its_schema_allows(operation: Operation) -> None:
    route = next(
        route
        for route in routes(operation.document)
        if (route.method, route.path) == (operation.method.upper(), operation.path)
    )
    (content,) = operation.description["requestBody"]["content"].values()
    example = route.example or route.form_example
    assert example, "no example"

    schema = {**content["schema"], "components": operation.document["components"]}
    jsonschema_rs.validator_for(schema).validate(example)


@pytest.mark.parametrize("operation", SIGNED_IN, ids=str)
def test_a_route_for_people_who_are_signed_in_says_that_it_answers_401(operation: Operation) -> None:
    assert operation.description["security"] == [{"bearer": []}]
    assert "401" in operation.description["responses"]


def test_only_what_is_meant_to_be_public_is_public() -> None:
    public = {str(operation) for operation in OURS} - {str(operation) for operation in SIGNED_IN}

    assert public == PUBLIC


@pytest.mark.parametrize("operation", [operation for operation in OURS if operation.tag == "administration"], ids=str)
def test_a_route_for_administrators_says_that_it_answers_403(operation: Operation) -> None:
    assert "403" in operation.description["responses"]


@pytest.mark.parametrize("operation", OURS, ids=str)
def test_every_successful_answer_is_described(operation: Operation) -> None:
    successes = {status: answer for status, answer in operation.description["responses"].items() if status < "3"}

    assert successes
    for status, answer in successes.items():
        assert answer["description"]
        if status != "204":
            (content,) = answer["content"].values()
            assert content["schema"] not in ({}, None)


@pytest.mark.parametrize("service", APPS)
def test_every_member_of_an_answer_has_a_type(service: str) -> None:
    schemas = APPS[service](NOWHERE).openapi()["components"]["schemas"]
    vague = [
        f"{name}.{member}"
        for name, schema in schemas.items()
        for member, described in schema.get("properties", {}).items()
        if not described.keys() & {"type", "$ref", "anyOf", "oneOf", "allOf", "const", "enum"}
    ]

    assert vague == []


@pytest.mark.parametrize("service", APPS)
def test_the_document_of_a_service_says_what_the_service_is_for(service: str) -> None:
    info = APPS[service](NOWHERE).openapi()["info"]

    assert service in info["title"].lower()
    assert len(info["description"]) > 100
    assert info["version"]


@pytest.fixture
async def clients(clean_database: str, redis_url: str) -> AsyncIterator[Mapping[str, httpx.AsyncClient]]:
    """All services, running."""
    settings = environ(database_url=clean_database, redis_url=redis_url, bcrypt_cost="4", token_url="/token")
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(running(make(settings))) for name, make in APPS.items()}


async def test_authorize_works_in_every_service(clients: Mapping[str, httpx.AsyncClient]) -> None:
    """What the button does: it sends the form to `tokenUrl`, then the access token with every request."""
    credentials = {"email": "ann@example.com", "password": PASSWORD}
    assert (await clients["auth"].post("/register", json=credentials)).status_code == 201

    for name, client in clients.items():
        document = (await client.get("/openapi.json")).json()
        (scheme,) = document["components"]["securitySchemes"].values()
        assert scheme["type"] == "oauth2"
        flow = scheme["flows"]["password"]
        assert flow["tokenUrl"] == "/token"

        form = {"grant_type": "password", "username": "ann@example.com", "password": PASSWORD, "scope": ""}
        basic = {"Authorization": "Basic Og=="}  # an empty client, as the page sends it
        tokens = (await clients["auth"].post(flow["tokenUrl"], data=form, headers=basic)).json()
        allowed = next(op for op in SIGNED_IN if op.service == name and (op.method == "get" or name == "events"))
        answer = await client.request(
            allowed.method,
            allowed.path,
            headers={"Authorization": f"{tokens['token_type']} {tokens['access_token']}"},
            json={} if allowed.method == "post" else None,
        )

        assert answer.status_code == (403 if name == "events" else 200), f"{name}: {answer.text}"


async def test_every_service_serves_its_page_and_a_whole_document(clients: Mapping[str, httpx.AsyncClient]) -> None:
    for client in clients.values():
        assert "swagger-ui" in (await client.get("/docs")).text

        document = (await client.get("/openapi.json")).json()
        assert document["openapi"].startswith("3.1")
        assert "Problem" in document["components"]["schemas"]
        assert _dangling(document) == set()


def _dangling(document: Mapping[str, Any]) -> set[str]:
    """References to what is not there."""
    references: set[str] = set()
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                references.add(value["$ref"])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    return references - there
