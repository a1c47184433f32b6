"""Whatever happens to an instance, at whatever moment: no seat is lost, sold twice, or kept longer than promised."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from typing import Any

import httpx
import pytest

from audit.inspection import Terms, inspect
from audit.invariant import all_invariants
from booking_service.failpoints import PLACES
from tests.failpoints.conftest import Ground
from tests.failpoints.instance import HOLD_S, SWEEP_INTERVAL_S, Instance, instance
from tests.failpoints.scenarios import (
    IN_FLIGHT_S,
    SLACK_S,
    STOPPED_S,
    Broken,
    Record,
    Scene,
    request_meets,
    scene,
    sweep_meets,
)
from tests.support.patience import until
from tests.support.world import Person

SAMPLE = 0.2
"""The part of the places at which it is killed, stopped and cut off by default. With --all-failpoints, all are."""
SEED = 3
AT_ONCE = 5
"""Scenarios that run beside each other: starting an instance takes a core for a second."""
FROZEN_S = 15.0
"""`idle_in_transaction_session_timeout`: how long a frozen process can keep the seats that it was about to hold."""


@pytest.fixture(autouse=True)
async def audited(grounds: dict[str, Ground]) -> AsyncIterator[None]:
    """After each test, everything in the databases is as it must be."""
    yield
    for ground in grounds.values():
        report = await asyncio.to_thread(inspect, ground.database_url, all_invariants(), Terms(scratch=True))
        assert not report.findings, report.findings
        assert not report.errors, report.errors


@pytest.mark.timeout(300)
async def test_it_goes_on_after_an_exception_that_nobody_expects(
    grounds: dict[str, Ground], records: list[Record]
) -> None:
    """One instance lives through all places of an operation, one request after the other."""
    await _all_of(
        records, (_in_one_instance(grounds["requests"], _places(operation), "raise") for operation in _operations())
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", ["drop", "stop", "kill"])
async def test_others_go_on_and_retries_settle_what_was_open(
    grounds: dict[str, Ground], records: list[Record], request: pytest.FixtureRequest, action: str
) -> None:
    """All connections to PostgreSQL end; SIGSTOP for longer than the hold, then SIGCONT; kill -9. A fresh instance each
    time, since the same request goes on to the next place."""
    places = _sampled([place for operation in _operations() for place in _places(operation)], action, request)

    await _all_of(records, (_in_one_instance(grounds["requests"], [place], action) for place in places))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", ["kill", "stop", "raise", "drop"])
async def test_an_ended_hold_is_swept_whatever_happens_to_the_sweeper(
    grounds: dict[str, Ground], records: list[Record], request: pytest.FixtureRequest, action: str
) -> None:
    ground = grounds["sweeps"]
    for place in _sampled(_places("expire"), action, request):
        failpoint = f"{place}:{action}"
        log = ground.logs / f"{failpoint}.log"
        async with scene(ground.survivor, ground.database_url) as stage:
            await until(stage.nobody_holds_anything)  # or the sweep of its start would be the one that fails
            async with instance(ground.database_url, ground.redis_url, log, failpoints=failpoint) as victim:
                record = await sweep_meets(failpoint, victim, stage)
        records.append(record)
        assert record.free_again_s is not None
        assert record.free_again_s <= 1.1 * SWEEP_INTERVAL_S + SLACK_S, record


@pytest.mark.timeout(120)
async def test_a_gate_left_shut_by_a_crash_opens_by_itself(grounds: dict[str, Ground], records: list[Record]) -> None:
    """Ben comes before Ann asks again: Ann's request died between the gate and the database."""
    await _all_of(records, [_in_one_instance(grounds["requests"], ["hold.after_gate"], "kill", ben_comes_first=True)])


@pytest.mark.timeout(120)
async def test_a_frozen_process_loses_its_transaction_and_with_it_the_seat(
    grounds: dict[str, Ground], records: list[Record]
) -> None:
    """It stands still with the row of the seat locked, and would for ever: PostgreSQL ends its transaction."""
    ground = grounds["requests"]
    failpoint = "hold.before_commit:stop"

    async with (
        instance(ground.database_url, ground.redis_url, ground.logs / "frozen.log", failpoints=failpoint) as victim,
        scene(ground.survivor, ground.database_url) as stage,
    ):
        record = await request_meets(failpoint, victim, stage, ben_comes_first=True, until_ben_has_it=True)

    assert record.free_again_s is not None
    assert record.free_again_s <= FROZEN_S + SLACK_S
    assert (record.first_answer, record.settled) == (503, 409)


class WithoutAKey(Scene):
    """Ann asks again as if she had never asked."""

    async def post(
        self, at: Instance, who: Person, path: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        """See `Scene`."""
        return await super().post(at, who, path, body)


async def test_control_without_the_key_nobody_knows_what_became_of_the_hold(grounds: dict[str, Ground]) -> None:
    """She has the seat, and is told that it is somebody's."""
    ground = grounds["requests"]
    failpoint = "hold.after_commit:kill"

    async with (
        instance(ground.database_url, ground.redis_url, ground.logs / "control.log", failpoints=failpoint) as victim,
        scene(ground.survivor, ground.database_url) as stage,
    ):
        with pytest.raises(Broken, match="Ann was told 409"):
            await request_meets(failpoint, victim, WithoutAKey(**vars(stage)))


async def _in_one_instance(
    ground: Ground, places: Sequence[str], action: str, *, ben_comes_first: bool = False
) -> list[Record]:
    """Records of one instance that fails at `places`, one after the other."""
    failpoints = [f"{place}:{action}" for place in places]
    log = ground.logs / f"{places[0]}-{action}-{ben_comes_first}.log"
    records = []
    async with instance(ground.database_url, ground.redis_url, log, failpoints=",".join(failpoints)) as victim:
        for failpoint in failpoints:
            try:
                async with scene(ground.survivor, ground.database_url) as stage:
                    record = await request_meets(
                        failpoint, victim, stage, ben_comes_first=ben_comes_first or action == "stop"
                    )
                _check_times(record, ben_came_first=ben_comes_first or action == "stop")
            except Exception as error:
                raise AssertionError(f"{failpoint}: {error}\n{log.read_text()[-3000:]}") from error
            records.append(record)
    return records


def _check_times(record: Record, *, ben_came_first: bool) -> None:
    promised = IN_FLIGHT_S if ben_came_first else HOLD_S
    if record.failpoint.endswith(":stop") and record.first_answer in (200, 201):
        promised = STOPPED_S + HOLD_S  # she came back in time after all, and what she got lasts as long as anybody's
    assert record.free_again_s is None or record.free_again_s <= promised + SLACK_S, record
    assert record.settled_s is not None
    assert record.settled_s <= SLACK_S, record
    assert record.viewer_s is not None
    assert record.viewer_s <= SLACK_S, record


async def _all_of(records: list[Record], scenarios: Iterable[Awaitable[list[Record]]]) -> None:
    few = asyncio.Semaphore(AT_ONCE)

    async def one(scenario: Awaitable[list[Record]]) -> list[Record]:
        async with few:
            return await scenario

    done = await asyncio.gather(*map(one, scenarios), return_exceptions=True)
    records += [record for result in done if isinstance(result, list) for record in result]
    broken = [result for result in done if isinstance(result, BaseException)]
    assert not broken, "\n\n".join(str(error) for error in broken)


def _operations() -> list[str]:
    return [operation for operation in PLACES if operation != "expire"]


def _places(operation: str) -> list[str]:
    return [f"{operation}.{step}" for step in PLACES[operation]]


def _sampled(places: list[str], action: str, request: pytest.FixtureRequest) -> list[str]:
    if request.config.getoption("--all-failpoints", default=False):
        return places
    chosen = random.Random(f"{action} {SEED}").sample(places, max(1, round(len(places) * SAMPLE)))  # noqa: S311 - not a secret
    return sorted(chosen, key=places.index)
