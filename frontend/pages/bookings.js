/**
 * My bookings by order: what is to come, what is past, what was cancelled. Each seat of a coming order can be cancelled.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { clock } from "../lib/clock.js";
import { ask } from "../lib/dialog.js";
import { find, h, icon } from "../lib/dom.js";
import { bookedSeatName, count, dateTime, list, money } from "../lib/format.js";
import { seatGroups, shelve } from "../lib/orders.js";
import { current } from "../lib/session.js";
import { announce, emptyState, mountSite, notice, signInAddress } from "../lib/site.js";

const PAGE_SIZE = 50;
const SKELETONS = 3;

/** @typedef {import("../lib/orders.js").Booking} Booking */
/** @typedef {import("../lib/orders.js").Order} Order */
/** @typedef {import("../lib/orders.js").Shelf} Shelf */

/** @type {readonly {key: Shelf, name: string, empty: [title: string, text: string]}[]} */
const SHELVES = [
  { key: "upcoming", name: "Upcoming", empty: ["Nothing is coming up", "Seats you book appear here, with their tickets."] },
  { key: "past", name: "Past", empty: ["No past events", "What you have been to will be listed here."] },
  { key: "cancelled", name: "Cancelled", empty: ["Nothing was cancelled", "Orders of which no seat is left are listed here."] },
];

const shelfPlace = find("#shelves");
const place = find("#bookings");
const more = find("#more");
const messages = find("#notice");

/** @type {Booking[]} */
let items = [];
/** @type {string | null} */
let nextCursor = null;

mountSite({ onSignedOut: () => void load() });
addEventListener("popstate", () => current() && draw());
void load();

/** The shelf that the address names. @returns {Shelf} */
function shown() {
  const wanted = new URLSearchParams(location.search).get("show");
  return SHELVES.find(({ key }) => key === wanted)?.key ?? "upcoming";
}

async function load() {
  items = [];
  nextCursor = null;
  more.replaceChildren();
  shelfPlace.replaceChildren();
  if (!current()) {
    place.replaceChildren(emptyState("Sign in to see your bookings", "They are kept with your account, on every device.", h("a", { class: "btn", href: signInAddress("bookings.html") }, "Sign in")));
    return;
  }
  drawShelves(null);
  place.replaceChildren(h("p", { class: "vh", role: "status" }, "Loading your bookings…"), ...Array.from({ length: SKELETONS }, () => h("div", { class: "bone order-bone", "aria-hidden": "true" })));
  await loadPage();
}

async function loadPage() {
  const button = more.querySelector("button");
  if (button) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
  }
  try {
    const page = await api.get("/my-bookings", { auth: true, query: { limit: PAGE_SIZE, cursor: nextCursor } });
    items = [...items, ...page.items];
    nextCursor = page.next_cursor;
    draw();
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) {
      await load();
      return;
    }
    if (!items.length) {
      shelfPlace.replaceChildren();
      place.replaceChildren(emptyState("Your bookings could not be loaded", explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, "Try again")));
    } else {
      more.replaceChildren(notice("bad", explain(error), { action: "Try again", onAction: () => void loadPage() }));
    }
    if (!(error instanceof ApiProblem)) throw error;
  }
}

function draw() {
  const shelves = shelve(items, clock.now());
  drawShelves(shelves);
  const { key, empty } = SHELVES.find(({ key }) => key === shown()) ?? SHELVES[0];
  const orders = shelves[key];
  place.replaceChildren(
    ...(orders.length ? orders.map((order) => orderCard(order, key)) : [emptyState(...empty, ...(key === "upcoming" ? [h("a", { class: "btn", href: "./" }, "See what’s on")] : []))]),
  );
  more.replaceChildren(...(nextCursor ? [h("button", { type: "button", class: "btn quiet", onclick: () => void loadPage() }, "Load older bookings")] : []));
}

/** Links, so that each shelf has an address and Back works. @param {Record<Shelf, Order[]> | null} shelves */
function drawShelves(shelves) {
  const here = shown();
  shelfPlace.replaceChildren(
    ...SHELVES.map(({ key, name }) =>
      h(
        "a",
        { href: key === "upcoming" ? "bookings.html" : `bookings.html?show=${key}`, "aria-current": key === here ? "true" : null, onclick: (/** @type {MouseEvent} */ event) => turnTo(event, key) },
        name,
        shelves && [" ", h("span", { class: "count num" }, shelves[key].length, nextCursor ? "+" : "")],
      ),
    ),
  );
}

/** @param {MouseEvent} event @param {Shelf} key */
function turnTo(event, key) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  if (key !== shown()) history.pushState(null, "", key === "upcoming" ? location.pathname : `?show=${key}`);
  messages.replaceChildren();
  draw();
  /** @type {HTMLElement | null} */ (shelfPlace.querySelector("a[aria-current]"))?.focus();
}

/** @param {Order} order @param {Shelf} shelf */
function orderCard(order, shelf) {
  const { event } = order;
  const title = `order-${order.id}`;
  return h(
    "article",
    { class: `box order ${shelf}`, "aria-labelledby": title },
    h(
      "header",
      null,
      artwork(event, { title: false }),
      h(
        "div",
        null,
        h("span", { class: "eyebrow" }, dateTime(event.start_time, { zoneName: true, timeZone: event.time_zone })),
        h("h2", { id: title }, h("a", { href: `event.html?event=${event.id}` }, event.name)),
        h("p", { class: "muted" }, [event.venue, event.city].filter(Boolean).join(", ")),
        order.live.length > 1 && h("p", { class: "seats" }, seatGroups(order.live.map(({ seat }) => seat), list).join("; ")),
      ),
      order.live.length > 0 &&
        h("a", { class: "btn", href: `ticket.html?order=${order.id}` }, icon("ticket"), `Show ${order.live.length > 1 ? count(order.live.length, "ticket") : "ticket"}`, h("span", { class: "vh" }, ` for ${event.name}`)),
    ),
    h("ul", null, order.bookings.map((booking) => line(booking, shelf))),
    h(
      "footer",
      { class: "muted small" },
      h("span", null, `Booked ${dateTime(order.createdAt)} · order ${order.id.slice(-8)}`),
      order.live.length > 1 && h("span", { class: "num" }, `Total ${money(order.total, order.currency)}`),
    ),
  );
}

/** @param {Booking} booking @param {Shelf} shelf */
function line(booking, shelf) {
  const cancelled = booking.status === "cancelled";
  const name = bookedSeatName(booking.seat);
  return h(
    "li",
    { class: cancelled ? "cancelled" : null },
    h("span", { class: "what" }, name),
    h("span", { class: "num" }, money(booking.price, booking.currency)),
    cancelled
      ? h("span", { class: "badge" }, "Cancelled")
      : shelf === "upcoming" && h("button", { type: "button", class: "btn quiet small", "aria-label": `Cancel ${name}, ${booking.event.name}`, onclick: () => void cancel(booking) }, "Cancel"),
  );
}

/** @param {Booking} booking */
async function cancel(booking) {
  messages.replaceChildren();
  const name = bookedSeatName(booking.seat);
  const sure = await ask({
    title: "Cancel this seat?",
    text: `${name} for ${booking.event.name}. It goes back on sale at once, for everybody, and its ticket is no longer good. If you want it back later, it may be gone.`,
    yes: "Cancel the booking",
    no: "Keep it",
  });
  if (!sure) return;
  try {
    await api.post(`/cancel-booking/${booking.id}`, undefined);
    items = items.map((other) => (other.id === booking.id ? { ...other, status: "cancelled" } : other));
    draw();
    messages.replaceChildren(notice("good", `${name} is cancelled and on sale again.`));
    announce(`${name} is cancelled.`);
    // The button that was pressed is gone; what is next stays near.
    find("h1").focus();
  } catch (error) {
    messages.replaceChildren(notice("bad", explain(error)));
    if (!(error instanceof ApiProblem)) throw error;
  }
}
