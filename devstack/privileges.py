"""PostgreSQL refuses to run as root: as whom it runs instead, and how it reaches its files then."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devstack.errors import StackError

# Made by root, so nobody can have put something there before us (as could be in /tmp).
PROGRAMS_FOLDER = Path("/var/lib/frontrow/programs")


@dataclass(frozen=True)
class RunAs:
    """Whom a child becomes. `tether` is that as a word for tether.py; `owner` is (uid, gid) for its files."""

    tether: str
    owner: tuple[int, int] | None = None

    def give(self, path: Path) -> None:
        """Make `path` belong to whom the child becomes."""
        if self.owner is not None:
            os.chown(path, *self.owner)


OURSELVES = RunAs("same")


def server_user() -> RunAs:
    """Ourselves, or for root another user that can be had here. Raises StackError when none can."""
    if os.geteuid() != 0:
        return OURSELVES
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    other = users.get("postgres") or users.get("nobody")
    if other is not None and _may_become(other.pw_uid, other.pw_gid):
        return RunAs(f"{other.pw_uid}:{other.pw_gid}", (other.pw_uid, other.pw_gid))
    # A root that may not change its uid (`unshare -r`, rootless containers). The files stay ours.
    stand_in = users.get("daemon") or other
    if stand_in is not None and _may_make_namespace():
        return RunAs(f"namespace:{stand_in.pw_uid}")
    raise StackError(
        "PostgreSQL does not run as root, and this root may neither become another user nor make a user "
        "namespace. Run as an ordinary user, or set DATABASE_URL to a server of your own."
    )


def may_be_reached_by_all(path: Path) -> bool:
    """May any user walk to `path`, and read it?"""
    path = path.resolve()
    if path.stat().st_mode & 0o005 != 0o005:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def reachable_copy(package: Path, *, fallback: Path) -> Path:
    """A copy of the folder `package` (and of the `.libs` folder beside it) that every user can reach.

    Kept for the next time, in a folder of root, or in `fallback` where that cannot be written.
    """
    # With a changed package comes a changed copy.
    source = package.resolve()
    mark = f"{source}:{source.stat().st_mtime_ns}"
    name = hashlib.sha256(mark.encode()).hexdigest()[:16]
    folder = PROGRAMS_FOLDER if os.access("/var/lib", os.W_OK) else fallback
    destination = folder / name
    if not destination.exists():
        unfinished = folder / f"{name}.{os.getpid()}"
        # The programs find their libraries by a path relative to themselves: copied side by side.
        libraries = source.with_name(source.name + ".libs")
        for part in (source, libraries):
            if part.is_dir():
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        _open_for_reading(folder, unfinished)
        try:
            unfinished.rename(destination)
        except OSError:
            # Somebody else copied the same at the same time.
            shutil.rmtree(unfinished)
    return destination / source.name


def _open_for_reading(folder: Path, tree: Path) -> None:
    for parent in (folder, folder.parent):
        parent.chmod(stat.S_IMODE(parent.stat().st_mode) | 0o111)
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & 0o100 else 0))


def _may_become(uid: int, gid: int) -> bool:
    try:
        # S603: a fixed program.
        done = subprocess.run(["/bin/sh", "-c", ":"], user=uid, group=gid, extra_groups=[], cwd="/")
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _may_make_namespace() -> bool:
    if sys.platform != "linux":
        return False
    program = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)"
    # S603: this very interpreter and a fixed text.
    return subprocess.run([sys.executable, "-I", "-S", "-c", program]).returncode == 0  # noqa: S603
