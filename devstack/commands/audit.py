"""`./frontrow audit`: the auditor on the database of a copy, running or not, or on another one."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from audit.__main__ import main
from audit.report import COULD_NOT_RUN
from devstack.data_access import environment_with_data
from devstack.errors import StackError
from devstack.state import DataFolder

_NEEDS_NO_COPY = ("--database-url", "--list")


def run(arguments: Namespace) -> int:
    """The exit code is the auditor's. A copy that cannot be reached counts as a database that could not be asked."""
    others: Sequence[str] = arguments.others
    if os.environ.get("DATABASE_URL") or any(word.partition("=")[0] in _NEEDS_NO_COPY for word in others):
        return _audit(others)
    try:
        return _audit_copy(arguments.data, others)
    except StackError as error:
        print(f"frontrow: {error}", file=sys.stderr)
        return COULD_NOT_RUN


def _audit_copy(data_dir: Path | None, others: Sequence[str]) -> int:
    folder = DataFolder(data_dir)
    record = folder.running()
    if record is not None and record.postgres is not None:
        return _audit(others, record.postgres.url)
    if not folder.path.exists():
        raise StackError(f"there is nothing to audit: {folder.path} does not exist. ./frontrow up makes it.")
    with environment_with_data(data_dir) as environment:
        # Nothing runs that would free the seats of holds which ended meanwhile.
        return _audit(["--skip", "ended_holds_are_swept", *others], environment["DATABASE_URL"])


def _audit(words: Sequence[str], database_url: str | None = None) -> int:
    return main(words, prog="./frontrow audit", database_url=database_url)
