"""Making an account and signing in to it, through the service's front door."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import bcrypt
import httpx
import pytest

from auth_service.main import create_app
from auth_service.settings import AuthSettings
from shared.contracts.claims import verify
from tests.integration.auth.conftest import PASSWORD, Visitor, bearer, only_hash
from tests.support.apps import SECRET, running
from tests.support.hostile import refusal_faults
from tests.support.world import World


async def test_registering_makes_an_ordinary_user(visitor: Visitor) -> None:
    answer = await visitor.register(email="  Ann@Example.COM ", name="  Ann Lee ")

    assert answer.status_code == 201
    account = answer.json()
    assert account.keys() == {"id", "email", "name", "role", "created_at"}
    assert (account["email"], account["name"], account["role"]) == ("ann@example.com", "Ann Lee", "user")
    assert datetime.fromisoformat(account["created_at"]).utcoffset() is not None
    assert account["created_at"].endswith("Z")


async def test_a_name_is_not_needed(client: httpx.AsyncClient) -> None:
    answer = await client.post("/register", json={"email": "ann@example.com", "password": PASSWORD})

    assert answer.json()["name"] == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ann"},
        {"email": "ann@example.com\r\nBcc: everybody@example.com"},
        {"email": "a" * 250 + "@example.com"},
        {"password": "short"},
        {"password": "Password"},
        {"password": "x" * 73},
        {"password": "🎭" * 19},
        {"name": "x" * 101},
        {"name": None},
        {"role": "admin"},
        {"id": 1},
        {"token_epoch": 0},
        {"created_at": "2026-12-01T19:30:00Z"},
    ],
    ids=lambda changes: str(changes)[:40],
)
async def test_what_may_not_be_chosen_is_refused(visitor: Visitor, connection: Any, changes: dict[str, Any]) -> None:
    answer = await visitor.register(**changes)

    assert not list(refusal_faults(answer, frozenset({422})))
    assert answer.json()["errors"][0]["loc"] == ["body", *changes]
    assert await connection.fetchval("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@example.com", " ann@EXAMPLE.com "])
async def test_an_email_can_be_registered_once(ann: Visitor, email: str) -> None:
    answer = await ann.register(email=email, password="another good password")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/email-taken"
    assert (await ann.log_in()).status_code == 200


async def test_of_many_who_register_one_email_at_once_exactly_one_gets_it(visitor: Visitor, connection: Any) -> None:
    answers = await asyncio.gather(
        *(
            visitor.register(email=email, password=f"good password {n}")
            for n in range(10)
            for email in ("b@c.de", "B@C.de")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    assert await connection.fetchval("SELECT count(*) FROM users") == 1
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 201)
    assert (await visitor.log_in(email="b@c.de", password=f"good password {winner // 2}")).status_code == 200


async def test_signing_in_gives_tokens_for_half_an_hour(ann: Visitor) -> None:
    answer = await ann.log_in()

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 1800)
    assert verify(tokens["access_token"], secret=SECRET).role == "user"
    assert (await ann.me(tokens)).json()["email"] == "ann@example.com"


async def test_signing_in_with_a_form_gives_the_same(ann: Visitor) -> None:
    plain = {"username": "Ann@Example.com", "password": PASSWORD}
    as_swagger_does = {**plain, "grant_type": "password", "scope": "", "client_id": "", "client_secret": ""}

    for form in (plain, as_swagger_does):
        answer = await ann.client.post("/token", data=form)

        assert answer.status_code == 200
        assert answer.json().keys() == (await ann.tokens()).keys()
        assert (await ann.me(answer.json())).status_code == 200


async def test_the_email_may_be_written_in_any_way_when_signing_in(ann: Visitor) -> None:
    assert (await ann.log_in(email=" ANN@Example.com ")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong password"},
        {"password": PASSWORD.upper()},
        {"password": PASSWORD + " "},
        {"email": "nobody@example.com"},
        {"email": "not an email"},
        {"email": "ann@example.com' OR 1=1 --"},
    ],
    ids=str,
)
async def test_every_failure_to_sign_in_looks_the_same(
    ann: Visitor, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    checks: list[bytes] = []
    check = bcrypt.checkpw

    def spy(password: bytes, hashed: bytes) -> bool:
        checks.append(hashed[:7])
        return check(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", spy)
    pattern = await ann.log_in(password="another wrong password")
    by_form = {"username": changes.get("email", ann.email), "password": changes.get("password", ann.password)}

    answer = await ann.log_in(**changes)
    form_answer = await ann.client.post("/token", data=by_form)

    assert answer.status_code == form_answer.status_code == 401
    assert answer.content == pattern.content
    assert form_answer.json() == {**pattern.json(), "instance": "/token"}
    assert set(answer.headers) == set(pattern.headers)
    assert checks == [b"$2b$04$"] * 3  # the same work each time, so the same time


@pytest.mark.parametrize("path", ["/login", "/token"])
async def test_a_password_longer_than_bcrypt_sees_is_refused_before_anybody_looks(ann: Visitor, path: str) -> None:
    answers = []
    for email in (ann.email, "nobody@example.com"):
        names = {"email": email, "password": "x" * 73}
        form = {"username": email, "password": "x" * 73}
        answers.append(
            await (ann.client.post(path, json=names) if path == "/login" else ann.client.post(path, data=form))
        )

    assert {answer.status_code for answer in answers} == {422}
    assert answers[0].content == answers[1].content


async def test_me_is_who_the_token_speaks_for(ann: Visitor) -> None:
    ben = replace(ann, email="ben@example.com")
    await ben.register(name="Ben")

    assert (await ann.me(await ann.tokens())).json()["name"] == "Ann"
    assert (await ben.me(await ben.tokens())).json()["name"] == "Ben"


async def test_a_new_role_counts_from_the_next_request_on(ann: Visitor, connection: Any) -> None:
    tokens = await ann.tokens()

    await connection.execute("UPDATE users SET role = 'admin'")

    assert (await ann.me(tokens)).json()["role"] == "admin"


async def test_the_token_of_somebody_who_was_removed_is_worth_nothing(ann: Visitor, connection: Any) -> None:
    tokens = await ann.tokens()

    await connection.execute("DELETE FROM users")

    assert (await ann.me(tokens)).status_code == 401
    assert (await ann.refresh(tokens)).status_code == 401


async def test_a_hash_of_another_cost_is_renewed_when_its_owner_signs_in(
    ann: Visitor, connection: Any, settings: AuthSettings
) -> None:
    assert (await only_hash(connection)).startswith("$2b$04$")

    async with running(create_app(settings.model_copy(update={"bcrypt_cost": 5}))) as dearer:
        await replace(ann, client=dearer).log_in(password="wrong password")
        assert (await only_hash(connection)).startswith("$2b$04$")
        await replace(ann, client=dearer).tokens()

    assert (await only_hash(connection)).startswith("$2b$05$")
    assert (await ann.log_in()).status_code == 200


@pytest.fixture
async def queue_stands_still(ann: Visitor, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From now on no password check ends before this event is set."""
    check, may_go_on, loop = bcrypt.checkpw, asyncio.Event(), asyncio.get_running_loop()

    def slow_check(password: bytes, hashed: bytes) -> bool:
        asyncio.run_coroutine_threadsafe(may_go_on.wait(), loop).result(10)
        return check(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", slow_check)
    return may_go_on


async def test_signing_in_holds_no_connection_while_a_password_is_hashed(
    ann: Visitor, world: World, queue_stands_still: asyncio.Event
) -> None:
    """More people at the door than connections in the pool, and the house goes on."""
    ben = await world.person()
    crowd = [asyncio.create_task(ann.log_in()) for _ in range(30)]

    assert (await ann.client.get("/me", headers=ben.headers)).status_code == 200
    assert not any(task.done() for task in crowd)

    queue_stands_still.set()
    assert {answer.status_code for answer in await asyncio.gather(*crowd)} == {200}


async def test_a_crowd_that_does_not_fit_is_told_when_to_come_back(
    ann: Visitor, settings: AuthSettings, queue_stands_still: asyncio.Event
) -> None:
    async with running(create_app(settings.model_copy(update={"password_queue": 1}))) as small:
        crowd = [asyncio.create_task(replace(ann, client=small).log_in()) for _ in range(20)]
        done, waiting = await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)
        queue_stands_still.set()
        await asyncio.gather(*waiting)

    first_refused = done.pop().result()
    assert not list(refusal_faults(first_refused, frozenset({503})))
    assert first_refused.json()["type"] == "/problems/sign-in-busy"
    assert int(first_refused.headers["retry-after"]) == first_refused.json()["retry_after"] > 0
    assert {task.result().status_code for task in crowd} == {200, 503}


async def test_passwords_and_tokens_are_stored_as_hashes_only(ann: Visitor, connection: Any) -> None:
    tokens = await ann.tokens()
    rows = [
        str(dict(row))
        for table in ("users", "sessions", "refresh_tokens")
        for row in await connection.fetch(f"SELECT * FROM {table}")
    ]

    assert len(rows) == 3
    for secret in (PASSWORD, tokens["refresh_token"], tokens["access_token"]):
        assert secret not in "".join(rows)


async def test_emails_passwords_and_tokens_are_never_logged(
    clean_database: str, settings: AuthSettings, capfd: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings.model_copy(update={"log_level": "DEBUG"}))
    async with running(app) as client:
        ann = Visitor(client)
        await ann.register()
        await ann.log_in(password="wrong password")
        tokens = await ann.tokens()
        await ann.refresh(tokens)
        await ann.me(tokens)
        await ann.log_out(tokens)
    create_app(settings)  # puts the level of the log back

    logged = "".join(capfd.readouterr())
    assert "sign_in.done" in logged
    for secret in (ann.email, PASSWORD, "wrong password", bearer(tokens)["Authorization"], tokens["refresh_token"]):
        assert secret not in logged
