/**
 * What takes the map's place once the seats are bought.
 * @module
 */

import { ApiProblem, api } from "../../lib/api.js";
import { h, icon } from "../../lib/dom.js";
import { bookedSeatName, dateTime, money } from "../../lib/format.js";
import { t } from "../../seat-map/texts.js";
import { placeOf } from "./entrance.js";

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
      h("span", { class: "badge good" }, icon("check"), t("booked.confirmed")),
      h("h1", { tabindex: -1 }, t("booked.heading")),
      h("h2", null, h("bdi", null, event.name)),
      h("p", { class: "muted" }, dateTime(event.start_time, { zoneName: true, timeZone: event.time_zone }), " · ", h("bdi", null, placeOf(event))),
      lines,
      h("ol", { class: "codes", "aria-label": t("ticket.title") }),
      h("div", { class: "total" }, h("span", null, t("booked.total", { amount })), h("b", { class: "num" }, money(order.total, order.currency))),
      h("p", { class: "muted small" }, t("booked.order"), " ", h("bdi", { class: "num" }, order.order_id)),
      h("div", { class: "row" }, h("a", { class: "btn", href: `ticket.html?order=${order.order_id}` }, icon("ticket"), t(order.bookings.length > 1 ? "booked.show-tickets" : "booked.show-ticket")), h("a", { class: "btn quiet", href: "bookings.html" }, t("site.my-bookings"))),
    ),
  );
}

/**
 * The codes of what was bought, at once: nobody should have to look for them. Whatever keeps them away, the link to the tickets stands below.
 * @param {HTMLElement} place
 * @param {any} order
 */
export async function showCodes(place, order) {
  try {
    const [{ qrCode, readableCode }, ...tickets] = await Promise.all([
      import("../../lib/ticket-code.js"),
      ...order.bookings.map((/** @type {any} */ { id }) => api.get(`/tickets/${id}`, { auth: true })),
    ]);
    place.replaceChildren(
      ...tickets.map(({ code, seat }) =>
        h("li", null, h("b", null, bookedSeatName(seat)), qrCode(code), h("p", { class: "code num", dir: "ltr", translate: "no" }, readableCode(code))),
      ),
    );
  } catch (error) {
    place.remove();
    if (!(error instanceof ApiProblem)) throw error;
  }
}
