"""`./frontrow pictures`: the pictures of docs/images, taken anew."""

import asyncio
from argparse import Namespace
from functools import partial

from devstack.interruption import stopping_on_signals
from devstack.paths import ROOT
from pictures.command import take_all


def run(arguments: Namespace) -> int:
    """0 when all of them are written."""
    say = partial(print, flush=True)
    folder = arguments.to or ROOT / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with stopping_on_signals(lambda: say("Stopping …")):
            asyncio.run(take_all(folder, only=arguments.scene, say=say))
    except KeyboardInterrupt:
        return 130
    return 0
