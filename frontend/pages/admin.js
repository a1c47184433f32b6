/**
 * Organisers: all events, found, turned through, and what is sold of each; the ways to make, change and delete them.
 * @module
 */

import { api, explain } from "../lib/api.js";
import { find, h, icon } from "../lib/dom.js";
import { dateTime, money } from "../lib/format.js";
import { announce, emptyState, notice } from "../lib/site.js";
import { forOrganisers } from "./organiser/access.js";
import { percent } from "./organiser/percent.js";
import { removeEvent } from "./organiser/removing.js";
import { ACCESS, LIST, REMOVE } from "./organiser/words.js";

const PAGE_SIZE = 25;
/** After the last key, so that a word is asked for once. */
const SEARCH_PAUSE_MS = 250;

/**
 * @typedef {{id: number, name: string, venue: string, city: string, start_time: string, time_zone: string, status: string, seat_count: number, sold: number,
 *   held: number, revenue: number, price_from: number, currency: string}} Item
 */

const root = find("#admin");
const messages = h("div", { "aria-live": "polite" });
const listPlace = h("div", { class: "event-rows" });
/** @type {Item[]} */
let items = [];
/** @type {string | null} */
let nextCursor = null;
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let searching;

const query = new URLSearchParams(location.search);
const wanted = { when: query.get("when") === "past" ? "past" : "upcoming", q: (query.get("q") ?? "").slice(0, 100) };

forOrganisers(root, { title: LIST.title, open });

async function open() {
  root.replaceChildren(
    h(
      "div",
      { class: "title-row" },
      h("div", { class: "page-head" }, h("h1", null, LIST.title), h("p", { class: "muted" }, LIST.lead)),
      h("a", { class: "btn", href: "admin-new.html" }, icon("plus"), LIST.create),
    ),
    messages,
    h("div", { class: "list-tools" }, whenSwitch(), search()),
    listPlace,
  );
  await load();
}

function whenSwitch() {
  const buttons = /** @type {const} */ (["upcoming", "past"]).map((when) =>
    h("button", { type: "button", "aria-pressed": wanted.when === when, onclick: () => choose(when) }, LIST[when]),
  );
  const choose = (/** @type {string} */ when) => {
    wanted.when = when;
    for (const [nth, button] of buttons.entries()) button.setAttribute("aria-pressed", String((nth ? "past" : "upcoming") === when));
    void load();
  };
  return h("div", { class: "switch", role: "group", "aria-label": LIST.when }, buttons);
}

function search() {
  const input = h("input", { type: "search", id: "admin-search", value: wanted.q, placeholder: LIST.searchHint, maxlength: 100, autocomplete: "off", enterkeyhint: "search" });
  input.addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(() => {
      wanted.q = input.value.trim();
      void load();
    }, SEARCH_PAUSE_MS);
  });
  return h("div", { class: "search", role: "search" }, h("label", { class: "vh", for: input.id }, LIST.search), icon("search"), input);
}

function remember() {
  const said = new URLSearchParams();
  if (wanted.when === "past") said.set("when", "past");
  if (wanted.q) said.set("q", wanted.q);
  history.replaceState(null, "", said.size ? `?${said}` : location.pathname);
}

async function load() {
  items = [];
  nextCursor = null;
  remember();
  listPlace.replaceChildren(h("p", { class: "vh", role: "status" }, ACCESS.loading), ...Array.from({ length: 4 }, () => h("span", { class: "bone event-bone", "aria-hidden": "true" })));
  await loadPage();
}

async function loadPage() {
  const mine = ++asked;
  try {
    const page = await api.get("/events/overview", { auth: true, query: { ...wanted, limit: PAGE_SIZE, cursor: nextCursor } });
    if (mine !== asked) return;
    const more = items.length > 0;
    items = [...items, ...page.items];
    nextCursor = page.next_cursor;
    draw();
    if (more || wanted.q) announce(LIST.moreLoaded(items.length), "list");
  } catch (error) {
    if (mine !== asked) return;
    listPlace.replaceChildren(notice("bad", explain(error), { action: ACCESS.tryAgain, onAction: () => void load() }));
  }
}

function draw() {
  if (!items.length) {
    listPlace.replaceChildren(nothing());
    return;
  }
  listPlace.replaceChildren(
    h("ul", { class: "event-list" }, items.map(row)),
    ...(nextCursor ? [h("button", { type: "button", class: "btn quiet more", onclick: () => void loadPage() }, LIST.more)] : []),
  );
}

function nothing() {
  if (wanted.q) {
    const clear = () => {
      wanted.q = "";
      /** @type {HTMLInputElement} */ (find("#admin-search")).value = "";
      void load();
    };
    return emptyState(LIST.nothingFound, LIST.nothingFoundText(wanted.q), h("button", { type: "button", class: "btn quiet", onclick: clear }, LIST.clearSearch));
  }
  if (wanted.when === "past") return emptyState(LIST.emptyPast, LIST.emptyPastText);
  return emptyState(LIST.emptyUpcoming, LIST.emptyUpcomingText, h("a", { class: "btn", href: "admin-new.html" }, LIST.create));
}

/** @param {Item} item */
function row(item) {
  const when = dateTime(item.start_time, { timeZone: item.time_zone });
  const what = `${item.name}, ${when}`;
  const share = percent(item.sold, item.seat_count);
  return h(
    "li",
    { class: "event-row" },
    h(
      "div",
      { class: "what" },
      h("h2", null, h("a", { href: `admin-sales.html?event=${item.id}` }, h("bdi", null, item.name))),
      h("p", { class: "muted" }, when, "\u00a0· ", h("bdi", null, [item.venue, item.city].join(", "))),
    ),
    h(
      "div",
      { class: "sold" },
      h("span", null, h("b", { class: "num" }, LIST.sold(item.sold, item.seat_count)), item.status === "closed" && h("span", { class: "badge" }, LIST.closed)),
      meter(share),
      h("span", { class: "muted small num" }, [money(item.revenue, item.currency), ...(item.held ? [LIST.held(item.held)] : [])].join(" · ")),
    ),
    h(
      "div",
      { class: "row actions" },
      h("a", { class: "btn quiet small", href: `admin-sales.html?event=${item.id}`, "aria-label": LIST.salesOf(what) }, LIST.sales),
      h("a", { class: "btn quiet small", href: `admin-door.html?event=${item.id}`, "aria-label": LIST.doorOf(what) }, LIST.door),
      h("a", { class: "btn quiet small", href: `admin-edit.html?event=${item.id}`, "aria-label": LIST.editOf(what) }, LIST.edit),
      h("button", { type: "button", class: "btn quiet small", "aria-label": LIST.removeOf(what), onclick: () => void remove(item) }, LIST.remove),
    ),
  );
}

/** A bar that repeats in length what stands beside it in words. @param {number} share percent */
function meter(share) {
  const bar = h("i");
  bar.style.inlineSize = `${share}%`;
  return h("span", { class: "meter", "aria-hidden": "true" }, bar);
}

/** @param {Item} item */
async function remove(item) {
  messages.replaceChildren();
  const what = [item.name, dateTime(item.start_time, { timeZone: item.time_zone }), item.venue].join(", ");
  try {
    if (!(await removeEvent(item, what))) return;
  } catch (error) {
    messages.replaceChildren(notice("bad", explain(error)));
    return;
  }
  items = items.filter(({ id }) => id !== item.id);
  draw();
  messages.replaceChildren(notice("good", REMOVE.done(what)));
}
