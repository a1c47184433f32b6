"""docker-compose.yml, run for real: up, populated, watched, scaled to three, raced, stopped and started again."""

import json
import socket
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets import InvalidHandshake, Origin
from websockets.sync.client import connect

from tests.compose.stack import ROOT, Stack

# The first test starts the stack; where no images exist yet that includes making them.
pytestmark = [pytest.mark.compose, pytest.mark.timeout(900)]

SERVICES = ("auth-service", "events-service", "booking-service")
EVENTS = 42
PASSWORD = "a long and quiet walk by the river"


@pytest.fixture(scope="module")
def populated(stack: Stack) -> Stack:
    """The stack with the sample data, loaded the way a user loads it."""
    stack.run_script("bash", ROOT / "populate_database.sh")
    return stack


@pytest.fixture(scope="module")
def buyer(populated: Stack) -> Iterator[httpx.Client]:
    """Somebody who has signed up and in through nginx."""
    who = {"email": "ann@example.com", "password": PASSWORD}
    with httpx.Client(base_url=f"{populated.url}/api", timeout=20) as client:
        client.post("/register", json=who).raise_for_status()
        token = client.post("/login", json=who).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def test_every_service_is_healthy_and_every_one_shot_has_ended_well(stack: Stack) -> None:
    states = {
        service: stack.containers(service)[0]["State"] for service in (*SERVICES, "postgres", "redis", "frontend")
    }
    ended = {service: stack.containers(service)[0]["State"] for service in ("secrets", "migrate")}

    assert {service: state["Health"]["Status"] for service, state in states.items()} == dict.fromkeys(states, "healthy")
    assert {service: state["ExitCode"] for service, state in ended.items()} == dict.fromkeys(ended, 0)


def test_the_ports_of_the_services_show_their_swagger_pages(stack: Stack) -> None:
    for port in (stack.auth_port, stack.events_port, stack.booking_port):
        page = httpx.get(f"http://127.0.0.1:{port}/docs")

        assert page.status_code == 200
        assert "swagger" in page.text.lower()


def test_the_pages_come_with_their_security_headers(stack: Stack) -> None:
    headers = json.loads((ROOT / "frontend" / "headers.json").read_text())

    for path in ("/", "/seats?event=1", "/lib/api.js", "/no-such-page"):
        answer = httpx.get(stack.url + path)

        assert answer.status_code == (404 if path == "/no-such-page" else 200)
        assert {name: answer.headers.get(name) for name in headers} == headers, path


def test_no_container_runs_as_root_and_nginx_does_not_know_the_databases(stack: Stack) -> None:
    for service in (*SERVICES, "postgres", "redis", "frontend"):
        assert stack.inside(service, "id -u") != "0", service
        assert stack.inside(service, "grep CapEff /proc/1/status").split() == ["CapEff:", "0" * 16], service
        assert stack.inside(service, "touch /etc/x 2>/dev/null && echo written || echo refused") == "refused", service

    assert stack.inside("frontend", "getent hosts postgres || echo unknown") == "unknown"
    assert stack.inside("frontend", "getent hosts auth-service || echo unknown") != "unknown"


def test_secrets_stay_out_of_what_the_engine_shows(stack: Stack) -> None:
    password = stack.inside("postgres", "cat /run/frontrow/password")
    jwt_secret = stack.inside("auth-service", "cat /run/frontrow/jwt_secret")

    shown = json.dumps([stack.containers(service) for service in (*SERVICES, "postgres", "redis", "migrate")])

    assert len(password) >= 32
    assert password not in shown
    assert jwt_secret not in shown


def test_the_sample_data_is_loaded_once_and_seen_through_nginx(populated: Stack) -> None:
    populated.run_script("bash", ROOT / "populate_database.sh")

    found = httpx.get(f"{populated.url}/api/events/browse", params={"limit": 100}).json()["items"]

    assert len(found) == EVENTS
    assert int(populated.sql("SELECT count(*) FROM seats")) >= 43_000


def test_what_nginx_refuses_looks_like_what_a_service_refuses(stack: Stack) -> None:
    too_large = httpx.post(f"{stack.url}/api/login", content=b"x" * (16 * 1024 + 1))
    unknown = httpx.get(f"{stack.url}/api/no-such-thing")

    for answer, status, slug in ((too_large, 413, "body-too-large"), (unknown, 404, "not-found")):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == f"/problems/{slug}"
        assert answer.json()["instance"] == answer.url.path


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET /../../etc/passwd HTTP/1.1", 400),
        ("GET /..%2f..%2fetc/passwd HTTP/1.1", 400),
        (f"GET /api/{'a' * 9000} HTTP/1.1", 400),
        (f"GET /api/me HTTP/1.1\r\nX: {'a' * 9000}", 400),
        ("GET /api/me HTTP/1.1\r\nno colon", 400),
        ("GET /%zz HTTP/1.1", 400),
        ("GET /.git/config HTTP/1.1", 404),
        ("GET /headers.json HTTP/1.1", 404),
        ("GET /%61pi/me HTTP/1.1", 404),
        ('GET /api/"} HTTP/1.1', 404),
        ("POST / HTTP/1.1\r\nContent-Length: 0", 405),
        ("TRACE /api/me HTTP/1.1", 405),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_hostile_request_line_is_the_clients_fault(stack: Stack, head: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", stack.http_port), timeout=10) as connection:
        connection.sendall(f"{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = connection.makefile("rb").read()

    assert int(answer.split()[1]) == status
    if b"problem+json" in answer:
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == status


def test_a_client_cannot_choose_the_address_that_a_service_sees(stack: Stack) -> None:
    httpx.get(f"{stack.url}/api/events/browse?forged", headers={"X-Forwarded-For": "6.6.6.6"}).raise_for_status()

    lines = stack.compose("logs", "--no-log-prefix", "frontend").splitlines()

    (logged,) = [json.loads(line) for line in lines if "forged" in line]
    assert logged["client"] != "6.6.6.6"


def test_a_watcher_sees_a_hold_through_nginx_on_both_of_its_ports(populated: Stack, buyer: httpx.Client) -> None:
    event = buyer.get("/events/browse").json()["items"][0]
    seats = buyer.get(f"/events/{event['id']}/seats", params={"status": "available"}).json()["seats"]

    for port, seat in zip((populated.http_port, populated.booking_port), seats, strict=False):
        with connect(f"ws://127.0.0.1:{port}/ws/events/{event['id']}", max_size=None) as live:
            snapshot = json.loads(live.recv(10))
            buyer.post("/hold-seat", json={"seat_id": seat["id"]}).raise_for_status()
            update: dict[str, Any] = {}
            while update.get("seat_id") != seat["id"]:
                update = json.loads(live.recv(10))

        assert snapshot["type"] == "snapshot"
        assert (update["type"], update["status"]) == ("seat_update", "held")


def test_a_page_of_another_site_gets_no_socket(populated: Stack, buyer: httpx.Client) -> None:
    event = buyer.get("/events/browse").json()["items"][0]
    address = f"ws://127.0.0.1:{populated.http_port}/ws/events/{event['id']}"

    with connect(address, origin=Origin(populated.url), max_size=None) as live:
        assert json.loads(live.recv(10))["type"] == "snapshot"
    with pytest.raises(InvalidHandshake):
        connect(address, origin=Origin("https://elsewhere.example"))


def test_three_instances_share_a_race_that_one_buyer_wins(populated: Stack) -> None:
    populated.up("--no-recreate", "--scale", "booking-service=3")
    instances = {
        f"{network['IPAddress']}:8002"
        for container in populated.containers("booking-service")
        for name, network in container["NetworkSettings"]["Networks"].items()
        if name.endswith("_web")
    }
    assert len(instances) == 3

    race = ("-m", "loadtest.race", "--users", "60", "--rounds", "3", "--database-url", "", "--url", populated.url)
    populated.run_script(sys.executable, *race)

    assert populated.instances_that_answered("/api/hold-seat") >= instances
    twice = (
        "SELECT count(*) FROM (SELECT FROM bookings WHERE status = 'confirmed' GROUP BY seat_id HAVING count(*) > 1) x"
    )
    assert populated.sql(twice) == "0"


def test_a_service_that_is_away_is_503_and_then_found_again(populated: Stack, buyer: httpx.Client) -> None:
    populated.compose("stop", "--timeout", "5", "auth-service")
    answer = buyer.get("/me")

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert answer.headers["retry-after"] == "1"

    populated.up("--no-recreate", "--scale", "booking-service=3")
    assert buyer.get("/me").status_code == 200


def test_stopped_and_started_again_it_keeps_data_secrets_and_sign_ins(populated: Stack, buyer: httpx.Client) -> None:
    def my_holds() -> set[tuple[str, str]]:
        return {(hold["hold_id"], hold["expires_at"]) for hold in buyer.get("/my-holds").json()["items"]}

    held = my_holds()
    assert held

    populated.compose("down", "--timeout", "10")
    populated.up()

    assert len(buyer.get("/events/browse", params={"limit": 100}).json()["items"]) == EVENTS
    assert buyer.get("/me").json()["email"] == "ann@example.com"
    assert my_holds() == held
