"""`./frontrow race`: the race against the copy that runs, or against a short-lived one."""

import subprocess
from argparse import Namespace
from collections.abc import Sequence
from functools import partial

from devstack.interruption import stopping_on_signals
from devstack.paths import ROOT, python_environment
from devstack.stack import Stack
from devstack.state import DataFolder, Record
from devstack.web import python_command

_ADDRESS_OPTIONS = ("--url", "--auth-url", "--events-url", "--booking-url")


def run(arguments: Namespace) -> int:
    """The exit code is the race's: its verdict."""
    others: Sequence[str] = arguments.others
    if any(word.partition("=")[0] in _ADDRESS_OPTIONS for word in others):
        # The system is somewhere else, and so is its database: --database-url or DATABASE_URL may name it.
        return _race(others)
    record = DataFolder(arguments.data).running()
    running = [part.url for part in record.services if part.name.startswith("booking")] if record else []
    wanted = arguments.instances or max(1, len(running))
    if record is not None and len(running) >= wanted:
        return _race([*_addresses_of(record, running[:wanted]), *others])
    say = partial(print, flush=True)
    found = f"The copy that runs has {len(running)} of {wanted} instances" if running else "No copy runs"
    say(f"{found}: starting a short-lived one.")
    try:
        with (
            stopping_on_signals(lambda: say("Stopping …")),
            Stack(instances=wanted, environment="development", admin=False, say=say) as stack,
        ):
            return _race([*_addresses(stack), *others])
    except KeyboardInterrupt:
        return 130


def _race(arguments: Sequence[str]) -> int:
    command = python_command("-m", "loadtest.race", *arguments)
    # S603: our own interpreter, and what the person typed.
    return subprocess.run(command, cwd=ROOT, env=python_environment()).returncode  # noqa: S603


def _addresses_of(record: Record, booking_urls: Sequence[str]) -> list[str]:
    auth, events = record.service("auth"), record.service("events")
    return _options(
        auth.url if auth else "",
        events.url if events else "",
        booking_urls,
        record.postgres.url if record.postgres else "",
    )


def _addresses(stack: Stack) -> list[str]:
    return _options(stack.auth_url, stack.events_url, stack.booking_urls, stack.database_url)


def _options(auth: str, events: str, booking: Sequence[str], database: str) -> list[str]:
    instances = [word for url in booking for word in ("--booking-url", url)]
    return ["--auth-url", auth, "--events-url", events, *instances, "--database-url", database]
