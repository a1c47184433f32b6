/**
 * What is drawn over seats for a while because something happened to them: a ring around a change, a cross where a seat was lost, a sign of waiting.
 * Pure: time comes in as a number of milliseconds.
 * @module
 */

import { Look } from "./state.js";

export const RING_MS = 320;
/** Long enough to find the seat that went. */
export const LOST_MS = 2_600;
/** Most requests are answered sooner; a sign of waiting that only flashes would be noise. */
export const PATIENCE_MS = 120;
/** More changes at once are news, not a ring each (a snapshot after a reconnect). */
const MOST_RINGS = 60;

export class Marks {
  constructor() {
    /** @type {Map<number, number>} seat → when it began */
    this.rings = new Map();
    /** @type {Map<number, number>} */
    this.lost = new Map();
    /** @type {Map<number, number>} */
    this.pending = new Map();
  }

  /**
   * Takes note of what has changed.
   * @param {readonly number[]} changed
   * @param {Uint8Array} before looks
   * @param {Uint8Array} after
   * @param {number} now
   */
  note(changed, before, after, now) {
    for (const index of changed) {
      const [was, is] = [before[index], after[index]];
      if (is === Look.PENDING) this.pending.set(index, now);
      else this.pending.delete(index);
      if ((was === Look.PENDING || was === Look.CHOSEN) && isTaken(is)) this.lost.set(index, now);
      else this.lost.delete(index);
      // My own choice is no news to me.
      if (changed.length <= MOST_RINGS && was < Look.CHOSEN && is < Look.CHOSEN) this.rings.set(index, now);
    }
  }

  /**
   * Forgets what is over.
   * @param {number} now
   */
  expire(now) {
    for (const [marks, duration] of /** @type {[Map<number, number>, number][]} */ ([[this.rings, RING_MS], [this.lost, LOST_MS]])) {
      for (const [index, startedAt] of marks) if (now - startedAt >= duration) marks.delete(index);
    }
  }

  /** Until they are over, somebody has to draw. */
  get any() {
    return this.rings.size + this.pending.size + this.lost.size > 0;
  }
}

/** @param {number} look */
function isTaken(look) {
  return look === Look.HELD || look === Look.BOOKED || look === Look.BLOCKED;
}
