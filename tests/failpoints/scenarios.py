"""One request meets one failpoint; what follows is what a careful client does, and what others notice.

Ann asks the instance that will fail, always with an idempotency key. Afterwards she asks the survivor again with the
same key, until she knows. Ben wants the same seat. A viewer watches the event at the survivor.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.failpoints.instance import HOLD_S, Instance
from tests.support.apps import SECRET
from tests.support.live import Viewer
from tests.support.patience import until
from tests.support.world import Person, Venue, World

CODES = TicketCodes(SECRET)
IN_FLIGHT_S = 3.0
"""How long the gate stays shut for a request on its way (`gate.seat_gate.IN_FLIGHT`)."""
SLACK_S = 30.0
"""For a busy machine, on top of what is promised; the records that are printed have the figures."""
STOPPED_S = HOLD_S + 0.6
"""How long a stopped process stands still: its own hold ends meanwhile."""
SETTLED_WITHIN_S = 10.0


class Broken(AssertionError):
    """A promise was broken."""


@dataclass
class Record:
    """What one failpoint came to."""

    failpoint: str
    first_answer: int | None = None
    """The status that Ann's first request got; None: no answer."""
    settled: int | None = None
    settled_s: float | None = None
    """From Ann's second request until she knows."""
    free_again_s: float | None = None
    """Until Ben had the seat, where he should get it: from the failure if he came first, else from Ann's knowledge."""
    viewer_s: float | None = None
    """Until the survivor's viewer knew what the database knows."""


@dataclass
class Scene:
    """One seat, two people and a viewer; what `subject` needs is there."""

    survivor: Instance
    connection: "asyncpg.Connection[asyncpg.Record]"
    venue: Venue
    ann: Person
    ben: Person
    viewer: Viewer
    held_at: float = 0.0
    hold_id: str = ""
    booking_id: int = 0
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def seat_id(self) -> int:
        """The only seat."""
        return self.venue.seat_ids[0]

    async def post(
        self, at: Instance, who: Person, path: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        """One request; without a `key`, a fresh one."""
        headers = who.headers | {"Idempotency-Key": key or uuid4().hex}
        return await at.client.post(path, json=body, headers=headers)

    async def hold(self, at: Instance) -> None:
        """Ann's hold, as preparation."""
        self.held_at = time.monotonic()
        answer = await self.post(at, self.ann, "/hold-seat", {"seat_id": self.seat_id})
        assert answer.status_code == 201, answer.text
        self.hold_id = answer.json()["hold_id"]

    async def book(self) -> None:
        """Ann's booking, as preparation."""
        await self.hold(self.survivor)
        answer = await self.post(self.survivor, self.ann, "/confirm-booking", {"hold_id": self.hold_id})
        assert answer.status_code == 201, answer.text
        self.booking_id = answer.json()["bookings"][0]["id"]

    async def book_and_go(self) -> None:
        """Ann's booking, and Ann herself stands at the door with a scanner."""
        await self.book()
        await self.connection.execute("UPDATE users SET role = 'admin' WHERE id = $1", self.ann.id)

    def scan(self) -> dict[str, Any]:
        """The ticket of her booking, at the door."""
        code = CODES.sign(Ticket(self.venue.event_id, self.booking_id))
        return {"code": code, "event_id": self.venue.event_id, "gate": "North"}

    async def seat(self) -> asyncpg.Record:
        """The seat's row; `shown` is its status for people, to whom an ended hold is none."""
        row = await self.connection.fetchrow(
            "SELECT *, CASE WHEN status = 'held' AND hold_expiry <= clock_timestamp() THEN 'available' ELSE status END"
            " AS shown FROM seats WHERE id = $1",
            self.seat_id,
        )
        assert row is not None
        return row

    async def ledger(self) -> list[asyncpg.Record]:
        """What happened to the seat."""
        return await self.connection.fetch("SELECT * FROM seat_log WHERE seat_id = $1 ORDER BY version", self.seat_id)

    async def nobody_holds_anything(self) -> bool:
        """Whether no seat of any event is held."""
        return bool(await self.connection.fetchval("SELECT NOT EXISTS (SELECT FROM seats WHERE status = 'held')"))

    async def ben_gets_the_seat(self) -> float:
        """Ben tries until he holds it; returns the time at which he does."""

        async def tried() -> bool:
            answer = await self.post(self.survivor, self.ben, "/hold-seat", {"seat_id": self.seat_id})
            if answer.status_code not in (201, 409, 503):
                raise Broken(f"Ben was told {answer.status_code} {answer.text}")
            return answer.status_code == 201

        await until(tried, within_s=40, every_s=0.05)
        return time.monotonic()


@asynccontextmanager
async def scene(survivor: Instance, database_url: str) -> AsyncIterator[Scene]:
    """A new event of one seat, with everybody in place."""
    async with AsyncExitStack() as stack:
        connection = await asyncpg.connect(database_url)
        stack.callback(connection.terminate)
        world = World(connection)
        venue = await world.event(seats=1)
        ann, ben = await world.person(), await world.person()
        viewer = await stack.enter_async_context(Viewer(f"{survivor.live_url}/{venue.event_id}"))
        yield Scene(survivor, connection, venue, ann, ben, viewer)


Prepare = Callable[[Scene], Awaitable[None]]
Request = Callable[[Scene], tuple[str, Any]]


async def _nothing(_scene: Scene) -> None:
    return


async def _held(scene: Scene) -> None:
    await scene.hold(scene.survivor)


SUBJECTS: Mapping[str, tuple[Prepare, Request]] = {
    "hold": (_nothing, lambda scene: ("/hold-seat", {"seat_id": scene.seat_id})),
    "extend": (_held, lambda scene: ("/extend-hold", {"hold_id": scene.hold_id})),
    "release": (_held, lambda scene: ("/release-hold", {"hold_id": scene.hold_id})),
    "confirm": (_held, lambda scene: ("/confirm-booking", {"hold_id": scene.hold_id})),
    "cancel": (Scene.book, lambda scene: (f"/cancel-booking/{scene.booking_id}", None)),
    "admit": (Scene.book_and_go, lambda scene: ("/check-in", scene.scan())),
    "publish": (_nothing, lambda scene: ("/hold-seat", {"seat_id": scene.seat_id})),
}
"""What Ann has already, and what she asks the failing instance for."""
KEEP_THE_SEAT = ("confirm", "admit")
"""Afterwards, where all went well, it is nobody else's."""


async def request_meets(
    failpoint: str, victim: Instance, scene: Scene, *, ben_comes_first: bool = False, until_ben_has_it: bool = False
) -> Record:
    """Ann's request runs into `failpoint` (`operation.step:action`). Raises `Broken`.

    `ben_comes_first`: he tries from the moment of the failure on, before Ann asks again. `until_ben_has_it`: a stopped
    process stands still until then.
    """
    operation, action = failpoint.partition(".")[0], failpoint.rpartition(":")[2]
    prepare, request = SUBJECTS[operation]
    await prepare(scene)
    path, body = request(scene)
    record = Record(failpoint)

    asking = asyncio.create_task(_asked(scene, victim, path, body))
    bens: asyncio.Task[float] | None = None
    if action == "kill":
        await victim.died()
    elif action == "stop":
        await victim.stopped()
    failed_at = time.monotonic()
    if ben_comes_first:
        bens = asyncio.create_task(scene.ben_gets_the_seat())
    if action == "stop":
        if until_ben_has_it and bens is not None:
            await bens
        await asyncio.sleep(max(0.0, failed_at + STOPPED_S - time.monotonic()))
        victim.go_on()
    first = await asking
    record.first_answer = first.status_code if first is not None else None
    if action != "kill":
        await victim.reaches(failpoint)

    if bens is not None and operation not in KEEP_THE_SEAT:
        await bens
    asked_again_at = time.monotonic()
    settled = await _settled(scene, path, body)
    settled_at = time.monotonic()
    record.settled, record.settled_s = settled.status_code, settled_at - asked_again_at
    is_sold = operation in KEEP_THE_SEAT and settled.status_code in (200, 201)
    if bens is not None and is_sold:
        bens.cancel()
    elif bens is not None:
        record.free_again_s = await bens - failed_at
    elif not is_sold:
        record.free_again_s = await scene.ben_gets_the_seat() - settled_at

    await _answers_agree(scene, operation, first, settled)
    record.viewer_s = await _viewer_knows(scene)
    return record


async def sweep_meets(failpoint: str, victim: Instance, scene: Scene) -> Record:
    """The victim sweeps Ann's ended hold and runs into `failpoint`; the survivor, and Ben, must not notice."""
    action = failpoint.rpartition(":")[2]
    record = Record(failpoint)

    async def swept_or_failed() -> bool:
        row = await scene.seat()
        return bool(row["status"] == "available") or victim.has_reached(failpoint)

    # On a busy machine the survivor may be the quicker sweeper: then once more, and it may happen during that hold.
    while not victim.has_reached(failpoint):
        scene.held_at = time.monotonic()
        with suppress(httpx.TransportError, TimeoutError):
            async with asyncio.timeout(5):
                await scene.post(victim, scene.ann, "/hold-seat", {"seat_id": scene.seat_id})
        await until(swept_or_failed)

    async def swept() -> bool:
        row = await scene.seat()
        return bool(row["status"] == "available")

    await until(swept)
    record.free_again_s = time.monotonic() - scene.held_at - HOLD_S
    record.viewer_s = await _viewer_knows(scene)
    await scene.ben_gets_the_seat()
    if action == "kill":
        await victim.died()
    else:
        if action == "stop":
            await victim.stopped()
            victim.go_on()
        _require((await victim.client.get("/health")).status_code == 200, "the instance does not serve any more")
    return record


async def _asked(scene: Scene, victim: Instance, path: str, body: Any) -> httpx.Response | None:
    try:
        return await scene.post(victim, scene.ann, path, body, key=scene.key)
    except httpx.TransportError:
        return None


async def _settled(scene: Scene, path: str, body: Any) -> httpx.Response:
    async def answered() -> httpx.Response | None:
        answer = await scene.post(scene.survivor, scene.ann, path, body, key=scene.key)
        return answer if answer.status_code < 500 else None

    settled = await until(answered, within_s=SETTLED_WITHIN_S)
    assert settled is not None
    return settled


async def _answers_agree(scene: Scene, operation: str, first: httpx.Response | None, settled: httpx.Response) -> None:
    """What Ann was told is what happened, once; and the same however often she asks."""
    again = await _settled(scene, *SUBJECTS[operation][1](scene))
    _require((again.status_code, again.content) == (settled.status_code, settled.content), "the key changed its answer")
    if first is not None and first.status_code < 500:
        _require(
            (first.status_code, first.content) == (settled.status_code, settled.content),
            f"first {first.status_code} {first.text}, then {settled.status_code} {settled.text}",
        )
    ledger = await scene.ledger()
    anns = [row for row in ledger if row["user_id"] == scene.ann.id]
    bookings = await scene.connection.fetch("SELECT * FROM bookings WHERE seat_id = $1", scene.seat_id)
    told = f"Ann was told {settled.status_code} {settled.text}; ledger: {[dict(row) for row in ledger]}"
    if operation in ("hold", "publish"):
        placed = [str(row["hold_id"]) for row in anns if row["new_status"] == "held"]
        wanted = [settled.json()["hold_id"]] if settled.status_code == 201 else []
        _require(placed == wanted and settled.status_code in (201, 409), told)
    elif operation == "extend":
        extended = [row for row in anns if (row["old_status"], row["new_status"]) == ("held", "held")]
        _require(len(extended) == (settled.status_code == 200), told)
        _require(settled.status_code == 200 or _is_late(scene, settled), told)
    elif operation == "release":
        # Released by Ann, or ended before she could: she is told the same, and has not got it.
        _require(settled.status_code == 204 and (await scene.seat())["held_by"] != scene.ann.id, told)
    elif operation == "confirm":
        confirmed = [row for row in bookings if row["status"] == "confirmed" and row["user_id"] == scene.ann.id]
        _require(len(bookings) == len(confirmed) == (settled.status_code == 201), told)
        _require(settled.status_code == 201 or _is_late(scene, settled), told)
    elif operation == "cancel":
        _require(settled.status_code == 200 and [row["status"] for row in bookings] == ["cancelled"], told)
    elif operation == "admit":
        _require(settled.status_code == 200 and [row["admitted_gate"] for row in bookings] == ["North"], told)


async def _viewer_knows(scene: Scene) -> float:
    begun = time.monotonic()

    async def knows() -> bool:
        row = await scene.seat()
        status, version = scene.viewer.knows().get(scene.seat_id, ("", -1))
        return bool(version == row["version"] and status in (row["status"], row["shown"]))

    await until(knows, within_s=20)
    return time.monotonic() - begun


def _is_late(scene: Scene, settled: httpx.Response) -> bool:
    return settled.status_code == 410 and time.monotonic() - scene.held_at >= HOLD_S


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)
