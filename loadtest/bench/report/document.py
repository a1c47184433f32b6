"""The report for programs."""

from dataclasses import asdict
from typing import Any

from loadtest.bench.goals import outcomes
from loadtest.bench.report.run import Run


def as_document(run: Run) -> dict[str, Any]:
    """Every value of every round, the summaries, the checks and the goals."""
    return {
        "configuration": run.configuration,
        "product_is_right": run.results.product_is_right(),
        "failed_checks": list(run.results.failed_checks()),
        "goals": [
            {
                "scenario": outcome.goal.scenario,
                "goal": outcome.goal.sentence,
                "wanted": f"{outcome.goal.better} {outcome.goal.target:g} {outcome.goal.unit}".strip(),
                "measured": asdict(outcome.measured) if outcome.measured else None,
                "verdict": outcome.verdict,
            }
            for outcome in outcomes(run.results)
        ],
        "scenarios": {scenario.name: _scenario(run, scenario.name) for scenario in run.scenarios},
    }


def _scenario(run: Run, name: str) -> dict[str, Any]:
    results = run.results
    audited = results.audits.get(name)
    return {
        "audit": asdict(audited) if audited else None,
        "contenders": {
            contender: {
                "summary": {
                    metric: asdict(summary)
                    for metric in sorted({metric for sample in samples for metric in sample.values})
                    if (summary := results.summary(name, contender, metric))
                },
                "rounds": [
                    {
                        "values": dict(sample.values),
                        "checks": [asdict(check) for check in sample.checks],
                        "notes": list(sample.notes),
                    }
                    for sample in samples
                ],
            }
            for contender, samples in results.of(name).items()
        },
    }
