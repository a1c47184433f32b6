/**
 * The tickets of one order: a card for each seat with its code, to show, to print, and for the calendar.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { ground } from "../lib/artwork.js";
import { calendarFile } from "../lib/calendar.js";
import { find, h, icon } from "../lib/dom.js";
import { bookedSeatName, date, dateTime, list, money, printedNumber, timeOfDay } from "../lib/format.js";
import { ordersOf, seatGroups } from "../lib/orders.js";
import { current } from "../lib/session.js";
import { emptyState, mountSite, notice, signInAddress } from "../lib/site.js";
import { setTitle, t } from "../lib/texts.js";
import { qrCode, readableCode } from "../lib/ticket-code.js";

/** More than an order can have. */
const PAGE_SIZE = 100;
const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @typedef {{booking_id: number, code: string, price: number, currency: string, event: import("../lib/orders.js").Booking["event"], seat: import("../lib/orders.js").Booking["seat"]}} Ticket */

const root = find("#tickets");
const orderId = new URLSearchParams(location.search).get("order") ?? "";
const bookingsLink = () => h("a", { class: "btn quiet", href: "bookings.html" }, t("site.my-bookings"));

mountSite({ onSignedOut: () => void load() });
void load();

async function load() {
  if (!current()) {
    refuse(t("ticket.sign-in"), t("ticket.sign-in-hint"), h("a", { class: "btn", href: signInAddress() }, t("site.sign-in")));
    return;
  }
  if (!ORDER_ID.test(orderId)) {
    refuse(t("ticket.no-order"), t("ticket.no-order-address"), bookingsLink());
    return;
  }
  root.replaceChildren(heading(), h("p", { class: "vh", role: "status" }, t("ticket.loading")), h("div", { class: "bone ticket-bone", "aria-hidden": "true" }));
  try {
    const { items } = await api.get("/my-bookings", { auth: true, query: { order_id: orderId, limit: PAGE_SIZE } });
    const [order] = ordersOf(items);
    if (!order) {
      refuse(t("ticket.no-order"), t("ticket.no-order-account"), bookingsLink());
      return;
    }
    const answers = await Promise.all(order.live.map(({ id }) => ticketOf(id)));
    draw(order, answers.filter((ticket) => ticket !== null));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) {
      await load();
      return;
    }
    refuse(t("ticket.failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, t("site.try-again")), bookingsLink());
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** The ticket, or null when its booking has been cancelled meanwhile, in another tab. @param {number} bookingId @returns {Promise<Ticket | null>} */
async function ticketOf(bookingId) {
  try {
    return await api.get(`/tickets/${bookingId}`, { auth: true });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 410) return null;
    throw error;
  }
}

/** @param {string} title @param {string} text @param {...any} actions */
function refuse(title, text, ...actions) {
  root.replaceChildren(heading(), emptyState(title, text, ...actions));
}

function heading() {
  return h("h1", null, t("ticket.title"));
}

/** @param {import("../lib/orders.js").Order} order @param {Ticket[]} tickets */
function draw(order, tickets) {
  const { event } = order;
  setTitle(t("ticket.title-of", { event: event.name }));
  const gone = order.bookings.length - tickets.length;
  if (!tickets.length) {
    refuse(t("ticket.cancelled"), t("ticket.cancelled-text", { count: gone, event: event.name }), bookingsLink(), h("a", { class: "btn", href: `event.html?event=${event.id}` }, t("ticket.see-event")));
    return;
  }
  root.replaceChildren(
    h(
      "header",
      { class: "page-head no-print" },
      h("a", { class: "crumb", href: "bookings.html" }, icon("back"), t("site.my-bookings")),
      heading(),
      h("p", { class: "muted" }, t("ticket.summary", { count: tickets.length, event: event.name, time: dateTime(event.start_time, { zoneName: true, timeZone: event.time_zone }) })),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "btn", onclick: () => saveCalendar(order, tickets) }, icon("calendar"), t("ticket.calendar")),
        h("button", { type: "button", class: "btn quiet", onclick: () => print() }, icon("print"), t("ticket.print")),
      ),
    ),
    ...(gone ? [notice("info", t("ticket.some-cancelled", { count: gone }))] : []),
    h("ol", { class: "tickets" }, tickets.map((ticket, nth) => h("li", null, card(ticket, nth + 1, tickets.length)))),
  );
}

/** @param {Ticket} ticket @param {number} nth @param {number} of */
function card({ booking_id, code, price, currency, event, seat }, nth, of) {
  const id = `ticket-${booking_id}`;
  return h(
    "article",
    { class: "ticket", "aria-labelledby": id },
    h(
      "header",
      null,
      h("div", { class: "backdrop", "aria-hidden": "true" }, ground(event.name, event.event_type)),
      h("p", { class: "small" }, of > 1 ? t("ticket.nth", { nth, count: of }) : t("ticket.one")),
      h("h2", { id }, h("bdi", null, event.name), h("span", { class: "vh" }, t("seat.separator"), bookedSeatName(seat))),
      h("p", null, h("bdi", null, [event.venue, event.city].filter(Boolean).join(", "))),
    ),
    h(
      "dl",
      { class: "six" },
      fact(t("ticket.section"), seat.section || "–"),
      fact(t("ticket.row"), seat.row || "–"),
      fact(t("ticket.seat"), printedNumber(seat)),
      fact(t("ticket.date"), date(event.start_time, { timeZone: event.time_zone })),
      fact(t("ticket.starts"), timeOfDay(event.start_time, { zoneName: true, timeZone: event.time_zone })),
      fact(t("ticket.price"), money(price, currency)),
    ),
    h("div", { class: "stub" }, qrCode(code), h("p", { class: "code num", dir: "ltr", translate: "no" }, readableCode(code)), h("p", { class: "hint small no-print" }, t("ticket.show-code"))),
  );
}

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", { class: "display num" }, h("bdi", null, value)));
}

/** @param {import("../lib/orders.js").Order} order @param {Ticket[]} tickets */
function saveCalendar(order, tickets) {
  const { event } = order;
  const file = calendarFile(
    {
      uid: `${order.id}@${location.host}`,
      name: event.name,
      start: event.start_time,
      location: [event.venue, event.city].filter(Boolean).join(", "),
      description: `${seatGroups(tickets.map(({ seat }) => seat), list).join("; ")}\n${t("ticket.starts-at", { time: dateTime(event.start_time, { zoneName: true, timeZone: event.time_zone }) })}\n${location.href}`,
      url: location.href,
    },
    new Date(),
  );
  const address = URL.createObjectURL(new Blob([file], { type: "text/calendar" }));
  h("a", { href: address, download: `${fileName(event.name)}.ics` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {string} text */
function fileName(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "event";
}
