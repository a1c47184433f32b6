/**
 * Decodes a seat plan document (`seatplan/1`) into flat arrays by seat index.
 *
 * The index is the seat's order of appearance; the server numbers seats in that order, so `seat_id = first_seat_id + index` and no list of ids
 * has to travel. One unit of length is one seat pitch. A plan never changes: status comes from elsewhere (state.js).
 * @module
 */

/** @typedef {{key: string, name: string, tier: number}} Category tier 1 (dearest) to 5 picks the colour */
/** @typedef {{label: string, section: number, start: number, end: number}} Row `end` is exclusive */
/** @typedef {{id: string, name: string, rowStart: number, rowEnd: number, start: number, end: number, bounds: Bounds}} Section */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Bounds */
/** @typedef {{kind: string, label: string, polygon: [number, number][]}} PlanObject */

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {number} count
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {Uint8Array} category index into `categories`
 * @property {Uint32Array} row index into `rows`
 * @property {string[]} number as printed on the seat
 * @property {Map<number, string[]>} flags only seats that have any
 * @property {Category[]} categories
 * @property {Section[]} sections
 * @property {Row[]} rows
 * @property {PlanObject[]} objects
 * @property {Bounds} bounds of everything drawn
 */

export class PlanError extends Error {}

const TIERS = 5;
/** Half a seat, so that bounds enclose the seats and not just their centres. */
const SEAT_RADIUS = 0.5;

/** What a flag in the document says about a seat. */
const FLAG_NAMES = new Map([
  ["w", "wheelchair space"],
  ["wheelchair", "wheelchair space"],
  ["c", "companion seat"],
  ["companion", "companion seat"],
  ["rv", "restricted view"],
  ["restricted_view", "restricted view"],
  ["aisle", "aisle seat"],
]);

/**
 * @param {any} document the JSON of `GET /events/{id}/seat-plan`
 * @returns {Plan}
 * @throws {PlanError} when it is not a plan this page can draw
 */
export function decodePlan(document) {
  if (document?.format !== "seatplan/1") throw new PlanError(`unknown seat plan format ${document?.format}`);
  const categories = document.categories.map((/** @type {any} */ category, /** @type {number} */ order) => ({
    key: category.key,
    name: category.name,
    tier: clampTier(category.tier ?? order + 1),
  }));
  const categoryIndex = new Map(categories.map((/** @type {Category} */ category, /** @type {number} */ index) => [category.key, index]));

  /** @type {Section[]} */ const sections = [];
  /** @type {Row[]} */ const rows = [];
  /** @type {number[]} */ const x = [];
  /** @type {number[]} */ const y = [];
  /** @type {number[]} */ const category = [];
  /** @type {number[]} */ const row = [];
  /** @type {string[]} */ const number = [];
  /** @type {Map<number, string[]>} */ const flags = new Map();

  for (const section of document.sections) {
    const rowStart = rows.length;
    const start = x.length;
    const bounds = emptyBounds();
    for (const { label, seats } of section.rows) {
      const first = x.length;
      for (const [seatNumber, seatX, seatY, key, seatFlags] of seats) {
        const found = categoryIndex.get(key);
        if (found === undefined) throw new PlanError(`seat ${seatNumber} has the unknown category ${key}`);
        const named = flagNames(seatFlags);
        if (named.length) flags.set(x.length, named);
        x.push(seatX);
        y.push(seatY);
        category.push(/** @type {number} */ (found));
        row.push(rows.length);
        number.push(String(seatNumber));
        include(bounds, seatX, seatY, SEAT_RADIUS);
      }
      rows.push({ label: String(label), section: sections.length, start: first, end: x.length });
    }
    sections.push({ id: String(section.id), name: String(section.name), rowStart, rowEnd: rows.length, start, end: x.length, bounds });
  }

  const objects = (document.objects ?? []).map(decodeObject);
  return {
    name: String(document.name ?? ""),
    count: x.length,
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    category: Uint8Array.from(category),
    row: Uint32Array.from(row),
    number,
    flags,
    categories,
    sections,
    rows,
    objects,
    bounds: boundsOf(sections, objects),
  };
}

/** @param {any} object @returns {PlanObject} */
function decodeObject({ kind, label, polygon, rect }) {
  const points =
    polygon ??
    (rect && [
      [rect.x, rect.y],
      [rect.x + rect.width, rect.y],
      [rect.x + rect.width, rect.y + rect.height],
      [rect.x, rect.y + rect.height],
    ]);
  return { kind: String(kind), label: String(label ?? ""), polygon: points ?? [] };
}

/** @param {any} value a flag, several, or none @returns {string[]} */
function flagNames(value) {
  if (!value) return [];
  return [value].flat().map((flag) => FLAG_NAMES.get(flag) ?? String(flag).replaceAll("_", " "));
}

/** @param {number} tier */
function clampTier(tier) {
  return Math.min(TIERS, Math.max(1, Math.trunc(tier)));
}

/** @returns {Bounds} */
function emptyBounds() {
  return { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}

/** @param {Bounds} bounds @param {number} x @param {number} y @param {number} [margin] */
function include(bounds, x, y, margin = 0) {
  bounds.left = Math.min(bounds.left, x - margin);
  bounds.top = Math.min(bounds.top, y - margin);
  bounds.right = Math.max(bounds.right, x + margin);
  bounds.bottom = Math.max(bounds.bottom, y + margin);
}

/** @param {Section[]} sections @param {PlanObject[]} objects */
function boundsOf(sections, objects) {
  const all = emptyBounds();
  for (const { bounds, start, end } of sections) {
    if (start === end) continue;
    include(all, bounds.left, bounds.top);
    include(all, bounds.right, bounds.bottom);
  }
  for (const { polygon } of objects) for (const [px, py] of polygon) include(all, px, py);
  return all.left < Infinity ? all : { left: 0, top: 0, right: 1, bottom: 1 };
}

/**
 * A seat's full name, as spoken: "Stalls, row A, seat 5".
 * @param {Plan} plan
 * @param {number} index
 */
export function seatName(plan, index) {
  const row = plan.rows[plan.row[index]];
  const parts = [plan.sections[row.section].name, row.label && `row ${row.label}`, `seat ${plan.number[index]}`];
  return parts.filter(Boolean).join(", ");
}

/**
 * @typedef {object} Run seats side by side in one row and category, in plan order
 * @property {number[]} indices
 * @property {string} label "Stalls · Row A · 5–8"
 * @property {number} category
 */

/**
 * Groups seats for a short list: neighbours in a row and category become one line.
 * @param {Plan} plan
 * @param {Iterable<number>} indices
 * @returns {Run[]}
 */
export function groupSeats(plan, indices) {
  /** @type {number[][]} */
  const groups = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = groups.at(-1);
    const previous = last?.at(-1);
    const joins = previous === index - 1 && plan.row[previous] === plan.row[index] && plan.category[previous] === plan.category[index];
    if (joins) last?.push(index);
    else groups.push([index]);
  }
  return groups.map((group) => {
    const row = plan.rows[plan.row[group[0]]];
    const place = [plan.sections[row.section].name, row.label && `Row ${row.label}`].filter(Boolean);
    const numbers = inShort(group.map((index) => plan.number[index]));
    return { indices: group, label: [...place, numbers].join(" · "), category: plan.category[group[0]] };
  });
}

/**
 * "5–8" when the numbers count by one, else all of them: where odd and even lie on different sides, neighbours may be 3, 1, 2, 4.
 * @param {string[]} numbers
 */
function inShort(numbers) {
  const steps = numbers.slice(1).map((number, nth) => Number(number) - Number(numbers[nth]));
  if (!steps.length || Math.abs(steps[0]) !== 1 || steps.some((step) => step !== steps[0])) return numbers.join(", ");
  const [low, high] = steps[0] > 0 ? [numbers[0], numbers.at(-1)] : [numbers.at(-1), numbers[0]];
  return `${low}–${high}`;
}
