"""Fixtures for the tests of the stack."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.processes import wait_until_nobody_works_in


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that PostgreSQL's user can walk to; pytest's own `tmp_path` is closed to others."""
    path = Path(tempfile.mkdtemp(prefix="frontrow-test-"))
    path.chmod(0o711)
    yield path / "data"
    # A test may have killed the launcher; its servers then end by themselves.
    for folder in ("postgres/data", "redis"):
        wait_until_nobody_works_in(path / "data" / folder)
    shutil.rmtree(path)
