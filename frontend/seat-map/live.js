/**
 * Feeds seat statuses from the event's WebSocket. Only feeds: what they mean is state.js, how they look is view.js.
 *
 * It asks for the compact mode and understands both: a text is a message of the plain mode, bytes are one of the compact mode.
 *
 * The socket is presumed dead, not trusted: silence longer than a few heartbeats, a page that was hidden for a while, a page taken from the
 * back/forward cache, or a network that comes back each lead to a new connection, and each connection begins with a whole snapshot.
 * @module
 */

import { COMPACT, decodeCompact } from "./compact.js";

/** @typedef {import("./state.js").SeatUpdate} SeatUpdate */
/** @typedef {"connecting" | "live" | "reconnecting"} LiveState */

/** The server sends a heartbeat each 10 s; two missed ones and a bit mean the line is dead. */
export const SILENCE_MS = 25_000;
/** A tab hidden for longer may have been frozen, with messages lost. */
const HIDDEN_MS = 30_000;
/** The server closes with it when the event was deleted: docs/live-protocol.md. */
const REMOVED = 4404;
/** `WebSocket.CONNECTING` */
const CONNECTING = 0;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;

/**
 * Full jitter: a random wait up to a limit that doubles, so that thousands of viewers do not come back in the same instant.
 * @param {number} failures connections in a row that gave nothing
 * @param {() => number} random
 */
export function backoffMs(failures, random) {
  return random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10));
}

/**
 * @typedef {object} LiveOptions
 * @property {string} url
 * @property {(seats: SeatUpdate[]) => void} onSnapshot
 * @property {(updates: SeatUpdate[]) => void} onUpdates all that came since the last frame
 * @property {(state: LiveState, failures: number) => void} onState
 * @property {() => void} [onGone] the event was deleted; the feed has stopped
 * @property {(url: string, protocols: string[]) => WebSocket} [open]
 * @property {() => number} [random]
 * @property {(flush: () => void) => void} [nextFrame] when to hand over what has come
 */

export class LiveFeed {
  /** @param {LiveOptions} options */
  constructor({ url, onSnapshot, onUpdates, onState, onGone = () => {}, open = openSocket, random = Math.random, nextFrame = frameOrSoon }) {
    this.url = url;
    this.onSnapshot = onSnapshot;
    this.onUpdates = onUpdates;
    this.onState = onState;
    this.onGone = onGone;
    this.open = open;
    this.random = random;
    this.nextFrame = nextFrame;
    /** @type {SeatUpdate[]} */
    this.waiting = [];
    /** The first seat's id, by the last snapshot. */
    this.firstSeatId = 0;
    this.asksForCompact = true;
    this.failures = 0;
    this.stopped = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retry = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
  }

  start() {
    this.stopped = false;
    this.onState("connecting", this.failures);
    this.connect();
  }

  stop() {
    this.stopped = true;
    this.drop();
  }

  /** Begins anew at once: a fresh snapshot, whatever was missed. */
  resync() {
    if (this.stopped) return;
    this.failures = 0;
    this.connect();
  }

  connect() {
    this.drop();
    const socket = this.open(this.url, this.asksForCompact ? [COMPACT] : []);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.listenForSilence();
    // A browser gives up a connection whose server chooses none of what was asked for (WHATWG), and does not say why: so after a connection
    // that did not open, the next one asks for the other mode.
    this.asksForCompact = !this.asksForCompact;
    socket.onopen = () => {
      this.asksForCompact = true;
    };
    socket.onmessage = (event) => {
      this.listenForSilence();
      this.receive(event.data);
    };
    socket.onclose = ({ code }) => {
      if (code !== REMOVED) return this.lost();
      this.stop();
      this.onGone();
    };
    // An error is always followed by a close.
    socket.onerror = () => {};
  }

  /** @param {string | ArrayBuffer} data */
  receive(data) {
    if (typeof data === "string") {
      const message = JSON.parse(data);
      if (message.type === "snapshot") this.begin(message.seats);
      else if (message.type === "seat_update") this.keep([message]);
      // Anything else (heartbeat, what later servers may add) only shows that the line is alive; after `resync` comes a snapshot.
    } else {
      const message = decodeCompact(data, this.firstSeatId);
      if (message?.type === "snapshot") this.begin(message.seats);
      else if (message) this.keep(message.seats);
    }
  }

  /** @param {SeatUpdate[]} seats all of them */
  begin(seats) {
    this.failures = 0;
    this.firstSeatId = seats[0]?.seat_id ?? 0;
    this.flush();
    this.onSnapshot(seats);
    this.onState("live", 0);
  }

  /** @param {SeatUpdate[]} updates */
  keep(updates) {
    // A sale brings hundreds in a frame: they are applied and drawn once.
    if (!this.waiting.length && updates.length) this.nextFrame(() => this.flush());
    this.waiting.push(...updates);
  }

  flush() {
    const updates = this.waiting;
    this.waiting = [];
    if (updates.length && !this.stopped) this.onUpdates(updates);
  }

  lost() {
    this.drop();
    if (this.stopped) return;
    const wait = backoffMs(this.failures, this.random);
    this.failures++;
    this.onState("reconnecting", this.failures);
    this.retry = setTimeout(() => this.connect(), wait);
  }

  listenForSilence() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENCE_MS);
  }

  /** Forgets the present socket; its late messages are not heard. */
  drop() {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Closing a socket that is not open yet is an error in the browser's console, for nothing.
    if (socket.readyState === CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }
}

/**
 * @param {string} url
 * @param {string[]} protocols
 */
function openSocket(url, protocols) {
  return new WebSocket(url, protocols);
}

/**
 * At the next frame, or a little later where none comes (a tab in the background draws nothing).
 * @param {() => void} callback
 */
function frameOrSoon(callback) {
  const timer = setTimeout(once, 250);
  const frame = requestAnimationFrame(once);
  function once() {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    callback();
  }
}

/**
 * Ties a feed to the life of the page.
 * @param {LiveFeed} feed
 */
export function followPage(feed) {
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = performance.now();
    else if (performance.now() - hiddenAt > HIDDEN_MS) feed.resync();
  });
  addEventListener("online", () => feed.resync());
  addEventListener("offline", () => feed.lost());
  // A page with an open socket cannot enter the back/forward cache.
  let wasRunning = false;
  addEventListener("pagehide", () => {
    wasRunning = !feed.stopped;
    feed.stop();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted && wasRunning) feed.start();
  });
}

/** @param {number} eventId */
export function liveAddress(eventId) {
  const url = new URL(`/ws/events/${eventId}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
