"""The checker on hand-made histories of the door, and of holds in one call: as test_checker.py, for these."""

from typing import Any

import pytest

from chaos.checker import door, effects, promises
from chaos.records import BookingRow, SeatRow, Try
from tests.unit.chaos.story import ANN, BEN, EPOCH, Story, a_good_evening, hold_body, replaced, without

NORTH, SOUTH = "North", "South"
ENTERED = {"gate": NORTH, "admitted_at": "1970-01-01T00:16:44.100000Z"}
"""At 4.1 s."""


def _problem(slug: str, **members: Any) -> dict[str, Any]:
    return {"type": f"/problems/{slug}", **members}


def _scanned(story: Story, at: float, status: int | None, body: Any = None, **otherwise: Any) -> str:
    """A scan of booking 71, which is genuine and at the right door, unless it is said otherwise."""
    asked: dict[str, Any] = {"booking_id": 71, "gate": NORTH, "event_id": 1, "ticket_of": 1, **otherwise}
    return story.tried("admit", 0, (at, at + 0.2), status, body, **asked)


def an_evening_with_a_door() -> Story:
    """Ann comes with ticket 71, the only one that she kept; whoever comes with it after her is told."""
    story = a_good_evening()
    _scanned(story, 4.0, 200, ENTERED)
    _scanned(story, 4.1, 409, _problem("ticket-used", **ENTERED), gate=SOUTH)
    _scanned(story, 4.5, 410, _problem("booking-cancelled"), booking_id=72)
    _scanned(story, 4.6, 409, _problem("ticket-for-another-event"), event_id=2)
    _scanned(story, 4.7, 404, _problem("ticket-unknown"), ticket_of=None)
    story.tried("cancel", ANN, (5.0, 5.1), 409, _problem("ticket-used", **ENTERED), booking_id=71)
    return replaced(story, _booking(71), admitted_at_epoch=EPOCH + 4.1, admitted_gate=NORTH)


def _booking(booking_id: int) -> Any:
    return lambda record: isinstance(record, BookingRow) and record.booking_id == booking_id


def _seat(seat_id: int) -> Any:
    return lambda record: isinstance(record, SeatRow) and record.seat_id == seat_id


def _answer(status: int, kind: str = "admit", **asked: Any) -> Any:
    return lambda record: (
        getattr(record, "kind", "") == kind
        and record.status == status
        and all(record.asked.get(name) == value for name, value in asked.items())
    )


def test_an_evening_with_a_door_breaks_no_rule() -> None:
    assert an_evening_with_a_door().rules_broken() == set()


def test_a_ticket_that_lets_in_twice_is_found() -> None:
    story = replaced(an_evening_with_a_door(), _answer(409, gate=SOUTH), status=200, body={**ENTERED, "gate": SOUTH})

    assert story.rules_broken() == {door.ONCE, door.LOST}


def test_even_the_same_entry_is_not_told_to_two_scans() -> None:
    story = an_evening_with_a_door()
    _scanned(story, 6.0, 200, ENTERED)

    assert story.rules_broken() == {door.ONCE}


@pytest.mark.parametrize(
    "changes",
    [
        {"admitted_at_epoch": None, "admitted_gate": None},
        {"admitted_at_epoch": EPOCH + 4.101},
        {"admitted_gate": SOUTH},
    ],
)
def test_an_admission_that_is_lost_or_changed_is_found(changes: dict[str, Any]) -> None:
    story = replaced(an_evening_with_a_door(), _booking(71), **changes)

    assert door.LOST in story.rules_broken()


def test_a_ticket_that_was_used_and_cancelled_is_found() -> None:
    story = replaced(an_evening_with_a_door(), _answer(409, "cancel"), status=200, body={})

    assert door.BOTH in story.rules_broken()


def test_a_used_ticket_of_a_cancelled_booking_is_found() -> None:
    story = replaced(an_evening_with_a_door(), _booking(72), admitted_at_epoch=EPOCH + 4, admitted_gate=NORTH)

    assert story.rules_broken() == {door.BOTH, door.UNASKED}


def test_a_ticket_that_nobody_scanned_is_not_used() -> None:
    story = without(an_evening_with_a_door(), _answer(200))

    assert story.rules_broken() == {door.UNASKED, door.LIE}


def test_a_scan_that_was_refused_lets_nobody_in() -> None:
    story = replaced(an_evening_with_a_door(), _answer(200), status=409, body=_problem("ticket-used", **ENTERED))

    assert story.rules_broken() == {door.UNASKED, door.LIE}


def test_a_scan_without_an_answer_may_have_let_in() -> None:
    story = replaced(an_evening_with_a_door(), _answer(200), status=None, body=None)

    assert story.rules_broken() == set()


@pytest.mark.parametrize("wrong", [{"ticket_of": None}, {"event_id": 2}])
def test_a_made_up_code_and_a_wrong_door_let_nobody_in(wrong: dict[str, Any]) -> None:
    story = an_evening_with_a_door()
    [scan] = filter(_answer(200), story.records)
    assert isinstance(scan, Try)
    replaced(story, _answer(200), asked={**scan.asked, **wrong})

    assert door.LIE in story.rules_broken()


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (410, _problem("booking-cancelled")),
        (404, _problem("ticket-unknown")),
        (409, _problem("ticket-for-another-event")),
        (409, _problem("ticket-used", gate=SOUTH, admitted_at=ENTERED["admitted_at"])),
        (409, _problem("ticket-used", gate=NORTH, admitted_at="1970-01-01T00:16:45Z")),
    ],
)
def test_whoever_is_sent_away_with_an_untruth_is_found(status: int, problem: dict[str, Any]) -> None:
    story = an_evening_with_a_door()
    _scanned(story, 6.0, status, problem)

    assert story.rules_broken() == {door.LIE}


def test_a_cancellation_that_is_refused_before_anybody_came_is_found() -> None:
    story = replaced(an_evening_with_a_door(), _answer(409, "cancel"), invoke=3.3, returned=3.4)

    assert story.rules_broken() == {door.LIE}


@pytest.mark.parametrize(("deleted_at", "rules"), [(4.8, set()), (6.0, {door.LIE})])
def test_a_ticket_is_unknown_once_its_event_is_being_deleted(deleted_at: float, rules: set[str]) -> None:
    story = an_evening_with_a_door()
    _scanned(story, 5.5, 404, _problem("ticket-unknown"))
    story.tried("delete-event", 0, (deleted_at, 7.0), 503, event_id=1)

    assert story.rules_broken() == rules


def _held_in_one_call(seats: dict[int, int], status: int | None = 201, quantity: int = 1) -> Story:
    """Ben lets the service choose among seats 2 and 3, and gets these."""
    story = a_good_evening()
    body = hold_body("h9", seats) if status else None
    story.tried("hold", BEN, (10.0, 10.1), status, body, event_id=1, quantity=quantity, among=[2, 3])
    for seat, version in seats.items():
        story.row(seat, version, "available>held", 10.05, who=BEN, hold="h9", xid=30)
        story.row(seat, version + 1, "held>available", 200, who=BEN, hold="h9", xid=31)
        replaced(story, _seat(seat), version=version + 1)
    return story


@pytest.mark.parametrize("status", [201, None])
def test_any_seats_that_it_may_choose_among_are_right_for_a_hold_in_one_call(status: int | None) -> None:
    assert _held_in_one_call({3: 3}, status).rules_broken() == set()
    assert _held_in_one_call({2: 4, 3: 3}, status, quantity=2).rules_broken() == set()


def test_too_few_seats_in_one_call_are_found() -> None:
    assert _held_in_one_call({3: 3}, quantity=2).rules_broken() == {effects.DURABLE}
    assert _held_in_one_call({3: 3}, None, quantity=2).rules_broken() == {effects.EXPLAINED}


def test_seats_that_were_not_to_be_chosen_are_found() -> None:
    story = _held_in_one_call({3: 3})
    replaced(story, lambda r: getattr(r, "asked", {}).get("quantity") == 1, asked={"quantity": 1, "among": [1, 2]})

    assert story.rules_broken() == {effects.DURABLE}


def test_an_open_hold_in_one_call_explains_one_effect_beside_one_that_names_its_seats() -> None:
    story = _held_in_one_call({3: 3}, None)
    story.tried("hold", BEN, (9.0, 9.1), None, seats=[2])
    story.row(2, 4, "available>held", 10.06, who=BEN, hold="h8", xid=32)
    story.row(2, 5, "held>available", 201, who=BEN, hold="h8", xid=33)
    replaced(story, _seat(2), version=5)
    once = story.rules_broken()

    without(story, lambda r: getattr(r, "asked", {}).get("seats") == [2] and r.invoke == 9.0)

    assert once == set()
    assert story.rules_broken() == {effects.EXPLAINED}


@pytest.mark.parametrize(("among", "rules"), [([2, 3], set()), ([3], {promises.REFUSED})])
def test_who_may_be_given_a_seat_is_a_reason_to_refuse_it_to_others(among: list[int], rules: set[str]) -> None:
    story = a_good_evening()
    story.tried("hold", ANN, (39.0, 39.5), 409, {}, event_id=1, quantity=1, among=among)
    story.tried("hold", BEN, (40.0, 40.1), 409, {"seats": [{"seat_id": 2}]}, seats=[2])

    assert story.rules_broken() == rules
