"""The report on a terminal."""

from collections.abc import Iterator, Sequence

from loadtest.bench.goals import outcomes
from loadtest.bench.report.run import Run, columns, titles
from loadtest.bench.results import Results, Summary
from loadtest.bench.scenario import Scenario


def as_text(run: Run) -> str:
    """Everything, in lines of a width that a terminal can show."""
    lines = ["Frontrow benchmark", "=================="]
    width = max(map(len, run.configuration))
    lines += [f"  {name:<{width}}  {value}" for name, value in run.configuration.items()]
    for scenario in run.scenarios:
        lines += ["", scenario.title, "-" * len(scenario.title), *table(scenario, run.results)]
        if (audited := run.results.audits.get(scenario.name)) is not None:
            lines.append(f"  {'[pass]' if audited.passed else '[FAIL]'} {audited.sentence}")
    lines += ["", *generator_lines(run.results), *goal_lines(run.results), "", *check_lines(run.results)]
    return "\n".join(lines)


def table(scenario: Scenario, results: Results) -> list[str]:
    """One line for each metric, one column for each contender: median (min … max) over the rounds."""
    rows = [("", titles(scenario, results)), *columns(scenario, results)]
    label_width = max(len(label) for label, _ in rows)
    widths = [max(len(cells[number]) for _, cells in rows) for number in range(len(rows[0][1]))]
    return [
        "  " + "   ".join([f"{label:<{label_width}}", *(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True))])
        for label, cells in rows
    ]


def goal_lines(results: Results) -> Iterator[str]:
    """Goal, measured, reached or not."""
    reported = outcomes(results)
    if not reported:
        return
    yield "Goals"
    yield "-----"
    for outcome in reported:
        goal = outcome.goal
        wanted = f"{goal.better} {goal.target:g} {goal.unit}".strip()
        measured = shown(outcome.measured, goal.digits, goal.unit)
        yield f"  {outcome.verdict:<12}  {goal.scenario + ': ' + goal.sentence:<66}  {wanted:<16}  {measured}"


def generator_lines(results: Results) -> Iterator[str]:
    """How we know that the load generator is not what limits the others: what it gets out of the bare endpoint."""
    bare, bare_cost = (results.summary("spread", "bare", metric) for metric in ("holds_per_s", "generator_us"))
    product = results.summary("spread", "product", "holds_per_s")
    busy = results.summary("spread", "product", "generator_cores")
    if bare is None or bare_cost is None or product is None or busy is None:
        return
    yield "The load generator"
    yield "------------------"
    yield f"  gets {bare.median:,.0f} requests a second out of the bare endpoint, at {bare_cost.median:.0f} µs each;"
    yield f"  that is {bare.median / product.median:.1f} times the product's rate, at which it keeps {busy.median:.0%}"
    yield "  of a core busy. Near 1 times, or near 100 %, it would be measuring itself."
    yield ""


def shown(measured: Summary | None, digits: int, unit: str) -> str:
    """A measured value for people."""
    if measured is None:
        return "-"
    return f"{measured.median:,.{digits}f} ({measured.min:,.{digits}f} … {measured.max:,.{digits}f}) {unit}".strip()


def check_lines(results: Results) -> Sequence[str]:
    """The verdict on correctness."""
    failed = list(results.failed_checks())
    if not failed:
        return ["Every check of every round holds, for everybody."]
    return ["Checks that do not hold:", *(f"  [FAIL] {line}" for line in failed)]
