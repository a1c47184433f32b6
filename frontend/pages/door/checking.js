/**
 * Decides about tickets: the server does, as long as it answers within three seconds; then the list that was taken along, until the server is back. Knows how
 * many are in, and who waits to be reported. Draws nothing; a "change" says that there is something to draw.
 * @module
 */

import { ApiProblem, newKey } from "../../lib/api.js";
import { canonical, eventOf, fingerprintOf } from "./code.js";
import { bodyOf } from "./queue.js";
import { isForNow, verdictOfAdmission, verdictOfRefusal } from "./verdicts.js";

/** @typedef {import("./verdicts.js").Verdict} Verdict */
/** @typedef {{event_id: number, name: string, start_time: string, time_zone: string, sold: number, admitted: number, double_entries: any[]}} CheckIn as `GET /check-in/{event_id}` tells */

/** From here on a queue forms at the door. */
export const PATIENCE_MS = 3_000;
/** A list of 50,000 is a few megabytes. */
const LIST_PATIENCE_MS = 30_000;
const LIST_AGE_MS = 60_000;

export class Checking extends EventTarget {
  /**
   * @param {CheckIn} checkIn
   * @param {object} parts
   * @param {{get: Function, post: Function}} parts.api
   * @param {import("./ticket-list.js").TicketList} parts.list
   * @param {import("./queue.js").Queue} parts.queue
   * @param {{now: () => number}} parts.clock the server's, as well as it is known
   * @param {typeof fingerprintOf} [parts.idOf] replaced in tests, like all below
   * @param {() => boolean} [parts.hasNetwork] false: certainly not
   * @param {number} [parts.patienceMs]
   */
  constructor(checkIn, { api, list, queue, clock, idOf = fingerprintOf, hasNetwork = () => globalThis.navigator?.onLine !== false, patienceMs = PATIENCE_MS }) {
    super();
    this.checkIn = checkIn;
    this.eventId = checkIn.event_id;
    this.api = api;
    this.list = list;
    this.queue = queue;
    this.clock = clock;
    this.idOf = idOf;
    this.hasNetwork = hasNetwork;
    this.patienceMs = patienceMs;
    this.toldAt = clock.now();
    this.listedAt = -Infinity;
    /** Since when the list decides, epoch milliseconds; null: the server does. @type {number | null} */
    this.offlineSince = null;
    this.signedOut = false;
    /** @type {import("./queue.js").Refused[]} */
    this.refused = [];
    /** @type {Promise<void> | null} */
    this.renewing = null;
    /** One after the other, so that what is shown last was scanned last. @type {Promise<unknown>} */
    this.before = Promise.resolve();
    for (const { id, scanned_at, gate } of queue.items) list.noteAdmission(id, { at: scanned_at, gate });
  }

  get waiting() {
    return this.queue.items.length;
  }

  /** How many are in: those that the server knows of, and those that it will hear of. */
  get admitted() {
    return this.checkIn.admitted + this.queue.items.filter(({ event_id }) => event_id === this.eventId).length;
  }

  /**
   * @param {string} text as it was typed or read
   * @param {string | null} gate
   * @returns {Promise<Verdict>}
   */
  check(text, gate) {
    const verdict = this.before.then(() => this.decide(text, gate));
    this.before = verdict.catch(() => {});
    return verdict;
  }

  /** @param {string} text @param {string | null} gate @returns {Promise<Verdict>} */
  async decide(text, gate) {
    const code = canonical(text);
    const event = code === null ? null : eventOf(code);
    if (code === null || event === null) return { kind: "forged" };
    const id = await this.idOf(code);
    if (this.offlineSince === null && !this.hasNetwork()) this.lose();
    if (this.offlineSince !== null) return this.decideAlone(code, event, id, gate);
    try {
      const answer = await this.ask("post", "/check-in", bodyOf({ code, event_id: this.eventId, gate }), { key: newKey() });
      const verdict = verdictOfAdmission(answer);
      if (id !== null) this.list.noteAdmission(id, { at: answer.admitted_at, gate: answer.gate });
      this.checkIn = { ...this.checkIn, admitted: this.checkIn.admitted + 1 };
      this.changed();
      return verdict;
    } catch (error) {
      const refusal = verdictOfRefusal(error);
      if (refusal) return refusal;
      if (!isForNow(error) || isForbidden(error)) return { kind: "unknown", error };
      // Should only the answer have been lost, the server knows the entry again when it is told of it (ADR-0035).
      this.lose(error);
      return this.decideAlone(code, event, id, gate);
    }
  }

  /** @param {string} code @param {number} event @param {string | null} id @param {string | null} gate @returns {Verdict} */
  decideAlone(code, event, id, gate) {
    if (event !== this.eventId) return { kind: "other", event: { id: event }, asOf: this.list.asOf ?? undefined };
    const verdict = this.list.judge(id);
    if (verdict.kind !== "admitted" || id === null) return verdict;
    const scanned_at = new Date(this.clock.now()).toISOString();
    this.queue.add({ key: newKey(), id, code, event_id: this.eventId, gate, scanned_at, seat: verdict.seat ?? null });
    this.list.noteAdmission(id, { at: scanned_at, gate });
    this.changed();
    return verdict;
  }

  /**
   * Brings everything up to date: how many are in, whoever waits to be reported, the list once a minute. What the server does not answer is asked again next time.
   * Throws what says that there is no such event, or that it is not for us.
   */
  renew() {
    this.renewing ??= this.renewAll().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  async renewAll() {
    const wasOffline = this.offlineSince !== null;
    try {
      await this.askHowMany();
      this.offlineSince = null;
      this.signedOut = false;
      this.changed();
      if (this.waiting) await this.report();
    } catch (error) {
      if (!isForNow(error) || isForbidden(error)) throw error;
      this.lose(error);
      return;
    }
    if (wasOffline || this.clock.now() - this.listedAt >= LIST_AGE_MS) await this.fetchList();
  }

  async askHowMany() {
    this.checkIn = await this.ask("get", `/check-in/${this.eventId}`);
    this.toldAt = this.clock.now();
  }

  /** The server decides without it: one that does not come is asked for again next time. */
  async fetchList() {
    try {
      this.list.replace(await this.ask("get", `/check-in/${this.eventId}/tickets`, undefined, { patienceMs: LIST_PATIENCE_MS }));
      this.listedAt = this.clock.now();
    } catch (error) {
      if (!isForNow(error)) throw error;
    }
    this.changed();
  }

  async report() {
    const { sent, refused, stopped } = await this.queue.send((body, key) => this.ask("post", "/check-in", body, { key }));
    this.refused.push(...refused);
    if (stopped) throw stopped;
    if (sent) await this.askHowMany();
    this.changed();
    this.dispatchEvent(new CustomEvent("reported", { detail: sent }));
  }

  /** The server does not answer, or not to us. @param {unknown} [error] */
  lose(error) {
    if (error instanceof ApiProblem && error.status === 401) this.signedOut = true;
    this.offlineSince ??= this.clock.now();
    this.changed();
  }

  /**
   * A call that ends when patience does, whatever the way to the server does meanwhile.
   * @param {"get" | "post"} how
   * @param {string} path
   * @param {any} [body]
   * @param {{key?: string, patienceMs?: number}} [options]
   */
  async ask(how, path, body, { key, patienceMs = this.patienceMs } = {}) {
    const silence = new ApiProblem(0, "no-answer");
    if (!this.hasNetwork()) throw silence;
    const signal = AbortSignal.timeout(patienceMs);
    const call = how === "get" ? this.api.get(path, { auth: true, signal }) : this.api.post(path, body, { key, signal });
    const late = new Promise((_, reject) => signal.addEventListener("abort", () => reject(silence), { once: true }));
    try {
      return await Promise.race([call, late]);
    } catch (error) {
      throw signal.aborted ? silence : error;
    }
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {unknown} error */
function isForbidden(error) {
  return error instanceof ApiProblem && error.status === 403;
}
