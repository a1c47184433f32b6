"""The database, one connection per operation, and schedules run from the beginning."""

import itertools
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from booking_service import batched_writes
from booking_service.expiry.sweep import sweep
from booking_service.seat_directory import SeatDirectory
from booking_service.settings import BookingSettings
from shared.database import KEY_LOOKUPS, SESSION_SETTINGS
from shared.engine import create_session_factory
from tests.interleavings.checks import Aftermath, outcome, violations
from tests.interleavings.operations import (
    ALL,
    HOLD_DURATION,
    HOLD_LIMIT,
    SWEEP_BATCH,
    Operation,
    Services,
    Together,
)
from tests.interleavings.orders import IsLocal, all_orders, as_written, one_after_the_other, read
from tests.interleavings.scheduler import Choose, Scheduler, Taken
from tests.interleavings.situations import CLOCK, SEARCH_PATH, SET_CLOCK, Scene, Stage
from tests.interleavings.stepping import SteppedConnection
from tests.support.apps import environ

SESSION = {
    **SESSION_SETTINGS,
    **KEY_LOOKUPS,
    "search_path": SEARCH_PATH,
    "application_name": "interleavings",
    # A step that waits for a lock waits as long as its schedule wants; the product's limits would end it by the clock.
    "lock_timeout": "0",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "deadlock_timeout": "20ms",
}
AFTER_ALL_S = 3600


@dataclass(frozen=True)
class Ran:
    """A schedule that has run."""

    situation: str
    steps: Sequence[Taken]
    outcome: str
    wrong: Sequence[str]

    @property
    def schedule(self) -> str:
        """Its text, which `Laboratory.replay` takes."""
        return f"{self.situation}: {' '.join(map(str, self.steps))}"

    def story(self) -> str:
        """The schedule, each step by name, and what was wrong."""
        lines = [f"    {step!s:18}{step.step}{'  (had to wait)' if step.parked else ''}" for step in self.steps]
        return "\n".join([self.schedule, *lines, f"ended with: {self.outcome}", *(f"WRONG: {w}" for w in self.wrong)])


@dataclass
class Survey:
    """What all orders of one combination came to."""

    situation: str
    operations: Sequence[str]
    schedules: int = 0
    waited: int = 0
    """Schedules in which somebody had to wait for a lock."""
    outcomes: set[str] = field(default_factory=set)
    wrong: Ran | None = None
    """The first schedule that broke a rule."""


class Laboratory:
    """Runs schedules in one database that is its own. One at a time."""

    def __init__(
        self,
        control: "asyncpg.Connection[asyncpg.Record]",
        crews: Mapping[str, "_Crew"],
        directory: SeatDirectory,
    ) -> None:
        self._control = control
        self._crews = crews
        self._directory = directory
        self._stage = Stage(control)
        self._scheduler = Scheduler(control, {name: crew.pid for name, crew in crews.items()})
        self.operations: dict[str, Operation] = dict(ALL)
        """What each name stands for. Controls put others in their places."""

    async def run(self, situation: str, operations: Collection[str], choose: Choose) -> Ran:
        """One schedule, on fresh seats, with everything checked but `outcome`."""
        scene = await self._stage.scene(situation)
        await self._directory.block_of(scene.seats)  # known, as in a service that has run for a while
        pilots = {}
        for name in operations:
            crew, operation = self._crews[name], self.operations[name]
            crew.connection.pilot = pilot = self._scheduler.pilot(name)
            pilots[pilot] = lambda operation=operation, crew=crew: operation(crew.services, scene)
        try:
            steps, given = await self._scheduler.run(pilots, choose)
        finally:
            for name in operations:
                self._crews[name].connection.pilot = None
        answers = {name: answer for operation in given.items() for name, answer in _each(*operation)}
        refused = [refusal for pilot in pilots for refusal in pilot.refused_by_database]
        after = await Aftermath.seen_by(self._control, scene, answers, refused)
        wrong = violations(after) + await self._seats_that_stay_held(scene)
        return Ran(situation, steps, outcome(after), wrong)

    async def survey(
        self,
        situation: str,
        operations: Sequence[str],
        *,
        is_local: IsLocal = lambda step: False,
    ) -> Survey:
        """Run all orders, until one is wrong: a rule is broken, or no serial order ends like it."""
        survey = Survey(situation, operations)
        serial = await self._serial_outcomes(situation, operations)
        async for ran in all_orders(lambda choose: self.run(situation, operations, choose), is_local=is_local):
            survey.schedules += 1
            survey.waited += any(step.parked for step in ran.steps)
            survey.outcomes.add(ran.outcome)
            wrong = [*ran.wrong, *_not_serial(ran, serial)]
            wrong += [f"{step} had to wait, and is local" for step in ran.steps if step.parked and is_local(step.step)]
            if wrong:
                survey.wrong = replace(ran, wrong=wrong)
                break
        return survey

    async def replay(self, schedule: str) -> Ran:
        """Run the schedule of this text, with everything checked."""
        situation, tokens, operations = read(schedule)
        serial = await self._serial_outcomes(situation, operations)
        ran = await self.run(situation, operations, as_written(tokens))
        return replace(ran, wrong=[*ran.wrong, *_not_serial(ran, serial)])

    async def _serial_outcomes(self, situation: str, operations: Collection[str]) -> set[str]:
        """How it ends when one operation waits for the other to end, whichever comes first."""
        orders = itertools.permutations(operations)
        return {(await self.run(situation, operations, one_after_the_other(order))).outcome for order in orders}

    async def _seats_that_stay_held(self, scene: Scene) -> list[str]:
        """Long after, a sweep must free what is still held; also leaves nothing for the next schedule's sweep."""
        await self._control.fetchval(SET_CLOCK, AFTER_ALL_S)
        await sweep(self._control, batch=SWEEP_BATCH)  # type: ignore[arg-type]  # asks no more of a pool than `fetch`
        stuck = await self._control.fetchval("SELECT count(*) FROM seats WHERE status = 'held'")
        return [f"{stuck} seats stay held for ever (event {scene.event_id})"] if stuck else []


def _each(name: str, given: object) -> Iterable[tuple[str, object]]:
    return given.answers.items() if isinstance(given, Together) else [(name, given)]


def _not_serial(ran: Ran, serial: set[str]) -> list[str]:
    return [] if ran.outcome in serial else ["no serial order ends like this; these are their ends:", *sorted(serial)]


@dataclass(frozen=True)
class _Crew:
    connection: SteppedConnection
    pid: int
    services: Services


@asynccontextmanager
async def open_laboratory(database_url: str) -> AsyncIterator[Laboratory]:
    """A laboratory in a migrated database that nobody else uses."""
    settings = BookingSettings(
        **environ(
            database_url=database_url,
            redis_url="redis://127.0.0.1:1/0",
            hold_duration_s=str(HOLD_DURATION.total_seconds()),
            max_held_seats_per_user=str(HOLD_LIMIT),
        )  # type: ignore[arg-type]
    )
    async with AsyncExitStack() as stack:
        # A batch gives up waiting after a quarter of a second and goes on singly: by the clock, not by the schedule.
        stack.enter_context(patch.object(batched_writes, "BEGIN", "BEGIN"))
        control = await asyncpg.connect(database_url, server_settings=SESSION)
        stack.callback(control.terminate)
        if await control.fetchval("SELECT to_regclass('clock.ahead_s') IS NULL"):
            await control.execute(CLOCK)
        lookups = await stack.enter_async_context(asyncpg.create_pool(database_url, min_size=1, max_size=2))
        directory = SeatDirectory(lookups)
        crews = {}
        for name in ALL:
            connection: Any = await asyncpg.connect(
                database_url, connection_class=SteppedConnection, server_settings=SESSION
            )
            stack.callback(connection.terminate)
            crews[name] = _Crew(
                connection, connection.get_server_pid(), await _services(stack, connection, settings, directory)
            )
        yield Laboratory(control, crews, directory)


async def _services(
    stack: AsyncExitStack, connection: SteppedConnection, settings: BookingSettings, directory: SeatDirectory
) -> Services:
    async def the_one(*_args: object, **_options: object) -> SteppedConnection:
        return connection

    pool = await asyncpg.create_pool(
        connect=the_one,
        min_size=1,
        max_size=1,
        max_inactive_connection_lifetime=0,
        max_queries=10**9,
        connection_class=SteppedConnection,
    )
    engine = create_async_engine("postgresql+asyncpg://", async_creator=the_one, poolclass=StaticPool)
    stack.push_async_callback(engine.dispose)
    stack.callback(pool.terminate)
    return Services(pool, create_session_factory(engine), settings, directory)
