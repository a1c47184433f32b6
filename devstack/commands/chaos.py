"""`./frontrow chaos`: the real system under faults, and what the checker says."""

import tempfile
from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from chaos.command import play, replay
from chaos.mutants.catalogue import MUTANTS
from chaos.mutants.trial import attempt_all
from chaos.series import play_all, replay_all, seeds_of
from chaos.terms import Terms
from devstack.errors import StackError
from devstack.interruption import stopping_on_signals


def run(arguments: Namespace) -> int:
    """0: no violation (of planted bugs: all found), 1: violations (a bug not found), 2: it could not be run."""
    say = partial(print, flush=True)
    if arguments.replay is not None:
        if arguments.replay.is_dir():
            return replay_all(arguments.replay, arguments.report or arguments.replay, say=say)
        return replay(arguments.replay, arguments.report, say=say)
    unknown = [name for name in arguments.mutant if name not in (*MUTANTS, "all")]
    if unknown:
        raise StackError(f"there is no planted bug {unknown[0]}; there are: all, {', '.join(MUTANTS)}")
    terms = Terms(seed=arguments.seed, seconds=arguments.seconds, instances=arguments.instances or 3)
    seeds = _seeds(arguments)
    folder = arguments.report or Path(tempfile.mkdtemp(prefix=f"frontrow-chaos-{arguments.seeds or terms.seed}-"))
    try:
        with stopping_on_signals(lambda: say("Stopping …")):
            if arguments.mutant:
                names = list(MUTANTS) if "all" in arguments.mutant else arguments.mutant
                return attempt_all(names, terms, folder, say=say)
            if seeds:
                return play_all(seeds, terms, folder, say=say)
            return play(terms, folder, say=say)
    except KeyboardInterrupt:
        return 130


def _seeds(arguments: Namespace) -> Sequence[int]:
    if arguments.seeds is None:
        return ()
    if arguments.mutant:
        raise StackError("planted bugs are tried with one seed: --seed instead of --seeds")
    try:
        return seeds_of(arguments.seeds)
    except ValueError:
        raise StackError(f"--seeds {arguments.seeds}: seeds are written like 101-120 or 3,7,101-120") from None
