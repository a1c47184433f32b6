"""A running Compose stack for the tests that ask for one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from tests.compose.lab.engine import missing, open_engine
from tests.compose.lab.shell import CommandFailed, run
from tests.compose.stack import Stack


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "compose: runs the whole stack in containers; takes minutes")


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The stack, up and healthy with one instance of each service and an empty database; gone afterwards."""
    with _engine() as environment:
        running = Stack(environment)
        try:
            running.up("--build")
            yield running
        finally:
            running.remove()


def _engine() -> AbstractContextManager[dict[str, str]]:
    """The engine that is running, else one of our own. Skips the test when neither can be had."""
    if _docker_works():
        return nullcontext(dict(os.environ))
    if why := missing():
        pytest.skip(why)
    return open_engine()


def _docker_works() -> bool:
    if shutil.which("docker") is None:
        return False
    try:
        run(["docker", "info"], timeout_s=30)
        run(["docker", "compose", "version"], timeout_s=30)
    except CommandFailed:
        return False
    return True
