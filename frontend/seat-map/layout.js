/**
 * The seats page's parts and where they stand: event, map or list, basket. No behaviour but the switch between map and list.
 * @module
 */

import { h, icon } from "../lib/dom.js";
import { count, dateTime, money } from "../lib/format.js";

/**
 * @typedef {object} Layout
 * @property {HTMLElement} root
 * @property {HTMLElement} badge live or not
 * @property {HTMLElement} mapHost
 * @property {HTMLElement} tip what is pointed at
 * @property {HTMLElement} listHost
 * @property {HTMLElement} notices
 * @property {HTMLElement} basketHost
 */

/**
 * @typedef {object} LayoutActions
 * @property {(categories: ReadonlySet<number> | null) => void} filter
 * @property {(factor: number) => void} zoomBy
 * @property {() => void} fitAll
 * @property {() => void} listShown
 */

/**
 * @param {any} event
 * @param {import("./plan.js").Plan} plan
 * @param {import("./words.js").Pricing} pricing
 * @param {LayoutActions} actions
 * @returns {Layout}
 */
export function buildLayout(event, plan, pricing, actions) {
  const badge = h("span", { class: "badge live" });
  const notices = h("div", { class: "notices" });
  const tip = h("div", { class: "tip", hidden: true });
  const mapHost = h(
    "div",
    {
      class: "map",
      tabindex: 0,
      role: "application",
      "aria-label": "Seat map. Arrow keys go from seat to seat, Space chooses, plus and minus zoom, 0 shows all. The same seats are in the list.",
    },
    tip,
  );
  const listHost = h("div", { class: "list", hidden: true });
  const basketHost = h("div", { class: "basket-blocks" });
  const info = h(
    "section",
    { class: "info", "aria-label": "Event" },
    h(
      "div",
      { class: "info-head" },
      badge,
      h("h1", null, event.name),
      h("p", { class: "muted" }, dateTime(event.start_time, { zoneName: true })),
      h("p", { class: "muted" }, placeOf(event)),
    ),
    h("div", { class: "prices" }, h("h2", null, "Prices"), priceChips(plan, pricing, actions.filter)),
    event.description && h("p", { class: "description muted" }, event.description),
  );
  const stage = h("section", { class: "stage", "aria-labelledby": "stage-title" });
  stage.append(
    h("h2", { class: "vh", id: "stage-title" }, "Seats"),
    viewSwitch(stage, mapHost, listHost, actions.listShown),
    mapHost,
    legend(),
    zoomButtons(actions),
    listHost,
  );
  // Messages stand beside the buttons they are about, and so in sight on a phone too.
  const basket = h("aside", { class: "basket", "aria-label": "Your seats" }, notices, basketHost);
  return { root: h("div", { class: "seat-layout" }, info, stage, basket), badge, mapHost, tip, listHost, notices, basketHost };
}

/** @param {{venue: string, city: string}} event */
function placeOf({ venue, city }) {
  return [venue, city].filter(Boolean).join(", ");
}

/** @param {import("./plan.js").Plan} plan @param {import("./words.js").Pricing} pricing @param {LayoutActions["filter"]} filter */
function priceChips(plan, pricing, filter) {
  /** @type {Set<number>} */
  const shown = new Set();
  const chips = plan.categories.map(({ key, name, tier }, category) => {
    const price = pricing.prices[key] === undefined ? "" : money(pricing.prices[key], pricing.currency);
    const chip = h(
      "button",
      { type: "button", class: "chip", "aria-pressed": "false" },
      h("span", { class: "swatch", dataset: { tier } }),
      name,
      " ",
      h("span", { class: "num muted" }, price),
    );
    chip.addEventListener("click", () => {
      if (!shown.delete(category)) shown.add(category);
      chip.setAttribute("aria-pressed", String(shown.has(category)));
      filter(shown.size ? new Set(shown) : null);
    });
    return chip;
  });
  return h("div", { class: "chips", role: "group", "aria-label": "Show only seats of these prices" }, chips);
}

/** @param {HTMLElement} stage @param {HTMLElement} mapHost @param {HTMLElement} listHost @param {() => void} listShown */
function viewSwitch(stage, mapHost, listHost, listShown) {
  const press = (/** @type {boolean} */ asList) => {
    stage.classList.toggle("as-list", asList);
    mapHost.hidden = asList;
    listHost.hidden = !asList;
    map.setAttribute("aria-pressed", String(!asList));
    list.setAttribute("aria-pressed", String(asList));
    if (asList) listShown();
  };
  const map = h("button", { type: "button", "aria-pressed": "true", onclick: () => press(false) }, "Map");
  const list = h("button", { type: "button", "aria-pressed": "false", onclick: () => press(true) }, "Choose from a list");
  return h("div", { class: "switch", role: "group", "aria-label": "How to choose" }, map, list);
}

/** @param {LayoutActions} actions */
function zoomButtons({ zoomBy, fitAll }) {
  return h(
    "div",
    { class: "zoom", role: "group", "aria-label": "Zoom" },
    h("button", { type: "button", "aria-label": "Zoom in", onclick: () => zoomBy(1.6) }, icon("plus")),
    h("button", { type: "button", "aria-label": "Zoom out", onclick: () => zoomBy(1 / 1.6) }, icon("minus")),
    h("button", { type: "button", "aria-label": "Show all seats", onclick: () => fitAll() }, icon("fit")),
  );
}

function legend() {
  const item = (/** @type {string} */ name, /** @type {string} */ text) => h("li", null, h("span", { class: `swatch ${name}` }), text);
  return h(
    "ul",
    { class: "legend", "aria-label": "What the seats look like" },
    item("", "Available"),
    item("mine", "Yours"),
    item("held", "In a basket"),
    item("booked", "Sold"),
  );
}

/**
 * What takes the map's place once the seats are bought.
 * @param {any} event
 * @param {any} order
 * @param {HTMLElement} lines the seats
 */
export function buildConfirmation(event, order, lines) {
  return h(
    "div",
    { class: "wrap narrow" },
    h(
      "article",
      { class: "box confirmation" },
      h("span", { class: "badge good" }, icon("check"), "Booking confirmed"),
      h("h1", { tabindex: -1 }, "You’re going."),
      h("h2", null, event.name),
      h("p", { class: "muted" }, `${dateTime(event.start_time, { zoneName: true })} · ${placeOf(event)}`),
      lines,
      h("div", { class: "total" }, h("span", null, `Total, ${count(order.bookings.length, "seat")}`), h("b", { class: "num" }, money(order.total, order.currency))),
      h("p", { class: "muted small" }, "Order ", h("span", { class: "num" }, order.order_id)),
      h("div", { class: "row" }, h("a", { class: "btn", href: "bookings.html" }, "My bookings"), h("a", { class: "btn quiet", href: "./" }, "Find another event")),
    ),
  );
}
