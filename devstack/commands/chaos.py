"""`./frontrow chaos`: the real system under faults, and what the checker says."""

import tempfile
from argparse import Namespace
from functools import partial
from pathlib import Path

from chaos.command import play, replay
from chaos.terms import Terms
from devstack.interruption import stopping_on_signals


def run(arguments: Namespace) -> int:
    """The exit code is the checker's. 0: no violation, 1: violations, 2: it could not be run."""
    say = partial(print, flush=True)
    if arguments.replay is not None:
        return replay(arguments.replay, arguments.report, say=say)
    terms = Terms(seed=arguments.seed, seconds=arguments.seconds, instances=arguments.instances or 3)
    folder = arguments.report or Path(tempfile.mkdtemp(prefix=f"frontrow-chaos-{terms.seed}-"))
    try:
        with stopping_on_signals(lambda: say("Stopping …")):
            return play(terms, folder, say=say)
    except KeyboardInterrupt:
        return 130
