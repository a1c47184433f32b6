/**
 * What's on: search, filters, cards, more. The filters live in the address, so that a list can be shared and Back works.
 * @module
 */

import { api, explain } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { SPANS, rangeOf, startOfDay } from "../lib/days.js";
import { find, h, outlined } from "../lib/dom.js";
import { dateTime, dayAndMonth, money } from "../lib/format.js";
import { emptyState, mountSite } from "../lib/site.js";
import { t } from "../lib/texts.js";

/** The kinds of event, as the events service names them (a test compares). */
const KINDS = ["movie", "concert", "theater", "comedy", "sports"];
const PAGE_SIZE = 60;
const TYPING_MS = 300;
const SKELETONS = 10;
const FAR_MS = 300 * 86_400_000;

/** @typedef {{id: number, name: string, event_type: string, venue: string, city: string, start_time: string, time_zone: string, image_url: string, price_from: number, currency: string}} Item */

const form = /** @type {HTMLFormElement} */ (find("#filters"));
const result = find("#result");
const place = find("#events");
const more = find("#more");
const clear = find("#clear");

/** @type {Item[]} */
let items = [];
/** @type {string | null} */
let nextCursor = null;
/** @type {AbortController | null} */
let asking = null;

mountSite();
find("#types").append(typeChip("", t("browse.all")), ...KINDS.map((kind) => typeChip(kind, t(`kinds.${kind}`))));
find("#spans").append(...SPANS.map(spanChip));
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

/** @param {string} value @param {string} plural */
function typeChip(value, plural) {
  return h("label", { class: "chip" }, h("input", { type: "radio", name: "event_type", value, checked: value === "" }), plural);
}

/** One tap for a span of days; the same tap again takes it back. @param {(typeof SPANS)[number]} key */
function spanChip(key) {
  return h("button", { type: "button", class: "chip", "aria-pressed": "false", dataset: { span: key }, onclick: () => choose(key) }, t(`browse.${key}`));
}

/** @param {(typeof SPANS)[number]} key */
function choose(key) {
  const range = isChosen(key) ? { from: "", to: "" } : rangeOf(key, new Date());
  input("from").value = range.from;
  input("to").value = range.to;
  changed();
}

/** @param {(typeof SPANS)[number]} key */
function isChosen(key) {
  const { from, to } = rangeOf(key, new Date());
  return input("from").value === from && input("to").value === to;
}

/** @param {string} id @returns {HTMLInputElement} */
function input(id) {
  return find(`#${id}`);
}

/** What is pressed and what can be cleared follows from the fields. */
function markChoices() {
  for (const chip of find("#spans").querySelectorAll("button")) chip.setAttribute("aria-pressed", String(isChosen(/** @type {any} */ (chip.dataset.span))));
  clear.hidden = location.search.length <= 1;
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
    from: startOfDay(String(values.from)),
    to: startOfDay(String(values.to), 1),
  };
}

async function load() {
  asking?.abort();
  const mine = (asking = new AbortController());
  more.replaceChildren();
  markChoices();
  const outline = () => {
    if (!mine.signal.aborted) place.replaceChildren(h("div", { class: "cards", "aria-busy": "true" }, Array.from({ length: SKELETONS }, skeleton)));
  };
  try {
    const page = await outlined(api.get("/events/browse", { query: { ...query(), limit: PAGE_SIZE }, signal: mine.signal }), outline);
    if (mine.signal.aborted) return;
    items = page.items;
    nextCursor = page.next_cursor;
    draw();
  } catch (error) {
    if (mine.signal.aborted) return;
    result.textContent = t("site.whats-on");
    place.replaceChildren(
      emptyState(t("browse.failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, t("site.try-again"))),
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
    const filtered = location.search.length > 1;
    result.textContent = filtered ? t("browse.found-none") : t("browse.none");
    place.replaceChildren(
      filtered
        ? emptyState(t("browse.no-match"), t("browse.no-match-hint"), h("button", { type: "button", class: "btn", onclick: () => form.reset() }, t("browse.clear")))
        : emptyState(t("browse.nothing-yet"), t("browse.nothing-yet-hint")),
    );
    more.replaceChildren();
    return;
  }
  result.textContent = howMany(groups.length);
  place.replaceChildren(h("ul", { class: "cards" }, groups.map(card)));
  more.replaceChildren(...(nextCursor ? [h("button", { type: "button", class: "btn quiet", onclick: () => void loadMore() }, t("browse.more"))] : []));
}

/** @param {number} count of titles that are shown */
function howMany(count) {
  if (location.search.length > 1) return t(nextCursor ? "browse.first-found" : "browse.found", { count });
  return t(nextCursor ? "browse.first-on-sale" : "browse.on-sale", { count });
}

/** @param {Item[]} group */
function card(group) {
  const [first] = group;
  const time = dateTime(first.start_time, { year: isFar(first.start_time), timeZone: first.time_zone });
  const when = dayAndMonth(first.start_time, { timeZone: first.time_zone });
  const venues = [...new Set(group.map(({ venue }) => venue))];
  const where = venues.length > 1 ? t("browse.cinemas", { count: venues.length }) : h("bdi", null, [first.venue, first.city].filter(Boolean).join(", "));
  // Theaters abroad have other currencies; a lowest price of several would be none.
  const from = Math.min(...group.filter(({ currency }) => currency === first.currency).map(({ price_from }) => price_from));
  const times = group.length > 1 && h("span", { class: "muted num" }, t(nextCursor ? "browse.showtimes-or-more" : "browse.showtimes", { count: group.length }));
  return h(
    "li",
    { class: "card" },
    artwork(first),
    h("span", { class: "stamp", "aria-hidden": "true" }, h("b", { class: "num" }, when.day), h("span", null, when.month)),
    h(
      "div",
      { class: "in" },
      h("span", { class: "eyebrow" }, group.length > 1 ? t("browse.next", { time }) : time),
      h("h3", { class: "card-title" }, h("a", { href: `event.html?event=${first.id}` }, h("bdi", null, first.name))),
      h("span", { class: "muted" }, where),
      h("span", { class: "facts" }, h("b", { class: "num" }, t("site.from-price", { price: money(from, first.currency) })), times),
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
