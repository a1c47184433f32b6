/**
 * A new event in five steps. What was written survives a reload; nothing is sent before the last step.
 * @module
 */

import { ApiProblem, api, newKey } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { find, h, icon } from "../lib/dom.js";
import { EVENT_TYPES } from "../lib/event-types.js";
import { clearErrors, field, fieldError, showErrors, showSummary, submitting } from "../lib/forms.js";
import { dateTime, minorDigits, minorFromText, money } from "../lib/format.js";
import { announce } from "../lib/site.js";
import { t } from "../lib/texts.js";
import { forOrganisers } from "./organiser/access.js";
import { STEPS, complaintsOf, potentialOf, requestOf } from "./organiser/draft.js";
import { bandsOfPlaces, placesByBand, suggestedPrices } from "./organiser/painting.js";
import { PricesPanel } from "./organiser/prices-panel.js";
import { Room } from "./organiser/room.js";
import { startFields } from "./organiser/start-fields.js";
import { FAULTS, FIELDS, WIZARD } from "./organiser/words.js";
import { instantOf, ownZone } from "./organiser/zones.js";

/** @typedef {import("./organiser/draft.js").Draft} Draft */
/** @typedef {import("./organiser/draft.js").Step} Step */
/** @typedef {import("../seat-map/plan.js").Plan} Plan */
/** @typedef {Draft & {roomOfBands: string, key: string}} Kept with the room that its bands are of, and its Idempotency-Key, once it was sent */

const KEPT = "frontrow.new-event";
const CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY", "PLN", "SEK", "INR"];
const DAYS_AHEAD = 30;
/** The cheapest seat of a kind of event, before the organiser says another: minor units. @type {Record<string, number>} */
const BASE_PRICES = { movie: 990, concert: 3900, theater: 2400, comedy: 1900, sports: 2200 };
const ROOM_PAUSE_MS = 350;
/** Where a complaint of the server belongs. @type {Record<string, Step>} */
const STEP_OF = { name: "what", event_type: "what", description: "what", venue: "where", city: "where", start_time: "where", time_zone: "where", template: "room", capacity: "room" };

const root = find("#admin");
/** @type {Kept} */
let draft = restored();
/** @type {Step} */
let step = "what";
/** @type {PricesPanel | null} */
let panel = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let drawing;

const room = new Room({
  read: () => draft,
  onPlan: (plan) => adopt(plan),
  onSeat: (place) => step === "prices" && panel?.paintPlace(place),
  onSection: (section) => step === "prices" && panel?.paintSection(section),
  onPoint: (place) => room.map?.preview(step === "prices" ? (panel?.foreseen(place) ?? []) : []),
});

forOrganisers(root, {
  title: WIZARD.title,
  open: () => {
    addEventListener("popstate", () => void go(stepInAddress(), { remember: false }));
    return go(stepInAddress(), { remember: false, focus: false });
  },
});

// The draft

/** @returns {Kept} */
function fresh() {
  const [kind] = EVENT_TYPES;
  return {
    event_type: kind.value,
    name: "",
    description: "",
    venue: "",
    city: "",
    start: soon(),
    time_zone: ownZone(),
    currency: CURRENCIES[0],
    template: kind.rooms[0].value,
    capacity: "",
    bands: [],
    coat: {},
    swaps: {},
    roomOfBands: "",
    key: "",
  };
}

function restored() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    return { ...fresh(), ...(kept && typeof kept === "object" ? kept : {}) };
  } catch {
    return fresh();
  }
}

/** @param {Partial<Kept>} changes */
function change(changes) {
  draft = { ...draft, ...changes };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(draft));
  } catch {
    // Storage refused or full: the draft lives as long as the page.
  }
}

function discard() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // There was none.
  }
  draft = fresh();
  void go("what");
}

/** A likely start: 19:30 in a month. */
function soon() {
  return `${new Date(Date.now() + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10)}T19:30`;
}

/** A room has come: its prices are the ones to begin with, and paint for another room means nothing in it. @param {Plan} plan */
function adopt(plan) {
  const { template, capacity, roomOfBands, event_type, currency } = draft;
  const now = `${template}?${capacity.trim()}`;
  if (roomOfBands === now) return;
  if (roomOfBands.split("?")[0] === template) change({ coat: {}, roomOfBands: now });
  else {
    const prices = suggestedPrices(plan, BASE_PRICES[event_type] ?? 2000);
    change({
      coat: {},
      swaps: {},
      roomOfBands: now,
      bands: plan.categories.map(({ key, name, tier }, nth) => ({ key, name, tier, price: textOf(prices[nth], currency) })),
    });
  }
}

/** "24", "24.50" @param {number} minor @param {string} currency */
function textOf(minor, currency) {
  const digits = minorDigits(currency);
  const amount = minor / 10 ** digits;
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(digits);
}

// Steps

/** @returns {Step} */
function stepInAddress() {
  const named = /** @type {Step} */ (location.hash.slice(1));
  return STEPS.includes(named) ? named : "what";
}

/**
 * @param {Step} wanted not further than the first step that is unfinished
 * @param {{remember?: boolean, focus?: boolean}} [options] whether the address takes note of it, and whether somebody is led there
 */
async function go(wanted, { remember = true, focus = true } = {}) {
  const known = { now: Date.now(), plan: room.plan };
  const unfinished = STEPS.find((each) => complaintsOf(draft, each, known).length) ?? "review";
  step = STEPS[Math.min(STEPS.indexOf(wanted), STEPS.indexOf(unfinished))];
  if (remember && step !== stepInAddress()) history.pushState(null, "", `#${step}`);
  const needsPlan = step === "prices" || step === "review";
  if (needsPlan) await room.show();
  if (needsPlan && !room.plan) step = "room";
  draw(focus);
}

/** @param {boolean} focus */
function draw(focus) {
  panel = null;
  document.title = WIZARD.page;
  const nth = STEPS.indexOf(step);
  const heading = h("h2", { tabindex: "-1" }, WIZARD.headings[step]);
  const form = h(
    "form",
    { class: `box wizard-step step-${step}`, novalidate: true },
    heading,
    contentOf(step),
    h(
      "div",
      { class: "row wizard-actions" },
      nth > 0 && h("button", { type: "button", class: "btn quiet", onclick: () => void go(STEPS[nth - 1]) }, WIZARD.back),
      h("button", { type: "submit", class: "btn" }, step === "review" ? WIZARD.publish : WIZARD.next),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (step === "review") void submitting(form, () => publish(form));
    else onward(form, nth);
  });
  const wide = step !== "what" && step !== "where";
  root.replaceChildren(
    h("div", { class: "title-row" }, h("h1", null, WIZARD.title), h("button", { type: "button", class: "link", onclick: discard }, WIZARD.discard)),
    stepList(nth),
    h("div", { class: `wizard${wide ? " with-room" : ""}` }, form, wide ? room.root : card()),
  );
  if (wide) {
    void room.show();
    room.paint();
  }
  if (!focus) return;
  scrollTo(0, 0);
  heading.focus();
  announce(WIZARD.step(nth + 1, STEPS.length, WIZARD.steps[step]));
}

/** @param {HTMLFormElement} form @param {number} nth */
function onward(form, nth) {
  clearErrors(form);
  const faults = complaintsOf(draft, step, { now: Date.now(), plan: room.plan });
  for (const { field: name, fault } of faults) {
    fieldError(form, [name], FAULTS[fault]);
  }
  if (faults.length) showSummary(form);
  else void go(STEPS[nth + 1]);
}

/** @param {number} now */
function stepList(now) {
  return h(
    "ol",
    // On a phone it scrolls sideways, so the keyboard must reach it.
    { class: "steps", tabindex: "0", "aria-label": WIZARD.stepsLabel },
    STEPS.map((each, nth) =>
      h(
        "li",
        { class: nth < now ? "done" : nth === now ? "now" : "" },
        nth < now
          ? h("button", { type: "button", onclick: () => void go(each) }, h("i", null, icon("check")), h("span", null, WIZARD.steps[each]))
          : h("span", { class: "step-name", "aria-current": nth === now ? "step" : null }, h("i", { class: "num" }, String(nth + 1)), h("span", null, WIZARD.steps[each])),
      ),
    ),
  );
}

/** @param {Step} which */
function contentOf(which) {
  return { what, where, room: roomStep, prices, review }[which]();
}

/** Keeps a field's text in the draft. @param {keyof Draft} member @param {HTMLElement} box @param {() => void} [then] */
function bound(member, box, then = () => {}) {
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input, textarea, select"));
  input.value = String(draft[member]);
  input.addEventListener("input", () => {
    change({ [member]: input.value });
    then();
  });
  return box;
}

function what() {
  const kinds = EVENT_TYPES.map(({ value, rooms }) => {
    const radio = h("input", { type: "radio", name: "event_type", value, checked: value === draft.event_type });
    radio.addEventListener("change", () => {
      change({ event_type: value, template: rooms[0].value, capacity: "" });
      drawCard();
    });
    return h("label", { class: "chip" }, radio, t(`kind.${value}`));
  });
  return [
    h("fieldset", { class: "stroke" }, h("legend", null, FIELDS.kind), h("div", { class: "chips" }, kinds)),
    bound("name", field("name", FIELDS.name, { maxlength: 200, autocomplete: "off", required: true }, { hint: FIELDS.nameHint }), drawCard),
    bound("description", field("description", FIELDS.description, {}, { control: h("textarea", { name: "description", maxlength: 5000, rows: 4 }), hint: FIELDS.descriptionHint })),
  ];
}

function where() {
  return [
    h(
      "div",
      { class: "fields" },
      bound("venue", field("venue", FIELDS.venue, { maxlength: 200, required: true, autocomplete: "off" }), drawCard),
      bound("city", field("city", FIELDS.city, { maxlength: 200, required: true, autocomplete: "off" }), drawCard),
    ),
    startFields({ start: draft.start, time_zone: draft.time_zone }, (changes) => {
      change(changes);
      drawCard();
    }),
  ];
}

function roomStep() {
  const kind = EVENT_TYPES.find(({ value }) => value === draft.event_type) ?? EVENT_TYPES[0];
  const others = EVENT_TYPES.filter((each) => each !== kind).flatMap(({ rooms }) => rooms);
  const capacity = field("capacity", FIELDS.capacity, { inputmode: "numeric", maxlength: 6, autocomplete: "off" }, { hint: capacityHint() });
  bound("capacity", capacity, () => {
    clearTimeout(drawing);
    drawing = setTimeout(() => {
      if (!complaintsOf(draft, "room", { now: 0, plan: null }).length) void room.show();
    }, ROOM_PAUSE_MS);
  });
  const choice = ([...kind.rooms, ...others]).map(({ value, seats }, nth) => {
    const radio = h("input", { type: "radio", name: "template", value, checked: value === draft.template });
    radio.addEventListener("change", () => {
      change({ template: value, capacity: "" });
      /** @type {HTMLInputElement} */ (capacity.querySelector("input")).value = "";
      find(".muted", capacity).textContent = capacityHint();
      void room.show();
    });
    return h("label", { class: `room-card${nth < kind.rooms.length ? " usual" : ""}` }, radio, h("span", null, h("b", null, WIZARD.roomName(value)), h("span", { class: "muted small num" }, WIZARD.roomSeats(seats))));
  });
  return [h("fieldset", null, h("legend", { class: "vh" }, WIZARD.room), h("div", { class: "room-cards" }, choice)), capacity];
}

function capacityHint() {
  const found = EVENT_TYPES.flatMap(({ rooms }) => rooms).find(({ value }) => value === draft.template);
  return FIELDS.capacityHint(found?.seats ?? 0);
}

function prices() {
  const currency = h("select", { name: "currency" }, CURRENCIES.map((code) => h("option", { value: code }, code)));
  panel = new PricesPanel(/** @type {Plan} */ (room.plan), {
    read: () => draft,
    change: (changes, words) => {
      change(changes);
      room.paint();
      panel?.update();
      if (words) announce(words, "paint");
    },
  });
  return [
    bound("currency", field("currency", FIELDS.currency, {}, { control: currency }), () => {
      room.paint();
      panel?.update();
    }),
    panel.root,
  ];
}

function review() {
  const plan = /** @type {Plan} */ (room.plan);
  const found = instantOf(draft.start, draft.time_zone);
  const counts = placesByBand(bandsOfPlaces(plan, draft.bands, draft.coat, draft.swaps), draft.bands.length);
  const kind = t(`kind.${draft.event_type}`);
  const line = (/** @type {string} */ label, /** @type {Step} */ where, /** @type {any[]} */ ...content) =>
    h(
      "div",
      { class: "review-line" },
      h("dt", null, label),
      h("dd", null, ...content),
      h("dd", { class: "review-change" }, h("button", { type: "button", class: "link", "aria-label": WIZARD.change(label), onclick: () => void go(where) }, WIZARD.changeShort)),
    );
  return [
    h(
      "dl",
      { class: "review" },
      line(WIZARD.summary.event, "what", h("b", null, h("bdi", null, draft.name)), ` · ${kind}`, draft.description && h("p", { class: "muted small", dir: "auto" }, draft.description)),
      line(WIZARD.summary.place, "where", h("bdi", null, `${draft.venue}, ${draft.city}`)),
      line(WIZARD.summary.time, "where", found ? dateTime(found.instant, { timeZone: draft.time_zone, zoneName: true }) : ""),
      line(WIZARD.summary.room, "room", [WIZARD.roomName(draft.template), WIZARD.roomSeats(plan.count)].join(" · ")),
      line(
        WIZARD.summaryPrices,
        "prices",
        h(
          "ul",
          { class: "price-lines" },
          draft.bands.flatMap(({ name, tier, price }, nth) =>
            counts[nth]
              ? [h("li", null, h("span", { class: "swatch", dataset: { tier } }), h("span", null, h("bdi", null, name), h("span", { class: "muted small" }, ` · ${WIZARD.places(counts[nth])}`)), h("b", { class: "num" }, money(minorFromText(price, draft.currency) ?? 0, draft.currency)))]
              : [],
          ),
        ),
      ),
    ),
    h("p", { class: "total" }, WIZARD.summary.potential, h("b", { class: "num display" }, money(potentialOf(draft, plan), draft.currency))),
    h("p", { class: "muted small" }, WIZARD.publishHint),
  ];
}

// The card beside the first steps: what people will see

const cardPlace = h("aside", { class: "event-card", "aria-hidden": "true" });

function card() {
  drawCard();
  return cardPlace;
}

function drawCard() {
  const found = instantOf(draft.start, draft.time_zone);
  const name = draft.name.trim() || "…";
  cardPlace.replaceChildren(
    artwork(/** @type {any} */ ({ name, event_type: draft.event_type, image_url: "" })),
    h(
      "div",
      { class: "in" },
      h("b", { class: "display" }, name),
      h("span", { class: "muted small" }, found ? dateTime(found.instant, { timeZone: draft.time_zone, zoneName: true }) : ""),
      h("span", { class: "muted small" }, [draft.venue, draft.city].map((text) => text.trim()).filter(Boolean).join(", ")),
    ),
  );
}

// Publishing

/** @param {HTMLFormElement} form */
async function publish(form) {
  // One for the draft, whatever becomes of it: when the answer was lost, pressing again or coming back tomorrow does not make a second event.
  if (!draft.key) change({ key: newKey() });
  let event;
  try {
    event = await api.post("/events", requestOf(draft, /** @type {Plan} */ (room.plan)), { key: draft.key });
  } catch (error) {
    const where = error instanceof ApiProblem && error.status === 422 ? STEP_OF[String(error.body.errors?.[0]?.loc?.[1])] : undefined;
    if (!where) throw error;
    await go(where);
    showErrors(/** @type {HTMLFormElement} */ (find("form", root)), error);
    return;
  }
  form.remove();
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // There was none.
  }
  history.replaceState(null, "", location.pathname);
  const heading = h("h1", { tabindex: "-1" }, WIZARD.done(event.name));
  root.replaceChildren(
    h(
      "div",
      { class: "box done" },
      h("span", { class: "badge good" }, icon("check"), dateTime(event.start_time, { timeZone: event.time_zone, zoneName: true })),
      heading,
      h("p", null, WIZARD.doneText(event.seat_count)),
      h(
        "div",
        { class: "row" },
        h("a", { class: "btn", href: `admin-sales.html?event=${event.id}` }, WIZARD.toSales),
        h("a", { class: "btn quiet", href: `event.html?event=${event.id}` }, WIZARD.toPage),
        h("a", { class: "btn quiet", href: "admin-new.html" }, WIZARD.another),
      ),
    ),
  );
  scrollTo(0, 0);
  heading.focus();
}
