"""The data folder: secrets are private, the record is whole, one copy at a time."""

import threading
from pathlib import Path

import pytest

from devstack.commands.status import as_document
from devstack.errors import StackError
from devstack.state import DataFolder, Record, Running, write_private


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """An empty one."""
    made = DataFolder(tmp_path / "data")
    made.make()
    return made


RECORD = Record(
    launcher=1,
    services=[Running(name="auth", pid=2, started="a", port=8000, url="http://127.0.0.1:8000")],
    postgres=Running(name="postgres", pid=3, started="b", port=20001, url="postgresql://u:p@127.0.0.1:20001/d"),
    redis=Running(name="redis", pid=None, started=None, port=None, url="redis://:p@elsewhere:6379/0"),
)


def test_a_secret_is_random_private_and_stays(folder: DataFolder) -> None:
    secret = folder.secret("jwt_secret")

    assert len(secret) >= 32
    assert folder.secret("jwt_secret") == secret
    assert folder.secret("other") != secret
    assert folder.secret_file("jwt_secret").stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_replaced_by_a_private_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new")

    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_runs_is_known_while_the_lock_is_held_and_only_then(folder: DataFolder) -> None:
    with folder.lock():
        folder.write_record(RECORD)
        assert folder.running() == RECORD

    # As after kill -9: the record is still there, the lock is not.
    assert folder.running() is None
    assert folder.leftover_record() == RECORD


def test_a_second_lock_waits_a_moment_and_is_then_refused(folder: DataFolder) -> None:
    with folder.lock(), pytest.raises(StackError, match="is in use"), folder.lock(patience_s=0.1):
        pass


def test_asking_what_runs_does_not_get_in_the_way_of_a_start(folder: DataFolder) -> None:
    stop = threading.Event()
    errors: list[Exception] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                folder.running()
            except Exception as error:
                errors.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(50):
        with folder.lock():
            pass
    stop.set()
    asking.join()

    assert errors == []


def test_a_record_of_another_version_is_no_obstacle(folder: DataFolder) -> None:
    write_private(folder.path / "stack.json", '{"launcher": 1}')

    assert folder.leftover_record() is None


def test_status_has_the_shape_that_programs_rely_on() -> None:
    assert as_document(RECORD) == {
        "services": [{"name": "auth", "pid": 2, "port": 8000, "url": "http://127.0.0.1:8000"}],
        "postgres": {"pid": 3, "url": "postgresql://u:p@127.0.0.1:20001/d"},
        "redis": {"pid": None, "url": "redis://:p@elsewhere:6379/0"},
    }
    assert as_document(None) == {
        "services": [],
        "postgres": {"pid": None, "url": None},
        "redis": {"pid": None, "url": None},
    }
