/**
 * Decodes a seat plan document (`seatplan/1`, docs/seat-plans.md) into flat arrays by place.
 *
 * The index is the place's order of appearance; the server numbers seats in that order, so `seat_id = first_seat_id + index` and no list of ids
 * has to travel. One unit of length is one seat pitch. A plan never changes: status comes from elsewhere (state.js). The services refuse documents
 * that are no plans, so what is checked here is only whether this page understands the document.
 * @module
 */

import { rowPoints, tablePoints } from "./geometry.js";
import { t } from "./texts.js";

/** @typedef {{key: string, name: string, tier: number}} Category tier 1 (dearest) to 5 picks the colour */
/** @typedef {{id: string, name: string, bounds: Bounds}} Floor a level of the house, drawn by itself in the plan's frame */
/** @typedef {{label: string, section: number, start: number, end: number}} Row a row, a table, or all of a standing area (label ""); `end` is exclusive */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Bounds */
/** @typedef {[number, number][]} Polygon */
/** @typedef {{kind: string, label: string, floor: string, polygon: Polygon}} PlanObject */
/** @typedef {{start: number, end: number, cyclic: boolean}} Run places of which each is beside the next, and if cyclic the last beside the first */

/**
 * @typedef {object} Table
 * @property {number} row index into `rows`
 * @property {"round" | "rect"} shape
 * @property {number} x of its middle
 * @property {number} y
 * @property {number} r radius of a round one, else 0
 * @property {number} w of a rectangular one, else 0
 * @property {number} h
 * @property {number} rot clockwise, in radians
 * @property {number} persons
 * @property {boolean} whole sold as one place
 */

/**
 * @typedef {object} Section
 * @property {string} id
 * @property {string} name
 * @property {"seated" | "standing" | "tables"} kind
 * @property {string} floor id of its floor
 * @property {Polygon} outline
 * @property {string} entrance "" when none is named
 * @property {number} capacity places of a standing area, which are all alike and not drawn one by one; else 0
 * @property {Table[]} tables
 * @property {number} rowStart
 * @property {number} rowEnd
 * @property {number} start
 * @property {number} end
 * @property {Bounds} bounds
 */

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {number} count
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {Uint8Array} category index into `categories`
 * @property {Uint32Array} row index into `rows`
 * @property {string[]} number as printed on the seat; says nothing about neighbours
 * @property {Map<number, string[]>} flags only places that have any
 * @property {Map<number, number>} pairs from a wheelchair space to its companion's seat, and back
 * @property {Map<number, number>} persons of tables sold whole
 * @property {Run[]} runs
 * @property {Int32Array} run index into `runs`; −1 for standing places
 * @property {{x: number, y: number}} focal what everybody looks at
 * @property {Floor[]} floors
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

/** What a flag in the document says about a seat; words.js has it in the page's language. */
const FLAG_NAMES = new Map([
  ["w", "wheelchair space"],
  ["c", "companion seat"],
  ["amb", "easy to reach on foot"],
  ["aisle", "aisle seat"],
  ["rv", "restricted view"],
  ["hear", "hearing loop"],
  ["sign", "sign language in view"],
  ["plus", "wide seat"],
  ["leg", "extra legroom"],
]);

/**
 * @param {any} document the JSON of `GET /events/{id}/seat-plan`
 * @returns {Plan}
 * @throws {PlanError} when it is not a plan this page can draw
 */
export function decodePlan(document) {
  if (document?.format !== "seatplan/1") throw new PlanError(`unknown seat plan format ${document?.format}`);
  const count = placesOf(document);
  /** @type {Plan} */
  const plan = {
    name: String(document.name ?? ""),
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    category: new Uint8Array(count),
    row: new Uint32Array(count),
    number: [],
    flags: new Map(),
    pairs: new Map(),
    persons: new Map(),
    runs: [],
    run: new Int32Array(count).fill(-1),
    focal: { x: document.focal.x, y: document.focal.y },
    floors: document.floors.map((/** @type {any} */ { id, name }) => ({ id, name, bounds: emptyBounds() })),
    categories: document.categories.map((/** @type {any} */ { key, name, tier }) => ({ key, name, tier: clampTier(tier) })),
    sections: [],
    rows: [],
    objects: document.objects.map((/** @type {any} */ { kind, label, floor, polygon }) => ({ kind, label, floor, polygon })),
    bounds: emptyBounds(),
  };
  for (const section of document.sections) addSection(plan, section);
  measureFloors(plan);
  return plan;
}

/** @param {any} document */
function placesOf(document) {
  let count = 0;
  for (const { kind, rows, tables, capacity } of document.sections) {
    if (kind === "seated") for (const row of rows) count += row.n;
    else if (kind === "tables") for (const table of tables) count += table.book === "whole" ? 1 : table.n;
    else if (kind === "standing") count += capacity;
    else throw new PlanError(`unknown kind of section ${kind}`);
  }
  return count;
}

/** @param {Plan} plan @param {any} section of the document */
function addSection(plan, { id, name, kind, floor, outline, entrance = "", rows = [], tables = [], capacity = 0, category }) {
  const bounds = emptyBounds();
  for (const [x, y] of outline) include(bounds, x, y);
  const rowStart = plan.rows.length;
  const start = plan.number.length;
  /** @type {Section} */
  const section = { id, name, kind, floor, outline, entrance, capacity, tables: [], rowStart, rowEnd: 0, start, end: 0, bounds };
  for (const row of rows) addRow(plan, section, row);
  for (const table of tables) addTable(plan, section, table);
  if (kind === "standing") addStanding(plan, section, category);
  section.rowEnd = plan.rows.length;
  section.end = plan.number.length;
  plan.sections.push(section);
}

/** @param {Plan} plan @param {Section} section @param {any} row */
function addRow(plan, section, row) {
  const first = plan.number.length;
  let place = first;
  rowPoints(row, (x, y) => putPlace(plan, section, place++, x, y));
  append(plan, row.label, row.n, row.category, (seat) => row.names?.[seat] ?? String((row.from ?? 1) + seat * (row.step ?? 1)));
  for (const [start, length, key] of row.cats ?? []) plan.category.fill(categoryIndex(plan, key), first + start, first + start + length);
  let start = first;
  for (const [after] of row.gaps ?? []) {
    addRun(plan, start, first + after + 1, false);
    start = first + after + 1;
  }
  addRun(plan, start, first + row.n, false);
  noteFlags(plan, first, row);
}

/** @param {Plan} plan @param {Section} section @param {any} table */
function addTable(plan, section, table) {
  const { label, shape, x, y, r = 0, w = 0, h = 0, rot = 0, n: persons, book, category } = table;
  const whole = book === "whole";
  const first = plan.number.length;
  const n = whole ? 1 : persons;
  let place = first;
  tablePoints(table, (px, py) => putPlace(plan, section, place++, px, py));
  section.tables.push({ row: plan.rows.length, shape, x, y, r, w, h, rot, persons, whole });
  append(plan, label, n, category, (seat) => (whole ? label : String(seat + 1)));
  if (whole) plan.persons.set(first, persons);
  addRun(plan, first, first + n, n > 2);
  noteFlags(plan, first, table);
}

/** Its places are all alike, in the middle of the area. @param {Plan} plan @param {Section} section @param {string} category */
function addStanding(plan, section, category) {
  const { left, top, right, bottom } = section.bounds;
  plan.x.fill((left + right) / 2, section.start, section.start + section.capacity);
  plan.y.fill((top + bottom) / 2, section.start, section.start + section.capacity);
  append(plan, "", section.capacity, category, (place) => String(place + 1));
}

/** @param {Plan} plan @param {Section} section @param {number} place @param {number} x @param {number} y */
function putPlace(plan, section, place, x, y) {
  plan.x[place] = x;
  plan.y[place] = y;
  include(section.bounds, x, y, SEAT_RADIUS);
}

/** @param {Plan} plan @param {string} label @param {number} n @param {string} category @param {(nth: number) => string} printed */
function append(plan, label, n, category, printed) {
  const start = plan.number.length;
  for (let nth = 0; nth < n; nth++) plan.number.push(printed(nth));
  plan.category.fill(categoryIndex(plan, category), start, start + n);
  plan.row.fill(plan.rows.length, start, start + n);
  plan.rows.push({ label, section: plan.sections.length, start, end: start + n });
}

/** @param {Plan} plan @param {string} key */
function categoryIndex(plan, key) {
  const index = plan.categories.findIndex((category) => category.key === key);
  if (index < 0) throw new PlanError(`unknown category ${key}`);
  return index;
}

/** @param {Plan} plan @param {number} start @param {number} end @param {boolean} cyclic */
function addRun(plan, start, end, cyclic) {
  plan.run.fill(plan.runs.length, start, end);
  plan.runs.push({ start, end, cyclic });
}

/** @param {Plan} plan @param {number} first @param {any} row or table */
function noteFlags(plan, first, { flags = {}, pairs = [] }) {
  for (const [flag, name] of FLAG_NAMES) {
    for (const seat of flags[flag] ?? []) {
      const names = plan.flags.get(first + seat);
      if (names) names.push(name);
      else plan.flags.set(first + seat, [name]);
    }
  }
  for (const [wheelchair, companion] of pairs) {
    plan.pairs.set(first + wheelchair, first + companion);
    plan.pairs.set(first + companion, first + wheelchair);
  }
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

/** What is drawn on each floor, and altogether. @param {Plan} plan */
function measureFloors({ floors, sections, objects, bounds }) {
  for (const floor of floors) {
    for (const section of sections) {
      if (section.floor !== floor.id) continue;
      include(floor.bounds, section.bounds.left, section.bounds.top);
      include(floor.bounds, section.bounds.right, section.bounds.bottom);
    }
    for (const object of objects) if (object.floor === floor.id) for (const [x, y] of object.polygon) include(floor.bounds, x, y);
    include(bounds, floor.bounds.left, floor.bounds.top);
    include(bounds, floor.bounds.right, floor.bounds.bottom);
  }
}

/**
 * The places beside this one: none to two of them.
 * @param {Plan} plan
 * @param {number} index
 * @returns {number[]}
 */
export function neighbours(plan, index) {
  const run = plan.runs[plan.run[index]];
  if (!run) return [];
  const { start, end, cyclic } = run;
  const before = index > start ? index - 1 : cyclic ? end - 1 : -1;
  const after = index < end - 1 ? index + 1 : cyclic ? start : -1;
  return [before, after].filter((place) => place >= 0);
}

/**
 * A place's full name, as spoken: "Stalls, row A, seat 5", "Salon, table T4, for 6 people", "Floor, standing".
 * @param {Plan} plan
 * @param {number} index
 */
export function seatName(plan, index) {
  const row = plan.rows[plan.row[index]];
  const { name, kind } = plan.sections[row.section];
  if (kind === "standing") return t("place.standing", { section: name });
  const persons = plan.persons.get(index);
  if (persons) return [name, t("place.table", { table: row.label }), t("place.for", { people: inPeople(persons) })].join(t("place.separator"));
  const line = row.label && (kind === "tables" ? t("place.table", { table: row.label }) : t("place.row", { row: row.label }));
  return [name, line, t("place.seat", { number: plan.number[index] })].filter(Boolean).join(t("place.separator"));
}

/**
 * @typedef {object} SeatGroup places of one row and category that are beside each other, in plan order, or of one standing area
 * @property {number[]} indices
 * @property {string} label "Stalls · Row A · 5–8"
 * @property {string} short "Row A · 5–8", where the section has just been named
 * @property {number} category
 */

/**
 * Groups places for a short list: neighbours of one category become one line.
 * @param {Plan} plan
 * @param {Iterable<number>} indices
 * @returns {SeatGroup[]}
 */
export function groupSeats(plan, indices) {
  /** @type {number[][]} */
  const groups = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const group = groups.find((others) => belong(plan, others, index));
    if (group) group.push(index);
    else groups.push([index]);
  }
  return groups.map((group) => {
    const section = plan.sections[plan.rows[plan.row[group[0]]].section].name;
    const short = shortLabel(plan, group);
    return { indices: group, label: t("place.label", { section, rest: short }), short, category: plan.category[group[0]] };
  });
}

/** @param {Plan} plan @param {number[]} group @param {number} index greater than all in the group */
function belong(plan, group, index) {
  const last = group[group.length - 1];
  if (plan.row[last] !== plan.row[index] || plan.category[last] !== plan.category[index]) return false;
  // Standing places have no neighbours; any of them are as good as together.
  return plan.run[index] === -1 || neighbours(plan, index).some((place) => place === last || place === group[0]);
}

/** @param {Plan} plan @param {number[]} group */
function shortLabel(plan, group) {
  const row = plan.rows[plan.row[group[0]]];
  const { kind } = plan.sections[row.section];
  if (kind === "standing") return t("place.places", { count: group.length });
  const persons = plan.persons.get(group[0]);
  if (persons) return t("place.Table-for", { table: row.label, people: inPeople(persons) });
  const numbers = inShort(group.map((index) => plan.number[index]));
  if (!row.label) return numbers;
  return t("place.line", { row: kind === "tables" ? t("place.Table", { table: row.label }) : t("place.Row", { row: row.label }), numbers });
}

/** @param {number} persons */
function inPeople(persons) {
  return t("place.people", { count: persons });
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
