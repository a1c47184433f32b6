/**
 * What a place is called on the map, in the list, in the basket and by a screen reader: one wording for all of them.
 * @module
 */

import { list, money } from "../lib/format.js";
import { sectionOf } from "./floors.js";
import { groupSeats, seatName } from "./plan.js";
import { Look } from "./state.js";
import { t } from "./texts.js";

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
  const amount = money(priceOf(plan, pricing, index), pricing.currency);
  const price = plan.persons.has(index) ? t("standing.for-table", { price: amount }) : amount;
  const category = plan.categories[plan.category[index]].name;
  switch (look) {
    case Look.AVAILABLE:
      return t("standing.available", { price, category });
    case Look.CHOSEN:
      return t("standing.chosen", { price, category });
    case Look.PENDING:
      return t("standing.pending", { price });
    case Look.MINE:
      return t("standing.mine", { price });
    case Look.HELD:
      return t("standing.held");
    case Look.BOOKED:
      return t("standing.booked");
    default:
      return t("standing.blocked");
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
  return [seatName(plan, index), standing(plan, pricing, index, look), ...flagsOf(plan, index)].join(t("place.separator"));
}

/** What is special about a place: ["wheelchair space"]. @param {Plan} plan @param {number} index */
export function flagsOf(plan, index) {
  return (plan.flags.get(index) ?? []).map((flag) => t(`flag.${flag.replaceAll(" ", "-")}`));
}

/**
 * "Floor · 3 places"
 * @param {Section} section
 * @param {number} places
 */
export function areaLabel(section, places) {
  return t("place.label", { section: section.name, rest: t("place.places", { count: places }) });
}

/**
 * Places in short, neighbours together; the section is named once: ["Stalls · Row H · 17–18", "Row J · 4"].
 * @param {Plan} plan
 * @param {Iterable<number>} indices
 * @param {string} [said] the section that has just been named
 */
export function labelsOf(plan, indices, said = "") {
  let before = said;
  return groupSeats(plan, indices).map(({ label, short, indices: [first] }) => {
    const { name } = homeOf(plan, first);
    const known = before === name;
    before = name;
    return known ? short : label;
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
  const kinds = new Set(indices.map((index) => (plan.persons.has(index) ? "tables" : homeOf(plan, index).kind === "standing" ? "places" : "seats")));
  return t(`place.${kinds.size > 1 ? "places" : ([...kinds][0] ?? "seats")}`, { count: indices.length });
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
  if (!free) return [name, t("place.sold-out")];
  return [name, priceFrom(plan, pricing, categories), t("place.left", { count: free })].filter(Boolean);
}

/**
 * "€18" where there is one price, "from €18" where there are several, "" where there is none.
 * @param {Plan} plan
 * @param {Pricing} pricing
 * @param {Iterable<number>} categories
 */
export function priceFrom(plan, pricing, categories) {
  const prices = new Set([...categories].map((category) => pricing.prices[plan.categories[category].key]).filter((price) => price !== undefined));
  if (!prices.size) return "";
  const lowest = money(Math.min(...prices), pricing.currency);
  return prices.size > 1 ? t("site.from-price", { price: lowest }) : lowest;
}
