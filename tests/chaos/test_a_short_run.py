"""A real run, a short one. Longer ones: docs/reliability.md."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chaos.log import read
from chaos.records import Fault, Start
from chaos.schedule import schedule
from chaos.terms import Terms
from devstack.paths import ROOT

SEED, SECONDS = 4, 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run."""
    report = tmp_path_factory.mktemp("chaos")
    command = ("chaos", "--seed", str(SEED), "--seconds", str(SECONDS), "--report", str(report))
    done = _frontrow(*command)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return report


def _frontrow(*words: str) -> "subprocess.CompletedProcess[str]":
    # S603: our own interpreter and words of ours.
    return subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "devstack", *words], cwd=ROOT, capture_output=True, text=True, timeout=150
    )


def _summary(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return document


def test_nothing_was_lost_or_sold_twice_while_parts_died(folder: Path) -> None:
    summary = _summary(folder)

    assert summary["violations"] == 0
    assert summary["audited_invariants"] >= 20
    assert summary["outcomes"]["confirm"]["201"] > 20
    assert summary["unknown_to_the_end"] == 0
    assert None not in summary["viewers_agreed_after_s"].values()


def test_the_planned_faults_really_happened(folder: Path) -> None:
    records = read(folder / "log.jsonl")
    faults = [record for record in records if isinstance(record, Fault)]
    planned = schedule(Terms(seed=SEED, seconds=SECONDS))
    start = next(record for record in records if isinstance(record, Start))

    assert sorted((f.number, f.kind, f.target) for f in faults) == [(p.number, p.kind, p.target) for p in planned]
    assert sum(not fault.missed for fault in faults) >= 0.7 * len(planned)
    assert all(fault.begin - start.at >= planned[fault.number - 1].at_s for fault in faults)
    assert _summary(folder)["unknown"] > 0, "faults that nobody notices are none"


def test_the_log_can_be_checked_again_without_the_system(folder: Path, tmp_path: Path) -> None:
    again = _frontrow("chaos", "--replay", str(folder / "log.jsonl"), "--report", str(tmp_path))

    assert again.returncode == 0, again.stdout + again.stderr
    assert _summary(tmp_path) == _summary(folder)
    assert (tmp_path / "report.html").read_text() == (folder / "report.html").read_text()


def test_a_log_that_ends_in_the_middle_is_not_believed(folder: Path, tmp_path: Path) -> None:
    torn = tmp_path / "log.jsonl"
    torn.write_bytes((folder / "log.jsonl").read_bytes()[:-200])

    again = _frontrow("chaos", "--replay", str(torn))

    assert again.returncode == 2
    assert "chaos:" in again.stderr
