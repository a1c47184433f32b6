"""Those who buy nothing: somebody who looks at the seats again and again, somebody who signs in."""

import asyncio
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


async def sign_in_often(asker: Asker, credentials: dict[str, str], *, chance: Random, every_s: float = 0.15) -> None:
    """Sign in at auth-service, until cancelled."""
    number = 0
    while True:
        number += 1
        question = Question(
            key=f"sign-in-{number}", kind="sign-in", user_id=0, token="", method="POST", path="/login", body=credentials
        )
        await asker.ask(question, "auth")
        await asyncio.sleep(chance.uniform(0.5, 1.5) * every_s)
