"""Schemathesis invents requests from each service's own OpenAPI document: whatever is sent, no answer is a 5xx."""

import asyncio
import sys
from pathlib import Path

import pytest

from devstack.stack import Stack
from tests.e2e.conftest import SignUp

SECONDS = 12


@pytest.mark.parametrize("service", ["auth", "events", "booking"])
async def test_nothing_that_a_client_sends_upsets_a_service(
    stack: Stack, sign_up: SignUp, tmp_path: Path, service: str
) -> None:
    url = {"auth": stack.auth_url, "events": stack.events_url, "booking": stack.booking_urls[0]}[service]
    ann = await sign_up()
    # Without a token auth's routes are tried as a stranger; signed in, the first logout would end the session.
    token = [] if service == "auth" else ["--header", f"Authorization: {ann.client.headers['Authorization']}"]

    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{url}/openapi.json", "--checks", "not_a_server_error", "--max-time", str(SECONDS)),
        *("--generation-database", "none"),
        *token,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()

    assert process.returncode == 0, output.decode()
    assert " generated, " in output.decode()
