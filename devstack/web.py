"""A program that serves HTTP and answers GET /health: our services and the edge."""

import http.client
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack.paths import ROOT, python_environment
from devstack.supervision import Launch, Program


class WebProgram(Program):
    """A Python module of ours that listens on 127.0.0.1:`port`."""

    stop_signal = signal.SIGTERM
    # It keeps nothing in memory that must be saved, and an open WebSocket must not delay its end.
    death_signal = signal.SIGKILL
    # uvicorn itself gives requests under way five seconds.
    stop_patience_s = 7.0

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        port: int,
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self.name = name
        self.port = port
        self.log = log
        self._command = command
        self._environment = environment

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> Launch:
        """Nothing to clear away: only the command."""
        return Launch(
            command=python_command(*self._command, "--port", str(self.port)),
            environment=python_environment(self._environment),
            folder=ROOT,
        )

    def is_ready(self, pid: int) -> bool:
        """Does GET /health answer 200?"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def python_command(*arguments: str) -> list[str]:
    """Run our interpreter; -P keeps the working folder off the import path."""
    return [sys.executable, "-P", *arguments]
