"""The live map through real sockets, with the server and the client that people use."""

import json
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest

from booking_service.live import Hub
from tests.integration.booking.live_sockets import live_map, news, refusal, url
from tests.support.live import Viewer, until
from tests.support.world import World


async def test_a_viewer_gets_the_snapshot_then_every_change_then_signs_of_life(
    live: tuple[Hub, str], world: World, offer: dict[str, Any]
) -> None:
    hub, address = live
    venue = await world.event(seats=3)
    async with Viewer(url(address, venue.event_id), **offer) as viewer:
        await until(lambda: viewer.messages)

        await world.hold(venue, [venue.seat_ids[1]], await world.person())
        hub.announce(news(venue, 1, "held", 1))
        await until(lambda: "seat_update" in viewer.types())
        await until(lambda: viewer.types().count("heartbeat") >= 2)

        assert viewer.types()[0] == "snapshot"
        assert viewer.types().count("seat_update") == 1  # the ledger's copy of the same change is no second one
        assert viewer.statuses[venue.seat_ids[1]] == "held"


async def test_nothing_that_viewers_hear_names_a_person_or_a_hold(live: tuple[Hub, str], world: World) -> None:
    _, address = live
    venue = await world.event(seats=2)
    ann = await world.person()
    async with Viewer(url(address, venue.event_id)) as viewer:
        hold_id = await world.hold(venue, [venue.seat_ids[0]], ann)
        await until(lambda: "seat_update" in viewer.types())

        heard = json.dumps(viewer.messages)
        assert str(hold_id) not in heard
        assert ann.email not in heard
        assert {key for message in viewer.messages for key in message} <= {
            "type",
            "event_id",
            "seats",
            "seat_id",
            "seat_number",
            "status",
            "version",
            "server_time",
        }


@pytest.mark.parametrize("event_id", ["999999", "9223372036854775807"])
async def test_an_unknown_event_is_not_found(live: tuple[Hub, str], event_id: str) -> None:
    refused = await refusal(live[1], event_id)

    assert refused.response.status_code == 404
    assert json.loads(refused.response.body or b"")["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    "event_id", ["-1", "0", "01", "+1", "1.0", "1e3", "abc", "%00", "9223372036854775808", "9" * 400, "%D9%A1", "1%202"]
)
async def test_what_is_no_id_is_refused(live: tuple[Hub, str], event_id: str) -> None:
    refused = await refusal(live[1], event_id)

    assert refused.response.status_code == 422
    assert refused.response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://partner.example", "http://127.0.0.1:1"])
async def test_a_foreign_page_is_refused_even_for_an_unknown_event(
    live: tuple[Hub, str], world: World, origin: str
) -> None:
    venue = await world.event(seats=1)

    for event_id in (venue.event_id, 999_999):
        refused = await refusal(live[1], event_id, origin=origin)

        assert refused.response.status_code == 403
        assert json.loads(refused.response.body or b"")["type"] == "/problems/foreign-origin"


async def test_our_own_page_an_allowed_one_and_no_page_are_welcome(live: tuple[Hub, str], world: World) -> None:
    _, address = live
    venue = await world.event(seats=1)

    for origin in (f"http://{address}", "https://partner.example", None):
        async with Viewer(url(address, venue.event_id), origin=origin) as viewer:
            await until(lambda viewer=viewer: viewer.messages)  # type: ignore[misc]  # mypy does not follow defaults


async def test_whoever_offers_the_compact_mode_gets_it(live: tuple[Hub, str], world: World) -> None:
    venue = await world.event(seats=3)
    async with Viewer(url(live[1], venue.event_id), subprotocols=["other", "frontrow.v1"]) as viewer:
        await until(lambda: viewer.messages)

        assert viewer.socket.subprotocol == "frontrow.v1"
        assert viewer.socket.protocol.extensions == []  # no deflate
        assert viewer.knows() == dict.fromkeys(venue.seat_ids, ("available", 0))


async def test_whoever_offers_only_what_we_do_not_speak_gets_the_plain_mode(
    live: tuple[Hub, str], world: World
) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id), subprotocols=["frontrow.v99", "other"]) as viewer:
        await until(lambda: viewer.types()[:1] == ["snapshot"])

        assert viewer.socket.subprotocol is None
        assert viewer.socket.protocol.extensions == []


async def test_changes_of_a_rush_come_together_in_the_compact_mode(live: tuple[Hub, str], world: World) -> None:
    hub, address = live
    venue = await world.event(seats=100)
    async with Viewer(url(address, venue.event_id), subprotocols=["frontrow.v1"]) as viewer:
        await until(lambda: viewer.messages)
        taken = viewer.taken

        for place in range(100):
            hub.announce(news(venue, place, "held", 1))
        await until(lambda: set(viewer.statuses.values()) == {"held"})

        assert viewer.types().count("seat_update") == 100
        assert viewer.taken - taken - viewer.types().count("heartbeat") == 1


async def test_viewers_of_a_deleted_event_are_told_and_let_go(
    live: tuple[Hub, str], world: World, offer: dict[str, Any]
) -> None:
    venue = await world.event(seats=1)
    async with Viewer(url(live[1], venue.event_id), **offer) as viewer:
        await until(lambda: viewer.messages)

        await world.connection.execute("DELETE FROM seats")
        await world.connection.execute("DELETE FROM events")

        await until(lambda: viewer.closed_with)
        assert viewer.closed_with == 4404
        assert viewer.types()[-1] == "event_removed"
    assert (await refusal(live[1], venue.event_id)).response.status_code == 404


async def test_when_the_service_stops_viewers_are_told_and_it_stops_quickly(
    clean_database: str, redis_url: str, world: World, direct: bool
) -> None:
    venue = await world.event(seats=1)
    async with AsyncExitStack() as viewers:
        async with live_map(clean_database, redis_url, direct=direct) as (_, address):
            watching = [await viewers.enter_async_context(Viewer(url(address, venue.event_id))) for _ in range(20)]
            await until(lambda: all(viewer.messages for viewer in watching))
            began_at = time.monotonic()
        assert time.monotonic() - began_at < 3

        await until(lambda: all(viewer.closed_with for viewer in watching))
        assert {viewer.closed_with for viewer in watching} == {1012}
