"""The verdict: right evidence passes, and each planted fault is found by the check that is meant to find it."""

from dataclasses import replace

import pytest

from loadtest.checks import free_again, verdict
from loadtest.model import Answer, DatabaseEvidence, Evidence, Holder, LedgerRow, SeatRow, SeatState
from tests.unit.loadtest.make import TARGET, answer, good_evidence, lost, person, unanswered, won

WINNER = won()
GOOD = good_evidence(WINNER, lost(), lost())
assert GOOD.database is not None
assert GOOD.database.seat is not None
GOOD_SEAT = GOOD.database.seat
GOOD_LEDGER = GOOD.database.ledger


def failed(evidence: Evidence) -> list[str]:
    return [check.sentence.split(",")[0] for check in verdict(evidence) if not check.passed]


def test_a_race_as_it_should_be_passes_every_check() -> None:
    assert failed(GOOD) == []
    assert len(verdict(GOOD)) == 6


def test_without_a_database_only_the_api_is_judged() -> None:
    assert failed(replace(GOOD, database=None)) == []
    assert len(verdict(replace(GOOD, database=None))) == 4


def test_a_second_winner_is_found_in_the_answers() -> None:
    second = won("second@example.com", user_id=43)

    checks = verdict(replace(GOOD, answers=(WINNER, second, lost())))

    assert not checks[0].passed
    assert checks[0].seen == "2 answers are 201: winner@example.com, second@example.com"


def test_no_winner_is_found() -> None:
    assert "exactly one answer is 201" in failed(replace(GOOD, answers=(lost(), lost())))


def test_a_hold_on_another_seat_is_no_win() -> None:
    other = answer(201, {"hold_id": WINNER.hold_id, "seats": [{"seat_id": 6}]}, user_id=42)

    assert "exactly one answer is 201" in failed(replace(GOOD, answers=(other, lost())))


@pytest.mark.parametrize(
    "odd",
    [
        answer(500),
        answer(429),
        answer(200),
        unanswered(),
        lost(seat_id=6),
        answer(409, {"seats": [{"seat_id": TARGET.seat_id}]}),
        answer(409, ["not", "an", "object"], content_type="application/problem+json"),
        answer(409, {"seats": TARGET.seat_id}, content_type="application/problem+json"),
        answer(409, {"seats": [{"seat_id": [TARGET.seat_id]}]}, content_type="application/problem+json"),
    ],
)
def test_a_loser_without_a_proper_refusal_is_found(odd: Answer) -> None:
    assert failed(replace(GOOD, answers=(WINNER, lost(), odd))) == ["every other answer is 409"]


@pytest.mark.parametrize("state", [SeatState("available", 3), SeatState("held", 5), SeatState("booked", 4)])
def test_a_seat_that_the_api_shows_otherwise_is_found(state: SeatState) -> None:
    assert failed(replace(GOOD, seat=state)) == ["GET /events/7/seats shows the seat held"]


@pytest.mark.parametrize(
    "holders",
    [
        (),
        (*GOOD.holders, Holder(person("thief@example.com", id=9), "another-hold")),
        (*GOOD.holders, *GOOD.holders),
        (Holder(WINNER.person, "another-hold"),),
    ],
)
def test_a_hold_with_somebody_else_or_with_nobody_is_found(holders: tuple[Holder, ...]) -> None:
    assert failed(replace(GOOD, holders=holders)) == ["the winner has the hold in /my-holds"]


@pytest.mark.parametrize(
    "row",
    [
        None,
        replace(GOOD_SEAT, status="available"),
        replace(GOOD_SEAT, version=5),
        replace(GOOD_SEAT, hold_id="another-hold"),
        replace(GOOD_SEAT, held_by=43),
    ],
)
def test_a_seat_row_that_is_not_the_winners_is_found(row: SeatRow | None) -> None:
    evidence = replace(GOOD, database=DatabaseEvidence(row, GOOD_LEDGER))

    assert failed(evidence) == ["the database has the seat held by the winner"]


@pytest.mark.parametrize(
    "ledger",
    [
        (),
        GOOD_LEDGER * 2,
        (*GOOD_LEDGER, LedgerRow(5, "held", "held", "another-hold", 43)),
        (replace(GOOD_LEDGER[0], version=5),),
        (replace(GOOD_LEDGER[0], old_status="held"),),
        (replace(GOOD_LEDGER[0], hold_id="another-hold"),),
        (replace(GOOD_LEDGER[0], user_id=43),),
    ],
)
def test_a_ledger_without_exactly_this_change_is_found(ledger: tuple[LedgerRow, ...]) -> None:
    evidence = replace(GOOD, database=DatabaseEvidence(GOOD_SEAT, ledger))

    assert failed(evidence) == ["the ledger has exactly one new row: version 4"]


def test_a_released_seat_is_free_in_the_api_and_in_the_database() -> None:
    assert free_again(SeatState("available", 5), None, refused=[]).passed
    assert free_again(SeatState("available", 5), SeatRow("available", 5, None, None), refused=[]).passed


def test_a_seat_that_stays_held_is_found() -> None:
    freed = SeatState("available", 5)

    assert not free_again(SeatState("held", 4), None, refused=[]).passed
    assert not free_again(freed, replace(GOOD_SEAT, status="held"), refused=[]).passed
    assert free_again(freed, None, refused=["404"]).seen == "404"
