"""The whole command against in-process services: a good one, one that double-books, and none at all."""

import json
import re
from pathlib import Path

import pytest
from aiohttp import web

from loadtest.race import COULD_NOT_RUN, FAILED, PASSED, run
from tests.unit.loadtest.fake_services import (
    EVENT_ID,
    DoubleBooking,
    FailingUnderAttack,
    FakeServices,
    behind_one_origin,
    reserve_port,
    serving,
)
from tests.unit.loadtest.make import options

Captured = pytest.CaptureFixture[str]


async def race(services: FakeServices, *arguments: str) -> int:
    async with serving([behind_one_origin(services)]) as [origin]:
        return await run(options("--url", origin, "--users", "20", *arguments))


async def test_one_winner_passes(capsys: Captured) -> None:
    code = await race(FakeServices())

    output = capsys.readouterr().out
    assert code == PASSED, output
    progress = re.search(r"^Attack progress: ([YN?]+)$", output, re.MULTILINE)
    assert progress is not None
    assert sorted(progress[1]) == ["N"] * 19 + ["Y"]
    assert re.search(r"^Winner: race-[0-9a-f]+-\d+@example\.com through http://", output, re.MULTILINE)
    assert "FAIL" not in output
    assert output.rstrip().endswith("Exactly one person got the seat, in 1 of 1 rounds.")


async def test_a_service_that_double_books_fails(capsys: Captured) -> None:
    code = await race(DoubleBooking())

    output = capsys.readouterr().out
    assert code == FAILED
    assert re.search(r"\[FAIL\] exactly one answer is 201.* \(seen: \d+ answers are 201", output)
    assert "[FAIL] the winner has the hold in /my-holds, and nobody else" in output
    assert "Verdict: FAIL" in output


async def test_no_services_is_a_clear_message_and_no_verdict(capsys: Captured) -> None:
    with reserve_port() as nobody_listens:
        url = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        code = await run(options("--url", url))

    captured = capsys.readouterr()
    assert code == COULD_NOT_RUN
    assert "The race could not be run: GET " in captured.err
    assert "Verdict" not in captured.out


async def test_one_instance_that_is_down_is_noticed_before_anybody_signs_up(capsys: Captured) -> None:
    services = FakeServices()
    async with serving([services.application()]) as [up]:
        with reserve_port() as nobody_listens:
            down = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
            separate = ("--auth-url", up, "--events-url", up, "--booking-url", up, "--booking-url", down)
            code = await run(options(*separate))

    assert code == COULD_NOT_RUN
    assert down in capsys.readouterr().err
    assert services.users == {}


async def test_something_else_at_the_address_is_a_clear_message(capsys: Captured) -> None:
    async def greet(request: web.Request) -> web.Response:
        return web.json_response({"hello": "world"})

    other = web.Application()
    other.router.add_get("/{anything:.*}", greet)
    async with serving([other]) as [url]:
        code = await run(options("--url", url))

    assert code == COULD_NOT_RUN
    assert "did not answer as Frontrow does" in capsys.readouterr().err


async def test_requests_are_dealt_evenly_over_the_instances() -> None:
    services = FakeServices()
    async with serving([services.application() for _ in range(5)]) as [auth, events, *booking]:
        separate = ["--auth-url", auth, "--events-url", events]
        for url in booking:
            separate += ["--booking-url", url]
        code = await run(options(*separate, "--users", "12"))

    assert code == PASSED
    ports = [int(url.rpartition(":")[2]) for url in booking]
    assert sorted(services.held_through) == sorted(ports * 4)


async def test_the_seat_is_free_after_every_round() -> None:
    services = FakeServices()

    code = await race(services, "--rounds", "3", "--event", str(EVENT_ID), "--seat", "3")

    assert code == PASSED
    assert (services.seats[3].status, services.seats[3].version) == ("available", 6)
    assert services.seats[2].version == 0
    assert services.holds == {}
    assert len(services.users) == 20


async def test_a_service_that_fails_under_attack_fails_and_leaves_no_hold() -> None:
    services = FailingUnderAttack()

    code = await race(services)

    assert code == FAILED
    assert services.holds == {}


async def test_a_seat_that_is_not_free_cannot_be_raced_for(capsys: Captured) -> None:
    code = await race(FakeServices(), "--seat", "1")

    assert code == COULD_NOT_RUN
    assert "seat 1 is not free: it is booked" in capsys.readouterr().err


async def test_an_unknown_seat_or_event_cannot_be_raced_for(capsys: Captured) -> None:
    assert await race(FakeServices(), "--seat", "99") == COULD_NOT_RUN
    assert await race(FakeServices(), "--event", "99") == COULD_NOT_RUN

    message = capsys.readouterr().err
    assert "there is no seat 99 in any event" in message
    assert "answered 404: not today" in message


async def test_a_throttled_sign_up_waits_and_goes_on() -> None:
    assert await race(FakeServices(throttled_logins=5)) == PASSED


async def test_a_database_that_cannot_be_reached_is_a_message_without_the_password(capsys: Captured) -> None:
    with reserve_port() as nobody_listens:
        port = nobody_listens.getsockname()[1]
        code = await race(FakeServices(), "--database-url", f"postgresql://u:hunter2@127.0.0.1:{port}/frontrow")

    captured = capsys.readouterr()
    assert code == COULD_NOT_RUN
    assert "the database cannot be reached" in captured.err
    assert "hunter2" not in captured.err + captured.out


async def test_the_results_are_written_as_json(tmp_path: Path) -> None:
    file = tmp_path / "race.json"

    assert await race(FakeServices(), "--json", str(file)) == PASSED

    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["passed"] is True
    assert document["rounds"][0]["counts"] == {"201": 1, "409": 19}
    assert document["rounds"][0]["response_times_ms"]["losers"]["count"] == 19


async def test_a_file_that_cannot_be_written_is_a_clear_message(tmp_path: Path, capsys: Captured) -> None:
    assert await race(FakeServices(), "--json", str(tmp_path / "nowhere" / "race.json")) == COULD_NOT_RUN

    assert "No such file" in capsys.readouterr().err
