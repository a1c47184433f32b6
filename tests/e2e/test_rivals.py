"""Two windows and three scripted rivals fight over one row. In the end both maps are what the database says, and both
people were told in words.

Short here; `FRONTROW_FIGHT_ROUNDS=60 ./frontrow test tests/e2e/test_rivals.py` fights for a minute or two.
"""

import asyncio
import os
import random
from contextlib import suppress
from typing import Any

import asyncpg
from playwright.async_api import TimeoutError, expect

from devstack.stack import Stack
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, SignUp
from tests.e2e.seats_page import SeatsPage
from tests.support.patience import until

pytestmark = needs_chromium

ROUNDS = int(os.environ.get("FRONTROW_FIGHT_ROUNDS", "8"))
ROW = range(9, 17)
"""What everybody wants, by place in the plan: the second row."""


class Fighter:
    """Somebody at a window who wants two seats of the row, again and again."""

    def __init__(self, seats: SeatsPage) -> None:
        self.seats = seats
        self.told: list[str] = []
        self.held = 0

    async def choose(self, pair: list[int]) -> None:
        """Choose these seats one by one, as soon as the map has them free."""
        for index in pair:
            await expect(self.seats.seat(index)).to_have_attribute("data-look", "available")
            await self.seats.seat(index).click(modifiers=["Shift"])

    async def hold(self) -> None:
        """Press the button, if there is still something to hold, and wait for the answer: seats, or words."""
        with suppress(TimeoutError):  # both seats went before the press, and the button with them
            await self.seats.hold_button.click(timeout=2_000)
        await expect(self.seats.timer.or_(self.seats.refusal).first).to_be_visible()

    async def settle(self) -> None:
        """Note what was said, let go what is held, and begin anew."""
        if await self.seats.refusal.count():
            self.told.append(await self.seats.refusal.inner_text())
            await self.seats.page.get_by_role("button", name="Close message").click()
        if await self.seats.timer.count():
            self.held += 1
            await self.seats.page.get_by_role("button", name="Release", exact=True).click()
            await expect(self.seats.timer).to_have_count(0)
        chosen = self.seats.page.locator('.list button.seat[data-look="chosen"]')
        while await chosen.count():
            await chosen.first.click()


async def rival(customer: Customer, row: list[int], dice: random.Random) -> None:
    """Hold two seats of the row, then keep them for this round or let them go at once."""
    hold = await customer.post("/hold-seat", {"seat_ids": dice.sample(row, 2)})
    if hold.status_code == 201 and dice.random() < 0.5:
        await customer.post("/release-hold", {"hold_id": hold.json()["hold_id"]})


async def let_go(customers: list[Customer]) -> None:
    """The rivals give everything back."""
    for customer in customers:
        for hold in (await customer.get("/my-holds")).json()["items"]:
            await customer.post("/release-hold", {"hold_id": hold["hold_id"]})


async def statuses(stack: Stack, event: dict[str, Any]) -> dict[int, str]:
    """What the database says, by place in the plan."""
    connection = await asyncpg.connect(stack.database_url)
    rows = await connection.fetch("SELECT id, status::text FROM seats WHERE event_id = $1", event["id"])
    await connection.close()
    return {row["id"] - event["first_seat_id"]: row["status"] for row in rows}


async def test_two_windows_fight_over_a_row_and_both_are_told_the_truth(
    windows: Windows, stack: Stack, event: dict[str, Any], sign_up: SignUp, seat_ids: list[int]
) -> None:
    dice = random.Random(5)  # noqa: S311  # the same fight every time
    fighters = [Fighter(await SeatsPage.open(windows, event, await sign_up())) for _ in range(2)]
    rivals = [await sign_up() for _ in range(3)]
    row = [seat_ids[index] for index in ROW]
    for fighter in fighters:
        await fighter.seats.show_list()

    for round_number in range(ROUNDS):
        pair = dice.sample(ROW, 2)
        await asyncio.gather(*(fighter.choose(pair) for fighter in fighters))
        if round_number == 0:  # nobody is left in doubt at least once: the seats go while both have them chosen
            await rivals[0].post("/hold-seat", {"seat_ids": [seat_ids[index] for index in pair]})
            await asyncio.gather(*(expect(fighter.seats.refusal).to_be_visible() for fighter in fighters))
        else:
            await asyncio.gather(
                *(fighter.hold() for fighter in fighters), *(rival(person, row, dice) for person in rivals)
            )
        await asyncio.gather(*(fighter.settle() for fighter in fighters))
        await let_go(rivals)

    kept = (await rivals[0].post("/hold-seat", {"seat_ids": row[:2]})).json()
    await rivals[0].post("/confirm-booking", {"hold_id": kept["hold_id"]})
    await rivals[1].post("/hold-seat", {"seat_ids": row[2:4]})
    for fighter in fighters:

        async def agrees(fighter: Fighter = fighter) -> bool:
            return await fighter.seats.everything() == await statuses(stack, event)

        assert await until(agrees)
        assert fighter.told
        assert all("somebody else" in words and "row" in words.lower() for words in fighter.told)
    assert sum(fighter.held for fighter in fighters) > 0
