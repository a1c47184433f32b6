/**
 * What is known of the seats as far as it is shown: how each looks, what is left of each section, what has just happened.
 * @module
 */

import { percentLeft } from "./detail.js";
import { sectionOf } from "./floors.js";
import { Marks } from "./marks.js";
import { Look, looksOf } from "./state.js";
import { Tally } from "./tally.js";
import { t } from "./texts.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./tally.js").Left} Left */

/**
 * @typedef {object} News
 * @property {readonly number[] | null} changed null: everything may look different
 * @property {ReadonlySet<number>} sections in which something changed
 */

export class Status {
  /**
   * @param {Plan} plan
   * @param {(section: number, left: Left) => string[]} [linesOfSection]
   */
  constructor(plan, linesOfSection) {
    this.plan = plan;
    this.linesOfSection = linesOfSection ?? ((section, left) => [plan.sections[section].name, inWords(plan.sections[section].kind, left)]);
    this.looks = new Uint8Array(plan.count);
    this.before = new Uint8Array(plan.count);
    this.marks = new Marks();
    /** @type {ReadonlySet<number> | null} */
    this.categories = null;
    /** @type {ReadonlySet<number> | null} */
    this.places = null;
    /** @type {Map<number, readonly string[]>} by section, until something changes in it */
    this.lines = new Map();
    this.restart();
  }

  /** Forgets what was known: the plan has other categories. */
  restart() {
    // Before the first word from the server no seat is known to be free.
    this.looks.fill(Look.BLOCKED);
    this.before.fill(Look.BLOCKED);
    this.tally = new Tally(this.plan);
    this.tally.count(this.looks);
    this.loaded = false;
    this.lines.clear();
  }

  /**
   * Notes what looks different now; null when nothing does.
   * @param {import("./state.js").SeatState} state
   * @param {number} now
   * @returns {News | null}
   */
  take(state, now) {
    const { looks, before, plan } = this;
    const first = state.loaded && !this.loaded;
    const changed = state.loaded ? looksOf(state, looks) : [];
    if (!first && !changed.length) return null;
    this.loaded = true;
    const sections = new Set(changed.map((index) => sectionOf(plan, index)));
    if (first) {
      this.tally.count(looks);
      this.lines.clear();
    } else {
      for (const index of changed) this.tally.change(index, before[index], looks[index]);
      for (const section of sections) this.lines.delete(section);
      this.marks.note(changed, before, looks, now);
    }
    for (const index of changed) before[index] = looks[index];
    return { changed: first ? null : changed, sections };
  }

  /**
   * @param {ReadonlySet<number> | null} categories only these are wanted; null: all
   * @param {ReadonlySet<number> | null} [places] and of them only these places; null: all
   */
  filter(categories, places = null) {
    this.categories = categories;
    this.places = places;
    this.lines.clear();
  }

  /** What is written on a section. @param {number} section @returns {readonly string[]} */
  linesOf(section) {
    let lines = this.lines.get(section);
    if (!lines) {
      lines = this.loaded ? this.linesOfSection(section, this.leftOf(section)) : [this.plan.sections[section].name];
      this.lines.set(section, lines);
    }
    return lines;
  }

  /** @param {number} section */
  leftOf(section) {
    return this.tally.of(section, this.categories);
  }

  /** Whether it is a place that is looked for, free or not. @param {number} index */
  isWanted(index) {
    const { categories, places, plan } = this;
    return (!categories || categories.has(plan.category[index])) && (!places || places.has(index));
  }

  /** To be had, and looked for. @param {number} index */
  isFree(index) {
    return this.looks[index] === Look.AVAILABLE && this.isWanted(index);
  }
}

/** @param {import("./plan.js").Section["kind"]} kind @param {Left} left */
function inWords(kind, { free, total }) {
  if (!free) return t("place.sold-out");
  return kind === "standing" ? t("place.left", { count: free }) : t("place.percent-left", { percent: percentLeft(free, total) });
}
