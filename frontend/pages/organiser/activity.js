/**
 * What has just happened in a sale, told in short: places that changed together are one line. Pure.
 * @module
 */

import { STATUSES } from "../../seat-map/state.js";
import { labelsOf } from "../../seat-map/words.js";

/** @typedef {"held" | "sold" | "released" | "cancelled" | "blocked"} Happening */
/** @typedef {{at: number, what: Happening, places: number[], labels: string[], isShortened: boolean, sum: number}} Entry `sum` in minor units; shortened: not all places are in the labels */

export const MOST_ENTRIES = 40;
const MOST_LABELS = 3;
/** Grouping compares places with groups: a whole house that changes at once is not worth it. */
const MOST_GROUPED = 200;

/** From and to, as statuses. @type {Record<string, Happening>} */
const HAPPENINGS = {
  "available>held": "held",
  "available>booked": "sold",
  "held>booked": "sold",
  "held>available": "released",
  "booked>available": "cancelled",
  "booked>held": "held",
};

/**
 * What lies between two states.
 * @param {import("../../seat-map/plan.js").Plan} plan
 * @param {Record<string, number>} prices
 * @param {Uint8Array} before statuses by place
 * @param {Uint8Array} after
 * @param {number} at
 * @returns {Entry[]} newest first, as the list has them
 */
export function whatHappened(plan, prices, before, after, at) {
  /** @type {Map<Happening, number[]>} */
  const together = new Map();
  for (let place = 0; place < after.length; place++) {
    if (before[place] === after[place]) continue;
    const what = HAPPENINGS[`${STATUSES[before[place]]}>${STATUSES[after[place]]}`] ?? (STATUSES[after[place]] === "blocked" ? "blocked" : "released");
    const places = together.get(what);
    if (places) places.push(place);
    else together.set(what, [place]);
  }
  return [...together].map(([what, places]) => entry(plan, prices, what, places, at));
}

/**
 * @param {import("../../seat-map/plan.js").Plan} plan
 * @param {Record<string, number>} prices
 * @param {Happening} what
 * @param {number[]} places
 * @param {number} at
 * @returns {Entry}
 */
export function entry(plan, prices, what, places, at) {
  const labels = labelsOf(plan, places.slice(0, MOST_GROUPED));
  return {
    at,
    what,
    places,
    labels: labels.slice(0, MOST_LABELS),
    isShortened: labels.length > MOST_LABELS,
    sum: places.reduce((sum, place) => sum + (prices[plan.categories[plan.category[place]].key] ?? 0), 0),
  };
}

/**
 * A list that can be stopped: while somebody reads or points at it, news waits.
 */
export class Feed {
  constructor() {
    /** @type {readonly Entry[]} */
    this.shown = [];
    /** @type {readonly Entry[]} */
    this.waiting = [];
    this.paused = false;
  }

  /** @param {readonly Entry[]} news newest first */
  add(news) {
    if (this.paused) this.waiting = [...news, ...this.waiting].slice(0, MOST_ENTRIES);
    else this.shown = [...news, ...this.shown].slice(0, MOST_ENTRIES);
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    if (paused) return;
    const news = this.waiting;
    this.waiting = [];
    this.add(news);
  }
}
