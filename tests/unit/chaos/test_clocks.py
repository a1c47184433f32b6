"""A process with a wrong wall clock, and nothing else wrong with it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chaos.clocks.skew import Skew
from devstack.paths import ROOT, python_environment

Look = Callable[[], dict[str, Any]]

_LOOKER = """
import calendar, json, sys, time
from datetime import UTC, date, datetime

for _ in sys.stdin:
    print(json.dumps({
        "time": time.time(), "time_ns": time.time_ns() / 1e9, "gmtime": calendar.timegm(time.gmtime()),
        "localtime": time.mktime(time.localtime()), "now": datetime.now(UTC).timestamp(),
        "naive now": datetime.now().timestamp(), "utcnow": datetime.utcnow().replace(tzinfo=UTC).timestamp(),
        "datetime.today": datetime.today().timestamp(), "date.today": date.today().isoformat(),
        "monotonic": time.monotonic(), "perf_counter": time.perf_counter(),
        "given": time.gmtime(86400)[2], "named": datetime.now(tz=UTC).utcoffset().total_seconds(),
    }), flush=True)
"""


@pytest.fixture
def skew(tmp_path: Path) -> Skew:
    return Skew(tmp_path / "clocks" / "one")


@pytest.fixture
def look(tmp_path: Path, skew: Skew) -> Iterator[Look]:
    """What a process sees of all clocks, now."""
    (tmp_path / "looker.py").write_text(_LOOKER)
    environment = python_environment() | {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    command = [
        sys.executable,
        "-P",
        "-W",
        "ignore",
        "-m",
        "chaos.clocks.run",
        str(tmp_path / "clocks" / "one"),
        "looker",
    ]
    # S603: our own interpreter and words of ours.
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask() -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        yield ask


_WALL = ("time", "time_ns", "gmtime", "localtime", "now", "naive now", "utcnow", "datetime.today")


@pytest.mark.parametrize("seconds", [300.0, -300.0, 2.5e6])
def test_every_way_to_ask_for_the_wall_clock_is_wrong_by_the_same(look: Look, skew: Skew, seconds: float) -> None:
    skew.add(seconds)

    before, seen, after = time.time(), look(), time.time()

    # gmtime and localtime know whole seconds only.
    assert {name: before + seconds - 1 <= seen[name] <= after + seconds for name in _WALL} == dict.fromkeys(_WALL, True)
    assert seen["date.today"] == time.strftime("%Y-%m-%d", time.localtime(seen["time"]))


def test_the_clock_jumps_while_the_process_runs_and_jumps_back(look: Look, skew: Skew) -> None:
    first = look()
    skew.add(120.0)
    ahead = look()
    skew.add(-120.0)
    back = look()

    assert ahead["now"] - first["now"] >= 120
    assert ahead["now"] > back["now"] > first["now"]


def test_jumps_add_up(skew: Skew) -> None:
    skew.add(120.0)
    skew.add(-7.5)
    skew.add(-120.0)

    assert skew.seconds() == -7.5


def test_monotonic_clocks_and_given_instants_stay(look: Look, skew: Skew) -> None:
    skew.add(-300.0)

    before, seen, after = time.monotonic(), look(), time.monotonic()

    assert before <= seen["monotonic"] <= after
    assert (seen["given"], seen["named"]) == (2, 0.0)
