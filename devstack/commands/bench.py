"""`./frontrow bench`: what an operation costs, beside its baselines."""

import shlex
import tempfile
from argparse import Namespace
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from devstack.errors import StackError
from devstack.interruption import stopping_on_signals
from loadtest.bench.cast import TITLES
from loadtest.bench.command import run as run_benchmark
from loadtest.bench.contenders.pgbench import SCRIPTS, program
from loadtest.bench.scenarios import SCENARIOS
from loadtest.bench.terms import Terms

USUAL_BASELINES = ("best", "bare")


def run(arguments: Namespace) -> int:
    """0: everything that was sold was sold once, 1: a check failed."""
    names = arguments.scenario or [scenario.name for scenario in SCENARIOS.values() if scenario.by_default]
    _known("scenario", names, SCENARIOS)
    against = arguments.against if arguments.against is not None else _usual_baselines()
    folders = [Path(name) for name in against if "/" in name]
    if len(folders) > 1:
        raise StackError("only one other checkout can take part")
    against = [*(name for name in against if "/" not in name), *("other" for _ in folders)]
    _known("contender", against, TITLES)
    chosen = {name: getattr(arguments, name) for name in ("rounds", "seconds", "instances")}
    given = {name: value for name, value in chosen.items() if value is not None}
    terms = replace(Terms.tiny() if arguments.tiny else Terms(), **given)
    folder = arguments.report or Path(tempfile.mkdtemp(prefix="frontrow-bench-"))
    say = partial(print, flush=True)
    try:
        with stopping_on_signals(lambda: say("Stopping …")):
            return run_benchmark(
                names, terms, against, folder, other=next(iter(folders), None), command=_command(arguments), say=say
            )
    except KeyboardInterrupt:
        return 130


def _usual_baselines() -> Sequence[str]:
    # A folder of FRONTROW_PG_BIN may have the server without its tools.
    return (*USUAL_BASELINES, *SCRIPTS) if program().exists() else USUAL_BASELINES


def _known(what: str, names: Iterable[str], known: Collection[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise StackError(f"there is no {what} {unknown[0]}; there are: {', '.join(known)}")


def _command(arguments: Namespace) -> str:
    words = ["./frontrow", "bench", *arguments.scenario]
    for name in ("rounds", "seconds", "instances"):
        if (value := getattr(arguments, name)) is not None:
            words += [f"--{name}", f"{value:g}"]
    if arguments.against is not None:
        words += ["--against", *arguments.against]
    return shlex.join([*words, *(["--tiny"] if arguments.tiny else [])])
