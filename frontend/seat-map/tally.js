/**
 * How many places of each section are left, by price category, kept up seat by seat: counting 50,000 anew for each frame would be its longest part.
 * @module
 */

import { sectionOf } from "./floors.js";
import { Look } from "./state.js";

/**
 * @typedef {object} Left
 * @property {number} free
 * @property {number} total for sale at all
 * @property {number} own chosen by this visitor, or held for them
 * @property {number[]} categories that have free places
 */

export class Tally {
  /** @param {import("./plan.js").Plan} plan */
  constructor(plan) {
    this.plan = plan;
    this.width = plan.categories.length;
    const cells = plan.sections.length * this.width;
    this.free = new Uint32Array(cells);
    this.total = new Uint32Array(cells);
    this.own = new Uint32Array(plan.sections.length);
  }

  /** All anew. @param {Uint8Array} looks */
  count(looks) {
    this.free.fill(0);
    this.total.fill(0);
    this.own.fill(0);
    for (const [section, { start, end }] of this.plan.sections.entries()) {
      for (let index = start; index < end; index++) this.add(section, index, looks[index], 1);
    }
  }

  /** @param {number} index @param {number} before a Look @param {number} after */
  change(index, before, after) {
    const section = sectionOf(this.plan, index);
    this.add(section, index, before, -1);
    this.add(section, index, after, 1);
  }

  /** @param {number} section @param {number} index @param {number} look @param {1 | -1} by */
  add(section, index, look, by) {
    const cell = section * this.width + this.plan.category[index];
    if (look === Look.AVAILABLE) this.free[cell] += by;
    if (look !== Look.BLOCKED) this.total[cell] += by;
    if (look >= Look.CHOSEN) this.own[section] += by;
  }

  /**
   * @param {number} section
   * @param {ReadonlySet<number> | null} categories only these; null for all
   * @returns {Left}
   */
  of(section, categories) {
    const left = { free: 0, total: 0, own: this.own[section], categories: /** @type {number[]} */ ([]) };
    for (let category = 0; category < this.width; category++) {
      if (categories && !categories.has(category)) continue;
      const cell = section * this.width + category;
      left.free += this.free[cell];
      left.total += this.total[cell];
      if (this.free[cell]) left.categories.push(category);
    }
    return left;
  }
}
