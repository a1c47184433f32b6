"""In which order it is done: all contenders take their turns in each round, so that a busy minute hits all of them."""

import time
from collections.abc import Callable, Collection, Sequence

from audit.inspection import CannotAudit, inspect
from audit.inspection import Terms as AuditTerms
from audit.invariant import all_invariants, chosen
from loadtest.bench.cast import TITLES, Cast
from loadtest.bench.results import Results
from loadtest.bench.scenario import Scenario
from loadtest.bench.terms import Terms
from loadtest.model import Check

Say = Callable[[str], None]

ALWAYS = ("product", "compact", "two")
"""The product, and the ways to use it that a scenario is about."""


def run_rounds(
    scenarios: Sequence[Scenario], against: Collection[str], cast: Cast, terms: Terms, results: Results, *, say: Say
) -> None:
    """Fill `results`. The product always takes part; of the baselines those in `against`."""
    for scenario in scenarios:
        names = [name for name in scenario.contenders if name in ALWAYS or name in against]
        if "other" in against and scenario.compares_checkouts:
            names.insert(1, "other")
        rounds = scenario.rounds(terms)
        say(f"\n{scenario.title}")
        for number in range(1, rounds + 1):
            for name in names:
                begun = time.monotonic()
                sample = scenario.round(name, cast, terms)
                results.add(scenario.name, name, sample)
                first = scenario.metrics[0]
                value = sample.values.get(first.name)
                shown = "-" if value is None else f"{value:,.{first.digits}f} {first.unit}"
                wrong = sum(not check.passed for check in sample.checks)
                took_s = time.monotonic() - begun
                say(
                    f"  round {number} of {rounds}  {TITLES[name]:<34} {first.label} {shown}"
                    f"{f', {wrong} CHECKS FAILED' if wrong else ''}  ({took_s:.0f} s)"
                )
        if scenario.writes:
            results.audits[scenario.name] = audit(cast)


def audit(cast: Cast) -> Check:
    """Ask every invariant of the product's database."""
    try:
        report = inspect(cast.product.database.url, chosen(all_invariants(), only=(), skip=()), AuditTerms())
    except CannotAudit as error:
        return Check("the database could be audited", False, str(error))
    wrong = [f"{verdict.invariant.name}: {verdict.found}" for verdict in report.findings]
    wrong += [f"{verdict.invariant.name}: {verdict.error}" for verdict in report.errors]
    return Check(f"the auditor finds nothing ({len(report.verdicts)} invariants)", not wrong, ", ".join(wrong))
