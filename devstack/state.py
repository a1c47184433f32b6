"""The data folder of one copy: secrets, marks of what is done, the lock, and what runs at present."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from devstack.errors import StackError
from devstack.paths import ROOT


def default_data_folder() -> Path:
    """`.state` in the checkout; for root a folder under /var/lib.

    PostgreSQL then runs as another user, who cannot walk into a checkout under /root.
    """
    if os.geteuid() == 0 and os.access("/var/lib", os.W_OK):
        name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
        return Path("/var/lib/frontrow") / name
    return ROOT / ".state"


@dataclass(frozen=True, kw_only=True)
class Running:
    """One running part. `started` is the mark of processes.started_at; `port` is None for a given server."""

    name: str
    pid: int | None
    started: str | None
    port: int | None
    url: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """What runs on a data folder, as stack.json keeps it."""

    launcher: int
    services: list[Running] = field(default_factory=list)
    postgres: Running | None = None
    redis: Running | None = None

    def everything(self) -> Iterator[Running]:
        """Every part, in the order in which they stop."""
        yield from self.services
        yield from (part for part in (self.redis, self.postgres) if part is not None)

    def service(self, name: str) -> Running | None:
        """The service called `name`."""
        return next((part for part in self.services if part.name == name), None)


class DataFolder:
    """The files of one copy. Files with secrets have mode 0600."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = (path or default_data_folder()).absolute()

    def make(self) -> None:
        """Make the folder. Root's may be walked through by others (PostgreSQL's user must), but not listed."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for private in (self._secrets, self.logs):
                private.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StackError(
                f"cannot use the data folder {self.path}: {error.strerror}. Choose another one with --data."
            ) from error

    @property
    def logs(self) -> Path:
        """Where every part writes its log."""
        return self.path / "logs"

    @property
    def _secrets(self) -> Path:
        return self.path / "secrets"

    def secret_file(self, name: str) -> Path:
        """Where the secret `name` is kept."""
        return self._secrets / name

    def secret(self, name: str) -> str:
        """The secret `name`; a random one is made when it is first asked for."""
        path = self.secret_file(name)
        with contextlib.suppress(FileNotFoundError):
            return path.read_text().strip()
        write_private(path, secrets.token_urlsafe(32) + "\n")
        return path.read_text().strip()

    def is_done(self, step: str) -> bool:
        """Was the step of the first start marked as done?"""
        return (self.path / f"{step}.done").exists()

    def mark_done(self, step: str) -> None:
        """Remember it for the next start."""
        (self.path / f"{step}.done").touch()

    @contextlib.contextmanager
    def lock(self, *, patience_s: float = 1.0) -> Iterator[None]:
        """Hold the folder for ourselves; the kernel lets go when this process ends in any way.

        Raises StackError when another process has it.
        """
        self.make()
        with (self.path / "lock").open("a") as file:
            deadline = time.monotonic() + patience_s
            # Patience, because `status` holds it for a moment.
            while not _try_lock(file.fileno(), fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise StackError(self._in_use())
                time.sleep(0.05)
            yield

    def _in_use(self) -> str:
        record = self._read()
        who = f" by process {record.launcher}" if record else ""
        return (
            f"the data folder {self.path} is in use{who}: a copy runs on it (see ./frontrow status).\n"
            "Stop that one, or start another beside it with --data OTHER_FOLDER --port-base 9000."
        )

    @property
    def _record_file(self) -> Path:
        return self.path / "stack.json"

    def write_record(self, record: Record) -> None:
        """Replace stack.json in one step: a reader sees the old or the new one, whole."""
        write_private(self._record_file, json.dumps(asdict(record), indent=2) + "\n")

    def forget_record(self) -> None:
        """Nothing runs any more."""
        self._record_file.unlink(missing_ok=True)

    def running(self) -> Record | None:
        """What runs now; None when nothing does, however it ended."""
        try:
            with (self.path / "lock").open() as file:
                if _try_lock(file.fileno(), fcntl.LOCK_SH):
                    return None
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise StackError(f"the data folder {self.path} belongs to another user") from error
        return self._read()

    def leftover_record(self) -> Record | None:
        """What a copy that did not stop in good order left written. Ask with the lock held."""
        return self._read()

    def _read(self) -> Record | None:
        try:
            stored: dict[str, Any] = json.loads(self._record_file.read_text())
            return Record(
                launcher=stored["launcher"],
                services=[Running(**part) for part in stored["services"]],
                postgres=Running(**stored["postgres"]) if stored["postgres"] else None,
                redis=Running(**stored["redis"]) if stored["redis"] else None,
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            # Written by another version of this program; what it describes is gone or holds the lock.
            return None

    def delete(self) -> None:
        """Delete everything. Raises StackError while a copy runs."""
        with self.lock():
            shutil.rmtree(self.path)


def temporary_folder(cleanup: contextlib.ExitStack) -> Path:
    """An empty folder that `cleanup` deletes."""
    # Not pytest's tmp_path: only its owner may walk into that, and as root PostgreSQL is somebody else.
    path = Path(tempfile.mkdtemp(prefix="frontrow-"))
    cleanup.callback(shutil.rmtree, path, ignore_errors=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, in one step: nobody ever sees half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
