"""What is told of samples: medians, ratios of the same round, goals, verdicts."""

from loadtest.bench.goals import GOALS, Outcome, outcomes
from loadtest.bench.report.document import as_document
from loadtest.bench.report.page import as_page
from loadtest.bench.report.plots import Bar, bars
from loadtest.bench.report.run import Run
from loadtest.bench.report.text import as_text
from loadtest.bench.results import Results, Summary
from loadtest.bench.scenario import Sample
from loadtest.bench.scenarios import SCENARIOS
from loadtest.model import Check

FINE = Check("it holds", True)
WRONG = Check("it holds", False, "it does not")


def _spread(*, product: list[float], best: list[float], checks: Check = FINE) -> Results:
    results = Results()
    for ours, theirs in zip(product, best, strict=True):
        results.add("spread", "product", Sample({"holds_per_s": ours}, [checks]))
        results.add("spread", "best", Sample({"holds_per_s": theirs}, [FINE]))
    return results


def _run(results: Results) -> Run:
    return Run("./frontrow bench", "today", "abc", {"processor": "one"}, [SCENARIOS["spread"]], results)


def test_a_ratio_compares_the_two_sides_of_one_round() -> None:
    """The machine was half as fast in the second round: the ratio does not care."""
    results = _spread(product=[100, 50, 120], best=[10, 5, 10])

    assert results.ratio("spread", "holds_per_s", "product", to="best") == Summary(10, 10, 12, 3)
    assert results.summary("spread", "product", "holds_per_s") == Summary(100, 50, 120, 3)


def test_what_was_not_measured_is_none() -> None:
    results = _spread(product=[1], best=[1])

    assert results.summary("spread", "product", "no_such_metric") is None
    assert results.ratio("spread", "holds_per_s", "product", to="bare") is None


def test_goals_of_scenarios_that_did_not_run_are_not_reported() -> None:
    assert {outcome.goal.scenario for outcome in outcomes(_spread(product=[1], best=[1]))} == {"spread"}
    assert outcomes(Results()) == []


def test_a_goal_is_reached_by_its_median() -> None:
    goal = next(goal for goal in GOALS if goal.better == "at least" and goal.scenario == "spread")

    assert Outcome(goal, Summary(goal.target, 0, 99, 3)).verdict == "reached"
    assert Outcome(goal, Summary(goal.target - 1, 0, 99, 3)).verdict == "NOT reached"
    assert Outcome(goal, None).verdict == "not measured"


def test_every_goal_is_of_a_scenario_and_a_metric_that_exist() -> None:
    assert {goal.scenario for goal in GOALS} <= set(SCENARIOS)


def test_a_check_of_the_product_that_fails_is_the_verdict_and_is_told() -> None:
    results = _spread(product=[1], best=[1], checks=WRONG)

    assert not results.product_is_right()
    assert list(results.failed_checks()) == ["spread, product, round 1: it holds (seen: it does not)"]
    assert "[FAIL] spread, product, round 1" in as_text(_run(results))


def test_what_a_baseline_sells_twice_is_told_but_is_not_our_verdict() -> None:
    results = Results()
    results.add("spread", "product", Sample({"holds_per_s": 1}, [FINE]))
    results.add("spread", "literal", Sample({"holds_per_s": 1}, [WRONG]))

    assert results.product_is_right()
    assert len(list(results.failed_checks())) == 1


def test_an_audit_with_findings_is_the_verdict() -> None:
    results = _spread(product=[1], best=[1])
    results.audits["spread"] = WRONG

    assert not results.product_is_right()


def test_both_reports_have_medians_with_their_range_and_what_became_of_the_goals() -> None:
    results = _spread(product=[100, 50, 120], best=[10, 5, 10])

    text, document = as_text(_run(results)), as_document(_run(results))

    assert "100 (50 … 120)" in text
    assert "NOT reached   spread: holds per second" in text
    assert document["scenarios"]["spread"]["contenders"]["product"]["summary"]["holds_per_s"]["median"] == 100
    assert document["goals"][0]["measured"] == {"median": 10, "min": 10, "max": 12, "rounds": 3}


def test_the_page_is_one_file_and_what_came_from_elsewhere_is_escaped_in_it() -> None:
    results = _spread(product=[100, 50], best=[10, 5], checks=Check("it holds", False, "<script>"))

    page = as_page(_run(results))

    assert "<svg" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "http" not in page


def test_a_plot_of_a_hundredfold_is_logarithmic_and_says_so() -> None:
    def bar(value: float) -> Bar:
        return Bar("somebody", Summary(value, value, value, 1), f"{value}", ours=False)

    assert "logarithmic" in bars("holds", [bar(1), bar(100)])
    assert "logarithmic" not in bars("holds", [bar(1), bar(99)])
    assert bars("holds", [bar(0)]) == ""


def test_the_report_says_how_busy_the_generator_was() -> None:
    results = Results()
    results.add("spread", "product", Sample({"holds_per_s": 1000, "generator_cores": 0.05}))
    results.add("spread", "bare", Sample({"holds_per_s": 20_000, "generator_us": 20.0}))

    assert "20.0 times the product's rate, at which it keeps 5%" in as_text(_run(results))
