"""Whatever the network does to the news, every viewer sees the truth in the end, and no map goes back."""

import asyncio
from collections.abc import Callable

import pytest

from tests.stateful.histories import Histories
from tests.stateful.live_machine import live_machine_for
from tests.stateful.live_stage import live_stage

USUAL = Histories(60, steps=40)


@pytest.mark.timeout(7200)
def test_every_viewer_sees_the_truth(
    runner: asyncio.Runner,
    clean_database: str,
    more_histories: Histories | None,
    count: Callable[[str], None],
) -> None:
    histories = more_histories or USUAL
    with live_stage(runner, clean_database) as stage:
        machine = live_machine_for(stage, runner.run)
        histories.run(machine)

    count(f"live map: {histories.count:,} histories, {machine.steps:,} steps, every viewer told the truth")
