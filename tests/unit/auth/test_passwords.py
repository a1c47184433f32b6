"""Hashing passwords stops nobody else, and tells nobody anything."""

import asyncio
import os
import threading
from collections.abc import Iterator

import bcrypt
import pytest

from auth_service.passwords import RETRY_AFTER_S, Passwords, PasswordsBusy

COST = 4
PASSWORD = "seven green kettles"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    """With room for one caller beyond those that the threads serve."""
    made = Passwords(cost=COST, queue=1)
    yield made
    made.close()


class Gate:
    """Stands in for bcrypt's work, which then takes until `open()`. Remembers the threads it was called in."""

    def __init__(self) -> None:
        self._opened = threading.Event()
        self._arrivals = threading.Semaphore(0)
        self.threads: list[threading.Thread] = []

    def open(self) -> None:
        """Let all work be done."""
        self._opened.set()

    async def reached(self, times: int) -> None:
        """Wait until work has begun `times` times more."""
        for _ in range(times):
            assert await asyncio.to_thread(self._arrivals.acquire, timeout=10)

    def work(self, _password: bytes, _salt: bytes) -> bytes:
        """Like `bcrypt.hashpw`."""
        self.threads.append(threading.current_thread())
        self._arrivals.release()
        assert self._opened.wait(10)
        return b"hash"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """In the place of `bcrypt.hashpw`, with two threads to wait at it."""
    made = Gate()
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(bcrypt, "hashpw", made.work)
    yield made
    made.open()


async def test_a_password_matches_its_own_hash_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)

    assert stored.startswith("$2b$04$")
    assert await passwords.matches(PASSWORD, stored)
    assert not await passwords.matches(PASSWORD + "!", stored)
    assert not await passwords.matches("", stored)


async def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_all_72_bytes_count(passwords: Passwords) -> None:
    stored = await passwords.hash("x" * 72)

    assert not await passwords.matches("x" * 71 + "y", stored)


async def test_a_password_that_bcrypt_would_cut_is_never_hashed(passwords: Passwords) -> None:
    with pytest.raises(ValueError, match="72 bytes"):
        await passwords.hash("x" * 73)


@pytest.mark.parametrize("stored", [None, "", "none", "!", "$2b$04$short", "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"])
async def test_checking_nobodys_password_is_the_same_work_as_checking_somebodys(
    monkeypatch: pytest.MonkeyPatch, stored: str | None
) -> None:
    checked: list[bytes] = []
    check = bcrypt.checkpw

    def spy(password: bytes, hashed: bytes) -> bool:
        checked.append(hashed)
        return check(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", spy)
    passwords = Passwords(cost=COST, queue=1)
    somebodys = await passwords.hash(PASSWORD)

    assert not await passwords.matches("wrong password", somebodys)
    assert not await passwords.matches(PASSWORD, stored)

    passwords.close()
    assert len(checked) == 2
    assert {hashed[:7] for hashed in checked} == {b"$2b$04$"}


async def test_a_hash_of_another_cost_is_outdated(passwords: Passwords) -> None:
    assert not passwords.is_outdated(await passwords.hash(PASSWORD))
    assert passwords.is_outdated(bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(5)).decode())
    assert passwords.is_outdated("none")


async def test_the_event_loop_goes_on_while_passwords_are_hashed(gate: Gate) -> None:
    passwords = Passwords(cost=COST, queue=1)
    hashing = asyncio.create_task(passwords.hash(PASSWORD))
    await gate.reached(1)

    assert not hashing.done()  # and yet we are here

    gate.open()
    assert await hashing == "hash"
    assert threading.current_thread() not in gate.threads
    passwords.close()


async def test_who_does_not_fit_into_the_queue_is_told_when_to_come_back(gate: Gate) -> None:
    passwords = Passwords(cost=COST, queue=3)
    taken = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(2 + 3)]
    await asyncio.sleep(0)

    with pytest.raises(PasswordsBusy) as refusal:
        await passwords.hash(PASSWORD)

    answer = refusal.value.response("/login")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == str(RETRY_AFTER_S)

    gate.open()
    assert await asyncio.gather(*taken) == ["hash"] * 5
    assert await passwords.hash(PASSWORD) == "hash"
    passwords.close()


async def test_callers_that_give_up_make_no_room_before_the_work_is_done(gate: Gate) -> None:
    passwords = Passwords(cost=COST, queue=1)
    taken = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(2)]
    await gate.reached(2)
    waiting = asyncio.create_task(passwords.hash(PASSWORD))
    await asyncio.sleep(0)

    for task in taken:
        task.cancel()
    await asyncio.gather(*taken, return_exceptions=True)

    with pytest.raises(PasswordsBusy):  # both threads still work for those who left
        await passwords.hash(PASSWORD)

    waiting.cancel()  # nobody works for this one yet, so its place is free at once
    await asyncio.gather(waiting, return_exceptions=True)
    next_one = asyncio.create_task(passwords.hash(PASSWORD))
    gate.open()
    assert await next_one == "hash"
    passwords.close()


async def test_two_threads_are_enough_for_any_machine(gate: Gate) -> None:
    passwords = Passwords(cost=COST, queue=10)
    taken = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(10)]
    await gate.reached(2)
    gate.open()
    await asyncio.gather(*taken)

    assert len(set(gate.threads)) == 2
    passwords.close()
