/**
 * The server's clock, as well as it can be known from here. Only the server decides when a hold ends, and a visitor's own clock may
 * be hours off, so time left is never read from it: `performance.now()` counts, and what the server says sets it.
 *
 * Each answer bounds the difference between the two. A `Date` header has whole seconds, and servers refresh it once a second: when it
 * was sent the server's clock stood somewhere in [Date, Date + 2 s), and that happened between sending and receiving. Bounds from several answers are
 * intersected, which soon leaves a few milliseconds. If they contradict each other (a sleeping laptop stops
 * `performance.now()`), the latest wins.
 * @module
 */

/** @typedef {{sentAt: number, receivedAt: number}} Timing on `performance.now()` */

export class ServerClock {
  /** @param {() => number} [monotonic] milliseconds that only go forward */
  constructor(monotonic = () => performance.now()) {
    this.monotonic = monotonic;
    this.low = -Infinity;
    this.high = Infinity;
  }

  /** False until the server has said anything. */
  get known() {
    return this.high < Infinity;
  }

  /**
   * Learns from an instant the server wrote while answering.
   * @param {number} serverMs epoch milliseconds
   * @param {Timing} timing
   * @param {number} resolutionMs how much later than written the instant may have been
   */
  observe(serverMs, { sentAt, receivedAt }, resolutionMs) {
    if (!Number.isFinite(serverMs)) return;
    const low = serverMs - receivedAt;
    const high = serverMs + resolutionMs - sentAt;
    const contradicts = low > this.high || high < this.low;
    this.low = contradicts ? low : Math.max(this.low, low);
    this.high = contradicts ? high : Math.min(this.high, high);
  }

  /**
   * @param {string | null} header an HTTP `Date`
   * @param {Timing} timing
   */
  observeDateHeader(header, timing) {
    if (header) this.observe(Date.parse(header), timing, 2000);
  }

  /** The server's time now, epoch milliseconds; the visitor's own clock until the server has said anything. */
  now() {
    return this.known ? this.monotonic() + (this.low + this.high) / 2 : Date.now();
  }

  /**
   * Milliseconds until an instant; never negative.
   * @param {string} instant RFC 3339
   */
  remaining(instant) {
    return Math.max(0, Date.parse(instant) - this.now());
  }
}

/** The one clock of a page. */
export const clock = new ServerClock();
