"""The whole stack, with small stand-ins for the services: it heals, it stops, and it dies with its launcher."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from devstack.errors import StackError
from devstack.paths import ROOT, python_environment
from devstack.processes import started_at
from devstack.state import DataFolder, Record
from tests.devstack.small_stack import small_stack

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")


def get(url: str) -> dict[str, object]:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of ours
        document: dict[str, object] = json.load(answer)
        return document


def steps(database_url: str) -> list[tuple[str, str]]:
    connection = psycopg2.connect(database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT step, given FROM steps")
        found = cursor.fetchall()
    connection.close()
    return found


def test_every_part_that_dies_is_started_again_on_the_same_port(data_dir: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    with small_stack(data_dir, tmp_path, instances=2, say=lines.append) as stack:
        assert get(f"{stack.edge_url}/api/events/browse")["service"] == "events"
        before = DataFolder(data_dir).running()
        for name in ("auth", "booking-2", "edge", "redis", "postgres"):
            old = stack.kill(name)
            stack.wait_until_ready(name)
            new = stack.pid(name)
            assert new is not None
            assert new != old

        assert get(f"{stack.edge_url}/api/me")["service"] == "auth"
        assert get(f"{stack.booking_urls[1]}/my-holds")["service"] == "booking"
        assert [step for step, _ in steps(stack.database_url)] == ["migrate", "seed", "admin admin@frontrow.example"]
        after = DataFolder(data_dir).running()
    assert before is not None
    assert after is not None
    assert [part.name for part in after.services] == ["auth", "events", "booking", "booking-2", "edge"]
    ports = {part.name: part.port for part in before.everything()}
    assert {part.name: part.port for part in after.everything()} == ports
    pids = {part.name: part.pid for part in before.everything()}
    changed = {part.name for part in after.everything() if part.pid != pids[part.name]}
    assert changed == {"auth", "booking-2", "edge", "redis", "postgres"}
    assert sum("was ended by SIGKILL" in line for line in lines) == 5


def test_sample_data_and_admin_account_are_made_at_the_first_start_only(data_dir: Path, tmp_path: Path) -> None:
    with small_stack(data_dir, tmp_path) as stack:
        assert stack.admin_is_new
        password = stack.admin_password
        assert steps(stack.database_url)[-1] == ("admin admin@frontrow.example", password)
        assert stack.admin_password_file.stat().st_mode & 0o777 == 0o600

    with small_stack(data_dir, tmp_path) as stack:
        assert not stack.admin_is_new
        assert stack.admin_password == password
        assert [step for step, _ in steps(stack.database_url)].count("seed") == 1


def test_while_it_runs_its_record_names_every_process_and_afterwards_nothing_is_left(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = DataFolder(data_dir)
    with small_stack(data_dir, tmp_path) as stack:
        record = folder.running()
        assert record is not None
        assert record.launcher == os.getpid()
        assert (data_dir / "stack.json").stat().st_mode & 0o777 == 0o600
        assert record.postgres is not None
        assert record.postgres.url == stack.database_url
        assert all_alive(record)

    assert folder.running() is None
    assert none_alive(record)


def test_a_service_that_cannot_start_stops_everything_and_shows_its_last_words(data_dir: Path, tmp_path: Path) -> None:
    stack = small_stack(data_dir, tmp_path)
    (tmp_path / "headers.json").write_text("broken")

    with pytest.raises(StackError, match=r"(?s)edge did not start.*cannot read the pages' headers"), stack:
        pass

    assert DataFolder(data_dir).running() is None


@contextmanager
def stack_of_its_own(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """The stack under a launcher of its own, ready."""
    # S603: our own interpreter and a module of ours.
    launcher = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "tests.devstack.small_stack", str(data)],
        cwd=ROOT,
        env=python_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    with launcher:
        try:
            yield launcher
        finally:
            launcher.kill()


def ready(launcher: "subprocess.Popen[str]") -> dict[str, str]:
    assert launcher.stdout is not None
    addresses: dict[str, str] = json.loads(launcher.stdout.readline())
    return addresses


def test_kill_9_of_the_launcher_takes_everything_down_and_keeps_the_data(data_dir: Path) -> None:
    with stack_of_its_own(data_dir) as launcher:
        ready(launcher)
        record = DataFolder(data_dir).running()
        assert record is not None

        launcher.kill()

        wait_for_the_end(record)
    with stack_of_its_own(data_dir) as launcher:
        done = [step for step, _ in steps(ready(launcher)["database"])]
        assert done == ["migrate", "seed", "admin admin@frontrow.example", "migrate"]


def test_kill_9_of_launcher_and_servers_at_once_keeps_the_data(data_dir: Path) -> None:
    with stack_of_its_own(data_dir) as launcher:
        ready(launcher)
        record = DataFolder(data_dir).running()
        assert record is not None
        assert record.postgres is not None
        assert record.postgres.pid is not None

        launcher.kill()
        os.kill(record.postgres.pid, signal.SIGKILL)

    with stack_of_its_own(data_dir) as launcher:
        assert "seed" in [step for step, _ in steps(ready(launcher)["database"])]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_seconds(data_dir: Path, stop: signal.Signals) -> None:
    with stack_of_its_own(data_dir) as launcher:
        ready(launcher)
        record = DataFolder(data_dir).running()
        assert record is not None

        launcher.send_signal(stop)

        assert launcher.wait(10) == 0
        assert none_alive(record)
        assert not (data_dir / "stack.json").exists()


def all_alive(record: Record) -> bool:
    return all(part.pid is not None and started_at(part.pid) == part.started for part in record.everything())


def none_alive(record: Record) -> bool:
    return all(part.pid is None or started_at(part.pid) != part.started for part in record.everything())


def wait_for_the_end(record: Record) -> None:
    deadline = time.monotonic() + 10
    while not none_alive(record):
        assert time.monotonic() < deadline, f"still running: {record}"
        time.sleep(0.05)
