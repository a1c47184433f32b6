"""Keeps programs running: starts each, waits until it is ready, starts it again when it dies, stops it.

One `Keeper` per program, with a thread of its own that starts the program and then sleeps in `wait`. The
thread lives as long as its program must: the kernel ties the child (tether.py) to the thread that made it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError
from devstack.privileges import OURSELVES, RunAs
from devstack.processes import started_at

TETHER = Path(__file__).with_name("tether.py")

# Waiting times before a dead program is started again; the last one repeats.
BACKOFF_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
# A program that ran this long is healthy again: its next death starts at the first waiting time.
HEALTHY_AFTER_S = 30.0
# A log that is longer when its program starts is put aside, once.
LOG_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How to start a program, this time."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    run_as: RunAs = OURSELVES


class Program(ABC):
    """What a Keeper keeps: a server or a service."""

    name: str
    port: int
    log: Path
    # Asks it to stop in good order; and what the kernel sends when this process dies.
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    start_patience_s: float = 60.0
    stop_patience_s: float = 10.0

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it serves, with its password if it has one."""

    @abstractmethod
    def prepare(self) -> Launch:
        """Called before each start, in the keeper's thread: clear away what a dead one left."""

    @abstractmethod
    def is_ready(self, pid: int) -> bool:
        """Does the process `pid` serve now? Asked often; must answer within a second."""


class Keeper:
    """Keeps one program running from `start` to `stop`.

    `on_change` is called, from the keeper's thread, when the program has another pid; `say` gets a line for
    the person who watches.
    """

    def __init__(
        self,
        program: Program,
        *,
        backoff_s: Sequence[float] = BACKOFF_S,
        on_change: Callable[[], None] = lambda: None,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.program = program
        self.restarts = 0
        self._backoff_s = backoff_s
        self._on_change = on_change
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._has_served = False
        self._failure: StackError | None = None
        self._thread = threading.Thread(target=self._keep, name=f"keep-{program.name}", daemon=True)

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The pid of the living process; None between a death and the next start."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def start(self) -> None:
        """Begin; does not wait (see `wait_until_ready`)."""
        self._thread.start()

    def wait_until_ready(self, timeout_s: float | None = None) -> None:
        """Return when the program serves.

        Raises StackError when it ends before its first readiness, or is not ready in time.
        """
        patience = self.program.start_patience_s if timeout_s is None else timeout_s
        ready = self._ready.wait(patience)
        if self._failure is not None:
            raise self._failure
        if not ready:
            raise StackError(f"{self.name} was not ready after {patience:.0f} s\n{self._last_words()}")

    def kill(self) -> int:
        """`kill -9` the program, as a fault would; returns the pid that died. The keeper starts it again.

        After this, `wait_until_ready` waits for the next process.
        """
        with self._lock:
            process = self._process
            if process is None or process.returncode is not None:
                raise StackError(f"{self.name} does not run")
            self._ready.clear()
            os.kill(process.pid, signal.SIGKILL)
        mark = started_at(process.pid)
        while process.returncode is None and started_at(process.pid) == mark and mark is not None:
            time.sleep(0.005)
        return process.pid

    def ask_to_stop(self) -> None:
        """Begin to stop; does not wait."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None:
            process.send_signal(self.program.stop_signal)

    def stop(self) -> None:
        """Stop the program and wait for its end; kill it when it does not end in time."""
        self.ask_to_stop()
        if not self._thread.is_alive():
            return
        self._thread.join(self.program.stop_patience_s)
        if self._thread.is_alive() and self._process is not None:
            self._say(f"{self.name} does not stop by itself: killed")
            self._process.kill()
            self._thread.join(5)

    def _keep(self) -> None:
        deaths = 0
        while not self._stopping.is_set():
            born = time.monotonic()
            try:
                process = self._spawn()
            except (StackError, OSError) as error:
                outcome = str(error)
            else:
                if process is None:
                    return
                outcome = self._watch(process)
            if self._stopping.is_set():
                return
            if not self._has_served:
                # It never served: a fault of the set-up, which another start will not cure.
                self._failure = StackError(f"{self.name} did not start: {outcome}\n{self._last_words()}")
                self._ready.set()
                return
            self._ready.clear()
            deaths = 1 if time.monotonic() - born > HEALTHY_AFTER_S else deaths + 1
            pause = self._backoff_s[min(deaths, len(self._backoff_s)) - 1]
            self._say(f"{self.name} {outcome}; starting it again in {pause:g} s")
            if self._stopping.wait(pause):
                return
            self.restarts += 1

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        launch = self.program.prepare()
        _put_long_log_aside(self.program.log)
        with self.program.log.open("ab") as log, self._lock:
            if self._stopping.is_set():
                return None
            # S603: programs of ours, with arguments of ours.
            self._process = subprocess.Popen(  # noqa: S603
                tethered(launch, self.program.death_signal),
                cwd=launch.folder,
                env=dict(launch.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal must reach us alone: we stop the parts in their order.
                start_new_session=True,
            )
        self._on_change()
        return self._process

    def _watch(self, process: subprocess.Popen[bytes]) -> str:
        """Wait for readiness, then for the end; returns how it ended, as words after the program's name."""
        deadline = time.monotonic() + self.program.start_patience_s
        while process.poll() is None:
            if self.program.is_ready(process.pid):
                self._has_served = True
                self._ready.set()
                if self.restarts:
                    self._say(f"{self.name} serves again (process {process.pid})")
                break
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.02)
        return describe_end(process.wait(), process.pid)

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            text = self.program.log.read_bytes()[-3000:].decode(errors="replace").strip()
            lines = "\n".join(f"    {line}" for line in text.splitlines()[-15:])
            return f"the end of {self.program.log}:\n{lines}"
        return ""


def tethered(launch: Launch, death_signal: signal.Signals) -> list[str]:
    """The command of `launch`, tied to the life of this process."""
    who = launch.run_as.tether
    # -I -S: the smallest interpreter start, a few milliseconds.
    prefix = [sys.executable, "-I", "-S", str(TETHER), str(int(death_signal)), str(os.getpid()), who, "--"]
    return [*prefix, *launch.command]


def run_once(launch: Launch, *, what: str, timeout_s: float = 120, text_in: str = "", say_output: bool = False) -> str:
    """Run a program to its end and return what it wrote. Raises StackError when it fails.

    `what` names the work in that error.
    """
    try:
        # S603: programs of ours, with arguments of ours.
        done = subprocess.run(  # noqa: S603
            tethered(launch, signal.SIGTERM),
            cwd=launch.folder,
            env=dict(launch.environment),
            input=text_in,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise StackError(f"{what} did not end within {timeout_s:.0f} s") from error
    output = done.stdout.strip()
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in output.splitlines()[-15:])
        raise StackError(f"{what} failed ({describe_end(done.returncode)})\n{tail}".rstrip())
    return output


def describe_end(code: int, pid: int | None = None) -> str:
    """An exit code of subprocess, in words."""
    process = f" (process {pid})" if pid is not None else ""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}{process}"
    return f"ended with exit code {code}{process}"


def _put_long_log_aside(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_name(log.name + ".1"))
