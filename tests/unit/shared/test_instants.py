"""Instants in requests: RFC 3339 and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.instants import parse_instant


@pytest.mark.parametrize(
    "text",
    ["2030-05-17T19:30:00Z", "2030-05-17T21:30:00+02:00", "2030-05-17t19:30:00z", "2030-05-17T19:30:00.000Z",
     "2030-05-17T19:30:00.0Z", "2030-05-16T20:00:00-23:30"],
)  # fmt: skip
def test_one_instant_has_several_spellings(text: str) -> None:
    assert parse_instant(text) == datetime(2030, 5, 17, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["", "2031-05-17", "2031-05-17T19:30:00", "2030-05-17 19:30:00Z", "2030-05-17T19:30Z", "20300517T193000Z",
     "2030-W20-5T19:30:00Z", "1905300000", 1905300000, 1.5, True, None, [], "2030-02-29T00:00:00Z",
     "2030-05-17T25:00:00Z", "2030-05-17T19:30:60Z", "2030-05-17T19:30:00+99:99", "0001-01-01T00:00:00+23:00",
     "9999-12-31T23:59:59-23:00", "\uff12\uff10\uff13\uff10-05-17T19:30:00Z", "2030-05-17T19:30:00Z\n"],
)  # fmt: skip
def test_what_is_no_instant_is_refused_without_repeating_it(value: Any) -> None:
    with pytest.raises(ValueError, match=r"must be|is not a date") as refusal:
        parse_instant(value)

    assert not value or str(value) not in str(refusal.value)


@given(st.text(alphabet="0123456789-+:TZ.", max_size=40))
def test_any_text_is_an_instant_or_a_value_error(text: str) -> None:
    try:
        assert parse_instant(text).tzinfo is UTC
    except ValueError:
        return
