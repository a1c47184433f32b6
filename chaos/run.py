"""One run, from the start of the system to the log's last line."""

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import aiohttp
import asyncpg

from chaos.asking import Asker
from chaos.closing import agree, audit, collect, settle
from chaos.customers import Customer, Overheard
from chaos.door import GATES, Door
from chaos.faults import Faults
from chaos.log import Write
from chaos.mutants.catalogue import MUTANTS
from chaos.nemesis import torment
from chaos.organiser import Organiser
from chaos.records import End, Start
from chaos.schedule import schedule
from chaos.system import BreakableStack, Links
from chaos.terms import Terms
from chaos.viewers import Viewer
from chaos.visitors import look_around, sign_in_often
from devstack.stack import ADMIN_EMAIL, Parts
from loadtest.model import Person
from loadtest.people import sign_up

Say = Callable[[str], None]

_AT_BOOKING = ("hold", "extend", "release", "confirm", "cancel", "admit")


async def run(terms: Terms, write: Write, *, logs: Path, say: Say, mutant: str = "") -> None:
    """Start the system, let people use it while it breaks, and record everything. Its parts' own logs go to `logs`.

    Raises StackError, loadtest's CannotRun or aiohttp.ClientError when the system cannot be used even before the first
    fault, and TimeoutError when the run takes `terms.end_patience_s` longer than it was to last.
    """
    stack = BreakableStack(
        terms,
        parts=Parts(booking=("-m", "chaos.mutants.run", mutant)) if mutant else None,
        more_settings=MUTANTS[mutant].settings if mutant else {},
        say=lambda line: None,
    )
    async with asyncio.timeout(terms.seconds + terms.end_patience_s), Links(stack), _running(stack, logs):
        say(f"{terms.instances} booking instances, {terms.customers} customers, {terms.seats} seats.")
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            await _Run(terms, stack, session, write, say).play(mutant)


@asynccontextmanager
async def _running(stack: BreakableStack, logs: Path) -> AsyncIterator[None]:
    """Starting and stopping block, and the links must go on meanwhile."""
    starting = asyncio.ensure_future(asyncio.to_thread(stack.__enter__))
    try:
        await asyncio.shield(starting)
        yield
    finally:
        # A start that was interrupted goes on in its thread: stop what it started.
        with contextlib.suppress(Exception):
            await asyncio.shield(starting)
        if not starting.cancelled() and starting.exception() is None:
            shutil.copytree(stack.folder.logs, logs, dirs_exist_ok=True)
            await asyncio.shield(asyncio.to_thread(stack.__exit__, None, None, None))


class _Run:
    def __init__(
        self, terms: Terms, stack: BreakableStack, session: aiohttp.ClientSession, write: Write, say: Say
    ) -> None:
        self._terms = terms
        self._stack = stack
        self._session = session
        self._write = write
        self._say = say
        self._booking = dict(zip(terms.booking_parts(), stack.booking_urls, strict=True))
        self._overheard = Overheard()
        addresses = {**self._booking, "auth": stack.auth_url, "events": stack.events_url}
        self._asker = Asker(session, addresses, write, patience_s=terms.answer_patience_s)

    async def play(self, mutant: str) -> None:
        if mutant and MUTANTS[mutant].sql:
            await self._plant(MUTANTS[mutant].sql)
        organiser = await self._organiser()
        event_id = await organiser.open_event("The long evening", capacity=self._terms.seats)
        people = await sign_up(self._session, self._stack.auth_url, self._terms.customers, run=str(self._terms.seed))
        door = self._door(organiser)
        customers = [self._customer(person, organiser, door) for person in people]
        viewers = [
            Viewer(f"viewer of {name}", url, event_id, self._write, heartbeat_s=self._terms.heartbeat_s)
            for name, url in self._booking.items()
        ]
        began = time.monotonic()
        self._write(
            Start(
                seed=self._terms.seed,
                seconds=self._terms.seconds,
                instances=self._terms.instances,
                hold_s=self._terms.hold_s,
                hold_max_s=self._terms.hold_max_s,
                event_id=event_id,
                at=began,
                epoch_at_zero=time.time() - began,
                mutant=mutant,
            )
        )
        watching = [asyncio.create_task(viewer.watch(self._chance(viewer.name))) for viewer in viewers]
        try:
            await self._trade(began, customers, organiser, door, event_id)
            ended, load = time.monotonic(), os.getloadavg()[0]
            await self._everything_is_up()
            await settle(self._asker, self._parts_of_kinds(), self._chance("settling"))
            await agree(viewers, self._stack.database_url, self._terms, event_id, self._write)
        finally:
            await end_all(watching)
        await collect(self._session, self._stack.booking_urls[0], customers, self._stack.database_url, self._write)
        # That a guard was switched off is no finding when we have switched it off.
        skip = ("the_guards_stand",) if mutant else ()
        await audit(self._stack.database_url, self._terms, self._write, skip=skip)
        self._write(End(time.monotonic(), ended, round(load, 1), os.cpu_count() or 0))

    async def _trade(
        self, began: float, customers: list[Customer], organiser: Organiser, door: Door, event_id: int
    ) -> None:
        """Everybody at work, and the nemesis among them."""
        somebody = {"email": ADMIN_EMAIL, "password": self._stack.admin_password}
        work = [
            *(customer.shop() for customer in customers),
            *(door.stand_at(gate) for gate in GATES),
            organiser.open_and_delete(self._asker, self._chance("organiser")),
            look_around(self._asker, event_id=event_id, chance=self._chance("looking")),
            sign_in_often(self._asker, somebody, list(self._booking), chance=self._chance("signing in")),
        ]
        tasks = [asyncio.create_task(one) for one in work]
        faults = Faults(self._stack, self._chance("backends").choice)
        try:
            nemesis = asyncio.create_task(
                torment(schedule(self._terms), faults, began=began, write=self._write, say=self._say)
            )
            done, _ = await asyncio.wait(
                [*tasks, nemesis], timeout=self._terms.seconds, return_when=asyncio.FIRST_EXCEPTION
            )
            for task in done:
                task.result()  # nobody ends by themselves, except by a mistake of ours
            await nemesis
        finally:
            nemesis.cancel()
            await end_all(tasks)

    async def _plant(self, sql: str) -> None:
        connection = await asyncpg.connect(self._stack.database_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def _organiser(self) -> Organiser:
        credentials = {"email": ADMIN_EMAIL, "password": self._stack.admin_password}
        async with self._session.post(
            f"{self._stack.auth_url}/login", json=credentials, raise_for_status=True
        ) as response:
            token = (await response.json())["access_token"]
        return Organiser(self._session, self._stack.events_url, user_id=0, token=token)

    def _door(self, organiser: Organiser) -> Door:
        return Door(
            token=organiser.token,
            asker=self._asker,
            parts=list(self._booking),
            on_sale=organiser.on_sale,
            chance=self._chance("door"),
            seconds=self._terms.seconds,
        )

    def _customer(self, person: Person, organiser: Organiser, door: Door) -> Customer:
        return Customer(
            user_id=person.id,
            token=person.access_token,
            asker=self._asker,
            parts=list(self._booking),
            on_sale=organiser.on_sale,
            door=door,
            chance=self._chance(person.email),
            hold_s=self._terms.hold_s,
            overheard=self._overheard,
        )

    def _chance(self, whose: str) -> Random:
        # S311: chance that can be repeated is the point.
        return Random(f"{whose} in {self._terms.seed}")  # noqa: S311

    def _parts_of_kinds(self) -> dict[str, list[str]]:
        booking = list(self._booking)
        return dict.fromkeys(_AT_BOOKING, booking) | {"delete-event": ["events"]}

    async def _everything_is_up(self) -> None:
        for name in ("postgres", "redis", "auth", "events", *self._booking):
            await asyncio.to_thread(self._stack.wait_until_ready, name)


async def end_all(tasks: Collection[asyncio.Task[None]]) -> None:
    """End them all. Each is asked again while it goes on: aiohttp takes the request for its own timeout when both are
    due at the same instant, and the task lives. One customer shopped for ever, and the run never ended.
    """
    while tasks:
        for task in tasks:
            task.cancel()
        done, tasks = await asyncio.wait(tasks, timeout=1.0)
        for task in done:
            if not task.cancelled():
                task.exception()  # told already by who waited for it, or of no interest any more
