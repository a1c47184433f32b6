/**
 * A new event while it is being written, from step to step. Pure: what is still wrong with it, and the request that it becomes.
 * @module
 */

import { minorFromText } from "../../lib/format.js";
import { bandsOfPlaces, placesByBand, strokesOf, unpainted } from "./painting.js";
import { instantOf } from "./zones.js";

/** @typedef {import("./painting.js").Band} Band */
/** @typedef {import("../../seat-map/plan.js").Plan} Plan */

/**
 * @typedef {object} Draft all of it as typed
 * @property {string} event_type
 * @property {string} name
 * @property {string} description
 * @property {string} venue
 * @property {string} city
 * @property {string} start local time of the venue, "2026-12-24T19:30"
 * @property {string} time_zone
 * @property {string} currency
 * @property {string} template
 * @property {string} capacity "" for the room's own size
 * @property {Band[]} bands
 * @property {import("./painting.js").Coat} coat
 * @property {import("./painting.js").Swaps} swaps
 */

/** The steps, by name. */
export const STEPS = /** @type {const} */ (["what", "where", "room", "prices", "review"]);
/** @typedef {typeof STEPS[number]} Step */

export const MOST_BANDS = 12;
export const LARGEST_CAPACITY = 75_000;

/** @typedef {{field: string, fault: import("./words.js").Fault}} Complaint */

/**
 * What is wrong with one step; nothing when one may go on.
 * @param {Draft} draft
 * @param {Step} step
 * @param {{now: number, plan: Plan | null}} known
 * @returns {Complaint[]}
 */
export function complaintsOf(draft, step, { now, plan }) {
  if (step === "what") return needed(draft, ["name"]);
  if (step === "where") return [...needed(draft, ["venue", "city"]), ...aboutStart(draft, now)];
  if (step === "room") return aboutRoom(draft);
  if (step === "prices") return plan ? aboutPrices(draft, plan) : [];
  return [];
}

/** @param {Draft} draft @param {("name" | "venue" | "city")[]} fields @returns {Complaint[]} */
function needed(draft, fields) {
  return fields.filter((field) => !draft[field].trim()).map((field) => ({ field, fault: "needed" }));
}

/** @param {Draft} draft @param {number} now @returns {Complaint[]} */
function aboutStart({ start, time_zone }, now) {
  const found = instantOf(start, time_zone);
  if (!found) return [{ field: "start_time", fault: "noTime" }];
  return Date.parse(found.instant) <= now ? [{ field: "start_time", fault: "past" }] : [];
}

/** @param {Draft} draft @returns {Complaint[]} */
function aboutRoom({ capacity }) {
  const text = capacity.trim();
  const fits = !text || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_CAPACITY);
  return fits ? [] : [{ field: "capacity", fault: "noCapacity" }];
}

/** @param {Draft} draft @param {Plan} plan @returns {Complaint[]} */
function aboutPrices({ bands, coat, swaps, currency }, plan) {
  const places = bandsOfPlaces(plan, bands, coat, swaps);
  const used = placesByBand(places, bands.length);
  /** @type {Complaint[]} */
  const faults = [];
  for (const [nth, { key, name, price }] of bands.entries()) {
    if (!used[nth]) continue;
    if (!name.trim()) faults.push({ field: `name-${key}`, fault: "needed" });
    if (minorFromText(price, currency) === null) faults.push({ field: `price-${key}`, fault: "noPrice" });
  }
  if (unpainted(plan, places).length) faults.push({ field: "unpainted", fault: "unpainted" });
  return faults;
}

/**
 * The body of `POST /events`. The room's own categories and an untouched coat are left out: equal rooms then share a plan.
 * @param {Draft} draft without complaints
 * @param {Plan} plan
 */
export function requestOf(draft, plan) {
  const used = placesByBand(bandsOfPlaces(plan, draft.bands, draft.coat, draft.swaps), draft.bands.length);
  const bands = draft.bands.filter((_, nth) => used[nth]);
  const usedKeys = new Set(bands.map(({ key }) => key));
  // A swap of a category whose places are all painted otherwise, by now, has nothing to say.
  const swaps = Object.fromEntries(Object.entries(draft.swaps).filter(([, key]) => usedKeys.has(key)));
  const paint = strokesOf(plan, draft.coat, swaps);
  const asTheRoom = sameCategories(bands, plan);
  return {
    name: draft.name.trim(),
    event_type: draft.event_type,
    venue: draft.venue.trim(),
    city: draft.city.trim(),
    start_time: instantOf(draft.start, draft.time_zone)?.instant,
    time_zone: draft.time_zone,
    currency: draft.currency,
    template: draft.template,
    ...(draft.description.trim() ? { description: draft.description.trim() } : {}),
    ...(draft.capacity.trim() ? { capacity: Number(draft.capacity) } : {}),
    ...(asTheRoom ? {} : { categories: bands.map(({ key, name, tier }) => ({ key, name: name.trim(), tier })) }),
    ...(paint.length ? { paint } : {}),
    prices: Object.fromEntries(bands.map(({ key, price }) => [key, minorFromText(price, draft.currency) ?? 0])),
  };
}

/** @param {readonly Band[]} bands @param {Plan} plan */
function sameCategories(bands, { categories }) {
  const said = (/** @type {{key: string, name: string, tier: number}} */ { key, name, tier }) => JSON.stringify([key, name.trim(), tier]);
  const room = new Set(categories.map(said));
  return bands.every((band) => room.has(said(band)));
}

/**
 * What all places together cost, minor units.
 * @param {Draft} draft
 * @param {Plan} plan
 */
export function potentialOf({ bands, coat, swaps, currency }, plan) {
  const places = placesByBand(bandsOfPlaces(plan, bands, coat, swaps), bands.length);
  return bands.reduce((sum, { price }, nth) => sum + places[nth] * (minorFromText(price, currency) ?? 0), 0);
}

/**
 * A key for a new band that no other has.
 * @param {readonly Band[]} bands
 */
export function freeKey(bands) {
  const keys = new Set(bands.map(({ key }) => key));
  let nth = bands.length + 1;
  while (keys.has(`band-${nth}`)) nth++;
  return `band-${nth}`;
}
