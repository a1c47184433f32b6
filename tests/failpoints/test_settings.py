"""Failpoints are named exactly, cost nothing when they are off, and are refused in production."""

import pytest
from pydantic import ValidationError

from booking_service.failpoints import ACTIONS, PLACES, Failpoint, FailpointReached, armed, parse, pass_by
from booking_service.settings import BookingSettings
from tests.support.apps import environ

ANYWHERE = {"database_url": "postgresql://nobody@127.0.0.1:1/nothing", "redis_url": "redis://127.0.0.1:1/0"}


def _settings(**more: str) -> BookingSettings:
    return BookingSettings(**environ(**ANYWHERE, **more))  # type: ignore[arg-type]  # text, as in the environment


def test_there_are_none_by_default() -> None:
    settings = _settings(environment="production")

    assert settings.failpoints == ()
    assert armed(settings.failpoints, database_url="", application_name="") is pass_by


def test_production_does_not_start_with_one() -> None:
    with pytest.raises(ValidationError, match="FAILPOINTS are for tests"):
        _settings(environment="production", failpoints="hold.after_commit:kill")


def test_they_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILPOINTS", "hold.after_commit:kill, cancel.before_commit:drop")

    assert _settings().failpoints == (
        Failpoint("hold", "after_commit", "kill"),
        Failpoint("cancel", "before_commit", "drop"),
    )


@pytest.mark.parametrize("text", ["hold.after_lunch:kill", "hold.after_commit:panic", "after_commit:kill", "hold", ":"])
def test_a_place_or_an_action_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="there is no failpoint"):
        _settings(failpoints=text)


def test_every_place_and_action_can_be_written_down() -> None:
    texts = [f"{operation}.{step}:{action}" for operation in PLACES for step in PLACES[operation] for action in ACTIONS]

    assert [str(failpoint) for failpoint in parse(",".join(texts))] == texts


async def test_each_happens_once_and_only_at_its_place() -> None:
    reach = armed(parse("hold.after_commit:raise"), database_url="", application_name="")

    await reach("hold", "before_commit")
    await reach("confirm", "after_commit")
    with pytest.raises(FailpointReached):
        await reach("hold", "after_commit")
    await reach("hold", "after_commit")
