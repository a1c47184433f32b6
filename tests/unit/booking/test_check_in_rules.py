"""The rules of the door."""

from datetime import UTC, datetime, timedelta

import pytest

from booking_service.check_in.rules import CLOCKS_MAY_DIFFER, Entry, is_the_same_entry, lies_in_the_future

NOW = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
A_MOMENT = timedelta(milliseconds=1)
ADA, BO = 7, 8
KNOWN = Entry(NOW, "North", ADA)


def test_a_clock_may_be_a_minute_fast_and_no_more() -> None:
    assert not lies_in_the_future(NOW + CLOCKS_MAY_DIFFER, now=NOW)
    assert lies_in_the_future(NOW + CLOCKS_MAY_DIFFER + A_MOMENT, now=NOW)


def test_yesterday_is_not_the_future() -> None:
    assert not lies_in_the_future(NOW - timedelta(days=1), now=NOW)


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_same_scanner_at_about_the_same_time_tells_of_the_same_entry(sign: int) -> None:
    assert is_the_same_entry(Entry(NOW + sign * CLOCKS_MAY_DIFFER, "North", ADA), KNOWN)
    assert not is_the_same_entry(Entry(NOW + sign * (CLOCKS_MAY_DIFFER + A_MOMENT), "North", ADA), KNOWN)


@pytest.mark.parametrize(("gate", "by"), [("South", ADA), (None, ADA), ("North", BO)])
def test_another_gate_or_another_person_tells_of_another_entry(gate: str | None, by: int) -> None:
    assert not is_the_same_entry(Entry(NOW, gate, by), KNOWN)


def test_gates_without_a_name_are_one() -> None:
    assert is_the_same_entry(Entry(NOW, None, ADA), Entry(NOW, None, ADA))
