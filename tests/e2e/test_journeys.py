"""Whole journeys in a real Chromium, and what comes in between: the end of the time, a tunnel, somebody who cancels.

Their numbers are 1, 5, 6, 7 and 8. Where the others are: 2 (keyboard alone) and 3 (list alone) in test_choosing.py,
4 (somebody was faster) there and in test_rivals.py, 9 (an organiser) in test_organiser.py, 10 (the door) in
test_door.py.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from playwright.async_api import Browser, Locator, Page, WebSocketRoute, expect
from redis.asyncio import Redis

from devstack.stack import Stack
from shared.contracts.redis_keys import seat_lock
from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.seats_page import FULL_TIME, SeatsPage, on_list
from tests.e2e.test_pages import be
from tests.e2e.test_rivals import statuses
from tests.e2e.tickets import buy, held_by, signed_in
from tests.support.patience import until

pytestmark = needs_chromium

GOING = re.compile("^You.re going")
QR = re.compile("QR code")


class Hand:
    """Presses, and counts."""

    def __init__(self) -> None:
        self.presses = 0

    async def press(self, target: Locator) -> None:
        """One action."""
        await target.click()
        self.presses += 1


async def seats_of(customer: Customer) -> list[dict[str, Any]]:
    """The seats somebody has bought, in the order of the plan."""
    items = (await customer.get("/my-bookings")).json()["items"]
    return sorted((item["seat"] for item in items), key=lambda seat: int(seat["id"]))


async def let_end(stack: Stack, hold: dict[str, Any], left: timedelta) -> None:
    """Move a hold's end to `left` from now, in the database and at its gates, instead of waiting for it."""
    ids = [seat["seat_id"] for seat in hold["seats"]]
    connection = await asyncpg.connect(stack.database_url)
    await connection.execute(
        "UPDATE seats SET hold_expiry = clock_timestamp() + $2, version = version + 1 WHERE id = ANY($1)", ids, left
    )
    await connection.close()
    async with Redis.from_url(stack.redis_url) as gates:
        for seat_id in ids:
            await gates.pexpire(seat_lock(hold["event_id"], seat_id), left)


async def line_is_back(page: Page) -> None:
    """What a browser tells a page when its network is there again: the page asks for its holds."""
    await page.evaluate("() => dispatchEvent(new Event('online'))")


# 1. A pair in four actions


async def test_1_a_pair_in_four_actions(windows: Windows, stack: Stack, event: dict[str, Any], sign_up: SignUp) -> None:
    """From the programme to the codes, for somebody who is signed in: the event, its seats, the best two, confirm.

    Four presses on three screens. Nothing is typed, nothing else is asked, and the codes stand on the last screen.
    """
    ann, hand = await sign_up(), Hand()
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, "/")

    await hand.press(page.get_by_role("link", name=event["name"], exact=True))
    await hand.press(page.get_by_role("link", name="Choose seats"))
    await hand.press(page.get_by_role("button", name=re.compile("^Take .* · .*, €")))
    await hand.press(page.get_by_role("button", name="Confirm booking"))

    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)
    await expect(page.get_by_role("img", name=QR)).to_have_count(2)
    assert hand.presses == 4
    one, other = await seats_of(ann)
    assert one["row"] == other["row"]
    assert other["id"] - one["id"] == 1
    codes = TicketCodes(stack.folder.secret("jwt_secret"))
    tickets = [codes.verify(text) for text in await page.locator(".codes .code").all_inner_texts()]
    booked = (await ann.get("/my-bookings")).json()["items"]
    assert set(tickets) == {Ticket(event_id=event["id"], booking_id=item["id"]) for item in booked}


async def test_1_somebody_new_makes_an_account_in_between_and_needs_no_other_press(
    windows: Windows, event: dict[str, Any]
) -> None:
    """The same four presses. In between an account: two presses and two fields, then the seats are held already."""
    hand = Hand()
    page = await windows.open("/")

    await hand.press(page.get_by_role("link", name=event["name"], exact=True))
    await hand.press(page.get_by_role("link", name="Choose seats"))
    await hand.press(page.get_by_role("button", name=re.compile("^Take .* · .*, €")))
    await hand.press(page.get_by_role("button", name="New here"))
    await page.get_by_label("Email").fill(f"new-{event['id']}@example.com")
    await page.get_by_label("Password").fill("correct horse battery staple")
    await hand.press(page.get_by_role("button", name="Create an account"))
    await hand.press(page.get_by_role("button", name="Confirm booking"))

    await expect(page.get_by_role("img", name=QR)).to_have_count(2)
    assert hand.presses == 4 + 2


# 5. The timer


async def test_5_time_is_given_with_one_press_and_after_the_end_the_same_seats_with_another(
    windows: Windows, stack: Stack, event: dict[str, Any], sign_up: SignUp
) -> None:
    """The end is moved in the database; the page's clock is the real one. What was set by hand (three together, a
    price) stays as it is.
    """
    ann = await sign_up()
    seats = await SeatsPage.open(windows, event, ann)
    page = seats.page
    chip = page.get_by_role("group", name="Show only").get_by_role("button").first
    await chip.click()
    together = page.get_by_role("group", name="How many together?")
    await together.get_by_role("button", name="One more").click()
    await page.get_by_role("button", name=re.compile("^Take ")).click()
    await expect(seats.timer).to_have_text(FULL_TIME)
    more = page.get_by_role("button", name="Need more time? Extend the hold")
    await expect(more).to_be_hidden()
    [hold] = await held_by(ann)

    await let_end(stack, hold, timedelta(seconds=60))
    await line_is_back(page)
    await expect(page.get_by_text("Not much time left")).to_be_visible()
    await expect(seats.timer).to_have_text(re.compile(r"^(1:00|0:[2345]\d)$"))
    await more.click()
    await expect(seats.timer).to_have_text(FULL_TIME)
    await expect(more).to_be_hidden()

    await let_end(stack, hold, timedelta(seconds=4))
    await line_is_back(page)
    await expect(page.get_by_text("Your time was up, and your seats were released.")).to_be_visible()
    assert await held_by(ann) == []
    await page.get_by_role("button", name="Try the same seats again").click()

    await expect(seats.timer).to_have_text(FULL_TIME)
    [again] = await held_by(ann)
    assert [seat["seat_id"] for seat in again["seats"]] == [seat["seat_id"] for seat in hold["seats"]]
    await expect(together.locator("output")).to_have_text("3")
    await expect(chip).to_have_attribute("aria-pressed", "true")


# 6. The tunnel


@dataclass
class Tunnel:
    """Takes the network away from a page, its sockets too, and gives it back."""

    page: Page
    sockets: list[WebSocketRoute]
    dark: bool = False

    @classmethod
    async def at(cls, page: Page) -> "Tunnel":
        """A tunnel that this page will go through. Before it opens a socket."""
        tunnel = cls(page, [])
        await page.route_web_socket("**/ws/**", tunnel._meet)
        return tunnel

    async def _meet(self, socket: WebSocketRoute) -> None:
        if self.dark:
            await socket.close()
            return
        socket.connect_to_server()
        self.sockets.append(socket)

    async def cut(self) -> None:
        """The open sockets end, as when a server or a line dies."""
        while self.sockets:
            await self.sockets.pop().close(code=1012)

    async def enter(self) -> None:
        """No request and no socket gets through."""
        self.dark = True
        await self.page.context.set_offline(True)
        await self.cut()

    async def leave(self) -> None:
        """Everything gets through again."""
        self.dark = False
        await self.page.context.set_offline(False)


async def test_6_a_tunnel_in_the_middle_of_choosing_costs_nothing(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """Not one of `windows`: a browser complains of requests without a network, which here there must be."""
    ann, ben = await sign_up(), await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    context = await browser.new_context(
        base_url=stack.edge_url,
        viewport={"width": 1280, "height": 800},
        storage_state=await signed_in(ann, stack),
    )
    page = await context.new_page()
    tunnel = await Tunnel.at(page)
    await page.goto(f"/seats.html?event={event['id']}")
    seats = SeatsPage(page)
    await seats.show_list()
    await seats.seat(10).click()
    await expect(on_list(page, "chosen")).to_have_count(2)
    chosen = await on_list(page, "chosen").evaluate_all("all => all.map(({dataset}) => Number(dataset.index))")
    kept = next(index for index in chosen if index != 10)

    await tunnel.enter()
    await expect(page.get_by_text("You are offline.").first).to_be_visible()
    await ben.post("/hold-seat", {"seat_id": seat_ids[10]})
    await buy(ben, seat_ids[30:32])
    await page.get_by_role("button", name="Hold 2 seats").click()
    await expect(seats.refusal).to_contain_text("could not be reached")
    await expect(seats.refusal).to_contain_text("What you chose is still chosen")
    await expect(seats.timer).to_have_text(FULL_TIME)

    await tunnel.leave()
    await expect(page.locator(".line .notice")).to_have_count(0)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await expect(seats.refusal).to_contain_text("just went to somebody else")
    await expect(seats.seat(kept)).to_have_attribute("data-look", "chosen")
    await expect(seats.timer).to_have_text(FULL_TIME)
    await expect(on_list(page, "mine")).to_have_count(2)

    async def agrees() -> bool:
        return await seats.everything() == await statuses(stack, event)

    assert await until(agrees)
    await context.close()


async def test_6_a_line_that_is_cut_with_seats_held_comes_back_by_itself(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """The socket dies, the rest of the network does not: the hold goes on, and can be confirmed meanwhile."""
    ann, ben = await sign_up(), await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    context = await browser.new_context(base_url=stack.edge_url, storage_state=await signed_in(ann, stack))
    page = await context.new_page()
    await page.add_init_script("Math.random = () => 0.1")  # so that it does not wait long for its next attempt
    tunnel = await Tunnel.at(page)
    await page.goto(f"/seats.html?event={event['id']}")
    seats = SeatsPage(page)
    await seats.show_list()

    tunnel.dark = True
    await tunnel.cut()
    await expect(page.get_by_text("The connection is lost.").first).to_be_visible()
    await ben.post("/hold-seat", {"seat_id": seat_ids[30]})
    await expect(seats.timer).to_have_text(FULL_TIME)
    tunnel.dark = False
    await expect(seats.seat(30)).to_have_attribute("data-look", "held")
    await expect(page.locator(".line .notice")).to_have_count(0)
    await page.get_by_role("button", name="Confirm booking").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)
    await context.close()


# 7. A wheelchair space and its companion


async def test_7_a_wheelchair_space_and_its_companion_are_found_and_bought_as_a_pair(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    """By the filter; then the offer, the list and the one press all mean the same two places."""
    ann = await sign_up()
    seats = await SeatsPage.open(windows, event, ann)
    page = seats.page
    await seats.show_list()

    await page.get_by_role("button", name="Wheelchair space", exact=True).click()

    offers = page.get_by_role("region", name="Best available for 2").get_by_role("button")
    await expect(offers.first).to_contain_text("heelchair space and companion")
    names = await seats.seats.evaluate_all("all => all.map((seat) => seat.ariaLabel)")
    assert names
    assert all(re.search("wheelchair space|companion seat", name) for name in names)
    await page.get_by_role("button", name=re.compile("available.*wheelchair space")).first.click()
    await expect(on_list(page, "chosen")).to_have_count(2)
    await page.get_by_role("button", name="Hold 2 seats").click()
    await page.get_by_role("button", name="Confirm booking").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)
    plan = (await ann.get(f"/events/{event['id']}/seat-plan")).json()
    bought = {seat["id"] - event["first_seat_id"] for seat in await seats_of(ann)}
    assert bought in [set(pair) for pair in pairs_of(plan)]


def pairs_of(plan: dict[str, Any]) -> list[list[int]]:
    """Wheelchair spaces with their companions' seats, by place in the plan."""
    pairs: list[list[int]] = []
    start = 0
    for section in plan["sections"]:
        for row in section["rows"]:
            pairs += [[start + place for place in pair] for pair in row.get("pairs", [])]
            start += row["n"]
    return pairs


# 8. A cancelled seat


async def test_8_what_is_cancelled_turns_free_where_others_look_and_can_be_had_at_once(
    windows: Windows, stack: Stack, put_on: PutOn, sign_up: SignUp
) -> None:
    """A house that is sold out, looked at by somebody who waits."""
    ann, ben = await sign_up(), await sign_up()
    event = await put_on(template="cinema-small", capacity=20)
    first = event["first_seat_id"]
    orders = [await buy(ann, list(range(start, start + 10))) for start in (first, first + 10)]
    waiting = await SeatsPage.open(windows, event, ben)
    await waiting.page.get_by_role("button", name="Choose from a list").click()
    await waiting.page.get_by_label("Only available seats").check()
    await expect(waiting.page.get_by_text("No seats here match.")).to_be_visible()
    await expect(waiting.page.get_by_text("There are not 2 places left.")).to_be_visible()
    bookings = await windows.open("/sign-in.html")
    await be(bookings, ann, stack, "/bookings.html")

    await bookings.get_by_role("button", name=re.compile("^Cancel ")).first.click()
    await bookings.get_by_role("dialog").get_by_role("button", name="Cancel the booking").click()
    await expect(bookings.get_by_text("is cancelled and on sale again")).to_be_visible()
    await ann.post(f"/cancel-booking/{orders[0]['bookings'][4]['id']}")
    await ann.post(f"/cancel-booking/{orders[1]['bookings'][4]['id']}")

    await expect(on_list(waiting.page, "available")).to_have_count(3)
    await waiting.page.get_by_role("button", name=re.compile("^Take ")).click()
    await expect(waiting.timer).to_have_text(FULL_TIME)
