"""The bare endpoint (loadtest/reference/bare.py): what Python's HTTP costs by itself, and the generators' yardstick."""

import os
from collections.abc import Mapping, Sequence

from devstack.ports import free_port
from devstack.supervision import Keeper
from devstack.web import WebProgram
from loadtest.bench.stage import Stage


class Bare:
    """Answers every hold with 201."""

    name = "bare"
    title = "Bare ASGI endpoint, no I/O"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._keeper: Keeper = stage.serve(
            WebProgram(
                "reference-bare",
                ("-m", "loadtest.reference", "bare"),
                port=free_port(),
                environment=os.environ,
                log=stage.stack.folder.logs / "reference-bare.log",
            )
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._keeper.program.port

    def processes(self) -> Mapping[str, Sequence[int]]:
        """Its own alone."""
        return {"service": self._stage.pids(self._keeper)}
