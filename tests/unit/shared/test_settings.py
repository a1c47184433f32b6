"""A service starts with the settings it needs, or says which one is missing."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.database import UnsafeDatabase, refuse_unsafe_settings
from shared.engine import sqlalchemy_url
from shared.settings import Environment, SharedSettings

GOOD: dict[str, Any] = {
    "database_url": "postgresql://frontrow:pw@db:5432/frontrow",
    "redis_url": "redis://:pw@redis:6379/0",
    "jwt_secret": "0123456789abcdef0123456789abcdef",
}
SAFE = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the test says."""
    for name in SharedSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_what_is_not_said_is_the_safe_thing() -> None:
    settings = SharedSettings(**GOOD)

    assert settings.environment is Environment.PRODUCTION
    assert settings.allowed_origins == ()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example/, https://b.example,")

    settings = SharedSettings()

    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize("name", GOOD)
def test_nothing_starts_without_its_addresses_and_its_secret(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        SharedSettings(**{other: value for other, value in GOOD.items() if other != name})


def test_a_short_secret_is_refused_and_never_shown() -> None:
    with pytest.raises(ValidationError, match="at least 32 bytes") as refusal:
        SharedSettings(**GOOD | {"jwt_secret": "correct-horse"})

    assert "correct-horse" not in str(refusal.value)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert GOOD["jwt_secret"] not in repr(SharedSettings(**GOOD))


def test_the_address_of_the_database_fits_both_drivers() -> None:
    url = SharedSettings(**GOOD).database_url

    assert sqlalchemy_url(url, driver="asyncpg") == "postgresql+asyncpg://frontrow:pw@db:5432/frontrow"
    assert sqlalchemy_url(url, driver="psycopg2") == "postgresql+psycopg2://frontrow:pw@db:5432/frontrow"


@pytest.mark.parametrize("environment", Environment)
def test_a_database_that_keeps_what_it_acknowledged_is_taken(environment: Environment) -> None:
    refuse_unsafe_settings(SAFE, environment)


@pytest.mark.parametrize("environment", Environment)
def test_a_database_that_acknowledges_too_early_is_refused_everywhere(environment: Environment) -> None:
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
        refuse_unsafe_settings(SAFE | {"synchronous_commit": "off"}, environment)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_only_tests_may_use_a_database_that_a_power_cut_would_empty(name: str) -> None:
    refuse_unsafe_settings(SAFE | {name: "off"}, Environment.TEST)

    with pytest.raises(UnsafeDatabase, match=name):
        refuse_unsafe_settings(SAFE | {name: "off"}, Environment.PRODUCTION)
