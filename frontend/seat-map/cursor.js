/**
 * Where a key leads. By geometry, not by numbers: rows curve, numbering jumps at aisles, and the way over a gap into the next block,
 * and from table to table, must work from everywhere.
 * @module
 */

import { sectionOf, stopsOf } from "./floors.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./floors.js").Floor} Floor */
/** @typedef {"left" | "right" | "up" | "down"} Direction */

/** How much being off to the side counts against being near; between sections more, since they are few and their middles far apart. */
const ASIDE = 0.5;
const ASIDE_OF_SECTIONS = 1;
/** "That way" is what lies within 50° of the arrow; only where nothing does, within 76°. */
const STRAIGHT = 1.2;
const SLANTED = 4;
const ONLY_IF_NEEDED = 1e6;
/** Left and right rather keep to the row, over its aisles; up and down rather leave it: on a block turned by 45° both lie equally well in the way. */
const ALONG = { horizontal: 0.5, vertical: 1.3 };

/**
 * The nearest place in a direction, or the same place when there is none.
 * @param {Plan} plan
 * @param {Floor} floor
 * @param {number} from
 * @param {Direction} direction
 */
export function neighbour(plan, floor, from, direction) {
  const horizontal = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const along = horizontal ? ALONG.horizontal : ALONG.vertical;
  const { x, y, row } = plan;
  let best = from;
  let bestCost = Infinity;
  for (const { section } of floor.areas) {
    const { start, end } = stopsOf(plan, section);
    for (let index = start; index < end; index++) {
      const dx = x[index] - x[from];
      const dy = y[index] - y[from];
      const ahead = sign * (horizontal ? dx : dy);
      if (ahead < 0.1) continue;
      const aside = Math.abs(horizontal ? dy : dx);
      if (aside > ahead * SLANTED) continue;
      const near = (Math.hypot(dx, dy) + ASIDE * aside) * (row[index] === row[from] ? along : 1);
      const cost = aside > ahead * STRAIGHT ? near + ONLY_IF_NEEDED : near;
      if (cost < bestCost) {
        bestCost = cost;
        best = index;
      }
    }
  }
  return best;
}

/**
 * The same for whole sections, by their middles.
 * @param {Floor} floor
 * @param {number} from a section
 * @param {Direction} direction
 */
export function neighbourSection(floor, from, direction) {
  const horizontal = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const here = floor.areas.find(({ section }) => section === from)?.middle;
  let best = from;
  let bestCost = Infinity;
  for (const { section, middle } of here ? floor.areas : []) {
    const dx = middle.x - /** @type {{x: number}} */ (here).x;
    const dy = middle.y - /** @type {{y: number}} */ (here).y;
    const ahead = sign * (horizontal ? dx : dy);
    const aside = Math.abs(horizontal ? dy : dx);
    if (section === from || ahead < 0.1 || aside > ahead * SLANTED) continue;
    const cost = Math.hypot(dx, dy) + ASIDE_OF_SECTIONS * aside + (aside > ahead * STRAIGHT ? ONLY_IF_NEEDED : 0);
    if (cost < bestCost) {
      bestCost = cost;
      best = section;
    }
  }
  return best;
}

/**
 * The first or last place of a row, as it is numbered.
 * @param {Plan} plan
 * @param {number} from
 * @param {"first" | "last"} which
 */
export function rowEnd(plan, from, which) {
  if (plan.sections[sectionOf(plan, from)].kind === "standing") return from;
  const { start, end } = plan.rows[plan.row[from]];
  return which === "first" ? start : end - 1;
}

/**
 * The next place that answers, around the end to the beginning; −1 when none does.
 * @param {Plan} plan
 * @param {number} from
 * @param {(index: number) => boolean} wanted
 */
export function next(plan, from, wanted) {
  for (let step = 1; step <= plan.count; step++) {
    const index = (from + step) % plan.count;
    if (index >= stopsOf(plan, sectionOf(plan, index)).end) continue;
    if (wanted(index)) return index;
  }
  return -1;
}

/**
 * The place of a section that answers and is nearest to a point; without any, the nearest of all.
 * @param {Plan} plan
 * @param {number} section
 * @param {{x: number, y: number}} point
 * @param {(index: number) => boolean} wanted
 */
export function nearestIn(plan, section, point, wanted) {
  const { start, end } = stopsOf(plan, section);
  let best = start;
  let bestDistance = Infinity;
  for (let index = start; index < end; index++) {
    const distance = Math.hypot(plan.x[index] - point.x, plan.y[index] - point.y) + (wanted(index) ? 0 : ONLY_IF_NEEDED);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = index;
    }
  }
  return best;
}
