"""The whole run: start everything, do the rounds, tell what came out."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from loadtest.bench import machine
from loadtest.bench.cast import Cast
from loadtest.bench.report.document import as_document
from loadtest.bench.report.page import as_page
from loadtest.bench.report.run import Run
from loadtest.bench.report.text import as_text
from loadtest.bench.results import Results
from loadtest.bench.rounds import run_rounds
from loadtest.bench.scenarios import SCENARIOS
from loadtest.bench.stage import Stage
from loadtest.bench.terms import Terms

RIGHT, WRONG = 0, 1


def run(
    names: Sequence[str],
    terms: Terms,
    against: Sequence[str],
    folder: Path,
    *,
    other: Path | None = None,
    command: str,
    say: Callable[[str], None],
) -> int:
    """The exit code is the verdict on correctness: 1 when a check of the product failed. Speed has no exit code.

    `other` is the folder of another checkout that takes part as well.
    """
    scenarios = [SCENARIOS[name] for name in names]
    began_at = datetime.now(UTC)
    results = Results()
    instances = max(terms.instances, *(scenario.instances for scenario in scenarios))
    with Stage(instances=instances, say=say) as stage:
        described = machine.describe(stage.stack)
        try:
            run_rounds(scenarios, against, Cast(stage, instances=terms.instances, other=other), terms, results, say=say)
        finally:
            # What was measured until then is worth telling, whatever happened.
            done = [scenario for scenario in scenarios if results.of(scenario.name)]
            finished = Run(command, f"{began_at:%Y-%m-%d %H:%M} UTC", machine.revision(), described, done, results)
            write(finished, folder)
    say("\n" + as_text(finished))
    say(f"\nReport: {folder / 'bench.html'} (and bench.json, bench.txt)")
    return RIGHT if results.product_is_right() else WRONG


def write(finished: Run, folder: Path) -> None:
    """The files of the report."""
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(as_document(finished), indent=2, ensure_ascii=False)
    (folder / "bench.json").write_text(document + "\n", encoding="utf-8")
    (folder / "bench.html").write_text(as_page(finished), encoding="utf-8")
    (folder / "bench.txt").write_text(as_text(finished) + "\n", encoding="utf-8")
