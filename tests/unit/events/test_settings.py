"""Settings of the events service."""

import pytest
from pydantic import ValidationError

from events_service.settings import EventsSettings
from tests.support.apps import environ

ADDRESSES = environ(database_url="postgresql://u:p@localhost/db", redis_url="redis://localhost/0")


def test_pictures_are_under_api_and_no_key_is_needed() -> None:
    settings = EventsSettings.model_validate(ADDRESSES)

    assert settings.public_api_prefix == "/api"
    assert settings.browse_cache_ttl_s == 60
    assert settings.tmdb_api_key is settings.spotify_client_id is settings.spotify_client_secret is None


def test_they_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ADDRESSES.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("TMDB_API_KEY", "a-key")
    monkeypatch.setenv("PUBLIC_API_PREFIX", "")

    settings = EventsSettings()

    assert settings.public_api_prefix == ""
    assert "a-key" not in repr(settings)


@pytest.mark.parametrize("prefix", ["api", "/api/", "//evil.example", "https://evil.example", "/a b", "/a\n", "/<b>"])
def test_a_prefix_that_is_no_path_stops_the_start(prefix: str) -> None:
    with pytest.raises(ValidationError):
        EventsSettings.model_validate({**ADDRESSES, "public_api_prefix": prefix})
