/**
 * A voice that does not talk over itself: what is said while it is silent is heard at once, everything else waits for the end of a pause and comes in one go.
 * @module
 */

/** At most one announcement in this time: a screen reader that is interrupted all the time says nothing. */
const PAUSE_MS = 3_000;

export class Voice {
  /**
   * @param {(text: string) => void} speak
   * @param {{setTimeout: (work: () => void, ms: number) => unknown}} [clock] replaced in tests
   */
  constructor(speak, clock = globalThis) {
    this.speak = speak;
    this.clock = clock;
    this.pausing = false;
    /** Waiting sentences, by topic: only the last word on each is news. @type {Map<string, string>} */
    this.waiting = new Map();
  }

  /**
   * @param {string} text
   * @param {string} [topic] a later sentence on it replaces one that still waits
   */
  say(text, topic = text) {
    this.waiting.delete(topic);
    this.waiting.set(topic, text);
    if (!this.pausing) this.flush();
  }

  flush() {
    this.pausing = this.waiting.size > 0;
    if (!this.pausing) return;
    this.speak([...this.waiting.values()].join(" "));
    this.waiting.clear();
    this.clock.setTimeout(() => this.flush(), PAUSE_MS);
  }
}
