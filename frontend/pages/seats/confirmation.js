/**
 * What takes the map's place once the seats are bought.
 * @module
 */

import { h, icon } from "../../lib/dom.js";
import { dateTime, money } from "../../lib/format.js";
import { placeOf } from "./layout.js";

/**
 * @param {any} event
 * @param {any} order
 * @param {HTMLElement} lines the seats
 * @param {string} amount "2 seats"
 */
export function buildConfirmation(event, order, lines, amount) {
  return h(
    "div",
    { class: "wrap narrow" },
    h(
      "article",
      { class: "box confirmation" },
      h("span", { class: "badge good" }, icon("check"), "Booking confirmed"),
      h("h1", { tabindex: -1 }, "You’re going."),
      h("h2", null, event.name),
      h("p", { class: "muted" }, `${dateTime(event.start_time, { zoneName: true, timeZone: event.time_zone })} · ${placeOf(event)}`),
      lines,
      h("div", { class: "total" }, h("span", null, `Total, ${amount}`), h("b", { class: "num" }, money(order.total, order.currency))),
      h("p", { class: "muted small" }, "Order ", h("span", { class: "num" }, order.order_id)),
      h("div", { class: "row" }, h("a", { class: "btn", href: `ticket.html?order=${order.order_id}` }, icon("ticket"), order.bookings.length > 1 ? "Show tickets" : "Show ticket"), h("a", { class: "btn quiet", href: "bookings.html" }, "My bookings")),
    ),
  );
}
