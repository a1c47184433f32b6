"""Percentiles, the progress line and the text of a report."""

import json

import pytest

from loadtest import report
from loadtest.model import Check
from tests.unit.loadtest.make import TARGET, answer, lost, unanswered, won


def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed() -> None:
    hundred = list(range(1, 101))

    assert [report.percentile(hundred, percent) for percent in (50, 90, 95, 99)] == [50, 90, 95, 99]


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert [report.percentile([3.5], percent) for percent in (0, 50, 99, 100)] == [3.5] * 4


def test_the_ends_are_the_smallest_and_the_largest_value_in_any_order() -> None:
    assert report.percentile([9, 1, 5], 0) == 1
    assert report.percentile([9, 1, 5], 100) == 9


def test_the_median_of_two_values_is_the_lower_one() -> None:
    assert report.percentile([1, 2], 50) == 1
    assert report.percentile([1, 2], 51) == 2


def test_no_rounding_error_reaches_the_rank() -> None:
    assert all(report.percentile(range(1, 101), percent) == max(percent, 1) for percent in range(101))


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        report.percentile([], 50)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percent_outside_the_hundred_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        report.percentile([1], percent)


def test_response_times_are_milliseconds() -> None:
    times = report.response_times([lost(duration_s=0.010), lost(duration_s=0.030)])

    assert times == report.ResponseTimes(count=2, average=20, min=10, max=30, p50=10, p90=30, p95=30, p99=30)


def test_response_times_of_no_answers_are_none() -> None:
    assert report.response_times([]) is None


def test_the_progress_line_has_one_letter_for_each_answer() -> None:
    answers = [lost(), lost(), won(), lost(), answer(503), unanswered()]

    assert report.progress_line(answers) == "Attack progress: NNYN??"


def test_answers_are_counted_by_status() -> None:
    assert report.counts([lost(), won(), lost(), unanswered()]) == {"201": 1, "409": 2, "no answer": 1}


def test_a_round_names_the_winner_and_every_check() -> None:
    winner = won(email="ann@example.com", instance="http://b:2")
    checks = (Check("one winner", True), Check("seat held", False, "available"))

    text = report.round_text(report.Round(1, TARGET, (lost(), winner), checks), of=3)

    assert "Round 1 of 3: seat A5 (id 5) of event 7, Hamlet" in text
    assert f"Winner: ann@example.com through http://b:2, hold {winner.hold_id}" in text
    assert "[pass] one winner" in text
    assert "[FAIL] seat held (seen: available)" in text


def test_a_round_without_a_winner_says_so_and_why() -> None:
    text = report.round_text(report.Round(1, TARGET, (unanswered(), unanswered()), ()), of=1)

    assert "Winner: nobody" in text
    assert "no answer, 2 x: connection reset" in text


def test_one_bad_check_in_one_round_makes_the_conclusion_bad() -> None:
    good = report.Round(1, TARGET, (won(),), (Check("x", True),))
    bad = report.Round(2, TARGET, (won(),), (Check("x", True), Check("y", False, "z")))

    assert report.conclusion([good, good]).startswith("Verdict: PASS")
    assert report.conclusion([good, bad]) == "Verdict: FAIL. A check failed in 1 of 2 rounds."


def test_the_document_is_json_without_tokens() -> None:
    result = report.Round(1, TARGET, (lost(), won()), (Check("x", True),))

    text = json.dumps(report.as_document("Race", {"users": "2"}, [result]))

    assert json.loads(text)["passed"] is True
    assert json.loads(text)["rounds"][0]["progress"] == "NY"
    assert "secret-token" not in text
