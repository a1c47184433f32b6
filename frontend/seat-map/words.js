/**
 * What a place is called on the map, in the list, in the basket and by a screen reader: one wording for all of them.
 * @module
 */

import { count, list, money } from "../lib/format.js";
import { sectionOf } from "./floors.js";
import { groupSeats, seatName } from "./plan.js";
import { Look } from "./state.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Section} Section */
/** @typedef {{currency: string, prices: Record<string, number>}} Pricing */

/**
 * Minor units.
 * @param {Plan} plan
 * @param {Pricing} pricing
 * @param {number} index
 */
export function priceOf(plan, pricing, index) {
  return pricing.prices[plan.categories[plan.category[index]].key] ?? 0;
}

/**
 * "available, €45, Premium"
 * @param {Plan} plan
 * @param {Pricing} pricing
 * @param {number} index
 * @param {number} look
 */
export function standing(plan, pricing, index, look) {
  const price = money(priceOf(plan, pricing, index), pricing.currency) + (plan.persons.has(index) ? " for the table" : "");
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
 * @param {Plan} plan
 * @param {Pricing} pricing
 * @param {number} index
 * @param {number} look
 */
export function fullName(plan, pricing, index, look) {
  return [seatName(plan, index), standing(plan, pricing, index, look), ...(plan.flags.get(index) ?? [])].join(", ");
}

/**
 * "Floor · 3 places"
 * @param {Section} section
 * @param {number} places
 */
export function areaLabel(section, places) {
  return `${section.name} · ${count(places, "place")}`;
}

/**
 * Places in short, neighbours together; the section is named once: ["Stalls · Row H · 17–18", "Row J · 4"].
 * @param {Plan} plan
 * @param {Iterable<number>} indices
 * @param {string} [said] the section that has just been named
 */
export function labelsOf(plan, indices, said = "") {
  let before = said;
  return groupSeats(plan, indices).map(({ label, indices: [first] }) => {
    const { name } = homeOf(plan, first);
    const known = before === name && label.startsWith(`${name} · `);
    before = name;
    return known ? label.slice(name.length + 3) : label;
  });
}

/**
 * As part of a sentence: "Stalls · Row H · 17–18 and Row J · 4".
 * @param {Plan} plan
 * @param {Iterable<number>} indices
 * @param {string} [said] the section that has just been named
 */
export function inWords(plan, indices, said) {
  return list(labelsOf(plan, indices, said));
}

/**
 * "2 seats", "3 places", "1 table"
 * @param {Plan} plan
 * @param {readonly number[]} indices
 */
export function howMany(plan, indices) {
  const kinds = new Set(indices.map((index) => (plan.persons.has(index) ? "table" : homeOf(plan, index).kind === "standing" ? "place" : "seat")));
  return count(indices.length, kinds.size > 1 ? "place" : ([...kinds][0] ?? "seat"));
}

/** The section a place is in. @param {Plan} plan @param {number} index */
export function homeOf(plan, index) {
  return plan.sections[sectionOf(plan, index)];
}

/**
 * What the map writes on a section while its seats are too small to see, the most important first: ["Block 104", "from €18", "312 left"].
 * @param {Plan} plan
 * @param {Pricing} pricing
 * @param {number} section
 * @param {import("./tally.js").Left} left
 */
export function linesOfSection(plan, pricing, section, { free, categories }) {
  const { name } = plan.sections[section];
  if (!free) return [name, "sold out"];
  return [name, priceFrom(plan, pricing, categories), `${free.toLocaleString()} left`].filter(Boolean);
}

/**
 * "€18" where there is one price, "from €18" where there are several, "" where there is none.
 * @param {Plan} plan
 * @param {Pricing} pricing
 * @param {Iterable<number>} categories
 */
export function priceFrom(plan, pricing, categories) {
  const prices = new Set([...categories].map((category) => pricing.prices[plan.categories[category].key]).filter((price) => price !== undefined));
  return prices.size ? `${prices.size > 1 ? "from " : ""}${money(Math.min(...prices), pricing.currency)}` : "";
}
