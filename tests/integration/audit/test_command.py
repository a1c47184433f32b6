"""`python -m audit` and `./frontrow audit`, as they are typed."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg2
import pytest

from audit.__main__ import main
from devstack import cli
from devstack.data_access import environment_with_data
from devstack.ports import free_port
from devstack.state import temporary_folder


@pytest.fixture
def broken(sold: str) -> Iterator[str]:
    """The database with a price in the catalogue that nobody pays."""
    with closing(psycopg2.connect(sold)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("UPDATE events SET price_from = price_from - 1")
        yield sold
        cursor.execute("UPDATE events SET price_from = price_from + 1")


def test_a_healthy_database_is_0(sold: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scratch", "--database-url", sold]) == 0

    printed = capsys.readouterr().out
    assert "ok         01 one_live_booking_per_seat" in printed
    assert "Healthy: 23 invariants hold" in printed


def test_a_finding_is_1_and_says_what_to_do(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scratch", "--database-url", broken]) == 1

    printed = capsys.readouterr().out
    assert "FINDING    18 events_and_seats_agree" in printed
    assert "Do:         with wrong ids" in printed
    assert "1 of 23 invariants DO NOT HOLD" in printed


def test_a_program_reads_the_same_as_json(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scratch", "--json", "--database-url", broken]) == 1

    document = json.loads(capsys.readouterr().out)
    (finding,) = [one for one in document["invariants"] if one["found"]]
    assert document["verdict"] == "findings"
    assert finding["name"] == "events_and_seats_agree"
    assert finding["rows"][0]["lowest_price"] == finding["rows"][0]["price_from"] + 1


def test_what_is_skipped_is_not_found(broken: str) -> None:
    assert main(["--scratch", "--skip", "events_and_seats_agree", "--database-url", broken]) == 0
    assert main(["--only", "orders_add_up", "--database-url", broken]) == 0


@pytest.mark.parametrize("address", ["postgresql://me:hush@127.0.0.1:{port}/tests", "postgresql:me:hush"])
def test_a_database_that_is_not_there_is_2_and_its_password_stays_secret(
    capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["--json", "--database-url", address.format(port=free_port())]) == 2

    captured = capsys.readouterr()
    assert json.loads(captured.out)["verdict"] == "could not run"
    assert "hush" not in captured.out + captured.err


@pytest.mark.parametrize(
    "words", [[], ["--only", "all_is_well"], ["--watch", "0"], ["--hold-limit", "0"], ["--colour"]], ids=str
)
def test_a_mistake_is_2(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2


def test_frontrow_audits_the_database_that_is_named(sold: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert cli.main(["audit", "--scratch", "--database-url", sold]) == 0

    monkeypatch.setenv("DATABASE_URL", sold)
    assert cli.main(["audit", "--scratch"]) == 0
    # The services' setting is the auditor's, too: Ben held three seats at once.
    monkeypatch.setenv("MAX_HELD_SEATS_PER_USER", "2")
    assert cli.main(["audit", "--scratch"]) == 1


def test_frontrow_finds_nothing_to_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    assert cli.main(["audit", "--data", str(tmp_path / "nowhere")]) == 2

    assert "there is nothing to audit" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_frontrow_audits_a_copy_that_is_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with ExitStack() as cleanup:
        folder = temporary_folder(cleanup)
        with environment_with_data(folder):
            pass  # the copy has been started once

        assert cli.main(["audit", "--data", str(folder)]) == 0

    printed = capsys.readouterr().out
    assert "Healthy: 22 invariants hold" in printed
    assert "ended_holds_are_swept" not in printed
