/**
 * One event: what, when, where, for how much; a film's other showtimes; and the way to the seats.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork, ground } from "../lib/artwork.js";
import { clock } from "../lib/clock.js";
import { find, h, icon, outlined } from "../lib/dom.js";
import { day, money, timeOfDay } from "../lib/format.js";
import { saleState } from "../lib/sale.js";
import { showtimeGrid } from "../lib/showtimes.js";
import { emptyState, mountSite } from "../lib/site.js";
import { isKnown, setTitle, t } from "../lib/texts.js";

const HOLD_MINUTES = 5;

/**
 * @typedef {{id: number, name: string, event_type: string, venue: string, city: string, description: string, start_time: string, time_zone: string, image_url: string,
 *   currency: string, price_from: number, status: "on_sale" | "closed", seat_count: number, prices: Record<string, number>}} EventDetails
 */

const root = find("#event");
const eventId = Number(new URLSearchParams(location.search).get("event"));

mountSite();
void load();

async function load() {
  if (!Number.isSafeInteger(eventId) || eventId < 1) {
    refuse(t("event.no-address"), t("event.no-address-hint"));
    return;
  }
  try {
    const event = await outlined(api.get(`/events/${eventId}`), () => root.replaceChildren(...skeleton()));
    draw(event);
    await Promise.all([nameCategories(), event.event_type === "movie" ? listShowtimes(event) : undefined]);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) refuse(t("event.gone"), t("event.gone-hint"));
    else refuse(t("event.failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, t("site.try-again")));
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** @param {string} title @param {string} text @param {...any} actions */
function refuse(title, text, ...actions) {
  root.replaceChildren(
    h("div", { class: "wrap narrow" }, h("h1", { class: "vh" }, t("event.title")), emptyState(title, text, ...actions, h("a", { class: "btn quiet", href: "./" }, t("site.whats-on")))),
  );
}

/** @param {EventDetails} event */
function draw(event) {
  setTitle(event.name);
  const kind = isKnown(`kind.${event.event_type}`) ? t(`kind.${event.event_type}`) : event.event_type;
  const movie = event.event_type === "movie";
  const here = { timeZone: event.time_zone };
  root.replaceChildren(
    h(
      "div",
      { class: "stage" },
      h("div", { class: "backdrop", "aria-hidden": "true" }, ground(event.name, event.event_type)),
      h(
        "div",
        { class: "hero" },
        h("a", { class: "crumb", href: "./" }, icon("back"), t("site.whats-on")),
        artwork(event, { lazy: false }),
        h(
          "div",
          { class: "about" },
          h("span", { class: "eyebrow" }, kind),
          h("h1", null, h("bdi", null, event.name)),
          h(
            "ul",
            { class: "facts" },
            fact("calendar", day(event.start_time, here), timeOfDay(event.start_time, { ...here, zoneName: true })),
            fact("pin", h("bdi", null, event.venue), h("bdi", null, event.city)),
          ),
          buy(event),
        ),
      ),
    ),
    h(
      "div",
      { class: "wrap columns" },
      h(
        "div",
        { class: "main" },
        event.description && h("section", { "aria-labelledby": "about-title" }, h("h2", { id: "about-title" }, t(movie ? "event.the-film" : "event.about")), h("p", { class: "lead" }, h("bdi", null, event.description))),
        movie && h("section", { "aria-labelledby": "showtimes-title", id: "showtimes" }, h("h2", { id: "showtimes-title" }, t("event.all-showtimes")), h("div", { id: "grid" }, h("div", { class: "bone showtimes-bone" }))),
        h("section", { "aria-labelledby": "good-title" }, h("h2", { id: "good-title" }, t("event.good-to-know")), goodToKnow(event)),
      ),
      h("aside", { class: "box prices", "aria-labelledby": "prices-title" }, h("h2", { id: "prices-title" }, t("event.prices")), priceList(event), h("p", { class: "muted small" }, t("event.fees"))),
    ),
  );
}

/** @param {"calendar" | "pin"} sign @param {string | HTMLElement} first @param {string | HTMLElement} second */
function fact(sign, first, second) {
  return h("li", null, icon(sign), h("span", null, h("b", null, first), h("span", { class: "second num" }, second)));
}

/** @param {EventDetails} event */
function buy(event) {
  const state = saleState(event, clock.now());
  const prices = Object.values(event.prices);
  const from = money(event.price_from, event.currency);
  const range = prices.length > 1 ? `${from} – ${money(Math.max(...prices), event.currency)}` : from;
  if (state === "on_sale") {
    return h(
      "div",
      { class: "buy" },
      h("span", { class: "price" }, h("b", { class: "num display" }, range), h("span", { class: "second" }, t("event.per-seat"))),
      h("a", { class: "btn big", href: `seats.html?event=${event.id}` }, t("site.choose-seats")),
    );
  }
  const words = t(state === "started" ? "event.begun" : "event.not-on-sale");
  return h("div", { class: "buy closed" }, h("p", { role: "status" }, icon("clock"), words), h("a", { class: "btn quiet", href: "./" }, t("site.see-whats-on")));
}

/** Dearest first, as the map colours them. @param {EventDetails} event */
function priceList(event) {
  const sorted = Object.entries(event.prices).sort(([, one], [, other]) => other - one);
  return h(
    "ul",
    { class: "price-list" },
    sorted.map(([key, price], nth) =>
      h(
        "li",
        { dataset: { category: key } },
        h("i", { class: "swatch", dataset: { tier: Math.min(nth + 1, 5) } }),
        h("span", { class: "name" }, h("bdi", null, readable(key))),
        h("b", { class: "num" }, money(price, event.currency)),
      ),
    ),
  );
}

/** The plan knows what its categories are called and which colour each has; it is kept by the browser and needed next anyway. */
async function nameCategories() {
  let plan;
  try {
    plan = await api.get(`/events/${eventId}/seat-plan`);
  } catch (error) {
    // The keys, made readable, stand there already.
    if (error instanceof ApiProblem) return;
    throw error;
  }
  for (const { key, name, tier } of plan.categories ?? []) {
    const row = root.querySelector(`[data-category="${CSS.escape(key)}"]`);
    if (!row) continue;
    find(".name bdi", row).textContent = name;
    find(".swatch", row).dataset.tier = String(Math.min(Math.max(Number(tier) || 1, 1), 5));
  }
}

/** @param {EventDetails} event */
async function listShowtimes(event) {
  const place = find("#grid");
  try {
    const { theaters } = await api.get(`/events/movie/${encodeURIComponent(event.name)}/showtimes`);
    place.replaceChildren(showtimeGrid(theaters, event.id));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 404) find("#showtimes").remove();
    else place.replaceChildren(emptyState(t("event.showtimes-failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => void listShowtimes(event) }, t("site.try-again"))));
  }
}

/** @param {EventDetails} event */
function goodToKnow(event) {
  const points = [
    [t("event.live"), t("event.live-text", { count: event.seat_count })],
    [t("event.decide", { count: HOLD_MINUTES }), t("event.decide-text")],
    [t("event.change"), t("event.change-text")],
    [t("event.ticket"), t("event.ticket-text")],
  ];
  return h("ul", { class: "points" }, points.map(([title, text]) => h("li", null, icon("check"), h("span", null, h("b", null, title), h("span", { class: "muted" }, text)))));
}

/** "stage-table" → "Stage table" @param {string} key */
function readable(key) {
  const words = key.replace(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function skeleton() {
  return [
    h("h1", { class: "vh" }, t("event.title")),
    h("p", { class: "vh", role: "status" }, t("event.loading")),
    h("div", { class: "stage", "aria-hidden": "true" }, h("div", { class: "hero" }, h("div", { class: "art" }), h("div", { class: "about" }, h("span", { class: "bone line" }), h("span", { class: "bone title" }), h("span", { class: "bone line" })))),
    h("div", { class: "wrap columns", "aria-hidden": "true" }, h("div", { class: "main" }, h("span", { class: "bone block" })), h("span", { class: "bone block" })),
  ];
}
