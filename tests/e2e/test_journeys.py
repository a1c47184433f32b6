"""Whole journeys in a real Chromium, and what comes in between: a tunnel, a second tab, the way back, an ended sign-in,
a clock that is wrong, a list that does not come.

Their numbers are 1, 5, 6, 7 and 8. Where the others are: 2 (keyboard alone) and 3 (list alone) in test_choosing.py,
4 (somebody was faster) there and in test_rivals.py, 9 (an organiser) in test_organiser.py, 10 (the door) in
test_door.py.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from playwright.async_api import Browser, Locator, Page, Route, WebSocketRoute, async_playwright, expect
from redis.asyncio import Redis

from devstack.stack import Stack
from shared.contracts.redis_keys import seat_lock
from shared.contracts.ticket_codes import Ticket, TicketCodes
from tests.e2e.browsers import ARGUMENTS, CHROMIUM, Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.seats_page import SeatsPage, sign_in
from tests.e2e.test_pages import be
from tests.e2e.test_rivals import statuses
from tests.e2e.tickets import buy, signed_in
from tests.support.patience import until

pytestmark = needs_chromium

GOING = re.compile("^You.re going")
FULL_TIME = re.compile(r"^(5:00|4:\d\d)$")
QR = re.compile("QR code")


class Hand:
    """Presses, and counts."""

    def __init__(self) -> None:
        self.presses = 0

    async def press(self, target: Locator) -> None:
        """One action."""
        await target.click()
        self.presses += 1


async def held_by(customer: Customer) -> list[dict[str, Any]]:
    """Somebody's holds, as the server has them."""
    items: list[dict[str, Any]] = (await customer.get("/my-holds")).json()["items"]
    return items


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


def on_list(page: Page, look: str) -> Locator:
    """The places of the list that look like this."""
    return page.locator(f'.list button.seat[data-look="{look}"]')


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


# The basket, whatever happens to the page


PAGES_OF_A_BUYER = [
    *("/", "/event.html?event={event}", "/movie.html?name=Dune%3A%20Part%20Two", "/bookings.html", "/ticket.html"),
    *("/account.html", "/sign-in.html", "/seats.html?event={event}"),
]


async def test_what_is_held_stands_on_every_page_and_outlives_reloading(
    windows: Windows, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    page = await windows.open("/sign-in.html")
    await be(page, ann, stack, "/")
    pill = page.get_by_role("link", name="2 seats held for you. Go to them.")

    for path in PAGES_OF_A_BUYER:
        await page.goto(path.format(event=event["id"]), wait_until="commit")
        await expect(pill).to_contain_text(re.compile(r"2 seats · (5:00|4:\d\d)"))

    await page.reload()
    await expect(page.get_by_role("timer")).to_have_text(FULL_TIME)
    await page.goto("/bookings.html")
    await pill.click()
    await expect(page.get_by_role("timer")).to_have_text(FULL_TIME)


async def test_back_and_forward_find_the_basket_as_it_is_now(
    stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """From the back/forward cache, which Playwright turns off in the browser of the other tests: the page that is left
    is frozen, and wakes up with what it knew. Meanwhile a hold has been made, and a seat has gone.
    """
    ann, ben = await sign_up(), await sign_up()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        context = await browser.new_context(base_url=stack.edge_url, storage_state=await signed_in(ann, stack))
        page = await context.new_page()
        await page.goto(f"/seats.html?event={event['id']}")
        seats = SeatsPage(page)
        await seats.show_list()
        await seats.seat(10).click()
        await page.evaluate("() => addEventListener('pageshow', (event) => (globalThis.wokeUp = event.persisted))")
        await page.goto("/bookings.html")
        await expect(page.get_by_role("heading", name="Nothing is coming up")).to_be_visible()
        await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
        await ben.post("/hold-seat", {"seat_id": seat_ids[30]})

        await page.go_back(wait_until="commit")
        assert await page.evaluate("() => globalThis.wokeUp") is True
        await expect(on_list(page, "mine")).to_have_count(2)
        await expect(on_list(page, "chosen")).to_have_count(2)
        await expect(seats.seat(30)).to_have_attribute("data-look", "held")
        await expect(seats.timer).to_have_text(FULL_TIME)
        await page.go_forward(wait_until="commit")
        await expect(page.locator("#hold-pill")).to_contain_text("2 seats")
        await browser.close()


async def test_a_second_tab_has_the_same_basket_and_is_told_what_the_first_did(
    windows: Windows, event: dict[str, Any], sign_up: SignUp
) -> None:
    ann = await sign_up()
    one = await SeatsPage.open(windows, event, ann)
    other = SeatsPage(await one.page.context.new_page())
    await other.page.goto(f"/seats.html?event={event['id']}")
    await expect(other.page.get_by_text("Live", exact=True)).to_be_visible()

    await one.page.get_by_role("button", name=re.compile("^Take ")).click()
    await expect(other.timer).to_have_text(FULL_TIME)
    await other.page.get_by_role("button", name="Confirm booking").click()

    await expect(other.page.get_by_role("heading", level=1)).to_have_text(GOING)
    await expect(
        one.page.get_by_text(re.compile("You booked or released them in another window")).first
    ).to_be_visible()
    await expect(one.timer).to_have_count(0)
    await expect(one.refusal).to_have_count(0)


async def test_a_sign_in_that_ends_is_renewed_and_one_that_cannot_be_loses_nothing(
    windows: Windows, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    """First the half hour of a token is over: nobody notices. Then the session itself is ended, on another device."""
    ann = await sign_up()
    seats = await SeatsPage.open(windows, event, ann)
    page = seats.page
    break_token = """
        () => {
          const session = JSON.parse(localStorage.getItem("frontrow.session"));
          localStorage.setItem("frontrow.session", JSON.stringify({ ...session, access_token: "it is over" }));
          return session;
        }
    """
    await page.evaluate(break_token)
    await page.get_by_role("button", name=re.compile("^Take ")).click()
    await expect(seats.timer).to_have_text(FULL_TIME)
    await seats.show_list()
    await seats.seat(30).click()
    await expect(on_list(page, "chosen")).to_have_count(2)

    session = await page.evaluate(break_token)
    answer = await ann.client.post("/api/logout", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert answer.status_code < 300
    await page.get_by_role("button", name="Confirm booking").click()
    told = page.locator(".notices", has_text="You are signed out. Your seats stay held until their time is up")
    await expect(told).to_be_visible()
    await expect(on_list(page, "chosen")).to_have_count(2)
    assert len(await held_by(ann)) == 1
    await told.get_by_role("button", name="Sign in").click()
    await sign_in(page, ann)

    await expect(seats.timer).to_have_text(FULL_TIME)
    await expect(page.get_by_role("button", name="Hold 2 seats")).to_be_visible()
    await page.get_by_role("button", name="Confirm booking").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(GOING)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_is_an_hour_off_changes_nothing(
    windows: Windows, stack: Stack, put_on: PutOn, sign_up: SignUp, hours: int
) -> None:
    """What begins in half an hour is on sale, whatever the visitor's clock says; and a hold has its five minutes."""
    ann = await sign_up()
    soon = datetime.now(UTC) + timedelta(minutes=30)
    event = await put_on(template="cinema-small", capacity=20, start_time=soon.isoformat())
    page = await windows.open("/sign-in.html")
    await page.add_init_script(
        f"""
        globalThis.Date = class extends Date {{
          constructor(...parts) {{
            super(...(parts.length ? parts : [Date.now()]));
          }}
          static now() {{
            return super.now() + {hours} * 3_600_000;
          }}
        }};
        """
    )
    await be(page, ann, stack, f"/event.html?event={event['id']}")
    off = await page.evaluate("() => Date.now()") / 1000 - datetime.now(UTC).timestamp()
    assert round(off / 3600) == hours

    await page.get_by_role("link", name="Choose seats").click()
    await page.get_by_role("button", name=re.compile("^Take ")).click()

    await expect(page.get_by_role("timer")).to_have_text(FULL_TIME)


# Lists that come late, or not, or are empty


Prepare = Callable[[Page], Awaitable[None]]


async def as_list(page: Page) -> None:
    """Show the seats as a list."""
    await page.get_by_role("button", name="Choose from a list").click()


@dataclass(frozen=True)
class Listing:
    """A list of a page, and how its states are seen."""

    path: str
    asks: str
    waits: str
    """What stands there while the answer is on its way."""
    shows: str
    """What stands there when it has come."""
    nothing: dict[str, Any] | None = None
    """An answer with nothing in it, if the list can be empty."""
    says: str = ""
    """What is said then."""
    look: Prepare | None = None
    """How one comes to see it."""


LISTINGS = {
    "programme": Listing(
        path="/",
        asks="**/api/events/browse*",
        waits="#events [aria-busy=true] .skeleton",
        shows="#events li.card",
        nothing={"items": [], "next_cursor": None},
        says="Nothing is on sale yet",
    ),
    "bookings": Listing(
        path="/bookings.html",
        asks="**/api/my-bookings*",
        waits="#bookings .order-bone",
        shows="#bookings .order",
        nothing={"items": [], "next_cursor": None},
        says="Nothing is coming up",
    ),
    "tickets": Listing(
        path="/ticket.html?order={order}",
        asks="**/api/my-bookings*",
        waits=".ticket-bone",
        shows=".ticket .qr",
        nothing={"items": [], "next_cursor": None},
        says="There is no such order",
    ),
    "showtimes": Listing(
        path="/movie.html?name=Dune%3A%20Part%20Two",
        asks="**/api/events/movie/**",
        waits="text=Loading showtimes…",
        shows=".theater .time-link",
    ),
    "showtimes of an event": Listing(
        path="/event.html?event={film}",
        asks="**/api/events/movie/**",
        waits="#grid .showtimes-bone",
        shows="#grid .time-link",
    ),
    "seats": Listing(
        path="/seats.html?event={event}",
        asks="**/api/events/*/seats",
        waits="text=Looking up what is free…",
        shows=".list button.seat",
        look=as_list,
    ),
    "offers": Listing(
        path="/seats.html?event={event}",
        asks="**/api/best-available",
        waits=".offer-body[aria-busy=true] .waiting",
        shows="button.offer",
        nothing={"offers": []},
        says="There are not 2 places left.",
    ),
}


@pytest.mark.parametrize("name", LISTINGS)
async def test_a_list_says_that_it_waits_why_it_failed_and_that_it_is_empty(
    windows: Windows,
    stack: Stack,
    event: dict[str, Any],
    seat_ids: list[int],
    sign_up: SignUp,
    name: str,
) -> None:
    """Slow, then refused, then asked again with one press; then empty."""
    listing, ann = LISTINGS[name], await sign_up()
    order = await buy(ann, seat_ids[:1])
    [film] = (await ann.get("/events/browse", q="Dune: Part Two", limit=1)).json()["items"]
    path = listing.path.format(event=event["id"], order=order["order_id"], film=film["id"])
    page = await windows.open("/sign-in.html")
    if name == "seats":  # they come by the socket, and over HTTP where that says nothing
        await page.route_web_socket("**/ws/**", lambda _: None)
    answered = asyncio.Event()

    async def refuse(route: Route) -> None:
        await answered.wait()
        await route.fulfill(status=429, json={"title": "Too many requests", "status": 429, "retry_after": 30})

    await page.route(listing.asks, refuse)
    await be(page, ann, stack, path)
    if listing.look:
        await listing.look(page)
    await expect(page.locator(listing.waits).first).to_be_visible()

    answered.set()
    await expect(page.get_by_text("Too many requests just now. Try again in 30 s.").first).to_be_visible()
    await expect(page.locator(listing.waits)).to_have_count(0)
    await page.unroute(listing.asks)
    await page.get_by_role("button", name="Try again").first.click()
    await expect(page.locator(listing.shows).first).to_be_visible()

    if listing.nothing is not None:
        await page.route(listing.asks, lambda route: route.fulfill(json=listing.nothing))
        await page.reload()
        await expect(page.get_by_text(listing.says).first).to_be_visible()
