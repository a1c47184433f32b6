"""The whole benchmark once, with a few people for a moment: its shape and its verdicts, never its speed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from devstack.paths import ROOT
from loadtest.bench.scenarios import SCENARIOS

# Some thirty rounds of real servers on a busy machine.
pytestmark = pytest.mark.timeout(600)

BASELINES = ("best", "literal", "keys", "pgbench", "pgbench-plain", "bare")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run over every scenario and every contender."""
    report = tmp_path_factory.mktemp("bench")
    command = ["bench", *SCENARIOS, "--tiny", "--against", *BASELINES, "--report", str(report)]
    # S603: our own interpreter and words of ours.
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "devstack", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return report


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    """The report for programs."""
    read: dict[str, Any] = json.loads((folder / "bench.json").read_text())
    return read


def test_every_contender_has_its_turn_in_every_scenario_and_nobody_sells_a_seat_twice(document: dict[str, Any]) -> None:
    everybody = {"product", "compact", "two", *BASELINES}
    took_part = {name: set(of["contenders"]) for name, of in document["scenarios"].items()}

    assert took_part == {name: set(scenario.contenders) & everybody for name, scenario in SCENARIOS.items()}
    assert document["product_is_right"]
    assert not [line for line in document["failed_checks"] if "literal" not in line]


def test_a_seat_of_a_stampede_has_one_winner_and_a_sold_out_event_a_booking_for_each_seat(
    document: dict[str, Any],
) -> None:
    for scenario, sentence in (
        ("stampede", "each seat has exactly one winner"),
        ("sell-out", "bookings = distinct seats = booked seats"),
    ):
        checks = [
            check
            for one in document["scenarios"][scenario]["contenders"]["product"]["rounds"]
            for check in one["checks"]
        ]

        assert sentence in {check["sentence"] for check in checks}
        assert all(check["passed"] for check in checks)


def test_the_database_is_audited_after_every_scenario_that_writes(document: dict[str, Any]) -> None:
    audited = {name for name, of in document["scenarios"].items() if of["audit"] and of["audit"]["passed"]}

    assert audited == {name for name, scenario in SCENARIOS.items() if scenario.writes}


def test_values_of_every_kind_are_measured(document: dict[str, Any]) -> None:
    product = {name: set(of["contenders"]["product"]["summary"]) for name, of in document["scenarios"].items()}

    assert {"holds_per_s", "hold_ms_p99", "cpu_us_total", "holds_per_commit", "generator_us"} <= product["spread"]
    assert {"last_answer_ms_p50", "statements_per_seat"} <= product["stampede"]
    assert {"sold_s", "confirm_ms_p50"} <= product["sell-out"]
    assert {"browse_queries", "browse_cold_ms_p50"} <= product["browse"]
    assert {"seats_alone_ms_p50", "plan_again_per_s"} <= product["seats"]
    assert {"last_ms_p50", "frames_per_s", "open_s"} <= product["viewers"]


def test_the_machine_and_the_command_stand_beside_the_numbers(document: dict[str, Any], folder: Path) -> None:
    configuration = document["configuration"]

    assert configuration["command"].startswith("./frontrow bench")
    assert {"processor", "PostgreSQL", "Redis", "Python", "one fdatasync of 8 kB", "durability"} <= set(configuration)
    assert "fsync on" in configuration["durability"]
    assert "<svg" in (folder / "bench.html").read_text()
    assert "Goals" in (folder / "bench.txt").read_text()
