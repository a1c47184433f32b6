"""Fields take exactly what they say."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.chassis.fields import MAX_ID, EntityId, Input, Instant, Output, PathId, Text
from tests.support.hostile import hostile_ids


class Holding(Input):
    """A body with an id."""

    seat_id: EntityId
    note: Text = ""


class Showing(Output):
    """An answer with an instant."""

    start_time: Instant


@pytest.mark.parametrize("seat_id", [1, 42, MAX_ID])
def test_an_id_is_a_positive_whole_number(seat_id: int) -> None:
    assert Holding.model_validate({"seat_id": seat_id}).seat_id == seat_id


@pytest.mark.parametrize(
    "seat_id",
    [True, 1.0, "42", 0, -1, MAX_ID + 1, 10**30, None, [1]],
    ids=repr,
)
def test_nothing_else_is_an_id(seat_id: Any) -> None:
    with pytest.raises(ValidationError):
        Holding.model_validate({"seat_id": seat_id})


def test_a_body_may_have_no_members_beyond_those_declared() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Holding.model_validate({"seat_id": 1, "price": 0})


@pytest.mark.parametrize("note", ["a\0b", chr(0xD800), chr(0xDFFF)], ids=ascii)
def test_text_has_only_characters_that_can_be_stored(note: str) -> None:
    with pytest.raises(ValidationError):
        Holding.model_validate({"seat_id": 1, "note": note})


def test_text_may_be_of_any_script() -> None:
    assert Holding.model_validate({"seat_id": 1, "note": "Zoë 🎭 日本"}).note == "Zoë 🎭 日本"


@pytest.mark.parametrize("segment", ["1", "42", str(MAX_ID)])
def test_a_path_may_name_an_id(segment: str) -> None:
    assert TypeAdapter(PathId).validate_python(segment) == int(segment)


@pytest.mark.parametrize("segment", [*hostile_ids(), "٤٢", "\uff14\uff12", " 1", "1\n", ""], ids=ascii)
def test_a_path_may_name_nothing_that_python_would_also_take_for_a_number(segment: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PathId).validate_python(segment)


def test_instants_are_written_in_utc() -> None:
    berlin = datetime(2026, 12, 1, 20, 30, tzinfo=timezone(timedelta(hours=1)))

    assert Showing(start_time=berlin).model_dump(mode="json") == {"start_time": "2026-12-01T19:30:00Z"}


def test_an_instant_without_a_time_zone_is_none() -> None:
    with pytest.raises(ValidationError):
        Showing(start_time=datetime(2026, 12, 1, tzinfo=UTC).replace(tzinfo=None))


def test_the_docs_say_that_an_instant_is_one() -> None:
    schema = Showing.model_json_schema(mode="serialization")

    assert schema["properties"]["start_time"]["format"] == "date-time"
