"""The contract, row by row, through the one origin."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest

from devstack.stack import Stack
from shared.contracts.seat_plan import decode
from tests.e2e.conftest import Customer, SignUp

PROBLEM = "application/problem+json"


async def test_every_service_has_its_swagger_page_and_says_how_it_is(stack: Stack) -> None:
    async with httpx.AsyncClient() as client:
        for url in (stack.auth_url, stack.events_url, *stack.booking_urls):
            health = (await client.get(f"{url}/health")).json()
            assert (health["status"], set(health["dependencies"].values())) == ("ok", {"up"})
            page = await client.get(f"{url}/docs")
            assert "swagger-ui" in page.text
            assert (await client.get(f"{url}/openapi.json")).json()["openapi"].startswith("3.")


async def test_signing_up_in_and_out(visitor: httpx.AsyncClient) -> None:
    credentials = {"email": f"{uuid4().hex}@Example.com", "password": "correct horse battery", "name": "Ann"}

    registered = await visitor.post("/api/register", json=credentials)
    again = await visitor.post("/api/register", json=credentials)
    wrong = await visitor.post("/api/login", json={"email": credentials["email"], "password": "wrong horse battery"})
    login = await visitor.post("/api/login", json={k: credentials[k] for k in ("email", "password")})
    form = await visitor.post(
        "/api/token", data={"username": credentials["email"], "password": credentials["password"]}
    )

    assert registered.status_code == 201
    assert set(registered.json()) == {"id", "email", "name", "role", "created_at"}
    assert registered.json()["role"] == "user"
    assert (again.status_code, wrong.status_code) == (409, 401)
    assert login.status_code == form.status_code == 200
    tokens = login.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 1800)

    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await visitor.get("/api/me", headers=headers)).json()["email"] == credentials["email"].lower()
    refreshed = await visitor.post("/api/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 200
    assert refreshed.json()["refresh_token"] != tokens["refresh_token"]
    assert (await visitor.post("/api/logout", headers=headers)).status_code == 204
    for path in ("/api/me", "/api/my-bookings", "/api/my-holds"):
        assert (await visitor.get(path, headers=headers)).status_code == 401, "logged out everywhere at once"


async def test_browsing_leads_to_every_event_of_the_sample_data(visitor: httpx.AsyncClient) -> None:
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "7", "to": "2098-01-01T00:00:00Z"} | ({"cursor": cursor} if cursor else {})
        page = (await visitor.get("/api/events/browse", params=params)).json()
        items += page["items"]
        cursor = page["next_cursor"]

    assert len(items) == len({item["id"] for item in items}) == 42
    assert [item["start_time"] for item in items] == sorted(item["start_time"] for item in items)
    assert set(items[0]) >= {  # members may be added
        "id",
        "name",
        "event_type",
        "venue",
        "city",
        "start_time",
        "image_url",
        "price_from",
        "currency",
    }
    assert (await visitor.get(items[0]["image_url"])).headers["content-type"].startswith("image/svg")


async def test_a_movie_has_showtimes_in_several_theaters(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/api/events/browse", params={"event_type": "movie", "limit": 1})).json()
    name = page["items"][0]["name"]

    showtimes = (await visitor.get(f"/api/events/movie/{name}/showtimes")).json()

    assert showtimes["movie"] == name
    assert len(showtimes["theaters"]) >= 2
    assert set(showtimes["theaters"][0]["showtimes"][0]) >= {"event_id", "start_time", "price_from"}
    assert (await visitor.get("/api/events/movie/No such film/showtimes")).status_code == 404


async def test_an_event_its_seats_and_its_plan_agree(visitor: httpx.AsyncClient, event: dict[str, Any]) -> None:
    details = (await visitor.get(f"/api/events/{event['id']}")).json()
    seats = (await visitor.get(f"/api/events/{event['id']}/seats")).json()["seats"]
    plan = await visitor.get(f"/api/events/{event['id']}/seat-plan")
    unchanged = await visitor.get(
        f"/api/events/{event['id']}/seat-plan", headers={"If-None-Match": plan.headers["etag"]}
    )

    places = decode(plan.content)
    assert [seat["seat_number"] for seat in seats] == places.seat_numbers()
    assert len(seats) == details["seat_count"] == 60
    assert [seat["id"] for seat in seats] == list(range(details["first_seat_id"], details["first_seat_id"] + 60))
    assert set(seats[0]) == {
        *("id", "seat_number", "section", "row", "x", "y", "category", "price", "currency", "status", "version")
    }
    assert unchanged.status_code == 304


async def test_hold_confirm_list_and_cancel(
    visitor: httpx.AsyncClient, sign_up: SignUp, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann, ben = await sign_up(), await sign_up()

    held = await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    refused = await ben.post("/hold-seat", {"seat_id": seat_ids[0]})
    mine = (await ann.get("/my-holds")).json()["items"]
    order = await ann.post("/confirm-booking", {"hold_id": held.json()["hold_id"]})
    booked = await visitor.get(f"/api/events/{event['id']}/seats", params={"status": "booked"})
    bookings = (await ann.get("/my-bookings")).json()["items"]
    stolen = await ben.post(f"/cancel-booking/{bookings[0]['id']}")
    cancelled = await ann.post(f"/cancel-booking/{bookings[0]['id']}")
    taken = await ben.post("/hold-seat", {"seat_id": bookings[0]["seat"]["id"]})

    assert (held.status_code, refused.status_code, order.status_code) == (201, 409, 201)
    assert refused.headers["content-type"] == PROBLEM
    assert [seat["seat_id"] for seat in refused.json()["seats"]] == [seat_ids[0]]
    assert [hold["hold_id"] for hold in mine] == [held.json()["hold_id"]]
    assert [seat["id"] for seat in booked.json()["seats"]] == seat_ids[:2]
    assert [booking["event"]["id"] for booking in bookings] == [event["id"]] * 2
    assert (stolen.status_code, cancelled.status_code, taken.status_code) == (404, 200, 201)


async def test_the_best_seats_are_offered_to_anybody_and_held_by_who_signs_in(
    visitor: httpx.AsyncClient, sign_up: SignUp, event: dict[str, Any]
) -> None:
    ann, ben = await sign_up(), await sign_up()
    wish = {"event_id": event["id"], "quantity": 3}

    found = await visitor.post("/api/best-available", json=wish)
    offers = found.json()["offers"]
    taken = await ann.post("/hold-seat", {"seat_ids": offers[0]["seat_ids"]})
    chosen = await ben.post("/hold-seat", wish)
    refused = await ben.post("/hold-seat", {"seat_ids": offers[0]["seat_ids"]})
    seats = (await visitor.get(f"/api/events/{event['id']}/seats")).json()["seats"]

    assert (found.status_code, taken.status_code, chosen.status_code, refused.status_code) == (200, 201, 201, 409)
    assert offers[0]["adjacent"]
    assert taken.json()["total"] == offers[0]["total"]
    by_id = {seat["id"]: seat for seat in seats}
    for seat in (*offers[0]["seats"], *refused.json()["alternative"]["seats"]):
        told = by_id[seat["seat_id"]]
        assert seat == {"seat_id": told["id"], **{name: told[name] for name in seat if name != "seat_id"}}
    assert not {seat["seat_id"] for seat in chosen.json()["seats"]} & set(offers[0]["seat_ids"])


async def test_extending_and_releasing(sign_up: SignUp, seat_ids: list[int]) -> None:
    ann, ben = await sign_up(), await sign_up()
    hold_id = (await ann.post("/hold-seat", {"seat_ids": seat_ids[:3]})).json()["hold_id"]

    extended = await ann.post("/extend-hold", {"hold_id": hold_id})
    released = await ann.post("/release-hold", {"hold_id": hold_id})

    assert (extended.status_code, extended.json()["expires_in"]) == (200, 300)
    assert (released.status_code, released.content) == (204, b"")
    assert (await ben.post("/hold-seat", {"seat_ids": seat_ids[:3]})).status_code == 201


async def test_a_ticket_opens_the_door_once(
    sign_up: SignUp, admin: Customer, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann = await sign_up()
    hold_id = (await ann.post("/hold-seat", {"seat_ids": seat_ids[:1]})).json()["hold_id"]
    booking_id = (await ann.post("/confirm-booking", {"hold_id": hold_id})).json()["bookings"][0]["id"]
    code = (await ann.get(f"/tickets/{booking_id}")).json()["code"]
    scan = {"code": code, "event_id": event["id"], "gate": "North"}

    by_its_owner = await ann.post("/check-in", scan)
    known = (await admin.get(f"/check-in/{event['id']}/tickets")).json()["tickets"]
    admitted, again = [await admin.post("/check-in", scan) for _ in range(2)]
    door = (await admin.get(f"/check-in/{event['id']}")).json()
    cancelled = await ann.post(f"/cancel-booking/{booking_id}")

    assert (by_its_owner.status_code, admitted.status_code, again.status_code) == (403, 200, 409)
    assert [(ticket["id"], ticket["state"]) for ticket in known] == [(sha256(code.encode()).hexdigest()[:32], "valid")]
    assert (again.json()["type"], again.json()["gate"]) == ("/problems/ticket-used", "North")
    assert (door["sold"], door["admitted"], door["double_entries"]) == (1, 1, [])
    assert (cancelled.status_code, cancelled.json()["type"]) == (409, "/problems/ticket-used")


async def test_only_administrators_change_what_is_on(
    visitor: httpx.AsyncClient, sign_up: SignUp, admin: Customer, event: dict[str, Any], seat_ids: list[int]
) -> None:
    ann = await sign_up()
    body = {"name": "X", "event_type": "concert", "venue": "V", "city": "C", "start_time": "2099-01-01T00:00:00Z"}
    for who, status in ((visitor, 401), (ann.client, 403)):
        assert (await who.post("/api/events", json=body)).status_code == status
        assert (await who.patch(f"/api/events/{event['id']}", json={"name": "Y"})).status_code == status
        assert (await who.delete(f"/api/events/{event['id']}")).status_code == status
    hold = (await ann.post("/hold-seat", {"seat_id": seat_ids[0]})).json()
    await ann.post("/confirm-booking", {"hold_id": hold["hold_id"]})

    renamed = await admin.client.patch(f"/api/events/{event['id']}", json={"name": "Renamed"})
    kept = await admin.client.delete(f"/api/events/{event['id']}")
    removed = await admin.client.delete(f"/api/events/{event['id']}", params={"force": "true"})

    assert renamed.json()["name"] == "Renamed"
    assert (kept.status_code, kept.headers["content-type"]) == (409, PROBLEM)
    assert removed.status_code == 204
    for path in ("", "/seats", "/seat-plan"):
        assert (await visitor.get(f"/api/events/{event['id']}{path}")).status_code == 404
    assert (await ann.get("/my-bookings")).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("POST", "/logout"),
        ("POST", "/hold-seat"),
        ("GET", "/my-holds"),
        ("POST", "/release-hold"),
        ("POST", "/extend-hold"),
        ("POST", "/confirm-booking"),
        ("GET", "/my-bookings"),
        ("POST", "/cancel-booking/1"),
        ("POST", "/events"),
        ("PATCH", "/events/1"),
        ("DELETE", "/events/1"),
    ],
)
async def test_without_a_token_there_is_a_401(visitor: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await visitor.request(method, f"/api{path}", headers={"Authorization": "Bearer nonsense"})

    assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
