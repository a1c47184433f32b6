/**
 * Keeps the statuses of an event's seats coming: live over the socket, over HTTP while that is not there, and a badge that says which of the two it is.
 * @module
 */

import { ApiProblem, api } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { LiveFeed, followPage, liveAddress } from "../../seat-map/live.js";
import { t } from "../../seat-map/texts.js";

/** @typedef {import("../../seat-map/state.js").SeatUpdate} SeatUpdate */

/** Without a live snapshot after this long, statuses are fetched once over HTTP, and again at this interval while the line is down. */
const SNAPSHOT_PATIENCE_MS = 3_000;
const FETCH_INTERVAL_MS = 15_000;
/** The handshake cannot say why it was refused; after so many failures the event itself is asked whether it is still there. */
const FAILURES_BEFORE_DOUBT = 3;
/** A line that is back within this time is not worth words. */
const SILENT_MS = 2_000;

/** What the badge says, by state of the line: its kind and its words. @type {Record<import("../../seat-map/live.js").LiveState, [string, string]>} */
const BADGES = { live: ["good", t("seats.live")], connecting: ["", t("seats.connecting")], reconnecting: ["warn", t("seats.reconnecting")] };

/**
 * @typedef {object} AvailabilityEvents
 * @property {(seats: SeatUpdate[]) => void} onSnapshot
 * @property {(updates: SeatUpdate[]) => void} onUpdates
 * @property {(trouble: "offline" | "lost" | null) => void} [onLine] the line is down, worth telling; or up again
 * @property {(error: unknown) => void} [onUnknown] nothing is known of any seat, and asking has failed
 * @property {() => void} onGone the event is not there any more
 */

/**
 * Begins before there is a page to show what comes: that waits until somebody listens.
 * @param {number} eventId
 */
export function beginEarly(eventId) {
  const badge = h("span", { class: "badge live" });
  /** @type {[keyof AvailabilityEvents, any[]][]} */
  const waiting = [];
  /** @type {AvailabilityEvents | null} */
  let listener = null;
  const tell = (/** @type {keyof AvailabilityEvents} */ name, /** @type {any[]} */ words) => /** @type {any} */ (listener)?.[name]?.(...words);
  const post = (/** @type {keyof AvailabilityEvents} */ name) => (/** @type {any[]} */ ...words) => {
    if (listener) tell(name, words);
    else waiting.push([name, words]);
  };
  const availability = new Availability(eventId, badge, {
    onSnapshot: post("onSnapshot"),
    onUpdates: post("onUpdates"),
    onLine: post("onLine"),
    onUnknown: post("onUnknown"),
    onGone: post("onGone"),
  });
  availability.start();
  const listen = (/** @type {AvailabilityEvents} */ events) => {
    listener = events;
    for (const [name, words] of waiting.splice(0)) tell(name, words);
  };
  return { availability, badge, listen };
}

/** @typedef {ReturnType<typeof beginEarly>} EarlyAvailability */

export class Availability {
  /** @param {number} eventId @param {HTMLElement} badge @param {AvailabilityEvents} events */
  constructor(eventId, badge, events) {
    this.eventId = eventId;
    this.badge = badge;
    this.events = events;
    this.loaded = false;
    /** @type {import("../../seat-map/live.js").LiveState} */
    this.line = "connecting";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    this.feed = new LiveFeed({
      url: liveAddress(eventId),
      onSnapshot: (seats) => this.snapshot(seats),
      onUpdates: (updates) => events.onUpdates(updates),
      onState: (state, failures) => this.show(state, failures),
      onGone: () => this.gone(),
    });
  }

  start() {
    this.feed.start();
    followPage(this.feed);
    this.patience = setTimeout(() => this.fetch(), SNAPSHOT_PATIENCE_MS);
    this.fetching = setInterval(() => this.fetch(), FETCH_INTERVAL_MS);
  }

  stop() {
    this.feed.stop();
    clearTimeout(this.patience);
    clearInterval(this.fetching);
  }

  /** @param {SeatUpdate[]} seats */
  snapshot(seats) {
    this.loaded = true;
    this.events.onSnapshot(seats);
  }

  /** @param {import("../../seat-map/live.js").LiveState} state @param {number} failures */
  show(state, failures) {
    this.line = state;
    const [kind, text] = BADGES[state];
    this.badge.className = `badge live ${kind}`;
    this.badge.replaceChildren(h("span", { class: "dot" }), text);
    this.tell();
    if (failures === FAILURES_BEFORE_DOUBT) void this.stillThere();
  }

  /** Says that the line is down when it stays so, at once where the browser knows the reason; and that it is up. */
  tell() {
    const say = () => this.events.onLine?.(navigator.onLine ? "lost" : "offline");
    if (this.line === "reconnecting") {
      if (navigator.onLine) this.telling ??= setTimeout(say, SILENT_MS);
      else say();
      return;
    }
    clearTimeout(this.telling);
    this.telling = undefined;
    if (this.line === "live") this.events.onLine?.(null);
  }

  async stillThere() {
    try {
      await api.get(`/events/${this.eventId}`);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) this.gone();
    }
  }

  gone() {
    this.stop();
    this.events.onGone();
  }

  /** The way without a socket: slower, and true at the moment it is asked. */
  async fetch() {
    if (this.line === "live" && this.loaded) return;
    try {
      const { seats } = await api.get(`/events/${this.eventId}/seats`);
      this.snapshot(seats.map((/** @type {any} */ { id, status, version }) => ({ seat_id: id, status, version })));
    } catch (error) {
      // What is known stays, and has been said to be old; the next round tries again.
      if (!this.loaded) this.events.onUnknown?.(error);
    }
  }
}
