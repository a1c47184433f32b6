"""`./frontrow up` and its companions, as typed, with the real services."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from devstack.paths import ROOT, python_environment
from devstack.ports import is_free
from devstack.processes import started_at
from devstack.state import DataFolder

# The whole family of ports must be free: looked for, since another copy may be running, and below those that
# `free_port` gives to everything else in this run. It was taken from among them once, by the time it was needed.
BASE = next(
    base
    for base in random.sample(range(12000, 19900, 100), k=79)
    if all(map(is_free, (base, base + 1, base + 2, base + 80)))
)
ENVIRONMENT = {name: value for name, value in python_environment().items() if name not in ("DATABASE_URL", "REDIS_URL")}


def frontrow(*words: str, text_in: str = "") -> "subprocess.CompletedProcess[str]":
    # S603: our own interpreter and words of ours.
    return subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "devstack", *words],
        cwd=ROOT,
        env=ENVIRONMENT,
        input=text_in,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def up(data: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A running `./frontrow up`, ready; what it prints is in `log`."""
    with log.open("wb") as output:
        # S603: our own interpreter and words of ours.
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "devstack", "up", "--data", str(data), "--port-base", str(BASE)],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=output,
            stderr=output,
        )
    with process:
        try:
            deadline = time.monotonic() + 60
            while "is ready" not in log.read_text():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)


def get(path: str, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return ask(urllib.request.Request(f"http://127.0.0.1:{BASE + 80}{path}", headers=headers))


def post(path: str, body: dict[str, str]) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{BASE + 80}{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    return ask(request)


def ask(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - an address of ours
        return json.load(answer)


def test_a_stranger_starts_it_signs_in_kills_it_and_finds_everything_again(data_dir: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with up(data_dir, log) as launcher:
        password_file = data_dir / "secrets/admin_password"
        password = password_file.read_text().strip()
        assert password in log.read_text()
        assert len(get("/api/events/browse?limit=5")["items"]) == 5

        status = json.loads(frontrow("status", "--json", "--data", str(data_dir)).stdout)
        assert [service["name"] for service in status["services"]] == ["auth", "events", "booking", "edge"]
        assert [service["port"] for service in status["services"]] == [BASE, BASE + 1, BASE + 2, BASE + 80]
        pids = [*(service["pid"] for service in status["services"]), status["postgres"]["pid"], status["redis"]["pid"]]
        assert all(started_at(pid) for pid in pids)

        second = frontrow("up", "--data", str(data_dir))
        assert second.returncode == 1
        assert f"in use by process {launcher.pid}" in second.stderr

        made = frontrow(
            "create-admin", "Ann@Example.com", "--data", str(data_dir), text_in="a long enough passphrase 7\n"
        )
        assert made.returncode == 0, made.stderr
        token = post("/api/login", {"email": "ann@example.com", "password": "a long enough passphrase 7"})
        assert get("/api/me", token["access_token"])["role"] == "admin"

        launcher.kill()
        launcher.wait()

    with up(data_dir, log):
        # Shown once; from then on only where it is.
        assert password not in log.read_text()
        assert str(password_file) in log.read_text()
        token = post("/api/login", {"email": "admin@frontrow.example", "password": password})
        assert get("/api/me", token["access_token"])["role"] == "admin"
        events = count_events(DataFolder(data_dir))

    assert events == 42
    assert frontrow("status", "--data", str(data_dir)).returncode == 1


def test_an_admin_can_be_made_while_nothing_runs(data_dir: Path) -> None:
    made = frontrow("create-admin", "ann@example.com", "--data", str(data_dir), text_in="a long enough passphrase 7\n")

    assert made.returncode == 0, made.stderr
    without = frontrow("create-admin", "ben@example.com", "--data", str(data_dir))
    assert without.returncode == 1
    assert "no password" in without.stderr
    assert "deleted" in frontrow("reset", "--data", str(data_dir), "--yes").stdout.lower()
    assert not data_dir.exists()


def test_a_taken_port_is_named_with_its_process_and_the_way_out(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", BASE)):
        refused = frontrow("up", "--data", str(data_dir), "--port-base", str(BASE))

    assert refused.returncode == 1
    assert f"port {BASE} is taken by process {os.getpid()}" in refused.stderr
    assert "--port-base" in refused.stderr


def test_a_folder_that_is_no_data_folder_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "photo").touch()

    refused = frontrow("reset", "--data", str(tmp_path), "--yes")

    assert refused.returncode == 1
    assert (tmp_path / "photo").exists()


def count_events(folder: DataFolder) -> int:
    record = folder.running()
    assert record is not None
    assert record.postgres is not None
    connection = psycopg2.connect(record.postgres.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events")
        (count,) = cursor.fetchone() or (0,)
    connection.close()
    return int(count)
