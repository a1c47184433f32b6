"""Sample data and new events in a real database."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import asyncpg
import pytest
from redis import Redis
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from devstack.servers import Servers
from events_service.seat_plans import (
    MissingPrice,
    NewEvent,
    SeatPlan,
    insert_event,
    price_table,
    seat_plan_for,
)
from events_service.seeding.__main__ import main
from events_service.seeding.loading import load_sample_events
from events_service.seeding.sample_events import sample_events
from shared.contracts.redis_keys import BROWSE_GENERATION
from shared.contracts.seat_plan import decode
from shared.engine import sqlalchemy_url

# The class takes its type argument only in the stubs.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
TODAY = date(2030, 2, 27)


def ignored(_line: str) -> None:
    """A report nobody reads."""


@pytest.fixture
async def session(clean_database: str) -> AsyncIterator[AsyncSession]:
    """A session on an empty database."""
    engine = create_async_engine(sqlalchemy_url(clean_database, driver="asyncpg"))
    async with AsyncSession(engine, expire_on_commit=False) as opened:
        yield opened
    await engine.dispose()


def new_event(name: str = "Hamlet", event_type: str = "theater") -> NewEvent:
    start = datetime(2030, 3, 1, 19, tzinfo=UTC)
    return NewEvent(name, event_type, "Lantern Theatre", "London", start, currency="GBP")


async def seats_of(connection: Connection, event_id: int) -> list[tuple[Any, ...]]:
    rows = await connection.fetch(
        "SELECT seats.id - first_seat_id, seat_number, section, row_label, x, y, category, price, seats.status, version"
        " FROM seats JOIN events ON events.id = event_id WHERE event_id = $1 ORDER BY seats.id",
        event_id,
    )
    return [tuple(row) for row in rows]


def expected_seats(plan: SeatPlan, prices: dict[str, int]) -> list[tuple[Any, ...]]:
    places = decode(plan.document())
    keys = [places.categories[category].key for category in places.category]
    return [
        (
            index, places.seat_number(index), places.sections[places.section[index]].name,
            places.rows[places.row[index]].label, round(places.x[index], 2), round(places.y[index], 2),
            key, prices[key], "available", 0,
        )
        for index, key in enumerate(keys)
    ]  # fmt: skip


async def test_the_loaded_database_holds_the_programme_seat_by_seat(
    clean_database: str, connection: Connection
) -> None:
    samples = list(sample_events(TODAY))

    assert load_sample_events(clean_database, today=TODAY, report=ignored) == 42

    events = await connection.fetch("SELECT * FROM events ORDER BY id")
    assert [event["id"] for event in events] == list(range(1, 43))
    for event, sample in zip(events, samples, strict=True):
        assert (event["name"], event["start_time"], event["currency"]) == (
            sample.event.name,
            sample.event.start_time,
            sample.event.currency,
        )
        assert event["image_url"] is None
        assert event["status"] == "on_sale"
        assert event["price_from"] == min(sample.prices.values())
        assert json.loads(event["prices"]) == sample.prices
        assert event["seat_count"] == sample.plan.seat_count
        assert event["seat_plan_hash"] == sample.plan.content_hash
        assert await seats_of(connection, event["id"]) == expected_seats(sample.plan, sample.prices)


async def test_the_stored_documents_are_the_bytes_of_their_hash(clean_database: str, connection: Connection) -> None:
    load_sample_events(clean_database, today=TODAY, report=ignored)

    wrong = await connection.fetchval(
        "SELECT count(*) FROM seat_plans WHERE hash <> encode(sha256(convert_to(document, 'UTF8')), 'hex')"
    )
    assert wrong == 0
    assert await connection.fetchval("SELECT count(*) FROM seat_plans") == len(
        {sample.plan.content_hash for sample in sample_events(TODAY)}
    )


async def test_loading_twice_changes_nothing_and_says_so(clean_database: str, connection: Connection) -> None:
    load_sample_events(clean_database, today=TODAY, report=ignored)
    lines: list[str] = []

    assert load_sample_events(clean_database, today=TODAY, report=lines.append) == 0

    assert lines == ["The database has 42 events already; nothing was changed."]
    assert await connection.fetchval("SELECT count(*) FROM events") == 42


async def test_two_loads_at_once_load_once(clean_database: str, connection: Connection) -> None:
    command = [sys.executable, "-m", "events_service.seeding", "--database-url", clean_database]
    loads = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: ASYNC220,S603 - the race is theirs

    said = [load.communicate(timeout=60)[0] for load in loads]

    assert [load.returncode for load in loads] == [0, 0]
    assert sum("Committed." in text for text in said) == 1
    assert sum("nothing was changed" in text for text in said) == 1
    assert await connection.fetchval("SELECT count(*) FROM events") == 42


async def test_a_failed_load_leaves_nothing(
    clean_database: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> int:
        raise RuntimeError("the cable was pulled")

    monkeypatch.setattr("events_service.seeding.loading._line", broken)

    with pytest.raises(RuntimeError):
        load_sample_events(clean_database, today=TODAY, report=ignored)

    assert await connection.fetchval("SELECT count(*) FROM events") == 0


def test_the_command_reports_each_step_with_counts_and_time(
    clean_database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)

    assert main(["--database-url", clean_database]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "Seat",
        "Movie",
        "Concert",
        "Theater",
        "Comedy",
        "Sports",
        "Total",
        "Committed.",
    ]
    assert all(line.endswith(" s") for line in lines[:-1])


def test_loading_ends_the_browse_pages_that_services_keep(clean_database: str, redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.set(BROWSE_GENERATION, 7)

        assert main(["--database-url", clean_database, "--redis-url", redis_url]) == 0

        assert redis.get(BROWSE_GENERATION) == b"8"


def test_loading_succeeds_without_redis_and_says_what_that_means(
    clean_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database-url", clean_database, "--redis-url", "redis://127.0.0.1:1/0"]) == 0

    assert "up to a minute later" in capsys.readouterr().out


def test_a_database_that_was_not_migrated_is_named(servers: Servers, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database-url", servers.database("never_migrated")]) == 1

    assert "python -m shared.migrations" in capsys.readouterr().err


def test_a_database_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--database-url", "postgresql://nobody:nothing@127.0.0.1:1/none"]) == 1

    assert "did not answer" in capsys.readouterr().err


async def test_a_new_event_gets_a_seat_for_each_place_of_its_plan(
    session: AsyncSession, connection: Connection
) -> None:
    plan = seat_plan_for("theater")
    prices = price_table(plan, 2450)

    event_id = await insert_event(session, new_event(), plan, prices | {"a category of another room": 1})
    await session.commit()

    event = await connection.fetchrow("SELECT * FROM events WHERE id = $1", event_id)
    assert event is not None
    assert (event["price_from"], event["seat_count"], json.loads(event["prices"])) == (2450, 655, prices)
    assert await seats_of(connection, event_id) == expected_seats(plan, prices)


async def test_events_of_one_room_share_its_plan_and_no_seat_id(session: AsyncSession, connection: Connection) -> None:
    plan = seat_plan_for("comedy")
    prices = price_table(plan, 1800)

    for name in ("First night", "Second night"):
        await insert_event(session, new_event(name, "comedy"), plan, prices)
    await session.commit()

    assert await connection.fetchval("SELECT count(*) FROM seat_plans") == 1
    blocks = await connection.fetch("SELECT first_seat_id, seat_count FROM events ORDER BY first_seat_id")
    assert blocks[0]["first_seat_id"] + blocks[0]["seat_count"] <= blocks[1]["first_seat_id"]


async def test_the_largest_house_is_inserted_with_three_statements(session: AsyncSession) -> None:
    plan = seat_plan_for("concert", template="arena", capacity=20_000)
    connection = await session.connection()
    statements: list[str] = []
    sqlalchemy_event.listen(
        connection.sync_connection,
        "before_cursor_execute",
        lambda *arguments: statements.append(arguments[2]),
    )

    await insert_event(session, new_event("Coldplay", "concert"), plan, price_table(plan, 5000))

    assert [statement.split()[2] for statement in statements] == ["seat_plans", "events", "seats"]


async def test_a_rolled_back_event_leaves_nothing(session: AsyncSession, connection: Connection) -> None:
    plan = seat_plan_for("comedy")

    await insert_event(session, new_event(), plan, price_table(plan, 1800))
    await session.rollback()

    assert await connection.fetchval("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM seats)") == 0


@pytest.mark.parametrize("prices", [{}, {"premium": 100, "standard": -1}], ids=["missing", "negative"])
async def test_a_category_without_a_price_is_refused(session: AsyncSession, prices: dict[str, int]) -> None:
    with pytest.raises(MissingPrice, match="standard"):
        await insert_event(session, new_event(), seat_plan_for("movie", template="cinema-small"), prices)
