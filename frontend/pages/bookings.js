/**
 * My bookings by order: what is to come, what is past, what was cancelled. Each seat of a coming order can be cancelled.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { clock } from "../lib/clock.js";
import { ask } from "../lib/dialog.js";
import { find, h, icon } from "../lib/dom.js";
import { bookedSeatName, dateTime, list, money } from "../lib/format.js";
import { seatGroups, shelve } from "../lib/orders.js";
import { current } from "../lib/session.js";
import { announce, emptyState, mountSite, notice, signInAddress } from "../lib/site.js";
import { t } from "../lib/texts.js";

const PAGE_SIZE = 50;
const SKELETONS = 3;

/** @typedef {import("../lib/orders.js").Booking} Booking */
/** @typedef {import("../lib/orders.js").Order} Order */
/** @typedef {import("../lib/orders.js").Shelf} Shelf */

/** @type {readonly {key: Shelf, name: string, empty: [title: string, text: string]}[]} */
const SHELVES = [
  { key: "upcoming", name: t("bookings.upcoming"), empty: [t("bookings.upcoming-none"), t("bookings.upcoming-hint")] },
  { key: "past", name: t("bookings.past"), empty: [t("bookings.past-none"), t("bookings.past-hint")] },
  { key: "cancelled", name: t("bookings.cancelled"), empty: [t("bookings.cancelled-none"), t("bookings.cancelled-hint")] },
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
    place.replaceChildren(emptyState(t("bookings.sign-in"), t("bookings.sign-in-hint"), h("a", { class: "btn", href: signInAddress("bookings.html") }, t("site.sign-in"))));
    return;
  }
  drawShelves(null);
  place.replaceChildren(h("p", { class: "vh", role: "status" }, t("bookings.loading")), ...Array.from({ length: SKELETONS }, () => h("div", { class: "bone order-bone", "aria-hidden": "true" })));
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
      place.replaceChildren(emptyState(t("bookings.failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, t("site.try-again"))));
    } else {
      more.replaceChildren(notice("bad", explain(error), { action: t("site.try-again"), onAction: () => void loadPage() }));
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
    ...(orders.length ? orders.map((order) => orderCard(order, key)) : [emptyState(...empty, ...(key === "upcoming" ? [h("a", { class: "btn", href: "./" }, t("site.see-whats-on"))] : []))]),
  );
  more.replaceChildren(...(nextCursor ? [h("button", { type: "button", class: "btn quiet", onclick: () => void loadPage() }, t("bookings.older"))] : []));
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
        h("h2", { id: title }, h("a", { href: `event.html?event=${event.id}` }, h("bdi", null, event.name))),
        h("p", { class: "muted" }, h("bdi", null, [event.venue, event.city].filter(Boolean).join(", "))),
        order.live.length > 1 && h("p", { class: "seats" }, seatGroups(order.live.map(({ seat }) => seat), list).join("; ")),
      ),
      order.live.length > 0 &&
        h("a", { class: "btn", href: `ticket.html?order=${order.id}` }, icon("ticket"), order.live.length > 1 ? t("bookings.show-tickets", { count: order.live.length }) : t("bookings.show-ticket"), h("span", { class: "vh" }, t("bookings.for", { event: event.name }))),
    ),
    h("ul", null, order.bookings.map((booking) => line(booking, shelf))),
    h(
      "footer",
      { class: "muted small" },
      h("span", null, t("bookings.booked", { time: dateTime(order.createdAt), order: order.id.slice(-8) })),
      order.live.length > 1 && h("span", { class: "num" }, t("bookings.total", { amount: money(order.total, order.currency) })),
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
      ? h("span", { class: "badge" }, t("bookings.cancelled"))
      : shelf === "upcoming" && h("button", { type: "button", class: "btn quiet small", "aria-label": t("bookings.cancel-label", { seat: name, event: booking.event.name }), onclick: () => void cancel(booking) }, t("bookings.cancel")),
  );
}

/** @param {Booking} booking */
async function cancel(booking) {
  messages.replaceChildren();
  const name = bookedSeatName(booking.seat);
  const sure = await ask({
    title: t("bookings.cancel-title"),
    text: t("bookings.cancel-text", { seat: name, event: booking.event.name }),
    yes: t("bookings.cancel-yes"),
    no: t("bookings.cancel-no"),
  });
  if (!sure) return;
  try {
    await api.post(`/cancel-booking/${booking.id}`, undefined);
    items = items.map((other) => (other.id === booking.id ? { ...other, status: "cancelled" } : other));
    draw();
    messages.replaceChildren(notice("good", t("bookings.done", { seat: name })));
    announce(t("bookings.done-spoken", { seat: name }));
    // The button that was pressed is gone; what is next stays near.
    find("h1").focus();
  } catch (error) {
    messages.replaceChildren(notice("bad", explain(error)));
    if (!(error instanceof ApiProblem)) throw error;
  }
}
