"""`python -m auth_service.create_admin`."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import pytest

from auth_service import create_admin as command
from auth_service.settings import AuthSettings
from tests.integration.auth.conftest import PASSWORD, Visitor, only_hash

NEW_PASSWORD = "eight green kettles"


class Done(NamedTuple):
    """What the command did."""

    code: int
    out: str
    err: str


CreateAdmin = Callable[[str, bytes], Awaitable[Done]]


@pytest.fixture
def environment(settings: AuthSettings) -> Mapping[str, str]:
    """The settings, as an operator gives them."""
    return {
        "DATABASE_URL": str(settings.database_url),
        "REDIS_URL": str(settings.redis_url),
        "JWT_SECRET": settings.jwt_secret.get_secret_value(),
        "ENVIRONMENT": "test",
        "BCRYPT_COST": "4",
    }


@pytest.fixture
def create_admin(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CreateAdmin:
    """The command, without the second it takes to start a Python."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    async def run(email: str, stdin: bytes) -> Done:
        monkeypatch.setattr(sys, "argv", ["create_admin", email])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = await asyncio.to_thread(command.main)
        return Done(code, *capsys.readouterr())

    return run


async def test_the_command_is_a_command(environment: Mapping[str, str], visitor: Visitor) -> None:
    done = subprocess.run(  # noqa: S603 ASYNC221 - our own command; nothing else happens meanwhile
        [sys.executable, "-m", "auth_service.create_admin", visitor.email],
        input=PASSWORD.encode(),
        env={**os.environ, **environment},
        capture_output=True,
        timeout=60,
        check=True,
    )

    assert (done.stdout, done.stderr) == (b"ann@example.com is a new administrator.\n", b"")
    assert (await visitor.me(await visitor.tokens())).json()["role"] == "admin"


async def test_somebody_new_becomes_an_administrator(create_admin: CreateAdmin, visitor: Visitor) -> None:
    done = await create_admin("Ann@Example.com", PASSWORD.encode() + b"\n")

    assert (done.code, done.err) == (0, "")
    assert done.out == "ann@example.com is a new administrator.\n"
    assert (await visitor.me(await visitor.tokens())).json()["role"] == "admin"


async def test_somebody_who_has_an_account_becomes_an_administrator_and_keeps_the_password(
    create_admin: CreateAdmin, ann: Visitor, connection: Any
) -> None:
    tokens, stored = await ann.tokens(), await only_hash(connection)

    done = await create_admin(ann.email, b"")

    assert (done.code, done.out) == (0, "ann@example.com is an administrator now.\n")
    assert await only_hash(connection) == stored
    assert (await ann.me(tokens)).json()["role"] == "admin"


async def test_a_new_password_signs_an_account_out_everywhere(create_admin: CreateAdmin, ann: Visitor) -> None:
    tokens = await ann.tokens()

    done = await create_admin(ann.email, NEW_PASSWORD.encode() + b"\r\n")

    assert done.code == 0
    assert done.out == "ann@example.com is an administrator now and has a new password.\n"
    assert (await ann.me(tokens)).status_code == 401
    assert (await ann.refresh(tokens)).status_code == 401
    assert (await ann.log_in()).status_code == 401
    assert (await ann.log_in(password=NEW_PASSWORD)).status_code == 200


async def test_doing_it_twice_is_fine(create_admin: CreateAdmin, visitor: Visitor) -> None:
    for _ in range(2):
        assert (await create_admin(visitor.email, PASSWORD.encode())).code == 0

    assert (await visitor.me(await visitor.tokens())).json()["role"] == "admin"


@pytest.mark.parametrize(
    ("email", "stdin", "why"),
    [
        ("ann", PASSWORD.encode(), "is not an email address"),
        ("ann@example.com", b"", "has no account yet"),
        ("ann@example.com", b"\n", "has no account yet"),
        ("ann@example.com", b"password\n", "is one of the most used passwords"),
        ("ann@example.com", b"x" * 73, "at most 72 bytes"),
        ("ann@example.com", b"short", "at least 8 characters"),
        ("ann@example.com", b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe", "not valid UTF-8"),
        ("ann@example.com", b"seven green\0kettles", "a NUL character"),
    ],
    ids=ascii,
)
async def test_what_cannot_be_done_is_said_and_not_done(
    create_admin: CreateAdmin, connection: Any, email: str, stdin: bytes, why: str
) -> None:
    done = await create_admin(email, stdin)

    assert done.code == 1
    assert done.out == ""
    assert why in done.err
    assert done.err.count("\n") == 1
    assert await connection.fetchval("SELECT count(*) FROM users") == 0
