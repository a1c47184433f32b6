"""Refusals have one shape, and a page each."""

import json

import pytest

from shared.chassis.problems import (
    PROBLEM_SCHEMA,
    Conflict,
    Problem,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    problem_responses,
)


class SeatsTaken(Conflict):
    """For these tests."""

    slug, title = "seats-taken", "Somebody was faster"


def test_a_problem_is_a_document_with_a_stable_type() -> None:
    answer = SeatsTaken("Row A is gone.", seats=[1, 2]).response("/hold-seat")

    assert answer.status_code == 409
    assert answer.media_type == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(bytes(answer.body)) == {
        "type": "/problems/seats-taken",
        "title": "Somebody was faster",
        "status": 409,
        "detail": "Row A is gone.",
        "instance": "/hold-seat",
        "seats": [1, 2],
    }


def test_without_a_detail_the_title_says_it() -> None:
    assert SeatsTaken().document("/")["detail"] == "Somebody was faster"


def test_a_time_to_wait_is_a_header_too() -> None:
    assert TooManyRequests(retry_after=7).response("/").headers["retry-after"] == "7"
    assert Unavailable(retry_after=3).response("/").headers["retry-after"] == "3"


def test_401_says_how_to_sign_in() -> None:
    assert Unauthorized().response("/me").headers["www-authenticate"] == "Bearer"


def test_a_problem_nobody_expected_tells_nothing() -> None:
    document = Problem().document("/hold-seat")

    assert document["status"] == 500
    assert document["detail"] == "Something went wrong on our side"


def test_what_every_problem_has_is_what_the_docs_promise() -> None:
    assert set(PROBLEM_SCHEMA["required"]) == Problem().document("/").keys()


def test_two_problems_of_one_status_share_an_entry_in_the_docs() -> None:
    responses = problem_responses(Conflict, SeatsTaken, Unavailable)

    assert responses.keys() == {409, 503}
    assert responses[409]["content"]["application/problem+json"]["examples"].keys() == {"conflict", "seats-taken"}


@pytest.mark.parametrize("status", [400, 499])
def test_a_subclass_keeps_what_it_does_not_change(status: int) -> None:
    class Odd(SeatsTaken):
        """For this test."""

    Odd.status = status

    assert Odd().document("/")["type"] == "/problems/seats-taken"
    assert Odd().response("/").status_code == status
