"""Starts load processes and talks to them (loadtest/bench/generator)."""

import subprocess
import time
from types import TracebackType
from typing import Any, Self

from devstack.paths import ROOT, python_environment
from devstack.web import python_command
from loadtest.bench.plans import Burst, Load, Plan, Walk, Watch, Watched, decode_result, encode


class GeneratorFailed(Exception):
    """A load process ended before its result; it has said why on standard error."""


class Generator:
    """One load process, connected and ready while inside the `with`."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __enter__(self) -> Self:
        # S603: our own interpreter and module.
        self._process = subprocess.Popen(  # noqa: S603
            python_command("-m", "loadtest.bench.generator"),
            cwd=ROOT,
            env=python_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            self._tell(encode(self._plan))
            begun = time.monotonic()
            if self._out.readline() != b"ready\n":
                raise GeneratorFailed("a load generator could not connect")
            self.ready_after_s = time.monotonic() - begun
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A generator whose result was read ends by itself; another one when its input does.
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    @property
    def _out(self) -> Any:
        return self._process.stdout

    def begin(self) -> None:
        """Start; does not wait."""
        self._tell(b"go\n")

    def stop(self) -> None:
        """End the watching of sockets."""
        self._tell(b"stop\n")

    def result(self) -> Any:
        """Wait for the end. Raises GeneratorFailed when there is no result."""
        size = self._out.read(4)
        body = self._out.read(int.from_bytes(size, "big")) if len(size) == 4 else b""
        if not body:
            raise GeneratorFailed("a load generator ended without a result")
        return decode_result(body)

    def _tell(self, message: bytes) -> None:
        pipe: Any = self._process.stdin
        try:
            pipe.write(message)
            pipe.flush()
        except BrokenPipeError:
            raise GeneratorFailed("a load generator ended early") from None


class Crowd(Generator):
    """People who ask and are answered."""

    def __init__(self, plan: Walk | Burst) -> None:
        super().__init__(plan)

    def run(self) -> Load:
        """From the first request to the last answer."""
        self.begin()
        load: Load = self.result()
        return load


class Audience(Generator):
    """Viewers: sockets that are open while inside the `with`."""

    def __init__(self, plan: Watch) -> None:
        super().__init__(plan)

    @property
    def opened_s(self) -> float:
        """From the first handshake until every socket had its first frame."""
        return self.ready_after_s

    def dismiss(self) -> Watched:
        """End the watching; what they got since `begin`."""
        self.stop()
        watched: Watched = self.result()
        return watched
