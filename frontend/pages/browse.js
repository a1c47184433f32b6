/**
 * What's on: search, filters, cards, more. The filters live in the address, so that a list can be shared and Back works.
 * @module
 */

import { api, explain } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { find, h } from "../lib/dom.js";
import { EVENT_TYPES } from "../lib/event-types.js";
import { count, dateTime, money } from "../lib/format.js";
import { emptyState, mountSite } from "../lib/site.js";

const PAGE_SIZE = 60;
const TYPING_MS = 300;
const SKELETONS = 10;
const FAR_MS = 300 * 86_400_000;

/** @typedef {{id: number, name: string, event_type: string, venue: string, city: string, start_time: string, image_url: string, price_from: number, currency: string}} Item */

const form = /** @type {HTMLFormElement} */ (find("#filters"));
const result = find("#result");
const place = find("#events");
const more = find("#more");

/** @type {Item[]} */
let items = [];
/** @type {string | null} */
let nextCursor = null;
/** @type {AbortController | null} */
let asking = null;

mountSite();
find("#types").append(...[{ value: "", plural: "All" }, ...EVENT_TYPES].map(typeChip));
readAddress();
void load();

let typing = 0;
form.addEventListener("input", (event) => {
  clearTimeout(typing);
  const delay = event.target instanceof HTMLInputElement && ["text", "search"].includes(event.target.type) ? TYPING_MS : 0;
  typing = setTimeout(changed, delay);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  changed();
});
form.addEventListener("reset", () => setTimeout(changed));
addEventListener("popstate", () => {
  readAddress();
  void load();
});

/** @param {{value: string, plural: string}} type */
function typeChip({ value, plural }) {
  return h("label", { class: "chip" }, h("input", { type: "radio", name: "event_type", value, checked: value === "" }), plural);
}

function changed() {
  clearTimeout(typing);
  const address = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) address.set(name, String(value).trim());
  const text = address.toString();
  if (text === location.search.slice(1)) return;
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
  void load();
}

function readAddress() {
  const address = new URLSearchParams(location.search);
  form.reset();
  for (const field of /** @type {any} */ (form.elements)) {
    if (!field.name) continue;
    const value = address.get(field.name) ?? "";
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}

/** The filters as the API takes them: days become instants, the last day included. */
function query() {
  const values = Object.fromEntries(new FormData(form));
  return {
    q: String(values.q).trim(),
    city: String(values.city).trim(),
    event_type: values.event_type,
    from: startOfDay(String(values.from), 0),
    to: startOfDay(String(values.to), 1),
  };
}

/** @param {string} day "2025-12-12" in the visitor's time zone @param {number} later days later */
function startOfDay(day, later) {
  if (!day) return "";
  const [year, month, date] = day.split("-").map(Number);
  const instant = new Date(year, month - 1, date + later);
  return Number.isNaN(instant.getTime()) ? "" : instant.toISOString();
}

async function load() {
  asking?.abort();
  const mine = (asking = new AbortController());
  more.replaceChildren();
  result.textContent = "";
  place.replaceChildren(h("div", { class: "cards", "aria-busy": "true" }, Array.from({ length: SKELETONS }, skeleton)));
  try {
    const page = await api.get("/events/browse", { query: { ...query(), limit: PAGE_SIZE }, signal: mine.signal });
    items = page.items;
    nextCursor = page.next_cursor;
    draw();
  } catch (error) {
    if (mine.signal.aborted) return;
    place.replaceChildren(
      emptyState("The list could not be loaded", explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, "Try again")),
    );
  }
}

async function loadMore() {
  const button = /** @type {HTMLButtonElement} */ (more.querySelector("button"));
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  const before = cards().length;
  try {
    const page = await api.get("/events/browse", { query: { ...query(), limit: PAGE_SIZE, cursor: nextCursor }, signal: asking?.signal });
    items = [...items, ...page.items];
    nextCursor = page.next_cursor;
    draw();
    const next = /** @type {HTMLElement | null} */ (place.querySelectorAll(".card a")[before] ?? null);
    next?.focus();
  } catch (error) {
    if (asking?.signal.aborted) return;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    more.append(h("p", { class: "muted", role: "alert" }, explain(error)));
  }
}

/** Showtimes of one film are one card; everything else is a card of its own. @returns {Item[][]} */
function cards() {
  /** @type {Map<string, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const key = item.event_type === "movie" ? `movie ${item.name}` : `event ${item.id}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function draw() {
  const groups = cards();
  suggestCities();
  if (!groups.length) {
    result.textContent = "";
    const filtered = location.search.length > 1;
    place.replaceChildren(
      filtered
        ? emptyState("Nothing matches", "Try other words, another city or a longer time.", h("button", { type: "button", class: "btn", onclick: () => form.reset() }, "Clear all filters"))
        : emptyState("Nothing is on sale yet", "New events appear here as soon as an organiser puts them on."),
    );
    more.replaceChildren();
    return;
  }
  result.textContent = nextCursor ? `The first ${count(groups.length, "title")} on sale` : `${count(groups.length, "title")} on sale`;
  place.replaceChildren(h("ul", { class: "cards" }, groups.map(card)));
  more.replaceChildren(...(nextCursor ? [h("button", { type: "button", class: "btn quiet", onclick: () => void loadMore() }, "Load more")] : []));
}

/** @param {Item[]} group */
function card(group) {
  const [first] = group;
  const movie = first.event_type === "movie";
  const address = movie ? `movie.html?name=${encodeURIComponent(first.name)}` : `seats.html?event=${first.id}`;
  const venues = [...new Set(group.map(({ venue }) => venue))];
  const where = venues.length > 1 ? count(venues.length, "cinema") : [first.venue, first.city].filter(Boolean).join(", ");
  const from = Math.min(...group.map(({ price_from }) => price_from));
  const times = group.length > 1 ? ` · ${group.length}${nextCursor ? "+" : ""} showtimes` : "";
  return h(
    "li",
    { class: "card" },
    artwork(first),
    h(
      "div",
      { class: "in" },
      h("span", { class: "eyebrow" }, group.length > 1 ? "Next: " : "", dateTime(first.start_time, { year: isFar(first.start_time) })),
      h("h2", { class: "card-title" }, h("a", { href: address }, first.name)),
      h("span", { class: "muted" }, where),
      h("span", { class: "facts" }, h("span", null, h("b", { class: "num" }, `from ${money(from, first.currency)}`), times)),
    ),
  );
}

/** Whether a date needs its year to be understood. @param {string} instant */
function isFar(instant) {
  return Date.parse(instant) - Date.now() > FAR_MS;
}

/** Cities seen so far, as suggestions while typing. */
function suggestCities() {
  const cities = [...new Set(items.map(({ city }) => city).filter(Boolean))].sort();
  find("#cities").replaceChildren(...cities.map((city) => h("option", { value: city })));
}

function skeleton() {
  return h("div", { class: "card skeleton", "aria-hidden": "true" }, h("div", { class: "art" }), h("div", { class: "in" }, h("span"), h("span"), h("span")));
}
