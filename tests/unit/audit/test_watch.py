"""Watching says what changes, and once a minute that it is there."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from audit.inspection import CannotAudit, Report, Verdict
from audit.invariant import Invariant
from audit.report import COULD_NOT_RUN, FINDINGS, HEALTHY
from audit.watch import HEARTBEAT_S, Watch, watch


def report(**found: int) -> Report:
    """An audit in which these invariants have so many findings; -1: it could not be asked."""
    verdicts = [
        Verdict(
            Invariant(1, name, "It holds.", "It does not.", "Repair it.", "SELECT"),
            max(count, 0),
            ("seat_id",),
            [(7,)] * max(count, 0),
            0.1,
            "permission denied" if count < 0 else None,
        )
        for name, count in found.items()
    ]
    return Report(datetime(2026, 11, 22, tzinfo=UTC), verdicts, 0.1)


class Days:
    """Audits with given results, one after the other, and a clock that goes on by a second with each."""

    def __init__(self, results: Sequence[Report | CannotAudit], *, json: bool = False) -> None:
        self.said: list[str] = []
        self.now = 0.0
        self._results = iter(results)
        self.watch = Watch(self._audit, json=json, say=self.said.append, clock=lambda: self.now)

    def _audit(self) -> Report:
        self.now += 1
        result = next(self._results)
        if isinstance(result, CannotAudit):
            raise result
        return result

    def look(self, times: int) -> list[str]:
        """What is said in so many audits."""
        self.said.clear()
        for _ in range(times):
            self.watch.look()
        return list(self.said)


def test_good_news_is_told_once_and_then_once_a_minute() -> None:
    days = Days([report(a=0)] * 200)

    assert len(days.look(1)) == 1
    assert days.look(int(HEARTBEAT_S) - 1) == []
    (heartbeat,) = days.look(1)
    assert heartbeat.startswith("Healthy: 1 invariants hold")


def test_a_finding_is_explained_once_and_its_end_is_told() -> None:
    days = Days([report(a=0, b=0), report(a=0, b=2), report(a=0, b=2), report(a=0, b=0)])

    days.look(1)
    (found,) = days.look(1)
    unchanged = days.look(1)
    (over,) = days.look(1)

    assert "FINDING  01 b: 2 rows" in found
    assert "Repair it." in found
    assert unchanged == []
    assert over.startswith("HOLDS AGAIN  b\nHealthy")


def test_a_database_that_goes_away_is_news_and_no_reason_to_stop() -> None:
    days = Days([report(a=0), CannotAudit("refused"), CannotAudit("refused"), report(a=0)])

    assert [len(days.look(1)) for _ in range(4)] == [1, 1, 0, 1]


def test_for_programs_each_news_is_one_line_of_json() -> None:
    days = Days([report(a=1), CannotAudit("refused")], json=True)

    first, second = [json.loads(line) for line in days.look(2)]

    assert (first["verdict"], first["exit_code"], first["invariants"][0]["rows"]) == ("findings", 1, [{"seat_id": 7}])
    assert second == {"verdict": "could not run", "exit_code": 2, "error": "refused"}


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([report(a=0)], HEALTHY),
        ([report(a=1), report(a=0)], FINDINGS),
        ([report(a=1), CannotAudit("refused")], FINDINGS),
        ([report(a=0), CannotAudit("refused")], COULD_NOT_RUN),
        ([CannotAudit("refused"), report(a=0)], HEALTHY),
        ([report(a=-1)], COULD_NOT_RUN),
    ],
)
def test_ctrl_c_ends_with_the_worst_that_was_found(
    monkeypatch: pytest.MonkeyPatch, results: list[Report | CannotAudit], code: int
) -> None:
    monkeypatch.setattr(time, "sleep", _interrupt_after(len(results)))

    assert watch(Days(results).watch, every_s=5) == code


def _interrupt_after(audits: int) -> Callable[[float], None]:
    naps = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == audits:
            raise KeyboardInterrupt

    return sleep
