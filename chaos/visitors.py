"""Those who buy nothing: somebody looks at the seats again and again, somebody signs in and looks for bookings."""

import asyncio
from collections.abc import Sequence
from random import Random

from chaos.asking import Asker, Question


async def look_around(asker: Asker, *, event_id: int, chance: Random, every_s: float = 0.15) -> None:
    """Read the event's seats from events-service, until cancelled."""
    number = 0
    while True:
        number += 1
        question = Question(
            key=f"look-{number}",
            kind="look",
            user_id=0,
            token="",
            method="GET",
            path=f"/events/{event_id}/seats",
            asked={"event_id": event_id},
        )
        await asker.ask(question, "events")
        await asyncio.sleep(chance.uniform(0.5, 1.5) * every_s)


async def sign_in_often(
    asker: Asker, credentials: dict[str, str], parts: Sequence[str], *, chance: Random, every_s: float = 0.15
) -> None:
    """Sign in at auth-service, and show the new token to one of the booking `parts`, until cancelled."""
    number = 0
    while True:
        number += 1
        question = Question(
            key=f"sign-in-{number}", kind="sign-in", user_id=0, token="", method="POST", path="/login", body=credentials
        )
        signed_in = await asker.ask(question, "auth")
        if signed_in.status == 200:
            mine = Question(
                key=f"mine-{number}",
                kind="mine",
                user_id=0,
                token=signed_in.body["access_token"],
                method="GET",
                path="/my-bookings",
                asked={"signed_in_from": signed_in.invoke},
            )
            await asker.ask(mine, chance.choice(parts))
        await asyncio.sleep(chance.uniform(0.5, 1.5) * every_s)
