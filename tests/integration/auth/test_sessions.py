"""Staying signed in, and signing out."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from auth_service.main import create_app
from auth_service.settings import AuthSettings
from auth_service.tokens import REPEAT_WINDOW
from tests.integration.auth.conftest import Visitor
from tests.support.apps import running

LATER = REPEAT_WINDOW + timedelta(seconds=1)


async def age(connection: Any, by: timedelta) -> None:
    """Let `by` pass for all sessions and refresh tokens."""
    await connection.execute(
        "UPDATE refresh_tokens SET created_at = created_at - $1::interval, expires_at = expires_at - $1::interval,"
        " used_at = used_at - $1::interval",
        by,
    )
    await connection.execute("UPDATE sessions SET expires_at = expires_at - $1::interval", by)


async def test_refreshing_gives_new_tokens_of_the_same_session(ann: Visitor, connection: Any) -> None:
    first = await ann.tokens()

    answer = await ann.refresh(first)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    second = answer.json()
    assert second.keys() == first.keys()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert (await ann.me(second)).status_code == 200
    assert await connection.fetchval("SELECT count(*) FROM sessions") == 1


async def test_one_can_stay_signed_in_refresh_after_refresh(ann: Visitor, connection: Any) -> None:
    tokens = await ann.tokens()
    for _ in range(5):
        await age(connection, timedelta(minutes=30))
        answer = await ann.refresh(tokens)
        assert answer.status_code == 200
        tokens = answer.json()

    assert (await ann.me(tokens)).status_code == 200


async def test_a_lost_answer_can_be_asked_for_again(ann: Visitor) -> None:
    first = await ann.tokens()
    lost = (await ann.refresh(first)).json()

    again = await ann.refresh(first)

    assert again.status_code == 200
    assert again.json()["refresh_token"] == lost["refresh_token"]
    assert (await ann.refresh(again.json())).status_code == 200


async def test_many_tabs_that_refresh_at_once_all_stay_signed_in_on_one_chain(ann: Visitor, connection: Any) -> None:
    first = await ann.tokens()

    answers = await asyncio.gather(*(ann.refresh(first) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert await connection.fetchval("SELECT count(*) FROM refresh_tokens") == 2
    assert (await ann.me(answers[7].json())).status_code == 200


async def test_a_used_token_that_turns_up_late_ends_the_session(ann: Visitor, connection: Any) -> None:
    stolen = await ann.tokens()
    owners = (await ann.refresh(stolen)).json()
    await age(connection, LATER)

    answer = await ann.refresh(stolen)

    assert answer.status_code == 401
    assert (await ann.refresh(owners)).status_code == 401
    assert (await ann.me(owners)).status_code == 401


async def test_a_used_token_whose_next_was_used_too_ends_the_session_however_soon(ann: Visitor) -> None:
    stolen = await ann.tokens()
    second = (await ann.refresh(stolen)).json()
    third = (await ann.refresh(second)).json()

    answer = await ann.refresh(stolen)

    assert answer.status_code == 401
    assert (await ann.refresh(third)).status_code == 401
    assert (await ann.me(third)).status_code == 401


async def test_a_thief_who_is_quick_gets_no_chain_of_his_own(ann: Visitor, connection: Any) -> None:
    """Within the window a thief gets what the owner gets; the next time that one of them is late, both are out."""
    stolen = await ann.tokens()
    owners = (await ann.refresh(stolen)).json()
    thiefs = (await ann.refresh(stolen)).json()
    assert thiefs["refresh_token"] == owners["refresh_token"]

    owners = (await ann.refresh(owners)).json()
    await age(connection, timedelta(minutes=20))
    answer = await ann.refresh(thiefs)

    assert answer.status_code == 401
    assert (await ann.refresh(owners)).status_code == 401
    assert (await ann.me(owners)).status_code == 401


async def test_other_sessions_go_on_when_one_ends_by_a_stolen_token(ann: Visitor, connection: Any) -> None:
    phone, laptop = await ann.tokens(), await ann.tokens()
    await ann.refresh(phone)
    await age(connection, LATER)
    assert (await ann.refresh(phone)).status_code == 401

    assert (await ann.me(laptop)).status_code == 200
    assert (await ann.refresh(laptop)).status_code == 200


async def test_signing_out_ends_the_session_and_no_other(ann: Visitor) -> None:
    phone, laptop = await ann.tokens(), await ann.tokens()

    answer = await ann.log_out(phone)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await ann.me(phone)).status_code == 401
    assert (await ann.refresh(phone)).status_code == 401
    assert (await ann.log_out(phone)).status_code == 401
    assert (await ann.me(laptop)).status_code == 200
    assert (await ann.refresh(laptop)).status_code == 200


async def test_signing_out_ends_the_access_tokens_from_before_a_refresh_too(ann: Visitor) -> None:
    before = await ann.tokens()
    after = (await ann.refresh(before)).json()

    await ann.log_out(after)

    assert (await ann.me(before)).status_code == 401
    assert (await ann.refresh(before)).status_code == 401


async def test_a_session_is_over_thirty_days_after_it_began_however_often_it_was_refreshed(
    ann: Visitor, connection: Any
) -> None:
    tokens = await ann.tokens()
    for days in (10, 10, 9):
        await age(connection, timedelta(days=days))
        tokens = (await ann.refresh(tokens)).json()

    await age(connection, timedelta(hours=23, minutes=50))
    last = (await ann.refresh(tokens)).json()
    await age(connection, timedelta(minutes=11))

    assert 0 < last["expires_in"] <= 600
    assert (await ann.refresh(last)).status_code == 401


@pytest.mark.parametrize("token", ["x", "no-such-token", "x" * 43, "ü🎭", "' OR 1=1 --"])
async def test_what_is_no_refresh_token_is_refused_like_one_that_has_ended(ann: Visitor, token: str) -> None:
    ended = await ann.tokens()
    await ann.log_out(ended)

    answer = await ann.refresh({"refresh_token": token})

    assert answer.status_code == 401
    assert answer.content == (await ann.refresh(ended)).content


async def test_an_access_token_is_no_refresh_token_and_the_other_way_round(ann: Visitor) -> None:
    tokens = await ann.tokens()

    assert (await ann.refresh({"refresh_token": tokens["access_token"]})).status_code in (401, 422)
    assert (await ann.me({"access_token": tokens["refresh_token"]})).status_code == 401


async def test_a_raised_epoch_ends_every_access_token_of_its_user(ann: Visitor, connection: Any) -> None:
    tokens = await ann.tokens()

    await connection.execute("UPDATE users SET token_epoch = token_epoch + 1")

    assert (await ann.me(tokens)).status_code == 401


async def test_sessions_that_are_over_are_forgotten_when_their_owner_signs_in(ann: Visitor, connection: Any) -> None:
    await ann.tokens()
    await age(connection, timedelta(days=31))

    await ann.tokens()

    assert await connection.fetchval("SELECT count(*) FROM sessions") == 1
    assert await connection.fetchval("SELECT count(*) FROM refresh_tokens") == 1


async def test_all_instances_make_the_same_next_token(ann: Visitor, settings: AuthSettings) -> None:
    first = await ann.tokens()
    async with running(create_app(settings)) as other_instance:
        there, here = await asyncio.gather(replace(ann, client=other_instance).refresh(first), ann.refresh(first))

    assert there.json()["refresh_token"] == here.json()["refresh_token"]


async def test_refreshing_while_signing_out_never_leaves_a_living_session(ann: Visitor) -> None:
    for _ in range(10):
        tokens = await ann.tokens()

        refreshed, out = await asyncio.gather(ann.refresh(tokens), ann.log_out(tokens))

        assert out.status_code == 204
        if refreshed.status_code == 200:
            assert (await ann.me(refreshed.json())).status_code == 401
            assert (await ann.refresh(refreshed.json())).status_code == 401
