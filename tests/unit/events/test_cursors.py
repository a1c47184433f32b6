"""Cursors: what was written is read back, and nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_service.catalog.cursors import MAX_CURSOR_CHARS, BrokenCursor, Cursors, Position
from shared.chassis.fields import MAX_ID

CURSORS = Cursors("a-secret-for-tests-only-0123456789abcdef")
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
POSITIONS = st.builds(Position, INSTANTS, st.integers(1, MAX_ID))


@given(POSITIONS)
def test_a_position_survives(position: Position) -> None:
    cursor = CURSORS.write(position)

    assert CURSORS.read(cursor) == position
    assert len(cursor) <= MAX_CURSOR_CHARS
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=MAX_CURSOR_CHARS))
def test_made_up_text_is_no_cursor(text: str) -> None:
    with pytest.raises(BrokenCursor):
        CURSORS.read(text)


@given(POSITIONS, st.data())
def test_a_changed_character_breaks_it(position: Position, data: st.DataObject) -> None:
    cursor = CURSORS.write(position)
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("ABCabc019-_=+/ ").filter(lambda character: character != cursor[place]))

    with pytest.raises(BrokenCursor):
        CURSORS.read(cursor[:place] + other + cursor[place + 1 :])


def test_a_cursor_of_another_installation_is_none_of_ours() -> None:
    cursor = Cursors("another-secret-0123456789abcdef0123").write(Position(datetime(2030, 1, 1, tzinfo=UTC), 1))

    with pytest.raises(BrokenCursor):
        CURSORS.read(cursor)
