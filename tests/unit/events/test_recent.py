"""What was used lately is kept, within a bound."""

from events_service.recent import Recent


def of_room(room: int) -> Recent[str, str]:
    """Each value takes as much room as it has letters."""
    return Recent(room=room, size_of=len)


def test_what_was_not_used_for_longest_makes_room() -> None:
    recent = of_room(3)
    for key in "abc":
        recent.put(key, key)
    recent.get("a")

    recent.put("d", "d")

    assert [recent.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_a_large_value_makes_room_for_itself_and_a_larger_one_than_all_is_not_kept() -> None:
    recent = of_room(3)
    for key in "abc":
        recent.put(key, key)

    recent.put("d", "dd")
    recent.put("e", "eeee")

    assert [recent.get(key) for key in "abcde"] == [None, None, "c", "dd", None]


def test_a_value_takes_the_place_of_the_one_before_and_leaves_room_when_it_goes() -> None:
    recent = of_room(3)
    recent.put("a", "aaa")

    recent.put("a", "a")
    recent.put("b", "bb")
    recent.drop("a")
    recent.put("c", "c")

    assert [recent.get(key) for key in "abc"] == [None, "bb", "c"]


def test_a_value_that_does_not_fit_does_not_leave_the_one_before_in_its_place() -> None:
    recent = of_room(3)
    recent.put("a", "a")

    recent.put("a", "aaaa")

    assert recent.get("a") is None
