"""The pages in other languages: whole purchases, right to left too, and a language made of English that shows what is
not translated and what does not fit.
"""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from devstack.stack import Stack
from tests.e2e.browsers import Windows, needs_chromium
from tests.e2e.conftest import Customer, PutOn, SignUp
from tests.e2e.tickets import buy, signed_in

pytestmark = needs_chromium

PSEUDO = "en-XA"
PUBLIC = [
    *("/", "/?q=nothing+is+called+that", "/movie.html?name=Dune%3A%20Part%20Two", "/movie.html?name=x"),
    *("/event.html?event={event}", "/event.html", "/seats.html?event={event}", "/seats.html", "/sign-in.html?new=1"),
    *("/bookings.html", "/ticket.html", "/account.html"),
]
OF_AN_ORGANISER = [
    *("/admin.html", "/admin.html?q=nothing+is+called+that", "/admin-edit.html?event={event}"),
    *("/admin-sales.html?event={event}", "/admin-door.html?event={event}"),
]
OF_A_BUYER = ["/ticket.html?order={order}", "/bookings.html", "/account.html"]

SHOWN = """
() => {
  const choices = "select:is(.language, [name=time_zone], [name=currency])";
  const data = `bdi, script, style, noscript, [translate=no], .logo, ${choices}`;
  const found = [document.title.replace(/ · Frontrow$/, "")];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement, textContent } = texts.currentNode;
    if (!parentElement.closest(data)) found.push(textContent);
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) found.push(element.getAttribute(name));
  }
  return found.map((text) => text.trim()).filter(Boolean);
}
"""
"""Everything that a page shows or says, without what organisers and people wrote."""

DATES = re.compile(
    r"\b((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|AM|PM|UTC|GMT|C?EST?|at)\b"
)
"""What Intl writes: not the catalogue's."""
LABEL = 3
"""Letters, at most, of what stands on a row."""


def untranslated(shown: Iterable[str], data: Iterable[str]) -> list[str]:
    """The texts of which something is neither from the catalogue, nor a date, nor data."""
    known = sorted({text for text in data if text}, key=len, reverse=True)
    left = []
    for text in shown:
        rest = text
        while (inner := re.sub(r"⟦[^⟦⟧]*⟧", "", rest)) != rest:
            rest = inner
        # The names of things before what may be a part of them ("Seat at a table"), and that before the labels of rows.
        for words in known:
            if len(words) > LABEL:
                rest = rest.replace(words, "")
        rest = DATES.sub("", rest)
        for words in known:
            rest = rest.replace(words, "")
        if re.search(r"[^\W\d_]", rest):
            left.append(text)
    return left


async def what_people_wrote(customer: Customer, event: dict[str, Any]) -> set[str]:
    """Names that stand in pages as they are."""
    plan = (await customer.get(f"/events/{event['id']}/seat-plan")).json()
    listed = [*(await customer.get("/events/browse", limit=100)).json()["items"], event]
    data = {item[name] for item in listed for name in ("name", "venue", "city")}
    data |= {f"{item['venue']}, {item['city']}" for item in listed}
    data |= names_in(plan)
    return data | {row["label"] for section in plan["sections"] for row in section.get("rows", [])} | {customer.email}


def names_in(plan: dict[str, Any]) -> set[str]:
    """Of its sections, prices and floors: the house's own words."""
    return {part["name"] for kind in ("sections", "categories", "floors") for part in plan[kind]}


async def sideways(page: Page) -> int:
    """How far the page can be scrolled to the side, CSS pixels."""
    pixels: int = await page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return pixels


async def at_rest(page: Page) -> None:
    """Wait until a page has all it asked for."""
    await page.get_by_role("heading", level=1).first.wait_for(state="attached")
    await page.wait_for_load_state("networkidle")


# The language that is none


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_page_in_longer_words_is_translated_and_fits(
    browser: Browser, stack: Stack, event: dict[str, Any], admin: Customer, path: str
) -> None:
    data = await what_people_wrote(admin, event)
    context = await browser.new_context(base_url=stack.edge_url, locale=PSEUDO, viewport={"width": 390, "height": 800})
    page = await context.new_page()

    await page.goto(path.format(event=event["id"]))
    await at_rest(page)
    shown, wide = await page.evaluate(SHOWN), await sideways(page)
    await page.set_viewport_size({"width": 320, "height": 800})
    wider = await sideways(page)

    await context.close()
    assert any("⟦" in text for text in shown)
    assert untranslated(shown, data) == []
    assert max(wide, wider) <= 0


async def test_a_buyers_pages_in_longer_words_are_translated_and_fit(
    browser: Browser, stack: Stack, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    order = await buy(ann, seat_ids[:3])
    await ann.post(f"/cancel-booking/{order['bookings'][0]['id']}")
    data = {*(await what_people_wrote(ann, event)), order["order_id"][-8:]}
    for width in (320, 390):
        context = await browser.new_context(
            base_url=stack.edge_url,
            locale=PSEUDO,
            viewport={"width": width, "height": 800},
            storage_state=await signed_in(ann, stack),
        )
        page = await context.new_page()
        for path in OF_A_BUYER:
            await page.goto(path.format(order=order["order_id"]))
            await at_rest(page)

            assert untranslated(await page.evaluate(SHOWN), data) == [], path
            assert await sideways(page) <= 0, path
        await context.close()


@pytest.mark.parametrize("template", ["club", "theater", "cabaret"])
async def test_choosing_and_buying_in_longer_words_is_translated_and_fits(
    browser: Browser, stack: Stack, put_on: PutOn, sign_up: SignUp, template: str
) -> None:
    ann = await sign_up()
    event = await put_on(template=template)
    data = await what_people_wrote(ann, event)
    context = await browser.new_context(
        base_url=stack.edge_url,
        locale=PSEUDO,
        viewport={"width": 320, "height": 800},
        storage_state=await signed_in(ann, stack),
    )
    page = await context.new_page()

    async def assert_fine(when: str) -> None:
        assert untranslated(await page.evaluate(SHOWN), data) == [], when
        assert await sideways(page) <= 0, when

    await page.goto(f"/seats.html?event={event['id']}")
    await page.locator("button.offer").first.wait_for()
    await assert_fine("offers")
    await page.locator(".switch button").nth(1).click()
    await page.locator(".list button").first.wait_for()
    await assert_fine("list")
    await page.locator("button.offer").first.click()
    await page.locator("[data-key=hold]").wait_for()
    await assert_fine("chosen")
    await page.locator("[data-key=hold]").click()
    await page.locator("[data-key^=confirm]").wait_for()
    await assert_fine("held")
    await page.locator("[data-key^=confirm]").click()
    await page.locator(".confirmation").wait_for()
    data.add((await ann.get("/my-bookings")).json()["items"][0]["order_id"])
    await assert_fine("bought")

    await context.close()


async def test_the_header_fits_at_any_width_with_seats_held_and_somebody_signed_in(
    browser: Browser, stack: Stack, seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    await ann.post("/hold-seat", {"seat_ids": seat_ids[:2]})
    context = await browser.new_context(
        base_url=stack.edge_url, locale=PSEUDO, storage_state=await signed_in(ann, stack)
    )
    page = await context.new_page()
    await page.goto("/account.html")
    await page.locator("#hold-pill").wait_for()
    await page.locator(".menu .who").wait_for(state="attached")

    for width in (320, 390, 760, 761, 900, 1024, 1080, 1081, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await sideways(page) <= 0, width
    await context.close()


async def test_what_a_form_complains_about_is_translated(browser: Browser, stack: Stack) -> None:
    context = await browser.new_context(base_url=stack.edge_url, locale=PSEUDO)
    page = await context.new_page()
    await page.goto("/sign-in.html")

    await page.locator("form button[type=submit]").click()
    await page.get_by_role("alert").wait_for()
    assert untranslated(await page.evaluate(SHOWN), []) == []
    await page.locator("#field-email").fill("nobody@example.com")
    await page.locator("#field-password").fill("this is not it")
    await page.locator("form button[type=submit]").click()
    await page.locator(".notice").wait_for()

    assert untranslated(await page.evaluate(SHOWN), []) == []
    await context.close()


async def test_the_organisers_pages_in_longer_words_are_translated_and_fit(
    browser: Browser, stack: Stack, admin: Customer, event: dict[str, Any], seat_ids: list[int], sign_up: SignUp
) -> None:
    ann = await sign_up()
    await buy(ann, seat_ids[:3])
    usual_room = (await admin.get("/seat-plan-templates/cinema-large")).json()
    data = {*(await what_people_wrote(admin, event)), *names_in(usual_room)}
    context = await browser.new_context(
        base_url=stack.edge_url,
        locale=PSEUDO,
        viewport={"width": 390, "height": 800},
        storage_state=await signed_in(admin, stack),
    )
    page = await context.new_page()

    async def assert_fine(when: str) -> None:
        assert untranslated(await page.evaluate(SHOWN), data) == [], when
        assert await sideways(page) <= 0, when

    for path in OF_AN_ORGANISER:
        await page.goto(path.format(event=event["id"]))
        await page.get_by_role("main").get_by_role("link").first.wait_for()
        await at_rest(page)
        await assert_fine(path)
    # What is said at the door: of a code that is none, and of everything else when nobody answers.
    await page.locator("[name=code]").fill("none")
    await page.keyboard.press("Enter")
    await page.locator(".verdict").wait_for()
    await assert_fine("forged")
    await page.route("**/api/check-in*", lambda route: route.abort())
    [booking] = (await ann.get("/my-bookings")).json()["items"][:1]
    await page.locator("[name=code]").fill((await ann.get(f"/tickets/{booking['id']}")).json()["code"])
    await page.keyboard.press("Enter")
    await page.locator(".verdict[data-kind=admitted]").wait_for()
    await assert_fine("without a network")
    await page.unroute("**/api/check-in*")
    await page.goto("/admin-new.html")
    go_on = page.locator("form button[type=submit]")
    await go_on.click()
    await page.get_by_role("alert").wait_for()
    await assert_fine("what")
    await page.locator("[name=name]").fill(event["name"])
    await go_on.click()
    await page.locator("[name=venue]").fill(event["venue"])
    await page.locator("[name=city]").fill(event["city"])
    await assert_fine("where")
    await go_on.click()
    await page.locator(".room canvas").wait_for()
    await at_rest(page)
    await assert_fine("room")
    await go_on.click()
    await page.locator(".section-list summary").click()
    await assert_fine("prices")
    await context.close()


# Whole purchases


async def test_a_purchase_in_german(windows: Windows, put_on: PutOn, sign_up: SignUp) -> None:
    """Money as Germans write it, and the time of the venue, which is Tokyo."""
    ann = await sign_up()
    event = await put_on(template="cinema-small", capacity=60, time_zone="Asia/Tokyo")
    page = await windows.open(f"/event.html?event={event['id']}&lang=de")
    await expect(page.locator(".hero .facts")).to_contain_text("25. Dezember")
    await expect(page.locator(".hero .facts")).to_contain_text("04:30")
    await expect(page.get_by_role("complementary", name="Preise")).to_contain_text("30\u00a0€")
    await page.get_by_role("link", name="Plätze wählen").click()
    await page.get_by_role("region", name="Beste Plätze für 2").get_by_role("button").first.click()
    await page.get_by_role("button", name="Anmelden und 2 Plätze reservieren").click()
    await expect(page.get_by_text("Ihre Auswahl bleibt erhalten.")).to_be_visible()
    await page.get_by_label("E-Mail").fill(ann.email)
    await page.get_by_label("Passwort").fill(ann.password)
    await page.locator("form button[type=submit]").click()

    await expect(page.get_by_text("Für Sie reserviert", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Verbindlich buchen").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind dabei.")
    await page.get_by_role("link", name="Tickets zeigen").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Tickets")
    await expect(page.get_by_text("Ticket 2 von 2")).to_be_visible()
    await expect(page).to_have_title(f"{event['name']}: Tickets · Frontrow")
    assert len((await ann.get("/my-bookings")).json()["items"]) == 2


async def test_a_purchase_in_arabic(windows: Windows, event: dict[str, Any], sign_up: SignUp) -> None:
    """Right to left; the panel with the offers lies at the left then, and the house stays as it is built."""
    ann = await sign_up()
    page = await windows.open(f"/sign-in.html?lang=ar&next=seats.html?event={event['id']}")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await page.locator("#field-email").fill(ann.email)
    await page.locator("#field-password").fill(ann.password)
    await page.locator("form button[type=submit]").click()
    await page.wait_for_url("**/seats.html?event=*")
    await page.locator("button.offer").first.click()
    info, stage = await page.locator(".info").bounding_box(), await page.locator(".stage").bounding_box()
    assert info is not None
    assert stage is not None
    assert info["x"] < stage["x"]

    await page.get_by_role("button", name="احجز مؤقتًا: \u2067مقعدان\u2069").click()  # noqa: RUF001  # it is Arabic
    await expect(page.get_by_text("محفوظ لك", exact=True)).to_be_visible()
    await page.get_by_role("button", name="أكّد الحجز").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("نراك هناك.")
    await page.get_by_role("link", name="اعرض التذاكر").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("تذاكرك")
    await expect(page.locator(".ticket")).to_have_count(2)
    await expect(page.locator(".code").first).to_have_css("direction", "ltr")
    assert len((await ann.get("/my-bookings")).json()["items"]) == 2


# Choosing a language


async def test_a_language_that_was_chosen_is_kept(windows: Windows) -> None:
    page = await windows.open("/")

    await page.get_by_label("Language").select_option("es")
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Encuentre su asiento"))
    await page.goto("/bookings.html")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Mis compras")
    await expect(page).to_have_title("Mis compras · Frontrow")
    await expect(page.locator("html")).to_have_attribute("lang", "es")


async def test_only_the_language_that_is_shown_is_fetched(windows: Windows) -> None:
    page = await windows.open("/?lang=de")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))

    await page.reload()
    await expect(page.locator("#events li.card").first).to_be_visible()

    catalogues = [url for url in fetched if "/languages/" in url and not url.endswith("choose.js")]
    assert {url.split("/languages/")[1] for url in catalogues} == {"de/site.js"}


async def test_a_page_whose_catalogue_is_missing_is_in_english(browser: Browser, stack: Stack) -> None:
    context = await browser.new_context(base_url=stack.edge_url, locale="de-DE")
    page = await context.new_page()
    await page.route("**/languages/de/*", lambda route: route.fulfill(status=404))

    await page.goto("/")

    await expect(page.locator("#events li.card").first).to_be_visible()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    await context.close()
