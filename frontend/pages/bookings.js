/**
 * My bookings, newest first, those of one order together; each seat can be cancelled.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { ask } from "../lib/dialog.js";
import { find, h } from "../lib/dom.js";
import { bookedSeatName, dateTime, money } from "../lib/format.js";
import { current } from "../lib/session.js";
import { announce, emptyState, mountSite, notice, signInAddress } from "../lib/site.js";

const PAGE_SIZE = 20;

/**
 * @typedef {object} Booking
 * @property {number} id
 * @property {string} order_id
 * @property {"confirmed" | "cancelled"} status
 * @property {number} price
 * @property {string} currency
 * @property {string} created_at
 * @property {{id: number, name: string, venue: string, city: string, start_time: string, image_url: string}} event
 * @property {{id: number, seat_number: string, section: string, row: string}} seat
 */

const place = find("#bookings");
const more = find("#more");

/** @type {Booking[]} */
let items = [];
/** @type {string | null} */
let nextCursor = null;

mountSite({ onSignedOut: () => void load() });
void load();

async function load() {
  items = [];
  nextCursor = null;
  more.replaceChildren();
  if (!current()) {
    place.replaceChildren(emptyState("Sign in to see your bookings", "They are kept with your account, on every device.", h("a", { class: "btn", href: signInAddress("bookings.html") }, "Sign in")));
    return;
  }
  place.replaceChildren(h("p", { class: "muted", role: "status" }, "Loading your bookings…"));
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
    more.replaceChildren(notice("bad", explain(error), { action: "Try again", onAction: () => void loadPage() }));
    if (!items.length) place.replaceChildren();
  }
}

function draw() {
  if (!items.length) {
    place.replaceChildren(emptyState("No bookings yet", "Seats you confirm appear here.", h("a", { class: "btn", href: "./" }, "What’s on")));
    return;
  }
  /** @type {Map<string, Booking[]>} */
  const orders = new Map();
  for (const booking of items) orders.set(booking.order_id, [...(orders.get(booking.order_id) ?? []), booking]);
  place.replaceChildren(...[...orders.values()].map((bookings) => order(bookings.sort((a, b) => a.id - b.id))));
  more.replaceChildren(...(nextCursor ? [h("button", { type: "button", class: "btn quiet", onclick: () => void loadPage() }, "Load more")] : []));
}

/** @param {Booking[]} bookings */
function order(bookings) {
  const { event, created_at } = bookings[0];
  return h(
    "article",
    { class: "box order" },
    h(
      "header",
      null,
      artwork(event),
      h(
        "div",
        null,
        h("span", { class: "eyebrow" }, dateTime(event.start_time, { zoneName: true })),
        h("h2", null, event.name),
        h("p", { class: "muted" }, [event.venue, event.city].filter(Boolean).join(", ")),
      ),
    ),
    h("ul", null, bookings.map(line)),
    h("p", { class: "muted small" }, `Booked ${dateTime(created_at)} · order ${bookings[0].order_id}`),
  );
}

/** @param {Booking} booking */
function line(booking) {
  const cancelled = booking.status === "cancelled";
  return h(
    "li",
    { class: cancelled ? "cancelled" : null },
    h("span", { class: "what" }, seatText(booking)),
    h("span", { class: "num" }, money(booking.price, booking.currency)),
    cancelled
      ? h("span", { class: "badge" }, "Cancelled")
      : h("button", { type: "button", class: "btn quiet small", "aria-label": `Cancel ${seatText(booking)}, ${booking.event.name}`, onclick: () => void cancel(booking) }, "Cancel"),
  );
}

/** @param {Booking} booking */
function seatText({ seat }) {
  return bookedSeatName(seat);
}

/** @param {Booking} booking */
async function cancel(booking) {
  find("#notice").replaceChildren();
  const sure = await ask({
    title: "Cancel this seat?",
    text: `${seatText(booking)} for ${booking.event.name}. It goes back on sale at once, and somebody else can take it.`,
    yes: "Cancel the booking",
    no: "Keep it",
  });
  if (!sure) return;
  try {
    await api.post(`/cancel-booking/${booking.id}`, undefined);
    items = items.map((other) => (other.id === booking.id ? { ...other, status: "cancelled" } : other));
    draw();
    find("#notice").replaceChildren(notice("good", `${seatText(booking)} is cancelled and on sale again.`));
    announce(`${seatText(booking)} is cancelled.`);
  } catch (error) {
    find("#notice").replaceChildren(notice("bad", explain(error)));
  }
}
