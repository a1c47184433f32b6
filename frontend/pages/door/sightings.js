/**
 * A camera sees the same ticket many times a second. It counts once, until it has been out of sight for a while: whoever leaves a phone in front of the camera
 * is not told that the ticket was used a moment ago.
 * @module
 */

export const OUT_OF_SIGHT_MS = 3_000;

export class Sightings {
  constructor() {
    this.code = "";
    this.seenAt = -Infinity;
  }

  /**
   * Whether this is a ticket that has just come into sight.
   * @param {string} code
   * @param {number} now milliseconds that only go forward
   */
  isNew(code, now) {
    const isNew = code !== this.code || now - this.seenAt >= OUT_OF_SIGHT_MS;
    this.code = code;
    this.seenAt = now;
    return isNew;
  }
}
