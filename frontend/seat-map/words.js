/**
 * What a seat is called on the map, in the list and by a screen reader: one wording for all three.
 * @module
 */

import { money } from "../lib/format.js";
import { seatName } from "./plan.js";
import { Look } from "./state.js";

/** @typedef {{currency: string, prices: Record<string, number>}} Pricing */

/**
 * Minor units.
 * @param {import("./plan.js").Plan} plan
 * @param {Pricing} pricing
 * @param {number} index
 */
export function priceOf(plan, pricing, index) {
  return pricing.prices[plan.categories[plan.category[index]].key] ?? 0;
}

/**
 * "available, €45, Premium"
 * @param {import("./plan.js").Plan} plan
 * @param {Pricing} pricing
 * @param {number} index
 * @param {number} look
 */
export function standing(plan, pricing, index, look) {
  const price = money(priceOf(plan, pricing, index), pricing.currency);
  const category = plan.categories[plan.category[index]].name;
  switch (look) {
    case Look.AVAILABLE:
      return `available, ${price}, ${category}`;
    case Look.CHOSEN:
      return `chosen, ${price}, ${category}`;
    case Look.PENDING:
      return `being held for you, ${price}`;
    case Look.MINE:
      return `held for you, ${price}`;
    case Look.HELD:
      return "in someone’s basket";
    case Look.BOOKED:
      return "sold";
    default:
      return "not for sale";
  }
}

/**
 * "Stalls, row A, seat 5, available, €45, Premium, wheelchair space"
 * @param {import("./plan.js").Plan} plan
 * @param {Pricing} pricing
 * @param {number} index
 * @param {number} look
 */
export function fullName(plan, pricing, index, look) {
  return [seatName(plan, index), standing(plan, pricing, index, look), ...(plan.flags.get(index) ?? [])].join(", ");
}
