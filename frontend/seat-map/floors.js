/**
 * The floors of a plan: each is looked at by itself, with its own sections, tables and objects. Pure.
 * @module
 */

import { tablePoints } from "./geometry.js";
import { middleOf } from "./outline.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Bounds} Bounds */

/**
 * @typedef {object} Area a section as it is drawn and hit
 * @property {number} section index into the plan's
 * @property {import("./outline.js").Outline} outline
 * @property {Bounds} bounds of outline and seats
 * @property {{x: number, y: number}} middle where its name stands
 */

/**
 * @typedef {object} DrawnTable
 * @property {import("./plan.js").Table} table
 * @property {string} label
 * @property {number} place the first place at it; of a whole one, the only
 * @property {[number, number][]} chairs of a table sold whole; else its chairs are places of their own
 * @property {number} reach from its middle to the backs of its chairs
 */

/**
 * @typedef {object} Floor
 * @property {string} id
 * @property {Area[]} areas
 * @property {DrawnTable[]} tables
 * @property {Map<number, DrawnTable>} whole by place, those that are sold whole
 * @property {import("./plan.js").PlanObject[]} objects
 * @property {Bounds} bounds
 * @property {number} seated how many of its sections have seats or tables
 */

/** From the middle of a chair to its back, in seat pitches. */
const CHAIR = 0.4;

/**
 * @param {Plan} plan
 * @returns {Floor[]}
 */
export function floorsOf(plan) {
  return plan.floors.map(({ id, bounds }) => {
    const sections = [...plan.sections.entries()].filter(([, section]) => section.floor === id);
    const tables = sections.flatMap(([, section]) => section.tables.map((table) => drawnTable(plan, table)));
    return {
      id,
      areas: sections.map(([section, { outline, bounds: own }]) => ({ section, outline, bounds: own, middle: middleOf(outline) })),
      tables,
      whole: new Map(tables.filter(({ table }) => table.whole).map((drawn) => [drawn.place, drawn])),
      objects: plan.objects.filter(({ floor }) => floor === id),
      bounds: bounds.left < bounds.right ? bounds : { left: 0, top: 0, right: 1, bottom: 1 },
      seated: sections.filter(([, { kind }]) => kind !== "standing").length,
    };
  });
}

/** @param {Plan} plan @param {import("./plan.js").Table} table @returns {DrawnTable} */
function drawnTable(plan, table) {
  /** @type {[number, number][]} */
  const chairs = [];
  if (table.whole) tablePoints({ ...table, n: table.persons, book: "seat" }, (x, y) => chairs.push([x, y]));
  const reach = Math.max(...chairs.map(([x, y]) => Math.hypot(x - table.x, y - table.y)), table.r, table.w / 2, table.h / 2) + CHAIR;
  const { label, start } = plan.rows[table.row];
  return { table, label, place: start, chairs, reach };
}

/**
 * The section a place belongs to.
 * @param {Plan} plan
 * @param {number} index
 */
export function sectionOf(plan, index) {
  return plan.rows[plan.row[index]].section;
}

/**
 * The places of a section that can be walked to. Those of a standing area are alike and in one spot: the first stands for all.
 * @param {Plan} plan
 * @param {number} section
 */
export function stopsOf(plan, section) {
  const { kind, start, end } = plan.sections[section];
  return { start, end: kind === "standing" ? Math.min(end, start + 1) : end };
}
