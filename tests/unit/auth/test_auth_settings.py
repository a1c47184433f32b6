"""The settings of the auth service."""

from typing import Any

import pytest
from pydantic import ValidationError

from auth_service.settings import AuthSettings
from tests.support.apps import environ


def settings(**changes: Any) -> AuthSettings:
    """Good settings, but for `changes`."""
    good = environ(database_url="postgresql://nobody@localhost/none", redis_url="redis://localhost")
    return AuthSettings.model_validate({**good, **changes})


def test_tokens_last_as_long_as_the_contract_says() -> None:
    assert settings().access_token_lifetime_s == 1800
    assert settings().session_lifetime.days == 30


def test_production_refuses_cheap_hashes() -> None:
    assert settings(bcrypt_cost=4, environment="test").bcrypt_cost == 4
    assert settings(bcrypt_cost=10, environment="production").bcrypt_cost == 10
    with pytest.raises(ValidationError, match="BCRYPT_COST must be at least 10"):
        settings(bcrypt_cost=9, environment="production")


@pytest.mark.parametrize(
    "change",
    [
        {"bcrypt_cost": 3},
        {"bcrypt_cost": 31},
        {"password_queue": 0},
        {"access_token_lifetime_s": 0},
        {"refresh_token_lifetime_s": -1},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_stop_the_start(change: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        settings(**change)
