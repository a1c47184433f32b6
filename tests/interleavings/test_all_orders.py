"""Whatever the order, nobody gets a seat twice, nothing is half done, and everybody was told the truth."""

import random

import pytest

from tests.interleavings.combinations import TWINS, Combination, combinations, local_steps
from tests.interleavings.laboratory import Laboratory, Survey
from tests.interleavings.operations import OPERATIONS
from tests.interleavings.situations import SITUATIONS

SAMPLE = 0.15
"""The part of the 3-way combinations that is run by default; with --all-orders, all of them are."""
SEED = 3

BEN_TAKES_OVER = (
    "held: confirm.1 clock.1 holdB.1 holdB.2 confirm.2 confirm.3 holdB.3"  # Cem's hold ends between two of his steps
)


@pytest.mark.timeout(600)
async def test_every_order_of_two_operations(laboratory: Laboratory, surveys: list[Survey]) -> None:
    begun = len(surveys)

    for situation, operations in [*TWINS, *combinations(2)]:
        await _survey(laboratory, surveys, (situation, operations))

    assert {operation for survey in surveys[begun:] for operation in survey.operations} >= set(OPERATIONS)
    assert sum(survey.schedules for survey in surveys[begun:]) > 2_500
    assert sum(survey.waited for survey in surveys[begun:]) > 1_000


@pytest.mark.timeout(600)
@pytest.mark.parametrize("situation", SITUATIONS)
async def test_every_order_of_three_operations(
    laboratory: Laboratory, surveys: list[Survey], request: pytest.FixtureRequest, situation: str
) -> None:
    chosen = [combination for combination in combinations(3) if combination[0] == situation]
    if not request.config.getoption("--all-orders", default=False):
        dice = random.Random(SEED)  # noqa: S311 - not a secret
        chosen = dice.sample(chosen, max(1, round(len(chosen) * SAMPLE)))
    begun = len(surveys)

    for combination in chosen:
        await _survey(laboratory, surveys, combination, pruned=True)

    schedules = [survey.schedules for survey in surveys[begun:]]
    assert min(schedules) >= 6
    assert sum(schedules) > 25 * len(chosen)


async def test_a_schedule_runs_again_from_its_text(
    laboratory: Laboratory, request: pytest.FixtureRequest, stories: list[str]
) -> None:
    schedule = request.config.getoption("--schedule", default=None)

    ran = await laboratory.replay(schedule or BEN_TAKES_OVER)

    if schedule:
        stories.append(ran.story())
    else:
        assert ran.schedule.startswith(BEN_TAKES_OVER)
        assert ran.outcome.startswith("clock 200, confirm 410 hold-ended, holdB 201")
    assert not ran.wrong, ran.story()


async def _survey(
    laboratory: Laboratory, surveys: list[Survey], combination: Combination, *, pruned: bool = False
) -> None:
    situation, operations = combination
    if pruned:
        survey = await laboratory.survey(situation, operations, is_local=local_steps(operations))
    else:
        survey = await laboratory.survey(situation, operations)
    surveys.append(survey)
    assert survey.wrong is None, survey.wrong.story()
