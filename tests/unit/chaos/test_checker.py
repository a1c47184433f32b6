"""The checker on hand-made histories: silent on a good one; each planted fault is found by the rule meant for it."""

from typing import Any

import pytest

from chaos.checker import answers, effects, ledger, maps, order, promises
from chaos.records import Audited, BookingRow, Fault, LedgerRow, MyBookings, Quiet, SeatRow, Seen
from tests.unit.chaos.story import (
    ANN,
    BEN,
    EPOCH,
    HOLD_S,
    Story,
    a_good_evening,
    hold_body,
    order_body,
    replaced,
    without,
)


def _row(seat: int, version: int) -> Any:
    return lambda record: isinstance(record, LedgerRow) and (record.seat_id, record.version) == (seat, version)


def test_a_good_evening_breaks_no_rule() -> None:
    assert a_good_evening().rules_broken() == set()


@pytest.mark.parametrize("version", [1, 2])
def test_an_acknowledged_step_that_is_not_in_the_ledger_is_found(version: int) -> None:
    story = without(a_good_evening(), _row(1, version))

    assert effects.DURABLE in story.rules_broken()


def test_a_gap_in_the_ledger_is_found() -> None:
    assert ledger.RULE in without(a_good_evening(), _row(2, 2)).rules_broken()


def test_a_ledger_that_does_not_end_at_the_seat_is_found() -> None:
    story = replaced(a_good_evening(), lambda r: isinstance(r, SeatRow) and r.seat_id == 1, status="available")

    assert ledger.RULE in story.rules_broken()


def test_a_step_that_nobody_may_take_is_found() -> None:
    story = replaced(a_good_evening(), _row(2, 3), new_status="held")

    assert ledger.RULE in story.rules_broken()


def test_a_seat_booked_out_of_somebody_elses_hold_is_found() -> None:
    story = replaced(a_good_evening(), _row(1, 2), user_id=BEN)

    assert story.rules_broken() >= {ledger.RULE, effects.DURABLE}


def test_a_hold_taken_over_before_its_end_is_found() -> None:
    story = Story()
    story.held(ANN, "h1", (1.0, 1.2), {1: 1})
    story.held(BEN, "h2", (1.3, 1.5), {1: 2})
    story.row(1, 1, "available>held", 1.1, who=ANN, hold="h1", xid=1)
    story.row(1, 2, "held>held", 1.4, who=BEN, hold="h2", xid=2)
    story.row(1, 3, "held>available", 9.0, who=BEN, hold="h2", xid=3)
    story.seat(1, "available", 3)

    assert story.rules_broken() >= {ledger.RULE}


def test_a_seat_that_stays_held_is_found() -> None:
    story = Story()
    story.held(ANN, "h1", (1.0, 1.2), {1: 1})
    story.row(1, 1, "available>held", 1.1, who=ANN, hold="h1", xid=1)
    story.seat(1, "held", 1, hold="h1")

    assert story.rules_broken() == {ledger.RULE}


def test_a_group_that_took_two_transactions_is_found() -> None:
    assert effects.DURABLE in replaced(a_good_evening(), _row(2, 1), xid=11).rules_broken()


def test_a_half_confirmed_hold_is_found() -> None:
    story = replaced(a_good_evening(), lambda r: getattr(r, "kind", "") == "confirm", body=order_body({71: 1}))

    assert effects.DURABLE in story.rules_broken()


def test_a_refused_hold_that_took_effect_is_found() -> None:
    story = replaced(
        a_good_evening(), lambda r: getattr(r, "kind", "") == "hold" and r.asked == {"seats": [3]}, status=409, body={}
    )

    assert effects.REFUSED in story.rules_broken()


def test_an_effect_that_nobody_asked_for_is_found() -> None:
    story = without(a_good_evening(), lambda r: getattr(r, "kind", "") == "cancel")

    assert effects.EXPLAINED in story.rules_broken()


def test_an_open_hold_explains_one_effect_and_no_second_one() -> None:
    story = Story()
    story.tried("hold", ANN, (1.0, 1.5), None, seats=[1])
    story.row(1, 1, "available>held", 1.1, who=ANN, hold="h1", xid=1)
    story.row(1, 2, "held>available", 200, who=ANN, hold="h1", xid=2)
    story.seat(1, "available", 2)
    once = story.rules_broken()

    story.records.pop()
    story.row(1, 3, "available>held", 210, who=ANN, hold="h2", xid=3)
    story.row(1, 4, "held>available", 400, who=ANN, hold="h2", xid=4)
    story.seat(1, "available", 4)

    assert once == set()
    assert story.rules_broken() == {effects.EXPLAINED}


def test_a_confirmation_by_a_stranger_is_found() -> None:
    story = replaced(a_good_evening(), lambda r: getattr(r, "kind", "") == "confirm", user_id=BEN)

    assert story.rules_broken() >= {effects.DURABLE, effects.EXPLAINED}


def test_a_release_that_left_the_seats_with_the_hold_is_found() -> None:
    story = without(a_good_evening(), _row(3, 2))
    replaced(story, lambda r: isinstance(r, SeatRow) and r.seat_id == 3, status="held", version=1, hold_id="h2")

    assert effects.DURABLE in story.rules_broken()


def test_another_answer_to_the_same_key_is_found() -> None:
    story = Story()
    key = story.held(ANN, "h1", (1.0, 1.2), {1: 1})
    story.tried("hold", ANN, (1.5, 1.6), 409, {"seats": []}, key=key, seats=[1])

    assert answers.KEY in story.rules_broken()


def test_a_lower_version_for_what_began_later_is_found() -> None:
    story = Story()
    story.held(ANN, "h1", (5.0, 5.2), {1: 1})
    story.held(BEN, "h2", (1.0, 1.2), {1: 3})
    story.row(1, 1, "available>held", 5.1, who=ANN, hold="h1", xid=1)
    story.row(1, 2, "held>available", 105.5, who=ANN, hold="h1", xid=2)
    story.row(1, 3, "available>held", 106, who=BEN, hold="h2", xid=3)
    story.row(1, 4, "held>available", 300, who=BEN, hold="h2", xid=4)
    story.seat(1, "available", 4)

    assert story.rules_broken() == {order.RULE}


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        ([1, "held", 1], order.STALE),
        ([1, "booked", 9], order.INVENTED),
        ([1, "held", 2], order.INVENTED),
    ],
)
def test_a_read_that_is_stale_or_invented_is_found(seen: list[Any], rule: str) -> None:
    story = a_good_evening()
    story.tried("look", 0, (3.5, 3.6), 200, [seen], event_id=1)

    assert rule in story.rules_broken()


def test_a_hold_that_is_said_to_have_ended_too_early_is_found() -> None:
    story = a_good_evening()
    story.held(BEN, "h3", (10.0, 10.1), {3: 3})
    story.tried("confirm", BEN, (11.0, 11.5), 410, {}, hold_id="h3")
    story.row(3, 3, "available>held", 10.05, who=BEN, hold="h3", xid=20)
    story.row(3, 4, "held>available", 112.5, who=BEN, hold="h3", xid=21)
    replaced(story, lambda r: isinstance(r, SeatRow) and r.seat_id == 3, version=4)

    assert story.rules_broken() == {promises.KEPT}


@pytest.mark.parametrize(("told_at", "broken"), [(12.9, True), (13.6, False)])
def test_an_extension_moves_the_promise(told_at: float, broken: bool) -> None:
    story = a_good_evening()
    story.held(BEN, "h3", (10.0, 10.1), {3: 3})
    story.tried("extend", BEN, (11.5, 11.6), 200, hold_body("h3", {3: 4}), hold_id="h3")
    story.tried("confirm", BEN, (12.8, told_at), 410, {}, hold_id="h3")
    story.row(3, 3, "available>held", 10.05, who=BEN, hold="h3", xid=20)
    story.row(3, 4, "held>held", 11.55, who=BEN, hold="h3", xid=21)
    story.row(3, 5, "held>available", 113.55, who=BEN, hold="h3", xid=22)
    replaced(story, lambda r: isinstance(r, SeatRow) and r.seat_id == 3, version=5)

    assert story.rules_broken() == ({promises.KEPT} if broken else set())


def test_a_hold_that_is_unknown_to_its_holder_is_found() -> None:
    story = a_good_evening()
    story.tried("extend", BEN, (2.3, 2.4), 404, {}, hold_id="h2")

    assert promises.KEPT in story.rules_broken()


def test_a_refusal_without_any_reason_is_found() -> None:
    story = a_good_evening()
    story.tried("hold", BEN, (40.0, 40.1), 409, {"seats": [{"seat_id": 2}]}, seats=[2])

    assert story.rules_broken() == {promises.REFUSED}


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        (Seen("viewer", 1, 4.0, True, [(1, "available", 0)]), maps.BACKWARDS),
        (Seen("viewer", 1, 4.0, False, [(1, "available", 0)]), maps.BACKWARDS),
        (Seen("viewer", 1, 4.0, False, [(1, "available", 2)]), order.INVENTED),
        (Seen("viewer", 1, 1.3, False, [(1, "booked", 2)]), maps.FUTURE),
        (Quiet("viewer 2", None, [1]), maps.DIFFERS),
    ],
)
def test_a_map_that_is_wrong_is_found(told: Seen | Quiet, rule: str) -> None:
    story = a_good_evening()
    story.records.append(told)

    assert rule in story.rules_broken()


@pytest.mark.parametrize(("beats", "broken"), [(maps.LAG_BEATS, False), (maps.LAG_BEATS + 1, True)])
def test_a_map_that_is_not_told_is_found(beats: int, broken: bool) -> None:
    story = a_good_evening()
    story.records += [
        Seen("viewer", 1, 3.2, False, [(1, "booked", 2), (2, "available", 3)]),  # nobody tells of seat 3
        *(Seen("viewer", 1, 3.3 + beat / 2, False, []) for beat in range(beats)),
    ]

    assert story.rules_broken() == ({maps.LATE} if broken else set())


def test_a_map_of_another_connection_may_be_older() -> None:
    story = a_good_evening()
    story.records.append(Seen("viewer", 2, 4.0, True, [(1, "available", 0)]))

    assert story.rules_broken() == set()


def test_a_booking_that_its_buyer_does_not_see_is_found() -> None:
    story = replaced(
        a_good_evening(),
        lambda r: isinstance(r, MyBookings) and r.user_id == ANN,
        items=[(72, "cancelled")],
    )

    assert story.rules_broken() == {answers.MINE}


def test_a_booking_that_was_cancelled_by_nobody_is_found() -> None:
    story = replaced(a_good_evening(), lambda r: isinstance(r, BookingRow) and r.booking_id == 71, status="cancelled")
    replaced(
        story,
        lambda r: isinstance(r, MyBookings) and r.user_id == ANN,
        items=[(72, "cancelled"), (71, "cancelled")],
    )

    assert story.rules_broken() == {answers.MINE}


def test_a_crash_is_found() -> None:
    story = a_good_evening()
    story.tried("hold", BEN, (4.0, 4.1), 500, {}, seats=[3])

    assert story.rules_broken() == {answers.CONTRACT}


def _clock_of(part: str, skew_s: float, begin: float, end: float) -> Fault:
    return Fault(1, "set clock", part, begin, end, skew_s=skew_s)


@pytest.mark.parametrize(
    "fault",
    [
        None,
        _clock_of("auth", -300, 3, 5),
        _clock_of("booking", 4.9, 3, 5),
        _clock_of("booking", -300, 1, 3.9),
        _clock_of("booking", -300, 4.2, 5),
    ],
)
def test_an_honest_token_that_is_not_let_in_where_the_clock_is_right_is_found(fault: Fault | None) -> None:
    story = a_good_evening()
    story.tried("hold", BEN, (4.0, 4.1), 401, {}, seats=[3])
    story.records += [fault] if fault else []

    assert story.rules_broken() == {answers.STRANGER}


def test_a_wrong_clock_may_turn_people_away_who_then_ask_elsewhere() -> None:
    story = a_good_evening()
    key = story.tried("hold", BEN, (3.9, 4.1), 401, {}, seats=[3])
    story.held(BEN, "h4", (4.2, 4.3), {3: 3}, key=key)
    story.row(3, 3, "available>held", 4.25, who=BEN, hold="h4", xid=20)
    story.row(3, 4, "held>available", 200, who=BEN, hold="h4", xid=21)
    replaced(story, lambda r: isinstance(r, SeatRow) and r.seat_id == 3, version=4)
    story.records.append(_clock_of("booking", -300, 4.05, 5))

    assert story.rules_broken() == set()


def test_who_was_turned_away_has_changed_nothing() -> None:
    story = a_good_evening()
    story.tried("hold", BEN, (4.0, 4.1), 401, {}, seats=[3])
    story.row(3, 3, "available>held", 4.05, who=BEN, hold="h4", xid=20)
    story.row(3, 4, "held>available", 200, who=BEN, hold="h4", xid=21)
    replaced(story, lambda r: isinstance(r, SeatRow) and r.seat_id == 3, version=4)
    story.records.append(_clock_of("booking", -300, 3, 5))

    assert story.rules_broken() == {effects.REFUSED}


@pytest.mark.parametrize(("skew_s", "rules"), [(3.0, {answers.STRANGER}), (30.0, set())])
def test_a_new_token_counts_the_clock_of_who_made_it_as_well(skew_s: float, rules: set[str]) -> None:
    story = a_good_evening()
    story.tried("mine", 0, (4.5, 4.6), 401, signed_in_from=4.0)
    story.records.append(_clock_of("auth", skew_s, 3.5, 4.2))

    assert story.rules_broken() == rules


def test_a_hold_that_lasts_longer_than_holds_do_is_found() -> None:
    story = replaced(a_good_evening(), _row(3, 1), hold_expiry_epoch=EPOCH + 2.1 + HOLD_S + 0.01)

    assert story.rules_broken() == {ledger.RULE}


@pytest.mark.parametrize("audited", [Audited(22, ["one_live_booking_per_seat: 1 rows"], []), Audited(0, [], ["away"])])
def test_what_the_auditor_says_counts(audited: Audited) -> None:
    story = replaced(
        a_good_evening(),
        lambda r: isinstance(r, Audited),
        invariants=audited.invariants,
        findings=audited.findings,
        errors=audited.errors,
    )

    assert story.rules_broken() == {answers.AUDIT}
