"""Several runs and what they come to together, from logs of hand-made runs."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chaos.command import COULD_NOT_RUN, HEALTHY, VIOLATIONS
from chaos.log import LOG, PACKED_LOG, pack, writing
from chaos.records import End, LedgerRow, Start
from chaos.series import replay_all, seeds_of
from tests.unit.chaos.story import Story, a_good_evening, without


def _recorded(story: Story, folder: Path, seed: int) -> Path:
    place = folder / f"seed-{seed}"
    place.mkdir()
    with writing(place / LOG) as write:
        for record in story.records:
            write(msgspec.structs.replace(record, seed=seed) if isinstance(record, Start) else record)
        write(End(60, 50))
    return place


def _a_bad_evening() -> Story:
    return without(a_good_evening(), lambda record: isinstance(record, LedgerRow) and record.version == 2)


def _summary(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return document


def _nothing(_line: str) -> None:
    pass


@pytest.mark.parametrize(
    ("text", "seeds"), [("7", [7]), ("101-103", [101, 102, 103]), ("3,7,11-12", [3, 7, 11, 12]), ("5-5", [5])]
)
def test_seeds_are_written_as_numbers_and_ranges(text: str, seeds: list[int]) -> None:
    assert list(seeds_of(text)) == seeds


@pytest.mark.parametrize("text", ["", "x", "5-1", "3,3", "1-3,2"])
def test_what_names_no_seed_or_one_twice_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of int() or ours
        seeds_of(text)


def test_runs_without_a_violation_bound_the_share_of_those_with_one(tmp_path: Path) -> None:
    for seed in range(1, 31):
        _recorded(a_good_evening(), tmp_path, seed)

    code = replay_all(tmp_path, tmp_path, say=_nothing)

    assert code == HEALTHY
    assert _summary(tmp_path)["bound"] == 0.1
    assert "fewer than 3 in 30 of such runs, 10 %," in (tmp_path / "report.txt").read_text()


def test_a_run_that_violates_is_named_and_takes_the_bound_away(tmp_path: Path) -> None:
    for seed in range(1, 6):
        _recorded(_a_bad_evening() if seed == 2 else a_good_evening(), tmp_path, seed)
    said: list[str] = []

    code = replay_all(tmp_path, tmp_path, say=said.append)

    assert code == VIOLATIONS
    assert (_summary(tmp_path)["bound"], _summary(tmp_path)["runs_with_violations"]) == (None, [2])
    assert "VIOLATIONS in 1 of 5 runs: seeds 2." in (tmp_path / "report.txt").read_text()
    assert any("not in the ledger" in line for line in said)


def test_a_run_that_was_not_recorded_to_its_end_does_not_count(tmp_path: Path) -> None:
    _recorded(a_good_evening(), tmp_path, 1)
    torn = _recorded(a_good_evening(), tmp_path, 2) / LOG
    torn.write_bytes(torn.read_bytes()[:-20])
    (tmp_path / "seed-3").mkdir()

    code = replay_all(tmp_path, tmp_path, say=_nothing)

    assert code == COULD_NOT_RUN
    assert len(_summary(tmp_path)["runs"]) == 1
    assert set(_summary(tmp_path)["not_run"]) == {"2", "3"}


def test_a_packed_log_tells_the_same(tmp_path: Path) -> None:
    place = _recorded(_a_bad_evening(), tmp_path, 1)
    replay_all(tmp_path, tmp_path, say=_nothing)
    plain = _summary(tmp_path)

    pack(place / LOG)
    replay_all(tmp_path, tmp_path, say=_nothing)

    assert [file.name for file in place.glob("log*")] == [PACKED_LOG]
    assert _summary(tmp_path) == plain


def test_a_torn_packed_log_is_not_believed(tmp_path: Path) -> None:
    place = _recorded(a_good_evening(), tmp_path, 1)
    pack(place / LOG)
    packed = place / PACKED_LOG
    packed.write_bytes(packed.read_bytes()[:-50])

    assert replay_all(tmp_path, tmp_path, say=_nothing) == COULD_NOT_RUN


def test_a_folder_without_runs_is_no_good_result(tmp_path: Path) -> None:
    assert replay_all(tmp_path, tmp_path, say=_nothing) == COULD_NOT_RUN
