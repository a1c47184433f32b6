/**
 * The numbers of a sale, worked out from the live statuses. Pure.
 * @module
 */

import { STATUSES } from "../../seat-map/state.js";

const [, HELD, BOOKED, BLOCKED] = STATUSES.map((_, code) => code);

/** @typedef {{category: number, total: number, sold: number, held: number, blocked: number, price: number, revenue: number}} CategoryFigures */
/** @typedef {{total: number, sold: number, held: number, blocked: number, revenue: number, potential: number, categories: CategoryFigures[]}} Figures */

/**
 * @param {import("../../seat-map/plan.js").Plan} plan
 * @param {Record<string, number>} prices minor units by category
 * @param {Uint8Array} status codes by place
 * @returns {Figures}
 */
export function figuresOf(plan, prices, status) {
  const width = plan.categories.length;
  const counted = new Uint32Array(width * STATUSES.length);
  for (let place = 0; place < plan.count; place++) counted[plan.category[place] * STATUSES.length + status[place]]++;
  const categories = plan.categories.map(({ key }, category) => {
    const of = counted.subarray(category * STATUSES.length, (category + 1) * STATUSES.length);
    const price = prices[key] ?? 0;
    return { category, total: of.reduce((sum, n) => sum + n, 0), sold: of[BOOKED], held: of[HELD], blocked: of[BLOCKED], price, revenue: of[BOOKED] * price };
  });
  const sum = (/** @type {(each: CategoryFigures) => number} */ of) => categories.reduce((total, each) => total + of(each), 0);
  return {
    total: sum(({ total }) => total),
    sold: sum(({ sold }) => sold),
    held: sum(({ held }) => held),
    blocked: sum(({ blocked }) => blocked),
    revenue: sum(({ revenue }) => revenue),
    potential: sum(({ total, blocked, price }) => (total - blocked) * price),
    categories,
  };
}

const HOUR_MS = 3_600_000;

/**
 * The last so many hours up to now, also those without a sale.
 * @param {readonly {hour: string, sold: number, revenue: number}[]} hours as the server tells them
 * @param {number} now
 * @param {number} howMany
 * @returns {{at: number, sold: number, revenue: number}[]} oldest first
 */
export function lastHours(hours, now, howMany) {
  const known = new Map(hours.map((each) => [Date.parse(each.hour), each]));
  const latest = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: howMany }, (_, nth) => {
    const at = latest - (howMany - 1 - nth) * HOUR_MS;
    return { at, sold: known.get(at)?.sold ?? 0, revenue: known.get(at)?.revenue ?? 0 };
  });
}

/**
 * A round number at least as large, for the top of a chart: 1, 2, 5, 10, 20, …
 * @param {number} largest
 */
export function roundTop(largest) {
  let step = 1;
  for (;;) {
    for (const factor of [1, 2, 5]) if (step * factor >= largest) return step * factor;
    step *= 10;
  }
}
