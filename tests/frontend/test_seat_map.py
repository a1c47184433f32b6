"""The seat map in a real Chromium: what it paints, counted rather than timed, and what keys and fingers get of it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import combinations, product
from math import isqrt
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from loadtest.seat_map.browser import chromium, empty_page, served
from loadtest.seat_map.plans import STADIUM_SEATS, stadium, theatre
from tests.e2e.browsers import needs_chromium

pytestmark = needs_chromium

FIXTURES = Path(__file__).parents[1] / "fixtures/seat_plans"
MOST_CELLS = 600

Open = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
async def opened_by() -> AsyncIterator[tuple[Browser, str]]:
    async with served() as address, chromium() as browser:
        yield browser, address


@pytest.fixture
async def show(opened_by: tuple[Browser, str]) -> AsyncIterator[Open]:
    """Puts a plan on a page. Whatever the page complains about fails the test."""
    browser, address = opened_by
    complaints: list[str] = []
    async with AsyncExitStack() as pages:

        async def put(
            document: dict[str, Any], *, width: int = 1000, statuses: bool = True, dark: bool = False
        ) -> Page:
            page = await pages.enter_async_context(empty_page(browser, address, width=width, height=700, dark=dark))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            await page.evaluate("([text, statuses]) => map.open(text, statuses)", [json.dumps(document), statuses])
            return page

        yield put
    assert complaints == []


def fixture(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return document


async def focused(page: Page) -> str:
    return str(
        await page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName")
    )


async def one_frame(page: Page) -> dict[str, int]:
    """What one more frame paints."""
    drawn: dict[str, int] = await page.evaluate("map.frame()")
    return drawn


async def test_a_thousand_updates_are_one_frame_that_repairs_what_changed(show: Open) -> None:
    page = await show(stadium())
    await page.evaluate("map.rest(6)")

    updated = await page.evaluate("map.update(1000)")

    assert updated["frames"] == 1
    assert updated["seats"] == 0
    assert updated["stamped"] <= 2 * 1000  # each erased and painted once


async def test_from_afar_a_stadium_is_drawn_as_its_sections(show: Open) -> None:
    page = await show(stadium())

    drawn = await one_frame(page)

    assert drawn["seats"] == drawn["stamped"] == 0
    assert drawn["shapes"] == 100


async def test_dots_are_painted_once_and_then_moved(show: Open) -> None:
    page = await show(stadium())
    await page.evaluate("map.rest(6)")

    await page.evaluate("map.view.panBy(-9, 4)")
    await page.evaluate("map.frame()")
    await page.evaluate("map.view.panBy(9, -4)")
    drawn = await one_frame(page)

    assert drawn["seats"] == drawn["stamped"] == 0


async def test_a_stadium_is_never_painted_all_at_once(show: Open) -> None:
    page = await show(stadium())

    drawn = await page.evaluate("(map.view.viewpoint.look({scale: 4.5, x: -700, y: -1800}), map.frame())")

    assert 0 < drawn["stamped"] < STADIUM_SEATS / 20


async def test_close_up_only_what_is_near_is_drawn(show: Open) -> None:
    page = await show(stadium())
    await page.evaluate("map.rest(26)")

    drawn = await one_frame(page)

    assert 0 < drawn["seats"] < 1_500


async def test_the_mirror_is_one_section_in_one_tab_stop(show: Open) -> None:
    page = await show(stadium())
    await page.evaluate("map.rest(26)")

    cells = page.get_by_role("gridcell")
    assert 0 < await cells.count() <= MOST_CELLS
    assert await page.locator(".mirror [tabindex='0']").count() == 1
    assert await page.locator("canvas").get_attribute("aria-hidden") == "true"


async def test_a_taken_seat_is_reachable_and_says_that_it_cannot_be_had(show: Open) -> None:
    page = await show(theatre())
    disabled = page.locator(".mirror [aria-disabled='true']").first

    await disabled.focus()

    assert await focused(page) == await disabled.get_attribute("aria-label")
    await page.keyboard.press("Space")
    assert await page.evaluate("map.heard[0][0]") == "seat"


async def test_before_the_first_word_from_the_server_no_seat_looks_free(show: Open) -> None:
    page = await show(theatre(), statuses=False)

    assert await page.locator(".mirror [aria-disabled='false']").count() == 0
    await expect(page.get_by_role("grid")).to_have_attribute("aria-busy", "true")


async def test_keys_lead_from_a_stadium_to_a_seat_and_back_out(show: Open) -> None:
    page = await show(stadium())
    await page.keyboard.press("Tab")
    await page.keyboard.press("Home")
    assert (await focused(page)).startswith("Block 101, ")

    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    assert (await focused(page)).endswith("seat 23")
    await page.keyboard.press("ArrowRight")
    assert (await focused(page)).startswith("Block 102, ")
    await page.keyboard.press("Space")
    assert await page.evaluate("map.heard[0][0]") == "seat"

    await page.keyboard.press("Escape")
    assert (await focused(page)).startswith("Block 102, ")
    await page.evaluate("map.landed()")
    await page.keyboard.press("Escape")
    assert await focused(page) == "BODY"


async def test_the_keys_seat_is_in_sight_and_large_enough(show: Open) -> None:
    page = await show(stadium())
    await page.evaluate("map.rest(6)")
    await page.keyboard.press("Tab")

    for key in ("ArrowDown", "End", "PageDown", "PageDown", "Home", "n"):
        await page.keyboard.press(key)
        place = await page.evaluate(
            "(({walker, viewpoint: {camera, size}}) => ({...map.view.viewpoint.onScreen(walker.place),"
            " scale: camera.scale, ...size}))(map.view)"
        )
        assert 20 < place["x"] < place["width"] - 20
        assert 20 < place["y"] < place["height"] - 20
        assert place["scale"] >= 16


async def test_page_down_goes_to_the_next_floor_and_says_so(show: Open) -> None:
    page = await show(fixture("standing"))
    await page.locator(".mirror [tabindex='0']").focus()
    assert "Dance floor" in await focused(page)

    await page.keyboard.press("Enter")
    await page.keyboard.press("PageDown")

    assert (await focused(page)).startswith("Mezzanine, row A")
    assert await page.evaluate("map.heard") == [["section", 0], ["floor", "upper"]]


async def test_a_standing_area_is_pressed_as_an_area_and_a_table_as_a_table(show: Open) -> None:
    standing = await show(fixture("standing"))
    at = await standing.evaluate("map.view.viewpoint.onScreen({x: 10, y: 12})")
    await standing.mouse.click(at["x"], at["y"])
    assert await standing.evaluate("map.heard") == [["section", 0]]

    tables = await show(fixture("tables"))
    edge = await tables.evaluate("map.view.viewpoint.onScreen({x: 5.9, y: 12})")
    await tables.mouse.click(edge["x"], edge["y"])
    assert await tables.evaluate("map.heard") == [["seat", 14]]


async def test_a_press_near_a_seat_takes_the_nearest_and_a_drag_takes_none(show: Open) -> None:
    page = await show(theatre())
    await page.evaluate("map.rest(14)")
    at = await page.evaluate("map.view.viewpoint.onScreen(map.view.placeOf(20))")

    await page.mouse.move(at["x"], at["y"])
    await page.mouse.down()
    await page.mouse.move(at["x"] + 7, at["y"] - 3)
    await page.mouse.up()
    assert await page.evaluate("map.heard") == []

    at = await page.evaluate("map.view.viewpoint.onScreen(map.view.placeOf(20))")
    await page.mouse.click(at["x"] + 2, at["y"] - 11)
    assert await page.evaluate("map.heard") == [["seat", 20]]


async def test_a_finger_on_tiny_seats_goes_closer_first(show: Open) -> None:
    page = await show(theatre(), width=390)
    tap = "map.view.tap(map.view.viewpoint.onScreen(map.view.placeOf(20)), true)"

    await page.evaluate(tap)
    assert await page.evaluate("map.heard") == []
    await page.evaluate("map.landed()")

    await page.evaluate(tap)
    assert await page.evaluate("map.heard") == [["seat", 20]]


async def test_two_fingers_zoom_and_choose_nothing(show: Open) -> None:
    page = await show(theatre())
    touch = await page.context.new_cdp_session(page)
    scale = await page.evaluate("map.view.viewpoint.camera.scale")

    for kind, apart in (
        ("touchStart", 40),
        ("touchMove", 60),
        ("touchMove", 90),
        ("touchMove", 120),
        ("touchEnd", None),
    ):
        fingers = () if apart is None else ((1, 500 - apart), (2, 500 + apart))
        points = [{"x": x, "y": 350, "id": finger} for finger, x in fingers]
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    assert await page.evaluate("map.view.viewpoint.camera.scale") > 1.5 * scale
    assert await page.evaluate("map.heard") == []


async def test_the_wheel_zooms_about_the_pointer(show: Open) -> None:
    page = await show(theatre())
    under = "(({x, y, scale}) => [(400 - x) / scale, (300 - y) / scale])(map.view.viewpoint.camera)"
    before = await page.evaluate(under)
    await page.mouse.move(400, 300)

    await page.mouse.wheel(0, -400)
    await page.evaluate("map.idle(3)")

    assert await page.evaluate("map.view.viewpoint.camera.scale > map.view.viewpoint.fitScale")
    assert await page.evaluate(under) == pytest.approx(before, abs=0.01)


async def test_who_wishes_for_less_motion_sees_the_same_map(show: Open) -> None:
    """Such people once saw an empty map: each colour was read at the beginning of a transition of no length."""
    page = await show(stadium())
    colours = "(map.view.recolour(), JSON.stringify(map.view.palette))"
    with_motion = await page.evaluate(colours)

    await page.evaluate(
        "(sheet => (sheet.replaceSync('* { transition-duration: 0.01ms !important }'),"
        " document.adoptedStyleSheets.push(sheet)))(new CSSStyleSheet())"
    )

    assert await page.evaluate(colours) == with_motion


async def test_without_motion_a_flight_is_a_step(show: Open) -> None:
    page = await show(stadium())
    await page.emulate_media(reduced_motion="reduce")

    scale = await page.evaluate("(map.view.walker.enter(0), map.view.viewpoint.camera.scale)")

    assert scale > 6


SHAPES = """
async (pitch) => {
  const { applyUpdates, beginRequest, chooseAgain, setMine } = await import("/seat-map/state.js");
  const { plan, viewpoint, canvas, palette } = map.view;
  const { ratio, size } = viewpoint;
  // One row, one price; a free seat between any two, so that no ring reaches into another's place.
  const { start } = plan.rows[12];
  // The two that have to look alike have numbers of one digit.
  const states = ["available", "again", "held", "booked", "blocked", "chosen", "mine", "pending"];
  const at = Object.fromEntries(states.map((name, nth) => [name, start + 2 + 2 * nth]));
  const status = { [at.held]: "held", [at.booked]: "booked", [at.blocked]: "blocked" };
  const all = Array.from({ length: plan.count }, (_, seat_id) => (
    { seat_id, status: status[seat_id] ?? "available", version: 50 }
  ));
  let { state } = applyUpdates(map.state, all);
  state = setMine(state, [{ hold_id: "h", seats: [{ seat_id: at.mine }] }]);
  state = beginRequest(chooseAgain(state, [at.chosen]).state, [at.pending]);
  map.view.show(state);
  const middle = map.view.placeOf(at.blocked);
  viewpoint.look({ scale: pitch, x: size.width / 2 - middle.x * pitch, y: size.height / 2 - middle.y * pitch });
  viewpoint.settle();
  await map.idle(30);  // a request is shown as waiting only after a while

  // What is left of a picture without colours: where there is ink, and where there is none.
  const grey = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const ground = grey(palette.ground.match(/[0-9]+/g).map(Number));
  const isInk = (pixel) => (pixel[3] / 255) * Math.abs(grey(pixel) - ground) > 25;
  const half = Math.round(pitch * ratio * 0.5);
  const shapeOf = (index) => {
    const { x, y } = viewpoint.onScreen(map.view.placeOf(index));
    const corner = [Math.round(x * ratio) - half, Math.round(y * ratio) - half];
    const { data } = canvas.getContext("2d").getImageData(...corner, 2 * half, 2 * half);
    return Array.from({ length: data.length / 4 }, (_, nth) => isInk(data.subarray(4 * nth, 4 * nth + 4)));
  };
  return Object.fromEntries(states.map((name) => [name, shapeOf(at[name])]));
}
"""
APART = 0.09
"""The share of a place's pixels in which two states must differ with all colours gone."""
ALIKE = 0.07
"""Two seats in the same state, with other numbers and parts of a pixel off, differ by no more."""


def differing(one: list[bool], other: list[bool]) -> float:
    """The share of pixels that differ, one upon the other as well as it can lie: a place is no whole pixel."""
    side = isqrt(len(one))
    inner = range(1, side - 1)
    return min(
        sum(one[y * side + x] != other[(y + down) * side + x + across] for y in inner for x in inner) / len(inner) ** 2
        for across, down in product((-1, 0, 1), repeat=2)
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_states_are_told_apart_without_any_colour(show: Open, dark: bool) -> None:
    """WCAG 2.2, 1.4.1. A seat that was chosen and one that is held for me look alike on purpose: both are mine."""
    page = await show(theatre(), dark=dark)

    for pitch in (12, 26):
        shapes: dict[str, list[bool]] = await page.evaluate(SHAPES, pitch)

        differ = {(one, other): differing(shapes[one], shapes[other]) for one, other in combinations(shapes, 2)}
        assert differ.pop(("available", "again")) <= ALIKE, "the control"
        del differ["chosen", "mine"]
        assert {pair: share for pair, share in differ.items() if share < APART} == {}, f"{pitch} px"


async def test_a_press_chooses_when_it_is_let_go_and_a_trembling_one_too(show: Open) -> None:
    """WCAG 2.2, 2.5.2."""
    page = await show(theatre())
    await page.evaluate("map.rest(20)")
    at = await page.evaluate("map.view.viewpoint.onScreen(map.view.placeOf(20))")

    await page.mouse.move(at["x"], at["y"])
    await page.mouse.down()
    assert await page.evaluate("map.heard") == []
    await page.mouse.move(at["x"] + 4, at["y"] - 4)
    await page.mouse.up()

    assert await page.evaluate("map.heard") == [["seat", 20]]


async def test_buttons_do_what_a_drag_does_while_there_is_more_to_see(show: Open) -> None:
    """WCAG 2.2, 2.5.7."""
    page = await show(theatre())
    buttons = page.get_by_role("group", name="Move the view")
    await expect(buttons).to_be_hidden()

    await page.evaluate("map.rest(26)")
    camera = "map.view.viewpoint.camera"
    for name, axis, sign in (("left", "x", 1), ("right", "x", -1), ("up", "y", 1), ("down", "y", -1)):
        before = await page.evaluate(f"{camera}.{axis}")
        await buttons.get_by_role("button", name=f"View further {name}").click()
        await page.evaluate("map.landed()")
        assert sign * (await page.evaluate(f"{camera}.{axis}") - before) > 100

    await page.evaluate("(map.view.fitAll(), map.landed())")
    await expect(buttons).to_be_hidden()
