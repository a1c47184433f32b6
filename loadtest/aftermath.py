"""After the attack: collecting what the API and the database say, and putting the seat back."""

from collections.abc import Sequence

import aiohttp

from loadtest.checks import free_again
from loadtest.client import call, each
from loadtest.database import Database
from loadtest.model import Addresses, Answer, CannotRun, Check, Evidence, Holder, Person, Target
from loadtest.seats import look_at


async def collect(
    session: aiohttp.ClientSession,
    addresses: Addresses,
    target: Target,
    answers: Sequence[Answer],
    database: Database | None,
) -> Evidence:
    """Raises CannotRun when the API or the database cannot be asked."""
    people = [answer.person for answer in answers]
    return Evidence(
        target=target,
        answers=tuple(answers),
        seat=await look_at(session, addresses.events, target),
        holders=await _holders(session, addresses, people, target.seat_id),
        database=await database.evidence(target.seat_id, after_version=target.version) if database else None,
    )


async def tidy_up(
    session: aiohttp.ClientSession,
    addresses: Addresses,
    target: Target,
    answers: Sequence[Answer],
    database: Database | None,
) -> Check:
    """Releases every hold the attack made, and checks that the seat can be had again.

    A hold without a 201 (the answer was lost) is found in /my-holds. Raises CannotRun when the
    API or the database cannot be asked.
    """
    people = [answer.person for answer in answers if not answer.lost]
    holders = set(await _holders(session, addresses, people, target.seat_id))
    holders |= {Holder(answer.person, answer.hold_id) for answer in answers if answer.won and answer.hold_id}
    refused = []
    for holder in sorted(holders, key=lambda holder: holder.person.email):
        try:
            await call(
                session,
                "POST",
                f"{addresses.booking[0]}/release-hold",
                expected=204,
                person=holder.person,
                body={"hold_id": holder.hold_id},
            )
        except CannotRun as refusal:
            refused.append(str(refusal))
    seat = await look_at(session, addresses.events, target)
    return free_again(seat, await database.seat(target.seat_id) if database else None, refused=refused)


async def _holders(
    session: aiohttp.ClientSession, addresses: Addresses, people: Sequence[Person], seat_id: int
) -> tuple[Holder, ...]:
    """Everybody of `people` who has the seat in /my-holds; twice when it is there twice."""

    async def holds_of(person: Person) -> list[Holder]:
        answer = await call(
            session, "GET", f"{addresses.booking[0]}/my-holds", expected=200, person=person, member="items"
        )
        return [
            Holder(person, hold["hold_id"])
            for hold in answer["items"]
            for seat in hold["seats"]
            if seat["seat_id"] == seat_id
        ]

    return tuple(holder for holders in await each(holds_of, people) for holder in holders)
