"""The load script against the whole system."""

import asyncio
import json
import sys
from pathlib import Path

from devstack.paths import ROOT, python_environment
from devstack.stack import Stack


async def test_the_race_has_one_winner(stack: Stack, tmp_path: Path) -> None:
    report = tmp_path / "race.json"
    instances = [word for url in stack.booking_urls for word in ("--booking-url", url)]

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "loadtest.race", "--users", "60", "--auth-url", stack.auth_url, "--events-url", stack.events_url),
        *instances,
        *("--database-url", stack.database_url, "--json", str(report)),
        cwd=ROOT,
        env=python_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()

    text = output.decode()
    assert process.returncode == 0, text
    assert "Attack progress: " in text
    assert json.loads(report.read_text()), text
