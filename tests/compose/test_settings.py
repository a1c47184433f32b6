"""Every setting of a service can be set in .env, and .env.example tells the truth about its default."""

import re

import pytest
import yaml
from pydantic_core import PydanticUndefined

from auth_service.settings import AuthSettings
from booking_service.settings import BookingSettings
from events_service.settings import EventsSettings
from shared.settings import SharedSettings
from tests.compose.stack import ROOT

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SETTINGS = {"auth-service": AuthSettings, "events-service": EventsSettings, "booking-service": BookingSettings}
FROM_FILES = {"DATABASE_URL", "REDIS_URL", "JWT_SECRET"}
EXAMPLE = dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
# What is set to a value in docker-compose.yml itself.
SET_BY_COMPOSE = {"TOKEN_URL"}

# What production refuses, and only tests set.
ONLY_FOR_TESTS = {"FAILPOINTS"}


@pytest.mark.parametrize("service", SETTINGS)
def test_a_setting_is_passed_on_to_its_service(service: str) -> None:
    wanted = {name.upper() for name in SETTINGS[service].model_fields} - FROM_FILES - ONLY_FOR_TESTS
    passed_on = set(SERVICES[service]["environment"])

    assert passed_on == wanted | {f"{name}_FILE" for name in FROM_FILES}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=lambda settings: settings.__name__)
def test_the_example_shows_each_default(settings: type[SharedSettings]) -> None:
    for name, field in settings.model_fields.items():
        if name.upper() in SET_BY_COMPOSE | ONLY_FOR_TESTS:
            continue
        shown = EXAMPLE[name.upper()]
        if field.default in (PydanticUndefined, None):
            assert shown == "", name
        elif field.default != ():
            default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
            assert shown.lower() == default.lower(), name


def test_the_example_names_nothing_that_is_not_read() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()

    for name in EXAMPLE:
        assert re.search(rf"\$\{{{name}:-|^\s+{name}:$", compose, re.MULTILINE), name


def test_the_handbook_explains_every_setting() -> None:
    handbook = (ROOT / "docs" / "self-hosting.md").read_text()

    assert [name for name in EXAMPLE if f"`{name}`" not in handbook] == []
