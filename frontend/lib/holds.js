/**
 * My live holds, the same on every page and in every tab. The server keeps them: a reload or a second tab asks for them and loses nothing.
 * @module
 */

import { ApiProblem, api as pageApi } from "./api.js";
import { clock as pageClock } from "./clock.js";
import { current } from "./session.js";

/** @typedef {{seat_id: number, seat_number: string, status: "held", version: number, price: number}} HeldSeat */
/**
 * @typedef {{hold_id: string, event_id: number, seats: HeldSeat[], total: number, currency: string, expires_at: string, expires_in: number,
 *   extendable_until?: string, receivedAt?: number}} Hold `receivedAt` on the clock's `monotonic()`
 */

/** A hold may outlive its end for a moment; ask again this often, this many times. */
const ASK_AGAIN_MS = 2_000;
const ASK_AGAIN_TIMES = 5;
/** Without an answer, so long until the next question. */
const UNANSWERED_MS = 10_000;

export class HoldStore extends EventTarget {
  constructor({ api = pageApi, clock = pageClock } = {}) {
    super();
    this.api = api;
    this.clock = clock;
    /** @type {readonly Hold[]} */
    this.items = [];
    this.asked = 0;
    /** Counts questions and changes: an answer that something newer has overtaken is not news. */
    this.turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel("frontrow.holds") : null;
    if (this.channel) this.channel.onmessage = () => void this.refresh();
  }

  /**
   * Milliseconds left of a hold, by the server's clock; never more than it said when it answered, however well that clock is known yet.
   * @param {Hold} hold
   */
  remaining(hold) {
    const promised = hold.expires_in * 1000 - (this.clock.monotonic() - (hold.receivedAt ?? -Infinity));
    return Math.max(0, Math.min(this.clock.remaining(hold.expires_at), Number.isFinite(promised) ? promised : Infinity));
  }

  /** @param {number} eventId */
  of(eventId) {
    return this.items.filter((hold) => hold.event_id === eventId);
  }

  /** Asks the server. A failure leaves what is known: it will be asked again. */
  async refresh() {
    const turn = ++this.turn;
    if (!current()) {
      this.set([]);
      return;
    }
    try {
      const { items } = await this.api.get("/my-holds", { auth: true });
      if (turn !== this.turn) return;
      this.set(items.map((/** @type {Hold} */ hold) => this.stamped(hold)));
    } catch (error) {
      if (turn !== this.turn) return;
      if (error instanceof ApiProblem && error.status === 401) this.set([]);
      else this.askIn(UNANSWERED_MS);
    }
  }

  /**
   * Holds places, all or none: these seats, or any so many of a section.
   * @param {{seat_ids: number[]} | {event_id: number, quantity: number, sections: string[]}} wanted
   * @param {string} key repeat a press whose outcome is unknown with the same key
   * @returns {Promise<Hold>}
   */
  async place(wanted, key) {
    const hold = this.stamped(await this.api.post("/hold-seat", wanted, { key }));
    this.changed([...this.items.filter(({ hold_id }) => hold_id !== hold.hold_id), hold]);
    return hold;
  }

  /** @param {Hold} hold @returns {Promise<Hold>} */
  async extend(hold) {
    const extended = this.stamped(await this.api.post("/extend-hold", { hold_id: hold.hold_id }));
    this.changed(this.items.map((other) => (other.hold_id === hold.hold_id ? { ...other, ...extended } : other)));
    return extended;
  }

  /** @param {Hold} hold */
  async release(hold) {
    await this.api.post("/release-hold", { hold_id: hold.hold_id });
    this.changed(this.without(hold));
  }

  /**
   * Buys the seats of a hold. The key is the hold's own, so that a repeat after a lost answer, even after a reload, gives the same order.
   * @param {Hold} hold
   */
  async confirm(hold) {
    const order = await this.api.post("/confirm-booking", { hold_id: hold.hold_id }, { key: `confirm-${hold.hold_id}` });
    this.changed(this.without(hold));
    return order;
  }

  /** @param {Hold} hold @returns {Hold} as it has just been received */
  stamped(hold) {
    return { ...hold, receivedAt: this.clock.monotonic() };
  }

  /** @param {Hold} hold */
  without(hold) {
    return this.items.filter(({ hold_id }) => hold_id !== hold.hold_id);
  }

  /** @param {readonly Hold[]} items */
  changed(items) {
    this.turn++;
    this.set(items);
    this.channel?.postMessage("changed");
  }

  /** @param {readonly Hold[]} items */
  set(items) {
    this.items = items;
    this.asked = items.some((hold) => this.remaining(hold) === 0) ? this.asked + 1 : 0;
    this.dispatchEvent(new Event("change"));
    this.schedule();
  }

  /** Asks when the next hold ends, and a few times more until the server says so too. */
  schedule() {
    clearTimeout(this.timer);
    if (!this.items.length || this.asked > ASK_AGAIN_TIMES) return;
    const next = Math.min(...this.items.map((hold) => this.remaining(hold)));
    this.askIn(next > 0 ? next + 300 : ASK_AGAIN_MS);
  }

  /** @param {number} ms */
  askIn(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), ms);
  }
}
