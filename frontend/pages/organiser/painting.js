/**
 * Which price category each row, table and standing area of a room is sold in. Pure.
 *
 * A *part* is what can be painted by itself: a row, a table, or all of a standing area (`plan.rows`). A part that nobody has painted keeps what the room has,
 * which may differ from seat to seat. A category of the room may be sold as another band (a swap); where it is no longer offered at all, its places are
 * unpainted.
 * @module
 */

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */
/** @typedef {{category: string, sections?: string[], rows?: string[], instead_of?: string[]}} Stroke */
/** @typedef {{key: string, name: string, tier: number, price: string}} Band a price category; `price` as typed */
/** @typedef {Readonly<Record<string, string>>} Swaps the key of a band by a category of the room */
/** @typedef {Readonly<Record<number, string>>} Coat the key of a band by painted part; "" where the room's own was taken off */

/**
 * The band of each place, −1 where there is none.
 * @param {Plan} plan as the room has it
 * @param {readonly Band[]} bands
 * @param {Coat} coat
 * @param {Swaps} [swaps]
 * @returns {Int16Array}
 */
export function bandsOfPlaces(plan, bands, coat, swaps = {}) {
  const nth = new Map(bands.map(({ key }, index) => [key, index]));
  const own = plan.categories.map(({ key }) => nth.get(swaps[key] ?? key) ?? -1);
  const found = new Int16Array(plan.count);
  for (const [part, { start, end }] of plan.rows.entries()) {
    const painted = coat[part];
    if (painted !== undefined) found.fill(nth.get(painted) ?? -1, start, end);
    else for (let place = start; place < end; place++) found[place] = own[plan.category[place]];
  }
  return found;
}

/**
 * Paints parts; with a band of null, takes off what is on them.
 * @param {Coat} coat
 * @param {Iterable<number>} parts
 * @param {string | null} key
 * @returns {Coat}
 */
export function paint(coat, parts, key) {
  const next = { ...coat };
  for (const part of parts) next[part] = key ?? "";
  return next;
}

/** The parts of a section. @param {Plan} plan @param {number} section */
export function partsOfSection(plan, section) {
  const { rowStart, rowEnd } = plan.sections[section];
  return Array.from({ length: rowEnd - rowStart }, (_, nth) => rowStart + nth);
}

/**
 * The parts that are painted together with this one: those of its section with the same label, since the label is all that a request can say.
 * @param {Plan} plan
 * @param {number} part
 */
export function partsLike(plan, part) {
  const { section, label } = plan.rows[part];
  return partsOfSection(plan, section).filter((other) => plan.rows[other].label === label);
}

/**
 * What has to be painted so that nothing is unpainted: parts that are bare, and categories of the room that are not offered any more. The latter
 * go by category, so that the rest of their rows keeps its price.
 * @param {Plan} plan
 * @param {readonly Band[]} bands
 * @param {Coat} coat
 * @param {Swaps} swaps
 * @returns {{parts: number[], categories: string[]}}
 */
export function bareOf(plan, bands, coat, swaps) {
  const offered = new Set(bands.map(({ key }) => key));
  const painted = Object.entries(coat);
  return {
    parts: painted.filter(([, key]) => !offered.has(key)).map(([part]) => Number(part)),
    categories: plan.categories.map(({ key }) => key).filter((key) => !offered.has(swaps[key] ?? key)),
  };
}

/** Every part. @param {Plan} plan */
export function allParts(plan) {
  return plan.rows.keys();
}

/**
 * What a section is sold in: one band's index, −1 for nothing, or −2 for more than one.
 * @param {Plan} plan
 * @param {Int16Array} bands of the places
 * @param {number} section
 */
export function bandOfSection(plan, bands, section) {
  const { start, end } = plan.sections[section];
  for (let place = start + 1; place < end; place++) if (bands[place] !== bands[start]) return MIXED;
  return bands[start];
}

export const UNPAINTED = -1;
export const MIXED = -2;

/**
 * Sections with unpainted places, and how many.
 * @param {Plan} plan
 * @param {Int16Array} bands of the places
 * @returns {{section: number, places: number}[]}
 */
export function unpainted(plan, bands) {
  return plan.sections.flatMap(({ start, end }, section) => {
    let places = 0;
    for (let place = start; place < end; place++) if (bands[place] < 0) places++;
    return places ? [{ section, places }] : [];
  });
}

/**
 * Places by band, and at last those without.
 * @param {Int16Array} bands of the places
 * @param {number} howMany
 */
export function placesByBand(bands, howMany) {
  const places = new Array(howMany + 1).fill(0);
  for (const band of bands) places[band < 0 ? howMany : band]++;
  return places;
}

/**
 * The coat as `paint` of `POST /events`: few strokes, since a request is small.
 * @param {Plan} plan
 * @param {Coat} coat
 * @param {Swaps} [swaps]
 * @returns {Stroke[]}
 */
export function strokesOf(plan, coat, swaps = {}) {
  /** @type {Map<string, Stroke & {sections: string[]}>} */
  const strokes = new Map();
  for (const [section, { id }] of plan.sections.entries()) {
    const parts = partsOfSection(plan, section);
    const painted = parts.filter((part) => coat[part]);
    if (!painted.length) continue;
    const whole = painted.length === parts.length && painted.every((part) => coat[part] === coat[parts[0]]);
    /** @type {Map<string, Set<string>>} */
    const byBand = new Map();
    for (const part of painted) {
      const labels = byBand.get(coat[part]) ?? new Set();
      byBand.set(coat[part], labels.add(plan.rows[part].label));
    }
    for (const [category, labels] of byBand) {
      const rows = whole ? undefined : [...labels];
      // Blocks of a bowl have the same rows: they share a stroke.
      const like = JSON.stringify([category, rows]);
      const stroke = strokes.get(like);
      if (stroke) stroke.sections.push(id);
      else strokes.set(like, { category, sections: [id], ...(rows ? { rows } : {}) });
    }
  }
  const swapped = Object.entries(swaps).map(([key, category]) => ({ category, instead_of: [key] }));
  return [...swapped, ...strokes.values()];
}

/** A tier's price in percent of tier 5, the cheapest; the services reckon the same way (a test compares). */
const PERCENT_OF_CHEAPEST = [300, 220, 165, 125, 100];
const ROUND_UP_TO = 50;

/**
 * A price for every category of a room: the cheapest costs `base`, better ones more, and a table that is sold whole as much as its seats.
 * @param {Plan} plan
 * @param {number} base minor units
 * @returns {number[]} by category
 */
export function suggestedPrices(plan, base) {
  const cheapest = Math.max(...plan.categories.map(({ tier }) => tier));
  const persons = new Array(plan.categories.length).fill(1);
  for (const [place, seats] of plan.persons) persons[plan.category[place]] = Math.max(persons[plan.category[place]], seats);
  return plan.categories.map(({ tier }, nth) => {
    if (tier === cheapest) return base * persons[nth];
    const exact = Math.ceil((base * PERCENT_OF_CHEAPEST[tier - 1]) / PERCENT_OF_CHEAPEST[cheapest - 1]);
    return Math.ceil(exact / ROUND_UP_TO) * ROUND_UP_TO * persons[nth];
  });
}
