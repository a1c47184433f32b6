/**
 * Whom this scanner has let in without the server: kept in the browser until the server has heard of it, so that a page that is loaded again, or a scanner that
 * is switched off, loses nobody. One queue for all events, because whoever opens the next one's door brings the last one's along.
 * @module
 */

import { isForNow, verdictOfRefusal } from "./verdicts.js";

/**
 * @typedef {object} Waiting
 * @property {string} key its Idempotency-Key
 * @property {string} id
 * @property {string} code
 * @property {number} event_id
 * @property {string | null} gate
 * @property {string} scanned_at RFC 3339
 * @property {import("./verdicts.js").Seat | null} seat
 */
/** @typedef {{waiting: Waiting, error: unknown}} Refused */
/** @typedef {(body: any, key: string) => Promise<unknown>} Post */

const KEY = "frontrow.door.queue";

/** Asked for each time, because some private windows refuse even to name it. @type {Pick<Storage, "getItem" | "setItem">} */
const browser = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, text) => localStorage.setItem(key, text),
};

export class Queue {
  /** @param {Pick<Storage, "getItem" | "setItem">} [storage] replaced in tests */
  constructor(storage = browser) {
    this.storage = storage;
    /** What could not be kept, because the browser refused to: it lives as long as the page. @type {Waiting[]} */
    this.unkept = [];
    /** @type {Promise<{sent: number, refused: Refused[], stopped: unknown}> | null} */
    this.sending = null;
  }

  /** Read anew each time: another tab may have added or sent some. @returns {Waiting[]} */
  get items() {
    return [...this.kept(), ...this.unkept];
  }

  /** @param {Waiting} waiting */
  add(waiting) {
    if (!this.keep([...this.kept(), waiting])) this.unkept.push(waiting);
  }

  /** @param {string} key */
  remove(key) {
    this.keep(this.kept().filter((waiting) => waiting.key !== key));
    this.unkept = this.unkept.filter((waiting) => waiting.key !== key);
  }

  /**
   * Tells the server of everybody who waits, in the order in which they came, until it cannot be reached.
   * Two calls at once are one.
   * @param {Post} post
   * @returns {Promise<{sent: number, refused: Refused[], stopped: unknown}>} `refused`: what it does not know, so that no list of its has it;
   *   `stopped`: why the rest still waits, or null
   */
  send(post) {
    this.sending ??= this.sendAll(post).finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  /** @param {Post} post */
  async sendAll(post) {
    let sent = 0;
    /** @type {Refused[]} */
    const refused = [];
    for (const waiting of this.items) {
      try {
        await post({ ...bodyOf(waiting), scanned_at: waiting.scanned_at }, waiting.key);
      } catch (error) {
        if (isForNow(error)) return { sent, refused, stopped: error };
        // Used or cancelled: it is on the server's list of double entries now.
        if (!["used", "cancelled"].includes(verdictOfRefusal(error)?.kind ?? "")) refused.push({ waiting, error });
      }
      this.remove(waiting.key);
      sent++;
    }
    return { sent, refused, stopped: null };
  }

  /** @returns {Waiting[]} */
  kept() {
    try {
      const items = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      return Array.isArray(items) ? items : [];
    } catch {
      return [];
    }
  }

  /** @param {Waiting[]} items @returns {boolean} whether the browser keeps it */
  keep(items) {
    try {
      this.storage.setItem(KEY, JSON.stringify(items));
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {{code: string, event_id: number, gate: string | null}} question */
export function bodyOf({ code, event_id, gate }) {
  return gate ? { code, event_id, gate } : { code, event_id };
}
