/**
 * Organisers: put an event on sale, and take one off. What may be done is decided by the server; this page only asks.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { ask } from "../lib/dialog.js";
import { find, h } from "../lib/dom.js";
import { EVENT_TYPES } from "../lib/event-types.js";
import { clearErrors, field, fieldError, submitting } from "../lib/forms.js";
import { count, dateTime, minorFromText, money } from "../lib/format.js";
import { current } from "../lib/session.js";
import { announce, emptyState, mountSite, notice, refreshMe, signInAddress } from "../lib/site.js";

const PAGE_SIZE = 100;
const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY", "PLN", "SEK", "INR"];
const DEFAULT_CURRENCY = "EUR";
const DAYS_AHEAD = 30;
/** Where the organiser sits, which is taken for where the venue is. */
const TIME_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @typedef {{id: number, name: string, venue: string, city: string, start_time: string, price_from: number, currency: string}} Item */

const root = find("#admin");
/** @type {Item[]} */
let items = [];
/** @type {string | null} */
let nextCursor = null;
const messages = h("div", { "aria-live": "polite" });
const listPlace = h("div");

mountSite({ onSignedOut: () => void open() });
void open();

async function open() {
  const heading = h("h1", null, "Admin");
  if (!current()) {
    root.replaceChildren(heading, emptyState("Sign in as an organiser", "Only organisers can put events on sale.", h("a", { class: "btn", href: signInAddress("admin.html") }, "Sign in")));
    return;
  }
  const me = await refreshMe();
  if (me?.role !== "admin") {
    root.replaceChildren(heading, emptyState("This page is for organisers", "Your account is an ordinary one.", h("a", { class: "btn", href: "./" }, "What’s on")));
    return;
  }
  root.replaceChildren(
    heading,
    messages,
    h(
      "div",
      { class: "admin-grid" },
      h("section", { class: "box", "aria-labelledby": "create-title" }, h("h2", { id: "create-title" }, "Put an event on sale"), createForm()),
      h("section", { class: "box", "aria-labelledby": "events-title" }, h("h2", { id: "events-title" }, "Coming events"), listPlace),
    ),
  );
  await load();
}

// The list

async function load() {
  items = [];
  nextCursor = null;
  listPlace.replaceChildren(h("p", { class: "muted", role: "status" }, "Loading…"));
  await loadPage();
}

async function loadPage() {
  try {
    const page = await api.get("/events/browse", { query: { limit: PAGE_SIZE, cursor: nextCursor } });
    items = [...items, ...page.items];
    nextCursor = page.next_cursor;
    drawList();
  } catch (error) {
    listPlace.append(notice("bad", explain(error), { action: "Try again", onAction: () => void load() }));
  }
}

function drawList() {
  const rows = items.map((item) =>
    h(
      "li",
      null,
      h(
        "div",
        null,
        h("a", { href: `seats.html?event=${item.id}` }, item.name),
        h("p", { class: "muted small" }, `${dateTime(item.start_time)} · ${[item.venue, item.city].join(", ")} · from ${money(item.price_from, item.currency)}`),
      ),
      h("button", { type: "button", class: "btn quiet small", "aria-label": `Delete ${item.name}, ${dateTime(item.start_time)}`, onclick: () => void remove(item) }, "Delete"),
    ),
  );
  listPlace.replaceChildren(
    rows.length ? h("ul", { class: "admin-events" }, rows) : h("p", { class: "muted" }, "Nothing is on sale."),
    ...(nextCursor ? [h("button", { type: "button", class: "btn quiet small", onclick: () => void loadPage() }, "Load more")] : []),
  );
}

/** @param {Item} item */
async function remove(item) {
  messages.replaceChildren();
  const what = `${item.name}, ${dateTime(item.start_time)}, ${item.venue}`;
  const sure = await ask({ title: "Delete this event?", text: `${what}. Its seats and holds go with it.`, yes: "Delete the event", no: "Keep it" });
  if (!sure) return;
  try {
    await removeOrAskAgain(item, what);
  } catch (error) {
    messages.replaceChildren(notice("bad", explain(error)));
  }
}

/** @param {Item} item @param {string} what */
async function removeOrAskAgain(item, what) {
  try {
    await api.delete(`/events/${item.id}`);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 409) throw error;
    const sold = Number(error.body.confirmed_bookings);
    const bookings = sold > 0 ? count(sold, "confirmed booking") : "confirmed bookings";
    const sure = await ask({
      title: "Seats of it are sold",
      text: `${what} has ${bookings}. Deleting it deletes them too; a record stays in the audit log, so that you know whom to pay back.`,
      yes: "Delete it with its bookings",
      no: "Keep it",
    });
    if (!sure) return;
    await api.delete(`/events/${item.id}`, { query: { force: true } });
  }
  items = items.filter(({ id }) => id !== item.id);
  drawList();
  messages.replaceChildren(notice("good", `${what} is deleted.`));
}

// The form

function createForm() {
  const kind = h("select", { name: "event_type" }, EVENT_TYPES.map(({ value, name }) => h("option", { value }, name)));
  const room = h("select", { name: "template" });
  const currency = h("select", { name: "currency" }, CURRENCIES.map((code) => h("option", { value: code, selected: code === DEFAULT_CURRENCY }, code)));
  const pricing = h("select", { name: "pricing" }, h("option", { value: "base" }, "From the cheapest seat"), h("option", { value: "each" }, "Each category by itself"));
  const prices = h("div", { class: "fields" });

  const drawPrices = () => {
    const rooms = EVENT_TYPES.find(({ value }) => value === kind.value)?.rooms ?? [];
    const categories = rooms.find(({ value }) => value === room.value)?.categories ?? [];
    const amount = { inputmode: "decimal", autocomplete: "off", maxlength: 12 };
    prices.replaceChildren(
      ...(pricing.value === "base"
        ? [field("base_price", "Cheapest seat", { ...amount, placeholder: "24.00" }, { hint: "Better categories cost more, by themselves." })]
        : categories.map(([key, name]) => field(`price-${key}`, name, { ...amount, placeholder: "24.00" }))),
    );
  };
  const drawRooms = () => {
    const rooms = EVENT_TYPES.find(({ value }) => value === kind.value)?.rooms ?? [];
    room.replaceChildren(...rooms.map(({ value, name, seats }) => h("option", { value }, `${name} (${count(seats, "seat")})`)));
    drawPrices();
  };
  kind.addEventListener("change", drawRooms);
  room.addEventListener("change", drawPrices);
  pricing.addEventListener("change", drawPrices);
  drawRooms();

  const form = h(
    "form",
    { class: "admin-form", novalidate: true },
    field("event_type", "Kind", {}, { control: kind }),
    field("template", "Room", {}, { control: room }),
    field("name", "Name", { maxlength: 200, autocomplete: "off" }, { hint: "Showtimes of one film carry the same name." }),
    h("div", { class: "fields" }, field("venue", "Venue", { maxlength: 200 }), field("city", "City", { maxlength: 200 })),
    h(
      "div",
      { class: "fields" },
      field("start_time", "Starts", { type: "datetime-local", value: soon() }, { hint: `In your time zone, ${TIME_ZONE}; people are told it so.` }),
      field("capacity", "Seats", { type: "number", min: 1, max: 75000, inputmode: "numeric" }, { hint: "Empty: the room’s own size." }),
    ),
    h("div", { class: "fields" }, field("currency", "Currency", {}, { control: currency }), field("pricing", "Prices", {}, { control: pricing })),
    prices,
    field("description", "Description", {}, { control: h("textarea", { name: "description", maxlength: 2000, rows: 3 }) }),
    h("button", { type: "submit", class: "btn" }, "Put on sale"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = read(form);
    if (body) void submitting(form, () => create(form, body));
  });
  return form;
}

/** What was typed as the request, or null with the faults shown. @param {HTMLFormElement} form */
function read(form) {
  clearErrors(form);
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  for (const name of ["name", "venue", "city"]) if (!text(name)) fieldError(form, [name], "This is needed.");
  const start = new Date(text("start_time"));
  if (Number.isNaN(start.getTime())) fieldError(form, ["start_time"], "Enter a day and a time.");
  else if (start.getTime() < Date.now()) fieldError(form, ["start_time"], "This is in the past.");
  const capacity = text("capacity");
  if (capacity && !/^\d{1,5}$/.test(capacity)) fieldError(form, ["capacity"], "Enter a whole number, or nothing.");

  /** @type {Record<string, number>} */
  const prices = {};
  for (const [name, value] of data) {
    if (name !== "base_price" && !name.startsWith("price-")) continue;
    const minor = minorFromText(String(value), text("currency"));
    if (minor === null) fieldError(form, [name], `Enter an amount in ${text("currency")}.`);
    else prices[name.replace("price-", "")] = minor;
  }
  const first = form.querySelector("[aria-invalid]");
  if (first instanceof HTMLElement) {
    first.focus();
    return null;
  }
  const { base_price, ...byCategory } = prices;
  return {
    name: text("name"),
    event_type: text("event_type"),
    venue: text("venue"),
    city: text("city"),
    start_time: start.toISOString(),
    time_zone: TIME_ZONE,
    currency: text("currency"),
    template: text("template"),
    ...(text("description") ? { description: text("description") } : {}),
    ...(capacity ? { capacity: Number(capacity) } : {}),
    ...(base_price === undefined ? { prices: byCategory } : { base_price }),
  };
}

/** @param {HTMLFormElement} form @param {any} body */
async function create(form, body) {
  const event = await api.post("/events", body);
  const made = `${event.name} is on sale with ${count(event.seat_count, "seat")}.`;
  messages.replaceChildren(notice("good", [made, " ", h("a", { href: `seats.html?event=${event.id}` }, "See its seats")]));
  announce(made);
  form.querySelectorAll("[name=name], [name=description]").forEach((input) => (/** @type {HTMLInputElement} */ (input).value = ""));
  scrollTo(0, 0);
  await load();
}

/** A likely start: 19:30 in a month, as a datetime-local value. */
function soon() {
  const day = new Date(Date.now() + DAYS_AHEAD * 86_400_000);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T19:30`;
}
